"""A copy of the server's own bucket, kept from what its answers say is left.

Each answer tells what remained when its call was let in. What was sent since is taken off, what has
come since is added, so that the copy is right between answers too. How fast it fills is measured
(what remains now, plus what was sent, less what remained before), because servers do not agree on
what `limit` and `reset` mean: they only serve until enough was measured.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from extractor.model.rate_limits import Quota

_SPEND = (1.0, 60.0)  # seconds over which a surplus is spent: at least, at most
_LATE = 0.05  # seconds by which a thread that wakes late may catch up
_REMEMBERED = 1000  # calls that may be in flight
_HURRY = 1.25  # in a window: what is left is spent by four fifths of the time that is left
_ENOUGH = 8.0  # units that must have come for a measurement; counts are rounded to one
_PATIENCE = 1.0  # seconds after which fewer are enough
_NEWER = 0.4  # weight of a new measurement
_INSTANT = 1e-3  # seconds; no time that is divided by is shorter


@dataclass(frozen=True, slots=True)
class _Heard:
    """An answer that a later one is compared with."""

    number: int
    sent_at: float
    remaining: float
    sent: float  # units sent up to its call, ever
    full_at: float


class ServerQuota:
    """One limit of the server. Lets everything through until an answer has told it.

    Most servers fill their bucket all the time; some start a window anew, and give nothing before
    it does. That is seen from whether anything comes within a window.
    """

    def __init__(self) -> None:
        self.rate: float | None = None  # units a second
        self._limit = 0.0
        self._most = 0.0  # what was left at most, with the call that was told so
        self._level = self._at = 0.0
        self._full_at = self._window = 0.0  # the longest reset seen, seconds
        self._next_at = -math.inf
        self._sent: deque[tuple[int, float, float]] = deque()  # number, moment, all units so far
        self._numbers = 0
        self._units = 0.0
        self._heard: _Heard | None = None  # the last measurement began here
        self._opened: _Heard | None = None  # the first of what may be a window
        self._newest = -1  # number of the newest call whose answer was heard
        self._is_measured = self._is_window = False

    def take(self, amount: float, now: float) -> int:
        """Note that `amount` is sent; returns the number that tells its answer from others."""
        if self._newest >= 0:
            pace = self._pace(now)
            self._level, self._at = self._level_at(now) - amount, now
            self._next_at = max(self._next_at, now - _LATE) + amount / pace
        self._numbers += 1
        self._units += amount
        self._sent.append((self._numbers, now, self._units))
        if len(self._sent) > _REMEMBERED:
            self._sent.popleft()
        return self._numbers

    def ready_in(self, amount: float, now: float) -> float:
        """The seconds from `now` until the server should let `amount` through."""
        if self._newest < 0:
            return 0.0
        # one more than is needed where there are many: the copy is never quite in time
        spare = 0.0 if self._is_window else min(1.0, self._most / 20)
        missing = min(amount + spare, self._most) - self._level_at(now)
        wait = self._next_at - now
        if missing > 1e-9:
            comes_in = self._full_at - now if self._is_window else missing / self._filling
            wait = max(wait, comes_in)
        return max(0.0, wait)

    def hear(self, quota: Quota, number: int, *, was_let_in: bool, now: float) -> None:
        """Take over what an answer says; an older one than was heard already says nothing new."""
        limit, remaining, reset = quota.limit, quota.remaining, quota.reset
        if not limit or remaining is None or reset is None or number <= self._newest:
            return
        while self._sent and self._sent[0][0] < number:
            self._sent.popleft()
        if not self._sent or self._sent[0][0] != number:
            return  # so long ago that it is forgotten
        _, sent_at, sent = self._sent.popleft()
        remaining = min(remaining, limit)
        if limit != self._limit:
            self._change(limit)
        self._newest = number
        self._most = max(self._most, min(remaining + 1, limit))
        self._window = max(self._window, reset)
        # all is there by then at the latest; of one window's answers the soonest is nearest
        is_same = self._is_window and 0 < self._full_at - now < reset
        self._full_at = self._full_at if is_same else now + reset
        heard = _Heard(number, sent_at, remaining, sent, sent_at + reset)
        self._learn(heard, reset, was_let_in=was_let_in)
        self._replay(heard)
        # pacing so far was by what was known before
        self._next_at = min(self._next_at, now + 1 / self._pace(now))

    def _change(self, limit: float) -> None:
        """Another limit: what was learned under the old one is scaled."""
        if self._limit:
            by = limit / self._limit
            self.rate = self.rate * by if self.rate is not None else None
            self._most = min(self._most * by, limit)
        self._limit = limit
        self._heard = self._opened = None

    def _learn(self, new: _Heard, reset: float, *, was_let_in: bool) -> None:
        used = self._most - new.remaining
        if not self._is_measured and used >= 0.5 and reset > 0:
            # by convention a limit is one a minute; a bucket that fills sooner says so
            self.rate = max(used / reset, self._limit / 60)
        if not was_let_in:  # what was sent and refused was not taken off: begin again
            self._heard = self._opened = None
        self._tell_window(new)
        old = self._heard
        if old is None:
            self._heard = new
            return
        came = new.remaining - old.remaining + new.sent - old.sent
        passed = new.sent_at - old.sent_at
        if came < _ENOUGH and passed < max(_PATIENCE, _ENOUGH / 2 / self._filling):
            return
        self._heard = new
        found = max(came, 0.1) / max(passed, _INSTANT)
        is_full = new.remaining >= self._most - 1  # then more may have come than was taken up
        if not self._is_measured:
            self.rate = max(found, self.rate or 0.0) if is_full else found
        elif self.rate is not None and not (is_full and found < self.rate):
            self.rate += _NEWER * (found - self.rate)
        self._is_measured = self._is_measured or not is_full

    def _tell_window(self, new: _Heard) -> None:
        """Whether anything comes before all is said to be there."""
        old = self._opened
        if old is None or new.sent_at >= old.full_at:
            self._opened = new
            return
        came = new.remaining - old.remaining + new.sent - old.sent
        due = self._filling * (new.sent_at - old.sent_at)
        if came >= max(3.0, due / 4):
            self._is_window = False
        elif came <= 1 and due >= 3:
            self._is_window = True

    def _replay(self, heard: _Heard) -> None:
        """What is left now: what was left then, and what was sent and has come since."""
        self._level, self._at = heard.remaining, heard.sent_at
        sent = heard.sent
        for _, moment, units in self._sent:
            self._level = self._level_at(moment) - (units - sent)
            self._at, sent = moment, units

    @property
    def _filling(self) -> float:
        """The rate, by convention the limit a minute where nothing has shown it yet."""
        return self.rate or self._limit / 60

    def _level_at(self, now: float) -> float:
        if not self._is_window:
            since = max(0.0, now - self._at)
            return min(max(self._most, self._level), self._level + self._filling * since)
        if now < self._full_at:
            return self._level
        # what is sent from here on is taken off the new window
        self._full_at = now + max(self._window, _INSTANT)
        self._level = self._most
        return self._level

    def _pace(self, now: float) -> float:
        """Units a second: what comes, and a part of what is there beyond that."""
        level = max(0.0, self._level_at(now))
        if self._is_window:
            left, window = max(self._full_at - now, _INSTANT), max(self._window, _INSTANT)
            return max(_HURRY * level / left, self._most / window)
        shortest, longest = _SPEND
        return self._filling + level / min(max(self._window, shortest), longest)
