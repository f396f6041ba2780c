"""Ranges: "300-400", "$5-6 million", "5 to 10 percent", "between 3,000 and 4,000".

Both ends are kept, with their spans. "from A to B" is no range unless the words say so ("ranging
from", "anywhere from"), since news text reports changes that way ("rose from 497 to 498"), and a
change has two values. A falling pair ("10 to 5") is none either.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from extractor.quantities.amounts import Amount, read_amount
from extractor.quantities.expressions import End, Expression
from extractor.quantities.figures import ONE, times
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.types import Kind, Qualifier

_RANGE_WORDS = frozenset(
    "ranging range ranges ranged anywhere vary varies varied varying aged ages between".split()
)
_THOUSAND = Decimal(1000)


def read_between(t: Tokens, i: int) -> Expression | None:
    """As in "between A and B" at `i`; None where the ends are missing or fall."""
    left = read_amount(t, i + 1) if t.near(i + 1) else None
    if left is None:
        return None
    j = left.last
    if (t.word(j) in {"and", "to", "&"} and t.near(j) and t.near(j + 1)) or t.word(j) in DASHES:
        j += 1
    else:
        return None
    right = read_amount(t, j)
    return None if right is None else _joined(i, left, right, shared_thousands=False)


def read_range(t: Tokens, left: Amount) -> Expression | None:
    """The range that begins with the amount `left`, or None where it stands alone."""
    j = _connector(t, left)
    if j is None:
        return None
    right = read_amount(t, j)
    if right is None:
        return None
    if t.word(left.last) == "or" and not _alternatives(left, right):
        return None
    tight = t.word(left.last) in DASHES
    first = left.first
    change = t.word(first - 1) == "from" and t.word(first - 2) not in _RANGE_WORDS
    if change and t.word(left.last) == "to":
        return None
    joined = _joined(first, left, right, shared_thousands=tight)
    if joined is not None and t.word(first - 1) in {"aged", "ages"} and joined.unit is None:
        return replace(joined, kind=Kind.AGE, unit="year")  # "ages 5 to 10"
    return joined


def _connector(t: Tokens, left: Amount) -> int | None:
    """The token after "-", "to", "or" between two figures."""
    j = left.last
    word = t.word(j)
    if word in DASHES:
        if (
            t.glued(j)
            and not t.glued(j + 1)
            and t.word(j + 1) in {"to", "or"}
            and (t.near(j + 1) and t.near(j + 2))
        ):
            return j + 2  # "18- to 24-year-olds"
        tight = t.glued(j) and t.glued(j + 1)
        spaced = word == "\u2013" and t.near(j) and t.near(j + 1) and left.figure.digits
        if t.word(j + 1) in {"to", "or"} and tight and t.word(j + 2) in DASHES:
            return j + 3  # "five-to-ten"
        return j + 1 if tight or (spaced and not t.glued(j) and not t.glued(j + 1)) else None
    if word in {"to", "or"} and t.near(j) and t.near(j + 1):
        return j + 1
    return None


def _alternatives(left: Amount, right: Amount) -> bool:
    """As in "two or three", "50 or 60": neighbours, so that one interval is meant."""
    a, b = left.value, right.value
    return not left.has_unit and a < b <= max(times(a, Decimal(2)), a + 1)


def _joined(
    first: int, left: Amount, right: Amount, *, shared_thousands: bool
) -> Expression | None:
    """One range of two amounts, the scale and the unit shared where one side has none."""
    if left.has_unit and right.has_unit and left.unit != right.unit:
        return None
    low, high = left.value, right.value
    if len(left.readings) > 1 and len(right.readings) == 0:
        low = min(left.readings, key=lambda r: abs(r - high))
    scale = right.figure.scale
    if left.figure.scale == 1 and scale > 1 and left.figure.value < _THOUSAND:
        shared = times(low, scale)
        low = shared if shared < high else low
    elif shared_thousands and _abbreviated(left, right):
        low = times(low, _THOUSAND)  # "200-300,000 people"
    if not low < high:
        return None
    unit_from = right if right.has_unit or not left.has_unit else left
    kind, unit = unit_from.kind, unit_from.unit
    if Kind.AGE in {left.kind, right.kind}:
        kind, unit = Kind.AGE, unit or "year"
    ends = (
        End(left.figure.first, left.figure.last, low),
        End(right.figure.first, right.figure.last, high),
    )
    return Expression(
        first,
        right.last,
        (left.figure.first, right.figure.last),
        None,
        low,
        high,
        kind,
        unit,
        Qualifier.RANGE,
        ends,
    )


def _abbreviated(left: Amount, right: Amount) -> bool:
    """As in "200-300,000": the left end is in thousands too; 200 to 300,000 would be no range."""
    plain = left.figure.plain and left.figure.scale == ONE and right.figure.scale == ONE
    whole = right.value % _THOUSAND == 0 and not right.figure.plain
    return plain and whole and left.value < _THOUSAND and times(left.value, _THOUSAND) < right.value
