"""One amount: sign, currency, figure, unit. "−1.3%", "£4.2m", "15-year-old", "58,000-strong"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from extractor.quantities.expressions import Expression
from extractor.quantities.figures import Figure, read_figure, times
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.types import Kind
from extractor.quantities.units import money_before, read_unit
from extractor.quantities.words import FUNCTION_WORDS, MONTHS

_MINUS = "\u2212"
_SIGNS = frozenset({"-", _MINUS, "\u2013", "+"})
_SIGNED_UNITS = frozenset({"%", "°", "percent", "degrees", "c"})
_AGES = frozenset({"year", "month", "week", "day"})
_OPENING = frozenset("([{\"'\u201c\u2018/")


@dataclass(frozen=True, slots=True)
class Amount:
    """Tokens `first` up to `last`, the figure among them, and what it measures."""

    first: int
    last: int
    figure: Figure
    value: Decimal
    readings: tuple[Decimal, ...]
    kind: Kind
    unit: str | None
    has_unit: bool = False

    def expression(self) -> Expression:
        """The same, as a quantity of its own."""
        return Expression(
            self.first,
            self.last,
            (self.figure.first, self.figure.last),
            self.value,
            self.value,
            self.value,
            self.kind,
            self.unit,
            readings=self.readings,
        )


def read_amount(t: Tokens, i: int) -> Amount | None:
    """The amount at token `i`, or None.

    >>> a = read_amount(Tokens("£4.2m"), 0)
    >>> a.value, a.unit
    (Decimal('4200000'), 'GBP')
    >>> read_amount(Tokens("4.2m"), 0).unit
    'metre'
    """
    j, negative = _sign(t, i)
    money = money_before(t, j)
    if money is not None:
        code, j = money
        figure = read_figure(t, j, money=True)
    else:
        code, figure = "", read_figure(t, j)
    if figure is None:
        return None
    if money is not None:
        amount = Amount(
            i,
            figure.last,
            figure,
            figure.value,
            figure.readings,
            Kind.CURRENCY,
            code,
            has_unit=True,
        )
    else:
        amount = _with_unit(t, i, figure)
        if negative and t.word(i) == "\u2013" and amount.kind is Kind.COUNT:
            return None  # an en dash before a plain number is punctuation
    amount = _ordered(t, amount)
    return _negated(amount) if negative else amount


def signed(t: Tokens, i: int) -> bool:
    """Whether a sign, and not a hyphen or a dash, stands at token `i`."""
    return _sign(t, i)[0] != i


def _sign(t: Tokens, i: int) -> tuple[int, bool]:
    """Where the figure begins after a sign, and whether the sign is a minus."""
    word = t.word(i)
    if word == "minus" and t.near(i + 1):
        return i + 1, True
    if word not in _SIGNS or not t.glued(i + 1):
        return i, False
    if t.glued(i) and t.word(i - 1) not in _OPENING:  # "300-400", "F-16"
        return i, False
    if word != _MINUS and t.line_start(i) and not _percent_follows(t, i + 1):
        return i, False  # "-5 people" at the start of a line is a list
    return i + 1, word != "+"


def _percent_follows(t: Tokens, i: int) -> bool:
    unit = any(t.word(k) in _SIGNED_UNITS for k in range(i + 1, i + 4))
    return unit or money_before(t, i) is not None


def _negated(amount: Amount) -> Amount:
    minus = Decimal(-1)
    return replace(
        amount,
        value=times(amount.value, minus),
        readings=tuple(times(r, minus) for r in amount.readings),
    )


def _with_unit(t: Tokens, first: int, figure: Figure) -> Amount:
    unit = read_unit(t, figure)
    value, readings, last = figure.value, figure.readings, figure.last
    if unit is None:
        if (strong := _strong(t, last)) is not None:
            return Amount(first, strong, figure, value, readings, Kind.COUNT, None, has_unit=True)
        if _magnitude(t, first):
            return Amount(first, last, figure, value, readings, Kind.MEASURE, "magnitude")
        kind = Kind.AGE if _aged(t, first, figure) else Kind.COUNT
        return Amount(
            first,
            last,
            figure,
            value,
            readings,
            kind,
            "year" if kind is Kind.AGE else None,
        )
    if unit.name in _AGES and (old := _old(t, unit.last)) is not None:
        return Amount(
            first,
            old if t.glued(unit.last) else last,
            figure,
            value,
            readings,
            Kind.AGE,
            unit.name,
            has_unit=True,
        )
    return Amount(
        first,
        unit.last if unit.inside else last,
        figure,
        value,
        readings,
        unit.kind,
        unit.name,
        has_unit=True,
    )


def _strong(t: Tokens, j: int) -> int | None:
    """As in "58,000-strong": the compound is one expression."""
    tight = t.word(j) in DASHES and t.glued(j) and t.glued(j + 1)
    return j + 2 if tight and t.word(j + 1) == "strong" else None


def _old(t: Tokens, j: int) -> int | None:
    """The token after "old", in "15-year-old(s)" and "3½ years old"."""
    k = j + 1 if t.word(j) in DASHES and t.glued(j) else j
    return k + 1 if t.word(k) in {"old", "olds"} and t.near(k) else None


def _magnitude(t: Tokens, first: int) -> bool:
    """As in "magnitude 6.6", "a magnitude of 6.6": the unit stands before the figure."""
    k = first - 1
    if t.word(k) == "of":
        k -= 1
    return t.word(k) == "magnitude" and t.near(k + 1)


def _aged(t: Tokens, first: int, figure: Figure) -> bool:
    """As in "aged 46", "the age of 60", "Pat Rooke, 72,": a person's age without a unit."""
    if figure.scale != 1 or not 0 < figure.value <= 120 or figure.readings:
        return False
    before = t.word(first - 1)
    if before == "aged" or (before == "age" and t.near(first)):
        return True
    if before == "of" and t.word(first - 2) in {"age", "ages"}:
        return True
    if not (figure.plain and before == "," and t.capital(first - 2) and t.alpha(first - 2)):
        return False
    # an apposition after a name, closed again: "Martin Bamford, 30, from Croydon"
    name = (
        t.word(first - 3) not in FUNCTION_WORDS
        and t.near(first - 2)
        and (t.word(first - 2) not in MONTHS)
    )
    closed = t.word(figure.last) in {",", ".", ")", ";"} and t.glued(figure.last)
    return name and closed and not t.digits(figure.last + 1)


def _ordered(t: Tokens, amount: Amount) -> Amount:
    """Where "1.067" can be 1,067 or 1.067, the context decides which reading is first.

    A plain noun that is counted asks for a whole number; a unit, a currency, a scale word or no
    noun at all leaves the point what it is in English.
    """
    if len(amount.readings) < 2 or amount.figure.scale != 1:
        return amount
    whole, decimal = amount.readings
    counted = not amount.has_unit and amount.unit is None and counted_noun(t, amount.last)
    first, second = (whole, decimal) if counted else (decimal, whole)
    return replace(amount, value=first, readings=(first, second))


def counted_noun(t: Tokens, j: int) -> bool:
    """Whether a word that can be what a number counts stands at `j`."""
    if not (t.alpha(j) and t.near(j)):
        return False
    return t.word(j) not in FUNCTION_WORDS
