"""Connections and the like, each with one user at a time, that threads lend from one another."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Generic, TypeVar

from extractor.closing import Closing

Thing = TypeVar("Thing")


class Spares(Closing, Generic[Thing]):
    """As many of a thing as were ever in use at once; the one given back last is taken first.

    `make` makes one where none is spare, `dispose` ends it with `close`. No lock is held while one
    is made or used: threads that wait for a lock whose holder waits for a socket, or for a disk,
    pass the interpreter from hand to hand and come to little else.
    """

    def __init__(self, make: Callable[[], Thing], dispose: Callable[[Thing], None]) -> None:
        self._make = make
        self._dispose = dispose
        self._spare: deque[Thing] = deque()
        self._all: list[Thing] = []
        self._closing = Lock()
        self._is_closed = False

    def take(self) -> Thing:
        """One that is nobody's; the caller gives it back. Raises RuntimeError after `close`."""
        try:
            thing = self._spare.pop()
        except IndexError:
            thing = self._make()
            self._all.append(thing)
        if self._is_closed:  # it may have been made since: then nobody else disposes of it
            self.close()
            raise RuntimeError("what is lent was disposed of meanwhile")
        return thing

    def give_back(self, thing: Thing) -> None:
        """Let others have it."""
        self._spare.append(thing)

    @contextmanager
    def lent(self) -> Iterator[Thing]:
        """One for the length of a block."""
        thing = self.take()
        try:
            yield thing
        finally:
            self.give_back(thing)

    def close(self) -> None:
        """Dispose of all of them, those in use too."""
        self._is_closed = True
        self._spare.clear()
        with self._closing:
            while self._all:
                self._dispose(self._all.pop())
