"""Work that takes the processor, in a few threads, while the event loop stays free."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from extractor.closing import Closing
from extractor.serve.problems import ProblemError, busy

Result = TypeVar("Result")


class Workbench(Closing):
    """Threads for work that is bounded by the size of what was sent.

    A thread cannot be stopped: work that nobody waits for any more still ends in its thread, and
    keeps it until then. So no more than `threads` are ever at it.
    """

    def __init__(self, threads: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def run(self, work: Callable[[], Result], seconds: float) -> Result:
        """What `work` gives. Raises ProblemError (503) where it takes longer than `seconds`."""
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._pool, work)
        try:
            return await asyncio.wait_for(future, seconds)
        except TimeoutError:
            detail = f"This took more than {seconds:g} seconds; ask for less at once."
            raise ProblemError(busy(detail, seconds=5)) from None

    def close(self) -> None:
        """Begin nothing more; what is under way ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)
