"""The entries that wait to be written: handed in by many threads, taken in groups by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import BoundedSemaphore, Event, Lock
from typing import Generic, TypeVar

GROUP = 50  # entries a commit at most, and entries at most that are not on the disk yet
_LINGER = 0.020  # seconds that a group waits for more
_LOOK_AGAIN = 0.1  # seconds

Entry = TypeVar("Entry")


class Intake(Generic[Entry]):
    """Lets in as many entries as a group holds: whoever comes later waits until some are written.

    The one who takes is woken twice a group, for its first entry and when it is whole, and not by
    each: waking a thread costs as much as writing an entry does.
    """

    def __init__(self) -> None:
        self._room = BoundedSemaphore(GROUP)
        self._lock = Lock()
        self._waiting: list[Entry] = []
        self._some = Event()
        self._enough = Event()
        self._ends = False

    def put(self, entry: Entry, refuse: Callable[[], None]) -> None:
        """Hand in an entry, as soon as there is room. `refuse` raises where none is to be taken."""
        while not self._room.acquire(timeout=_LOOK_AGAIN):
            self._refuse(refuse)
        self._refuse(refuse)
        with self._lock:
            self._waiting.append(entry)
            count = len(self._waiting)
        if count == 1:
            self._some.set()
        elif count == GROUP:
            self._enough.set()

    def _refuse(self, refuse: Callable[[], None]) -> None:
        refuse()
        if self._ends:
            raise RuntimeError("an entry came after the end")

    def end(self) -> None:
        """No more is handed in; what waits is still to be taken."""
        self._ends = True
        self._enough.set()
        self._some.set()

    def group(self) -> tuple[Sequence[Entry], bool]:
        """Wait for a group, and take it; and whether it is the last, which may be empty."""
        self._some.wait()
        if not self._ends:
            self._enough.wait(_LINGER)
        with self._lock:
            group, self._waiting = self._waiting, []
            if not self._ends:
                self._some.clear()
                self._enough.clear()
            return group, self._ends

    def written(self, count: int) -> None:
        """So many entries are on the disk: as many others may be handed in."""
        self._room.release(count)
