"""What a hedged figure leaves open, so that two of them can be held against each other.

"more than" and "up to" leave one side open; "about" and "almost" are taken to mean a tenth of the
figure, since a word that means anything could never be contradicted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from extractor.quantities.types import Qualifier

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both inside; None is open."""

    low: Decimal | None
    high: Decimal | None


def interval_of(
    value: Decimal | None, low: Decimal | None, high: Decimal | None, qualifier: str
) -> Interval:
    """The interval of a figure as worded.

    >>> interval_of(Decimal(6000), None, Decimal(6000), "almost")
    Interval(low=Decimal('5400.0'), high=Decimal('6000'))
    >>> interval_of(Decimal(7000), Decimal(7000), None, "more_than")
    Interval(low=Decimal('7000'), high=None)
    """
    if value is not None and qualifier == Qualifier.ALMOST:
        return Interval(value - abs(value) * TENTH, value)
    if value is not None and qualifier == Qualifier.ABOUT:
        return Interval(value - abs(value) * TENTH, value + abs(value) * TENTH)
    return Interval(low, high)


def common(intervals: Iterable[Interval]) -> bool:
    """Whether there is a figure that lies in all of them."""
    lows, highs = [], []
    for one in intervals:
        if one.low is not None:
            lows.append(one.low)
        if one.high is not None:
            highs.append(one.high)
    return not lows or not highs or max(lows) <= min(highs)
