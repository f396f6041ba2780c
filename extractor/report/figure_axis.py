"""An axis for figures: where each stands in per cent of the width, and round marks along it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

_MOST_TICKS = 6
_DECADES = 100.0  # figures that differ by more go on a logarithmic axis
_FIRST, _LAST = 3.0, 97.0  # per cent: a mark at the end is not cut
_NAMES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_SAME = 1e-9  # of two figures, that are not told apart on an axis
LARGEST = 1e100
"""Figures beyond it, or nearer to nought than its inverse, are on no axis."""


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high`, with `ticks` at round figures between them, both ends included."""

    low: float
    high: float
    logarithmic: bool
    ticks: tuple[float, ...]

    def at(self, figure: float) -> float:
        """The place of a figure, in per cent of the width."""
        low, high = self.low, self.high
        if self.logarithmic:
            low, high, figure = log10(low), log10(high), log10(figure)
        share = (figure - low) / (high - low)
        return round(_FIRST + (_LAST - _FIRST) * share, 2)


def axis_for(figures: Sequence[float]) -> Axis:
    """The axis that holds these figures, of which there must be one.

    It is logarithmic where all are above nought and the largest is a hundred times the smallest.

    >>> axis_for([498, 7000]).ticks, axis_for([12, 9000]).ticks
    ((0.0, 2000.0, 4000.0, 6000.0, 8000.0), (10.0, 100.0, 1000.0, 10000.0))
    """
    low, high = min(figures), max(figures)
    if low > 0 and high / low >= _DECADES:
        ticks = _logarithmic_ticks(low, high)
        return Axis(ticks[0], ticks[-1], logarithmic=True, ticks=ticks)
    if high - low <= _SAME * max(abs(low), abs(high)):
        margin = abs(low) * 0.1 or 1.0
        low, high = low - margin, high + margin
    elif low > 0 and low / high < 0.3:
        low = 0.0  # it is near enough to be shown
    ticks = _linear_ticks(low, high)
    return Axis(ticks[0], ticks[-1], logarithmic=False, ticks=ticks)


def tick_text(figure: float) -> str:
    """A figure on the axis, short enough to stand there.

    >>> [tick_text(figure) for figure in (0.25, 7000.0, 2.5e6, 1e9, 1e20)]
    ['0.25', '7,000', '2.5 million', '1 billion', '1e+20']
    """
    if abs(figure) >= 1e15:
        return f"{figure:g}"
    for size, name in _NAMES:
        if abs(figure) >= size:
            return f"{figure / size:,.10g} {name}"
    return f"{figure:,.10g}"


def _linear_ticks(low: float, high: float) -> tuple[float, ...]:
    rough = (high - low) / (_MOST_TICKS - 2)
    decade = 10.0 ** floor(log10(rough))
    step = next(size * decade for size in (1, 2, 2.5, 5, 10) if size * decade >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    # a multiple of a step like 0.1 is not quite round; of figures that differ little it has to be
    digits = max(10, 2 + ceil(log10(max(abs(low), abs(high)) / step)))
    places = range(first, max(last, first + 1) + 1)
    return tuple(float(f"{place * step:.{digits}g}") for place in places)


def _logarithmic_ticks(low: float, high: float) -> tuple[float, ...]:
    first, last = floor(log10(low) + 1e-9), ceil(log10(high) - 1e-9)
    stride = ceil((last - first) / (_MOST_TICKS - 1))
    count = ceil((last - first) / stride)
    return tuple(float(f"1e{first + stride * place}") for place in range(count + 1))
