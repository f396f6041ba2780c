"""A bucket that fills at a steady rate: the user's own ceilings, and the pace of calls."""

from __future__ import annotations

import math


class TokenBucket:
    """Holds up to `capacity`, filled with `rate` a second; full at first.

    An amount larger than the capacity is let through when the bucket is full, and leaves a debt
    that those who follow wait for. All moments are seconds of one monotonic clock.
    """

    def __init__(self, rate: float, capacity: float) -> None:
        self._rate = rate
        self._capacity = capacity
        self._level = capacity
        self._at = -math.inf

    @classmethod
    def a_minute(cls, amount: float) -> TokenBucket:
        """A bucket that lets no more than `amount` through in any 60 seconds, and spreads them.

        It holds a quarter of a second's worth, at least 1, so that threads which wake late catch
        up; its rate is lower by what that adds. (One call that is larger than it can exceed it.)
        """
        capacity = max(1.0, amount / 240)
        return cls((amount - capacity + 1) / 60, capacity)

    def change(self, rate: float, capacity: float, now: float) -> None:
        """Fill at another rate from `now` on; what is in it stays, up to the new capacity."""
        self._fill(now)
        self._rate, self._capacity = rate, capacity
        self._level = min(self._level, capacity)

    def ready_in(self, amount: float, now: float) -> float:
        """The seconds from `now` until `amount` is let through, if nobody comes before."""
        self._fill(now)
        missing = min(amount, self._capacity) - self._level
        # a billionth is what sums of fractions lose; waiting for it would be a wait for nothing
        return missing / self._rate if missing > 1e-9 else 0.0

    def take(self, amount: float, now: float) -> None:
        """Take `amount` out, into debt if need be; a negative one is given back."""
        self._fill(now)
        self._level = min(self._capacity, self._level - amount)

    def _fill(self, now: float) -> None:
        if now > self._at:
            if self._at > -math.inf:
                self._level = min(self._capacity, self._level + self._rate * (now - self._at))
            self._at = now
