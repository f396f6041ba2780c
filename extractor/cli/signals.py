"""Ctrl-C and SIGTERM: the first lets the calls under way end, the second ends at once."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from extractor.batch.stopping import Stopping

_SHOW_CURSOR = "\x1b[?25h"


@contextmanager
def draining(stopping: Stopping, tell: Callable[[str], None]) -> Iterator[None]:
    """Within it, the first signal stops the run gently, and `tell` is told so.

    The second ends the process with 128 + its number. Nothing is lost by that: what was
    acknowledged is on the disk, and the rest is done again.
    """

    def heard(number: int, _: FrameType | None) -> None:
        if stopping.signal is not None:
            if sys.stderr.isatty():
                os.write(sys.stderr.fileno(), _SHOW_CURSOR.encode())
            os._exit(128 + number)
        stopping.signal = number
        stopping.stop()
        tell("stopping: the calls under way may end; once more ends at once")

    before = {one: signal.signal(one, heard) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
