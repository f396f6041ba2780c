"""How a run is brought to an end before its time: calls under way end, and none is begun."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event


class StoppedError(Exception):
    """The run is to end; the document that meets this stays unfinished, and its calls are kept."""


class Stopping:
    """Whether a run is to end, and why: the first reason stands. Threads share one.

    `signal` is the number of the signal that the process was sent, if it was. `on_stop` is called
    once, by whoever ends the run.
    """

    def __init__(self) -> None:
        self._event = Event()
        self.reason: BaseException | None = None
        self.signal: int | None = None
        self.on_stop: Callable[[], None] = lambda: None

    @property
    def is_set(self) -> bool:
        """Whether the run is to end."""
        return self._event.is_set()

    def stop(self, reason: BaseException | None = None) -> None:
        """End the run for this reason (None: a signal was sent); later ones change nothing."""
        # a signal handler may call this within a call of its own thread
        if not self._event.is_set():
            self.reason = reason
            self._event.set()
            self.on_stop()

    def wait(self, seconds: float) -> bool:
        """Wait until the run is to end, so long at most; whether it is."""
        return self._event.wait(seconds)

    def raise_if_stopped(self) -> None:
        """Raise StoppedError once the run is to end."""
        if self._event.is_set():
            raise StoppedError
