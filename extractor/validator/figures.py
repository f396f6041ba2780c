"""The figure that a candidate states, and whether it is the figure of a number in the text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import Enum

from extractor.claims import CandidateClaim
from extractor.quantities import read
from extractor.quantities.types import Kind, Qualifier, Quantity

_PLAIN = (Kind.COUNT, Kind.VAGUE)
_LONGEST_FIGURE = 400  # characters; a longer string is not a figure that anyone names


@dataclass(frozen=True, slots=True)
class Figure:
    """A stated figure: a value, or the ends of an interval (None is an open or absent side).

    `kind`, `unit` and `hedge` are set where the stated string carries more than a bare number
    ("12%", "$40", "more than 7,000"); `unreadable` names a field whose string is no finite number.
    """

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    kind: Kind | None = None
    unit: str | None = None
    hedge: Qualifier | None = None
    unreadable: str | None = None


class Mismatch(Enum):
    """How a stated figure misses the number it is held against."""

    VALUE = "value"
    SCALE = "scale"
    RANGE = "range"


def stated_figure(candidate: CandidateClaim) -> Figure:
    """Read the candidate's figure strings: plain decimals, or any form that the reader reads.

    A range or a vague word as `value` ("300-400", "dozens") states both its ends.
    """
    figure = Figure()
    for name in ("value", "low", "high"):
        text = getattr(candidate, name)
        if text is None:
            continue
        number, quantity = _plain_decimal(text), None
        if number is None:
            quantity = _sole_quantity(text)
            number = quantity.value if quantity is not None else None
        if number is not None:
            figure = _with_end(figure, name, number)
        elif quantity is not None and name == "value":
            figure = replace(figure, low=quantity.low, high=quantity.high)
        else:
            return Figure(unreadable=name)
        if quantity is not None:
            figure = replace(
                figure,
                kind=quantity.kind if quantity.kind not in _PLAIN else figure.kind,
                unit=quantity.unit or figure.unit,
                hedge=quantity.qualifier if quantity.hedge else figure.hedge,
            )
    return figure


def _with_end(figure: Figure, name: str, number: Decimal) -> Figure:
    if name == "value":
        return replace(figure, value=number)
    return replace(figure, low=number) if name == "low" else replace(figure, high=number)


def mismatch(figure: Figure, quantity: Quantity) -> Mismatch | None:
    """None when the figure is what the text names there, else in which way it is not."""
    if figure.kind is not None and figure.kind is not quantity.kind:
        return Mismatch.VALUE
    if figure.unit is not None and figure.unit != quantity.unit:
        return Mismatch.VALUE
    if quantity.value is None:
        return _interval_mismatch(figure, quantity)
    if figure.value is None:
        stated = (figure.low, figure.high)
        return None if stated == (quantity.low, quantity.high) else Mismatch.VALUE
    if figure.value not in _readings(quantity):
        same_digits = _significant(figure.value) == _significant(quantity.value)
        return Mismatch.SCALE if same_digits else Mismatch.VALUE
    ends_agree = figure.low in (None, quantity.low) and figure.high in (None, quantity.high)
    return None if ends_agree else Mismatch.RANGE


def _readings(quantity: Quantity) -> tuple[Decimal | None, ...]:
    """The values that a figure may have: one, but for a bare count of an ambiguous form.

    "1.067 people" may be a thousand and more; with a unit, a currency or a scale word a point is a
    decimal point.
    """
    bare = quantity.kind is Kind.COUNT and not any(map(str.isalpha, quantity.text))
    return quantity.readings if bare and quantity.readings else (quantity.value,)


def _interval_mismatch(figure: Figure, quantity: Quantity) -> Mismatch | None:
    if figure.value is not None:
        return Mismatch.RANGE if _inside(figure.value, quantity) else Mismatch.VALUE
    if quantity.parts:
        if (figure.low, figure.high) == (quantity.low, quantity.high):
            return None
        half = figure.low == quantity.low or figure.high == quantity.high
        return Mismatch.RANGE if half else Mismatch.VALUE
    if figure.low == quantity.low and figure.high in (None, quantity.high, vague_top(quantity)):
        return None
    return Mismatch.VALUE


def vague_top(quantity: Quantity) -> Decimal | None:
    """The customary upper end of a vague magnitude: one below the next magnitude word.

    "dozens" and "tens" go to 99, "hundreds" to 999, "several" to 9, "tens of thousands" to 99,999.
    """
    if quantity.low is None or quantity.low <= 0:
        return None
    return Decimal("9" * (quantity.low.adjusted() + 1))


def _inside(value: Decimal, quantity: Quantity) -> bool:
    above = quantity.low is None or value >= quantity.low
    return above and (quantity.high is None or value <= quantity.high)


def _significant(number: Decimal) -> tuple[int, str]:
    """Sign and digits without leading and trailing zeros: equal when only the scale differs."""
    sign, digits, _ = number.as_tuple()
    return sign, "".join(map(str, digits)).strip("0")


def _plain_decimal(text: str) -> Decimal | None:
    stripped = text.strip()
    if (
        "_" in stripped or len(stripped) > _LONGEST_FIGURE
    ):  # Decimal("1_000") is Python, not English
        return None
    try:
        number = Decimal(stripped)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _sole_quantity(text: str) -> Quantity | None:
    """The quantity that is the whole of `text`, if it is exactly one."""
    if len(text) > _LONGEST_FIGURE:
        return None
    found = read(text).quantities
    whole = len(found) == 1 and found[0].text == text.strip()
    return found[0] if whole else None
