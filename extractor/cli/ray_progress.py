"""How far a run in Ray has come: the rows that are written, told every ten seconds."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from threading import Event, Thread
from time import monotonic

from extractor.cli.console import err
from extractor.closing import Closing
from extractor.scale.ray_storage import RayStorage, StorageError

_EVERY = 10.0  # seconds between two looks


class RayProgress(Closing):
    """Looks at the storage beside the run, and tells on stderr; `total` may be set when known.

    On a terminal it is one line that changes, elsewhere a JSON line each time.
    """

    def __init__(self, storage: RayStorage) -> None:
        self.total: int | None = None
        self._storage = storage
        self._counted: dict[str, int] = {}
        self._before = storage.count(self._counted)
        self._began = monotonic()
        self._status = err().status("starting Ray") if err().is_terminal else None
        self._closing = Event()
        self._thread = Thread(target=self._tick, name="progress", daemon=True)
        if self._status is not None:
            self._status.start()
        self._thread.start()

    def close(self) -> None:
        """Tell no more."""
        self._closing.set()
        self._thread.join()
        if self._status is not None:
            self._status.stop()

    def _tick(self) -> None:
        while not self._closing.wait(_EVERY):
            # the storage is away for a while, or nobody reads any more
            with suppress(StorageError, OSError):
                self._tell(self._storage.count(self._counted))

    def _tell(self, written: int) -> None:
        seconds = monotonic() - self._began
        rate = (written - self._before) / seconds
        if self._status is not None:
            of = "" if self.total is None else f"/{self.total:,}"
            self._status.update(f"{written:,}{of} documents, {rate:.1f}/s")
            return
        told = {
            "documents": written,
            "total": self.total,
            "seconds": round(seconds, 1),
            "documents_per_second": round(rate, 2),
        }
        print(json.dumps(told), file=sys.stderr, flush=True)  # noqa: T201
