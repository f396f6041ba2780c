"""A copy of the server's own bucket, kept from what its answers say is left.

Each answer tells the limit, what remained when it was admitted, and when all will be there again.
What was sent since is taken off, what has come since is added, so that the copy is right between
answers too.
"""

from __future__ import annotations

import math
from collections import deque

from extractor.model.rate_limits import Quota

_SPEND = (1.0, 60.0)  # seconds over which a surplus is spent: at least, at most
_LATE = 0.05  # seconds by which a thread that wakes late may catch up
_SAMPLES = 12  # answers after which what was taken for a window is looked at again
_REMEMBERED = 1000  # calls that may be in flight
_HURRY = 1.25  # in a window: what is left is spent by four fifths of the time that is left


class ServerQuota:
    """One limit of the server. Lets everything through until an answer has told it.

    Whether the server fills its bucket all the time or starts a window anew is seen from the rate
    that (limit - remaining) / reset comes to: steady in the first case, anything in the second.
    A window gets nothing before it starts anew.
    """

    def __init__(self) -> None:
        self.rate: float | None = None  # a second
        self._limit = self._level = 0.0
        self._at = self._full_at = 0.0
        self._window = 0.0  # the longest reset seen, seconds
        self._sent: deque[tuple[int, float, float]] = deque()  # number, moment, amount
        self._numbers = 0
        self._newest = -1  # number of the newest call whose answer was heard
        self._next_at = -math.inf
        self._samples: list[float] = []
        self._is_window = False

    @property
    def is_known(self) -> bool:
        """Whether an answer has told this limit."""
        return self._newest >= 0

    def take(self, amount: float, now: float) -> int:
        """Note that `amount` is sent; returns the number by which the answer is told from others."""
        if self.is_known:
            pace = self._pace(now)
            self._level = self._level_at(now) - amount
            self._at = now
            self._next_at = max(self._next_at, now - _LATE) + amount / pace
        self._numbers += 1
        self._sent.append((self._numbers, now, amount))
        if len(self._sent) > _REMEMBERED:
            self._sent.popleft()
        return self._numbers

    def ready_in(self, amount: float, now: float) -> float:
        """The seconds from `now` until the server should let `amount` through."""
        if not self.is_known:
            return 0.0
        # one more than is needed where there are many: the copy is never quite in time
        spare = 0.0 if self._is_window else min(1.0, self._limit / 20)
        wanted = min(amount + spare, self._limit)
        missing = wanted - self._level_at(now)
        wait = self._next_at - now
        if missing > 1e-9:
            filled = self._full_at - now if self._is_window else missing / self._filling
            wait = max(wait, filled)
        return max(0.0, wait)

    def hear(self, quota: Quota, number: int, sent_at: float, now: float) -> None:
        """Take over what an answer says; an older one than was heard already says nothing new."""
        limit, remaining, reset = quota.limit, quota.remaining, quota.reset
        if not limit or remaining is None or reset is None or number <= self._newest:
            return
        remaining = min(remaining, limit)
        if limit != self._limit:
            if self.rate is not None and self._limit:
                self.rate *= limit / self._limit
            self._limit = limit
            self._samples.clear()
        self._newest = number
        self._window = max(self._window, reset)
        self._full_at = now + reset
        self._learn(limit - remaining, reset)
        self._level, self._at = remaining, sent_at
        while self._sent and self._sent[0][0] <= number:
            self._sent.popleft()
        for _, moment, amount in self._sent:
            self._level = self._level_at(moment) - amount
            self._at = max(self._at, moment)
        # pacing so far was by what was known before
        self._next_at = min(self._next_at, now + 1 / self._pace(now))

    def _learn(self, used: float, reset: float) -> None:
        """The rate at which the server fills, from what was used and how long that takes to come.

        What remains is a whole number rounded down, which matters most where almost all remains.
        """
        used -= 0.5 * (1 - used / self._limit)
        if used <= 0 or reset <= 0:
            return
        found = used / reset
        share = used / self._limit
        if self.rate is None:
            self.rate = found
        self.rate += min(0.5, 2 * share) * (found - self.rate)
        if share < 0.25:
            return  # too rough to tell anything by
        self._samples.append(found)
        low, high = min(self._samples), max(self._samples)
        if high > 2 * low:
            self._is_window = True
        if len(self._samples) >= _SAMPLES:
            self._is_window = high > 1.5 * low and self._is_window
            self._samples = self._samples[-1:]

    @property
    def _filling(self) -> float:
        """The rate, by convention the limit a minute where no answer has shown it yet."""
        return self.rate or self._limit / 60

    def _level_at(self, now: float) -> float:
        if not self._is_window:
            return min(self._limit, self._level + self._filling * (now - self._at))
        if now < self._full_at:
            return self._level
        # what is sent from here on is taken off the new window
        self._full_at = now + max(self._window, 1e-3)
        self._level = self._limit
        return self._level

    def _pace(self, now: float) -> float:
        """Calls a second: what comes, and a part of what is there beyond that."""
        level = max(0.0, self._level_at(now))
        if self._is_window:
            left, window = max(self._full_at - now, 1e-3), max(self._window, 1e-3)
            return max(_HURRY * level / left, self._limit / window)
        shortest, longest = _SPEND
        return self._filling + level / min(max(4 * self._window, shortest), longest)
