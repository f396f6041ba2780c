"""A limit nobody tells: cut by a factor, regained with time, left behind when it has moved."""

from __future__ import annotations

CUT = 0.8
_LARGEST = 1e6


class AdaptiveLimit:
    """A value that is cut to 0.8 of itself, and grows while it is used in full.

    One time constant after a cut it is back where it was cut; growth then gathers speed (2.4 times
    that base at two constants, 7.5 times at three), so a limit that stands is touched gently and
    one that has risen is found in a few steps. Time in which it is not used does not count.
    """

    def __init__(self, value: float, lowest: float, highest: float = _LARGEST) -> None:
        self.value = min(value, highest)
        self._base = self.value
        self._lowest = lowest
        self._highest = highest
        self._age = 0.0  # since the last cut, in time constants of full use
        self._seen_at: float | None = None

    def cut(self, lowest: float = 0.0) -> None:
        """Too much: four fifths from here, but not below `lowest` unless it was there already."""
        lowest = max(self._lowest, min(lowest, self.value))
        self.value = self._base = max(lowest, self.value * CUT)
        self._age = 0.0

    def bound(self, highest: float) -> None:
        """Never above `highest` from now on."""
        self._highest = highest
        self.value = min(self.value, highest)
        self._base = min(self._base, highest)

    def step(self) -> None:
        """One more, where nothing is known yet: it doubles with every round of answers."""
        self.value = self._base = min(self._highest, self.value + 1)

    def grow(self, now: float, constant: float, *, is_used: bool) -> None:
        """An answer came at `now` (seconds); `constant` is the time constant in seconds.

        The time since the answer before counts, up to a quarter of the constant: a gap in the
        answers is no proof that more would have been let through.
        """
        since = 0.0 if self._seen_at is None else now - self._seen_at
        self._seen_at = now
        if is_used and self.value < self._highest:
            self._age += min(max(since, 0.0), constant / 4) / constant
            self.value = min(self._highest, self._base * CUT ** -(self._age**2))
