"""Measures whose "one" is an article: "nearly a year", "less than a month", "an hour and a half".

"a year" alone names a rate or a while ("500 a year"), so it is a quantity only after a bound or
with a half behind it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from extractor.quantities.expressions import Expression
from extractor.quantities.hedges import left_hedge
from extractor.quantities.tokens import Tokens
from extractor.quantities.types import Kind, Qualifier
from extractor.quantities.unit_data import TIMES
from extractor.quantities.units import unit_of

# The measures that are said without a number: "nearly a year", "less than a mile".
MEASURED_ONCE: Final = frozenset(
    "second minute hour day week fortnight month year decade century mile kilometre kilometer "
    "metre meter tonne ton kilogram kilogramme kilo".split()
)
_PARTS = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}


def read_article(t: Tokens, i: int) -> Expression | None:
    """The measure that "a" or "an" at token `i` begins, or None.

    >>> read_article(Tokens("an hour and a half"), 0).value
    Decimal('1.5')
    >>> read_article(Tokens("500 a year"), 1) is None
    True
    """
    if t.words[i] not in {"a", "an"} or not t.near(i + 1):
        return None
    unit = unit_of(t.words[i + 1]) if t.words[i + 1] in MEASURED_ONCE else None
    if unit is None:
        return None
    if t.matches(i + 2, ("and", "a", t.words[i + 4])) and t.words[i + 4] in _PARTS:
        return _one(i, i + 5, 1 + _PARTS[t.words[i + 4]], unit)
    hedge = left_hedge(t, i, 0, time=unit in TIMES)
    if hedge is None or hedge.last != i or hedge.qualifier is Qualifier.EXACT:
        return None
    # "40 max a day", "5 times at least a week"
    taken = t.digits(hedge.first - 1) or t.digits(hedge.first - 2)
    if taken or (hedge.qualifier is Qualifier.ABOUT and t.words[i - 1] in {"some", "around"}):
        return None
    return _one(i, i + 2, Decimal(1), unit)


def _one(first: int, last: int, value: Decimal, unit: str) -> Expression:
    return Expression(first, last, (first, last), value, value, value, Kind.MEASURE, unit)
