"""The figure that a candidate states, and whether it is the figure of a number in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TYPE_CHECKING

from extractor.quantities import read, unit_of
from extractor.quantities.types import Kind, Qualifier, Quantity

if TYPE_CHECKING:
    from extractor.claims.wire import CandidateClaim

_PLAIN = (Kind.COUNT, Kind.VAGUE)
RATIOS = (Kind.PERCENT, Kind.PERCENTAGE_POINT, Kind.FRACTION, Kind.MULTIPLE)
_OF_ONE = re.compile(r"\s+(?:of\s+)?(?:an?|one)\s+((?:percentage\s+|basis\s+)?[A-Za-z%]+)")
_LONGEST_FIGURE = 400  # characters; a longer string is not a figure that anyone names


@dataclass(frozen=True, slots=True)
class Figure:
    """A stated figure: a value, or the ends of an interval (None is an open or absent side).

    `kind`, `unit` and `hedge` are set where the stated string carries more than a bare number
    ("12%", "$40", "more than 7,000"); `unreadable` names a field whose string is no finite number,
    and `words` is the string of the value as it was given.
    """

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    kind: Kind | None = None
    unit: str | None = None
    hedge: Qualifier | None = None
    unreadable: str | None = None
    words: str | None = None


class Mismatch(Enum):
    """How a stated figure misses the number it is held against."""

    VALUE = "value"
    SCALE = "scale"
    RANGE = "range"
    SIGN = "sign"
    RATIO = "ratio"


def stated_figure(candidate: CandidateClaim) -> Figure:
    """Read the candidate's figure strings: plain decimals, or any form that the reader reads.

    A range or a vague word as `value` ("300-400", "dozens") states both its ends.
    """
    stated: dict[str, Decimal | None] = {"value": None, "low": None, "high": None}
    kind: Kind | None = None
    unit: str | None = None
    hedge: Qualifier | None = None
    for name in stated:
        text = getattr(candidate, name)
        if text is None:
            continue
        number, quantity = _plain_decimal(text), None
        if number is None:
            quantity = _sole_quantity(text)
            number = quantity.value if quantity is not None else None
        if number is not None:
            stated[name] = number
        elif quantity is not None and name == "value":
            stated |= {"low": quantity.low, "high": quantity.high}
        else:
            return Figure(unreadable=name)
        if quantity is not None:
            kind = quantity.kind if quantity.kind not in _PLAIN else kind
            unit = quantity.unit or unit
            hedge = quantity.qualifier if quantity.hedge else hedge
    words = candidate.value and candidate.value.strip()
    return Figure(
        value=stated["value"],
        low=stated["low"],
        high=stated["high"],
        kind=kind,
        unit=unit,
        hedge=hedge,
        words=words,
    )


def mismatch(figure: Figure, quantity: Quantity) -> Mismatch | None:
    """None when the figure is what the text names there, else in which way it is not."""
    if _is_verbatim(figure, quantity):
        return None
    if figure.kind not in (None, quantity.kind) or figure.unit not in (None, quantity.unit):
        mixed = figure.kind in RATIOS and quantity.kind in RATIOS
        return Mismatch.RATIO if mixed else Mismatch.VALUE
    if quantity.value is None:
        return _interval_mismatch(figure, quantity)
    if figure.value is None:
        stated = (figure.low, figure.high)
        return None if stated == (quantity.low, quantity.high) else Mismatch.VALUE
    if figure.value not in _readings(quantity):
        return _how_it_misses(figure.value, quantity)
    ends_agree = figure.low in (None, quantity.low) and figure.high in (None, quantity.high)
    return None if ends_agree else Mismatch.RANGE


def _how_it_misses(stated: Decimal, quantity: Quantity) -> Mismatch:
    values = _readings(quantity)
    if stated.copy_negate() in values:  # no arithmetic: a stated figure may have any exponent
        return Mismatch.SIGN
    value = quantity.value or Decimal(0)
    if _significant(stated) != _significant(value):
        return Mismatch.VALUE
    hundredfold = {Kind.PERCENT: -2, Kind.FRACTION: 2}.get(quantity.kind)
    apart = stated.adjusted() - value.adjusted()
    return Mismatch.RATIO if apart == hundredfold else Mismatch.SCALE


def as_stated(figure: Figure, quantity: Quantity) -> Quantity:
    """The number in the reading that the figure takes, where its form allows several."""
    value = figure.value
    if value is None or value == quantity.value or value not in quantity.readings:
        return quantity
    low, high = (value if end == quantity.value else end for end in (quantity.low, quantity.high))
    return replace(quantity, value=value, low=low, high=high)


def _is_verbatim(figure: Figure, quantity: Quantity) -> bool:
    """Whether the figure is the text's own, its sign of money apart: "100m" of "$100m"."""
    if figure.words is None or figure.unreadable or quantity.kind is not Kind.CURRENCY:
        return False
    if quantity.value is None or quantity.value < 0 or (figure.low, figure.high) != (None, None):
        return False
    bare = quantity.text[quantity.number.start - quantity.span.start :].lstrip("$£€¥₹ ")
    return figure.words == bare and not bare.isdigit()


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


def is_of_unit(text: str, quantity: Quantity, unit: str) -> bool:
    """Whether the text says a share of one such unit: "a quarter of a percentage point"."""
    if quantity.kind is not Kind.FRACTION or unit_of(unit) is None:
        return False
    said = _OF_ONE.match(text, quantity.span.end)
    return said is not None and unit_of(said.group(1).lower()) == unit_of(unit)


def mixes_ratios(quantity: Quantity, unit: str) -> bool:
    """Whether a unit says per cent, points, share or multiple, and the number is another one."""
    said = {"%": Kind.PERCENT, "percentage point": Kind.PERCENTAGE_POINT}.get(unit_of(unit) or "")
    said = said or {"fraction": Kind.FRACTION, "times": Kind.MULTIPLE}.get(unit.lower())
    said = Kind.PERCENTAGE_POINT if unit_of(unit) == "basis point" else said
    if said is None or quantity.kind not in RATIOS:
        return False
    return said is not quantity.kind or unit_of(unit) not in (None, quantity.unit)


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
