"""The rate gate: every HTTP attempt of every thread goes through it, one gate per endpoint and key.

First a place among the calls in flight, then the server's rate, learned from its headers or, where
it sends none, from its answers of 429. `admission` reckons, this module makes threads wait.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Condition, Lock

from extractor.model.admission import AdmissionControl, GateState, RateCeilings, Ticket
from extractor.model.protocol import UnavailableError
from extractor.model.rate_limits import read_rate_limits


def _always() -> None:
    """It is still wanted."""


class RateGate:
    """Lets calls through, as many and as fast as the server takes and the user allows.

    Safe to share between threads; who came first goes first. `clock` gives seconds and never goes
    back: a wall clock that is set moves nothing here.
    """

    def __init__(
        self, ceilings: RateCeilings | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.ceilings = ceilings or RateCeilings()
        self._clock = clock
        self._lock = Lock()
        self._control = AdmissionControl(self.ceilings)
        self._queue: deque[Condition] = deque()

    @contextmanager
    def admit(
        self,
        tokens: float = 0,
        deadline: float | None = None,
        still_wanted: Callable[[], None] = _always,
    ) -> Iterator[Admission]:
        """Wait for leave to make one HTTP attempt; the block is the attempt.

        `tokens` is an estimate of what it will be charged, prompt and answer; `deadline` is a
        moment of the gate's clock; `still_wanted` is asked whenever the gate looks, and raises when
        nobody wants the attempt any more. Leaving the block, however it is left, gives the place
        back. Raises UnavailableError, with nothing taken, when the deadline would pass before.
        """
        ticket = self._wait(tokens, deadline, still_wanted)
        try:
            yield Admission(self, ticket)
        finally:
            with self._lock:
                self._control.in_flight -= 1
                self._wake()

    def state(self) -> GateState:
        """How things stand, for a display."""
        with self._lock:
            return self._control.state(self._clock(), len(self._queue))

    def lower(self, ceilings: RateCeilings) -> None:
        """From now on keep to these ceilings too, where they are lower."""
        with self._lock:
            lowest = self.ceilings.lowest(ceilings)
            if lowest != self.ceilings:
                self.ceilings = lowest
                self._control.limit(lowest)

    def look_again(self) -> None:
        """Let all who wait ask whether their attempt is still wanted."""
        with self._lock:
            for turn in self._queue:
                turn.notify()

    def _wait(
        self, tokens: float, deadline: float | None, still_wanted: Callable[[], None]
    ) -> Ticket:
        with self._lock:
            if not self._queue:
                now = self._clock()
                if self._control.ready_in(tokens, now) == 0:
                    return self._control.admit(tokens, now)
            turn = Condition(self._lock)
            self._queue.append(turn)
            try:
                return self._take_turn(turn, tokens, deadline, still_wanted)
            finally:
                self._queue.remove(turn)
                self._wake()

    def _take_turn(
        self,
        turn: Condition,
        tokens: float,
        deadline: float | None,
        still_wanted: Callable[[], None],
    ) -> Ticket:
        while True:
            still_wanted()
            now = self._clock()
            # only the first in the queue watches the time; the others are woken when it has gone
            is_first = self._queue[0] is turn
            wait = self._control.ready_in(tokens, now) if is_first else None
            if wait == 0:
                return self._control.admit(tokens, now)
            left = None if deadline is None else deadline - now
            if left is not None and (left <= 0 or (wait is not None and wait > left)):
                raise UnavailableError(
                    "No call was let through before its deadline, because of the rate limit; "
                    "try again later, or allow more time.",
                    reason="deadline",
                )
            turn.wait(left if wait is None else wait)

    def _wake(self) -> None:
        if self._queue:
            self._queue[0].notify()

    def _answered(self, ticket: Ticket, status: int, headers: Mapping[str, str]) -> None:
        limits = read_rate_limits(headers)
        with self._lock:
            self._control.answered(ticket, status, limits, self._clock())
            self._wake()

    def _failed(self) -> None:
        with self._lock:
            self._control.failed(self._clock())

    def _used(self, ticket: Ticket, tokens: float) -> None:
        with self._lock:
            self._control.used(ticket, tokens, self._clock())
            self._wake()


class Admission:
    """Leave to make one HTTP attempt, and what is told of it afterwards."""

    def __init__(self, gate: RateGate, ticket: Ticket) -> None:
        self._gate = gate
        self._ticket = ticket

    def answered(self, status: int, headers: Mapping[str, str]) -> None:
        """The server answered; names of `headers` in any case. At most once an admission."""
        self._gate._answered(self._ticket, status, headers)  # noqa: SLF001 - two halves of one thing

    def failed(self) -> None:
        """No answer came, or a 429 that no waiting helps (a quota that is used up)."""
        self._gate._failed()  # noqa: SLF001

    def used(self, tokens: float) -> None:
        """The tokens that were charged in truth, in place of the estimate."""
        self._gate._used(self._ticket, tokens)  # noqa: SLF001


_gates: dict[tuple[str, str, str], RateGate] = {}
_gates_lock = Lock()


def shared_gate(base_url: str, key: str, model: str, ceilings: RateCeilings) -> RateGate:
    """The one gate of this process for an endpoint, key and model: what limits one limits all.

    Of the key only a hash is kept. Whoever comes with other ceilings gets the same gate, with the
    lower of each from then on: no ceiling that anybody set is exceeded.
    """
    name = (base_url.rstrip("/"), hashlib.sha256(key.encode("utf-8", "replace")).hexdigest(), model)
    with _gates_lock:
        gate = _gates.get(name)
        if gate is None:
            gate = _gates[name] = RateGate(ceilings)
    gate.lower(ceilings)
    return gate
