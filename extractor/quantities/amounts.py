"""One amount: sign, currency, figure, unit. "−1.3%", "£4.2m", "15-year-old", "58,000-strong"."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from extractor.quantities.ages import after_old, aged
from extractor.quantities.expressions import Expression
from extractor.quantities.figures import read_figure, slashed
from extractor.quantities.scales import Figure, rescaled, times
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.types import Kind
from extractor.quantities.units import Unit, money_before, read_unit, unit_of
from extractor.quantities.words import FUNCTION_WORDS

_MINUS = "\u2212"
_SIGNS = frozenset({"-", _MINUS, "\u2013", "+"})
_SIGNED_UNITS = frozenset({"%", "°", "percent", "degrees", "c"})
_AGES = frozenset({"year", "month", "week", "day"})
_MONEY_SIGNS = frozenset("$£€¥")
_COMPARING = frozenset("<>=≤≥:")
# "tested negative five times"
_TESTED = frozenset("tested test tests testing came back result results was were false".split())
_BEFORE_UNITS = frozenset(
    "more further extra additional full long consecutive straight whole entire".split()
)
_BEFORE_A_LOSS = frozenset("of was were is to at by from".split())
_MILLION = Decimal(1_000_000)
_OF_LENGTH = frozenset(
    "long high tall deep wide thick across away apart above below from off north south east west "
    "up down race sprint hurdles freestyle butterfly backstroke breaststroke dash relay final "
    "wave waves wall walls pool tower x by".split()
)
_DEGREES = frozenset("degree degrees celsius fahrenheit centigrade c f °".split())
_BEFORE_DEGREES = frozenset("to at of was were is are below and from between reached hit".split())
_OPENING = frozenset("([{\"'\u201c\u2018/")


class Amount(NamedTuple):
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


def read_amount(t: Tokens, i: int, *, money: bool = False) -> Amount | None:
    """The amount at token `i`, or None; `money` says that it continues a sum ("$40-50m").

    >>> a = read_amount(Tokens("£4.2m"), 0)
    >>> a.value, a.unit
    (Decimal('4200000'), 'GBP')
    >>> read_amount(Tokens("4.2m"), 0).unit
    'metre'
    """
    j, negative = _sign(t, i)
    bracketed = _in_brackets(t, i)
    if bracketed is not None:
        return bracketed
    amount = _positive(t, i, j, money=money)
    if amount is None:
        return None
    if negative and t.words[i] == "\u2013" and amount.kind is Kind.COUNT:
        return None  # an en dash before a plain number is punctuation
    amount = _ordered(t, _below_zero(t, amount))
    return _negated(amount) if negative else amount


def _positive(t: Tokens, first: int, j: int, *, money: bool) -> Amount | None:
    """The amount without its sign, which stands at tokens `first` up to `j`."""
    found = None if t.digits(j) else money_before(t, j)
    if found is None and (sign := _signed_money(t, j)) is not None:
        figure = read_figure(t, j + 2, money=True)
        return None if figure is None else _negated(_sum(first, figure, sign))
    if found is not None:
        code, j = found
        figure = read_figure(t, j, money=True)
        return None if figure is None else _sum(first, figure, code)
    figure = read_figure(t, j, money=money)
    return None if figure is None else _with_unit(t, first, figure)


def _sum(first: int, figure: Figure, code: str) -> Amount:
    """A sum of money whose currency stands before it."""
    return Amount(
        first,
        figure.last,
        figure,
        figure.value,
        figure.readings,
        Kind.CURRENCY,
        code,
        has_unit=True,
    )


def _signed_money(t: Tokens, j: int) -> str | None:
    """The currency in "$-5 million"."""
    if t.words[j] not in _MONEY_SIGNS:
        return None
    at = j + 3 if t.words[j + 2] == "." else j + 2  # "£-.5m"
    sign = t.words[j + 1] in {"-", _MINUS} and t.glued(j + 1) and t.glued(j + 2) and t.digits(at)
    return unit_of(t.words[j]) if sign else None


def _in_brackets(t: Tokens, i: int) -> Amount | None:
    """A loss as accounts write it: "$(5.2) million"; and "(1,234)" in a row of figures.

    In a row the brackets may hold no more than a figure of the year before: both are readings.
    """
    if t.words[i] in _MONEY_SIGNS and t.words[i + 1] == "(" and t.glued(i + 1) and t.glued(i + 2):
        figure = read_figure(t, i + 2, money=True) if t.digits(i + 2) else None
        if figure is None or not (t.words[figure.last] == ")" and t.glued(figure.last)):
            return None
        scaled = rescaled(t, figure, figure.last + 1)
        code = unit_of(t.words[i]) or ""
        if scaled.scale == figure.scale:  # "$(7)": the bracket is the sum's, not the figure's
            loss = _sum(i, figure, code)._replace(last=figure.last + 1)
        else:
            loss = _sum(i, scaled, code)
        return _negated(_ordered(t, loss))
    if t.words[i] == "(":
        return _lost(t, i)
    if not (t.digits(i) and t.words[i - 1] == "(" and t.glued(i)):
        return None
    figure = read_figure(t, i)
    if figure is None or figure.readings or not _closed_in_row(t, i, figure.last):
        return None
    minus = times(figure.value, Decimal(-1))
    readings = (figure.value, minus)
    return Amount(i, figure.last, figure, figure.value, readings, Kind.COUNT, None)


def _lost(t: Tokens, i: int) -> Amount | None:
    """As in "a net loss of ($5.2 million)": brackets where no aside can stand."""
    if t.words[i - 1] not in _BEFORE_A_LOSS or not t.near(i) or not t.glued(i + 1):
        return None
    amount = _positive(t, i, i + 1, money=False)
    if amount is None or not (t.words[amount.last] == ")" and t.glued(amount.last)):
        return None
    if amount.kind not in {Kind.CURRENCY, Kind.PERCENT}:
        return None
    return _negated(_ordered(t, amount)._replace(last=amount.last + 1))


def _closed_in_row(t: Tokens, i: int, last: int) -> bool:
    """Whether brackets around a figure stand between other figures of the same line."""
    if not (t.words[last] == ")" and t.glued(last)) or t.line_start(i - 1):
        return False
    before, after = t.digits(i - 2), last + 1
    return before and (after == t.size or t.line_start(after) or t.digits(after))


def _below_zero(t: Tokens, amount: Amount) -> Amount:
    """As in "20 degrees below zero", "five below zero"."""
    if "below" not in t.words[amount.last : amount.last + 3]:
        return amount
    degrees = amount.unit is None or amount.unit.startswith("degree")
    for j in range(amount.last, amount.last + 3):
        if j > amount.last and t.words[j - 1] not in _DEGREES:
            break  # "3 cities below zero"
        if degrees and t.matches(j, ("below", "zero")) and t.near(j):
            named = amount if j == amount.last else amount._replace(unit=amount.unit or "degree")
            return _negated(named._replace(last=j + 2, kind=Kind.MEASURE, has_unit=True))
    return amount


def signed(t: Tokens, i: int) -> bool:
    """Whether a sign, and not a hyphen or a dash, stands at token `i`."""
    return _sign(t, i)[0] != i


def _sign(t: Tokens, i: int) -> tuple[int, bool]:
    """Where the figure begins after a sign, and whether the sign is a minus."""
    word = t.words[i]
    if word == "minus" and t.near(i + 1):
        return (i, False) if t.matches(i - 2, ("plus", "or", "minus")) else (i + 1, True)
    if word == "negative" and t.near(i + 1):
        return (i + 1, True) if _below(t, i) else (i, False)
    if word not in _SIGNS or not (t.glued(i + 1) or _spaced_minus(t, i)):
        return i, False
    if t.glued(i) and t.words[i - 1] not in _OPENING | (_COMPARING if word != "\u2013" else set()):
        return i, False  # "300-400", "F-16"
    if word != _MINUS and t.line_start(i) and not _alone(t, i) and not _percent_follows(t, i + 1):
        return i, False  # "-5 people" at the start of a line is a list
    return i + 1, word != "+"


def _below(t: Tokens, i: int) -> bool:
    """As in "negative 5 percent", "showed negative 5"; not "turned negative 2 days ago"."""
    figure = read_figure(t, i + 1)
    if figure is None:
        return False
    unit = read_unit(t, figure)
    if unit is not None:
        return unit.kind is not Kind.MEASURE or unit.name.startswith("degree")
    if t.words[i - 1] in _TESTED:
        return False
    return not t.alpha(figure.last) or t.words[figure.last] in FUNCTION_WORDS


def _spaced_minus(t: Tokens, i: int) -> bool:
    """As in "it was - 5 degrees", "− 5": before a temperature, or a sign that is no dash."""
    if not t.near(i + 1) or t.digits(i - 1) or not t.digits(i + 1):
        return False
    if t.words[i] == _MINUS:
        return True
    return t.words[i] == "-" and t.words[i - 1] in _BEFORE_DEGREES and _percent_follows(t, i + 1)


def _alone(t: Tokens, i: int) -> bool:
    """Whether the signed figure at `i` is all that its line holds: the cell of a table."""
    figure = read_figure(t, i + 1)
    if figure is None:
        return False
    last = i + 4 if slashed(t, i + 1) is not None else figure.last
    return last == t.size or t.line_start(last)


def _percent_follows(t: Tokens, i: int) -> bool:
    unit = any(t.words[k] in _SIGNED_UNITS for k in range(i + 1, i + 4))
    return unit or money_before(t, i) is not None


def _negated(amount: Amount) -> Amount:
    minus = Decimal(-1)
    return amount._replace(
        value=times(amount.value, minus),
        readings=tuple(times(r, minus) for r in amount.readings),
    )


def _with_unit(t: Tokens, first: int, figure: Figure) -> Amount:
    unit = read_unit(t, figure) or _unit_after_adjective(t, figure)
    value, readings, last = figure.value, figure.readings, figure.last
    if unit is None:
        if (strong := _strong(t, last)) is not None:
            return Amount(first, strong, figure, value, readings, Kind.COUNT, None, has_unit=True)
        if _magnitude(t, first, last):
            return Amount(first, last, figure, value, readings, Kind.MEASURE, "magnitude")
        kind = Kind.AGE if aged(t, first, figure) else Kind.COUNT
        return Amount(
            first,
            last,
            figure,
            value,
            readings,
            kind,
            "year" if kind is Kind.AGE else None,
        )
    behind_aged = t.words[first - 1] == "aged" and t.near(first)  # "aged 18 months"
    old = unit.last if behind_aged else after_old(t, unit.last)
    if unit.name in _AGES and old is not None:
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
    if unit.name == "metre" and not readings and _may_be_million(t, last):
        readings = (value, times(value, _MILLION))
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


def _unit_after_adjective(t: Tokens, figure: Figure) -> Unit | None:
    """The measure in "12 more days", "two consecutive months"; its noun stays outside."""
    j = figure.last
    if t.words[j] not in _BEFORE_UNITS or not t.near(j):
        return None
    unit = read_unit(t, figure._replace(last=j + 1))
    return unit if unit is not None and unit.kind is Kind.MEASURE and not unit.inside else None


def _may_be_million(t: Tokens, j: int) -> bool:
    """Whether a glued "m" is no length for sure: "4.2m" alone, but not "a 4.2m-high wall"."""
    hyphened = t.glued(j + 1) and t.words[j + 1] in DASHES
    if t.raw(j) != "m" or not t.glued(j) or hyphened or t.words[j - 1].strip("0") == "":
        return False
    return not (t.near(j + 1) and t.words[j + 1] in _OF_LENGTH)


def _strong(t: Tokens, j: int) -> int | None:
    """As in "58,000-strong": the compound is one expression."""
    tight = t.words[j] in DASHES and t.glued(j) and t.glued(j + 1)
    return j + 2 if tight and t.words[j + 1] == "strong" else None


def _magnitude(t: Tokens, first: int, last: int) -> bool:
    """As in "magnitude 6.6", "a magnitude of 6.6", "6.6 on the Richter scale"."""
    k = first - 1
    if "richter" in t.words[last : last + 3]:
        return True
    if t.words[k] == "of" or (t.words[k] in DASHES and t.glued(k)):
        k -= 1
    return t.words[k] == "magnitude" and t.near(k + 1)


def _ordered(t: Tokens, amount: Amount) -> Amount:
    """Where "1.067" can be 1,067 or 1.067, the context decides which reading is first.

    A plain noun that is counted asks for a whole number; a unit, a currency, a scale word or no
    noun at all leaves the point what it is in English.
    """
    if len(amount.figure.readings) < 2 or amount.figure.scale != 1:
        return amount
    whole, decimal = amount.readings
    counted = not amount.has_unit and amount.unit is None and counted_noun(t, amount.last)
    first, second = (whole, decimal) if counted else (decimal, whole)
    return amount._replace(value=first, readings=(first, second))


def counted_noun(t: Tokens, j: int) -> bool:
    """Whether a word that can be what a number counts stands at `j`."""
    if not (t.alpha(j) and t.near(j)):
        return False
    return t.words[j] not in FUNCTION_WORDS
