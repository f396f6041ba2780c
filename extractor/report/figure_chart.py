"""Figures side by side as an inline SVG: a row each, a mark for what is named, a bar for the rest.

Across, places are per cent of the width and down they are pixels: the chart fits any width with its
lettering unscaled. Colour and shape are classes of the page's style sheet, and no text is left
unescaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

from markupsafe import Markup, escape

from extractor.reconcile.groups import Figure
from extractor.reconcile.intervals import interval_of
from extractor.report.figure_axis import LARGEST, Axis, axis_for, tick_text
from extractor.report.safe_text import showable

_ROW = 48  # pixels
_LABEL = 15
_TRACK = 32
_AXIS = 30
_FULL = (50, 34)  # characters of the left and the right label that fit beside each other
_SHORT = (26, 20)  # and on a narrow screen
COLOURS = 8
SHAPES = (
    "M5.5 0A5.5 5.5 0 1 1-5.5 0A5.5 5.5 0 1 1 5.5 0Z",
    "M-5-5H5V5H-5Z",
    "M0-6.8L6.8 0 0 6.8-6.8 0Z",
    "M0-6.2L6.2 4.8H-6.2Z",
    "M0 6.2L6.2-4.8H-6.2Z",
    "M-2-6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z",
    "M-3-5.5H3L6 0 3 5.5H-3L-6 0Z",
)
"""Around their own middle, in pixels: circle, square, diamond, two triangles, cross, hexagon."""


@dataclass(frozen=True, slots=True)
class PartyStyles:
    """One colour and one shape a party, the same all over the page, by `places` from 0."""

    places: Mapping[str, int]

    def of(self, party: str | None) -> tuple[str, str]:
        """The class and the outline of a party's marks; those of nobody are grey circles."""
        if party is None or party not in self.places:
            return "nobody", SHAPES[0]
        place = self.places[party]
        return f"p{place % COLOURS}", SHAPES[place % len(SHAPES)]


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A figure that is drawn: `whose` it is, the figure as `worded`, and its `day` or nothing."""

    figure: Figure
    whose: str
    worded: str
    day: str


@dataclass(frozen=True, slots=True)
class _Drawn:
    row: ChartRow
    value: float | None
    low: float | None
    high: float | None

    @property
    def figures(self) -> list[float]:
        return [one for one in (self.value, self.low, self.high) if one is not None]


def chart(title: str, rows: Sequence[ChartRow], styles: PartyStyles) -> Markup | None:
    """The rows as one drawing, in their order; None where no figure can be drawn.

    A figure that is not `is_drawable` is left out.
    """
    drawn = [one for row in rows if (one := _drawn(row)).figures]
    if not drawn:
        return None
    axis = axis_for([figure for one in drawn for figure in one.figures])
    height = len(drawn) * _ROW + _AXIS
    pieces = [
        Markup('<svg class="chart" width="100%" height="{}" role="img" aria-label="{}">').format(
            height, showable(title)
        ),
        *_grid(axis, height - _AXIS),
    ]
    for place, one in enumerate(drawn):
        pieces += _row(one, axis, place * _ROW, styles)
    return Markup("").join([*pieces, Markup("</svg>")])


def is_drawable(figure: Figure) -> bool:
    """Whether it has a size, and one that an axis holds."""
    return any(_size(one) is not None for one in (figure.value, figure.low, figure.high))


def _drawn(row: ChartRow) -> _Drawn:
    figure = row.figure
    left = interval_of(figure.value, figure.low, figure.high, figure.qualifier)
    return _Drawn(row, _size(figure.value), _size(left.low), _size(left.high))


def _size(number: Decimal | None) -> float | None:
    if number is None:
        return None
    try:
        size = float(number)
    except (OverflowError, ValueError):
        return None
    if not isfinite(size) or abs(size) > LARGEST or (size and abs(size) < 1 / LARGEST):
        return None
    return size


def _grid(axis: Axis, height: int) -> Iterator[Markup]:
    for tick in axis.ticks:
        at = axis.at(tick)
        is_long = len(tick_text(tick)) > 6  # it would stand out over the edge
        anchor = "start" if is_long and at < 8 else "end" if is_long and at > 92 else "middle"
        across = {"start": 0, "end": 100}.get(anchor, at)
        yield Markup('<line class="grid" x1="{0}%" x2="{0}%" y1="0" y2="{1}"/>').format(at, height)
        yield Markup('<text class="tick" x="{}%" y="{}" text-anchor="{}">{}</text>').format(
            across, height + 18, anchor, tick_text(tick)
        )


def _row(drawn: _Drawn, axis: Axis, top: int, styles: PartyStyles) -> Iterator[Markup]:
    name, outline = styles.of(drawn.row.figure.party)
    standing = "" if drawn.row.figure.standing == "stated" else " hollow"
    yield Markup('<g class="{}{}">').format(name, standing)
    yield from _labels(drawn.row, top + _LABEL)
    middle = top + _TRACK
    yield Markup('<line class="track" x1="0" x2="100%" y1="{0}" y2="{0}"/>').format(middle)
    yield from _interval(drawn, axis, middle)
    # a range names its two ends, everything else one figure
    marks = (drawn.value,) if drawn.value is not None else (drawn.low, drawn.high)
    for figure in dict.fromkeys(one for one in marks if one is not None):
        yield Markup(
            '<svg x="{}%" y="{}" overflow="visible"><path class="mark" d="{}"/></svg>'
        ).format(axis.at(figure), middle, outline)
    yield Markup("</g>")


def _labels(row: ChartRow, top: int) -> Iterator[Markup]:
    """Whose it is at the left, the figure at the right: in full, and cut for a narrow screen."""
    full, short = (
        (_cut(row.whose, left), _cut(row.worded, right)) for left, right in (_FULL, _SHORT)
    )
    forms = {"": full} if full == short else {" full": full, " short": short}
    day = f" · {row.day}" if row.day else ""
    for name, (whose, worded) in forms.items():
        yield Markup('<text class="whose{}" x="0" y="{}">{}{}</text>').format(name, top, whose, day)
        yield Markup('<text class="worded{}" x="100%" y="{}" text-anchor="end">{}</text>').format(
            name, top, worded
        )


def _interval(drawn: _Drawn, axis: Axis, middle: int) -> Iterator[Markup]:
    low, high = drawn.low, drawn.high
    if low is not None and high is not None:
        if low < high:
            yield _line("bar", axis.at(low), axis.at(high), middle)
    elif low is not None:
        yield _line("open", axis.at(low), 99.0, middle)
        yield _arrow(99.0, middle, "M-7-5L1 0-7 5")
    elif high is not None:
        yield _line("open", 1.0, axis.at(high), middle)
        yield _arrow(1.0, middle, "M7-5L-1 0 7 5")


def _line(name: str, start: float, end: float, middle: int) -> Markup:
    return Markup('<line class="{}" x1="{}%" x2="{}%" y1="{}" y2="{}"/>').format(
        name, start, end, middle, middle
    )


def _arrow(at: float, middle: int, outline: str) -> Markup:
    return Markup(
        '<svg x="{}%" y="{}" overflow="visible"><path class="arrow" d="{}"/></svg>'
    ).format(at, middle, outline)


def _cut(text: str, longest: int) -> Markup:
    text = " ".join(showable(text).split())
    return escape(text if len(text) <= longest else f"{text[: longest - 1]}…")
