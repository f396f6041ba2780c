"""From an expression in tokens to a quantity of the text: its hedges, its interval, its spans."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from extractor.quantities import lexicon
from extractor.quantities.expressions import Expression
from extractor.quantities.hedges import Hedge, left_hedge, right_hedge
from extractor.quantities.scales import Figure, times
from extractor.quantities.surface import Surface
from extractor.quantities.tokens import Tokens
from extractor.quantities.types import Kind, Part, Qualifier, Quantity
from extractor.quantities.units import is_time, read_unit
from extractor.quantities.words import FUNCTION_WORDS, PERSON_WORDS
from extractor.text.spans import Span

_BEHIND_NOUNS = frozenset("or at , maximum minimum max perhaps maybe".split())
_SCALED = frozenset({Kind.COUNT, Kind.CURRENCY})
_LOWER_BOUNDS = frozenset({Qualifier.MORE_THAN, Qualifier.AT_LEAST})
_UPPER_BOUNDS = frozenset(
    {
        Qualifier.ALMOST,
        Qualifier.LESS_THAN,
        Qualifier.UP_TO,
        Qualifier.AT_MOST,
    }
)


class Place(NamedTuple):
    """Where a paragraph stands: its text is `text` from `start` on, as `surface` shows it."""

    text: str
    start: int
    surface: Surface | None

    def span(self, start: int, end: int) -> Span:
        """The stretch of the whole text behind these offsets of what is read."""
        if self.surface is None:
            return Span(self.start + start, self.start + end)
        return self.surface.original(Span(start, end)).shifted(self.start)

    def of(self, t: Tokens, first: int, last: int) -> Span:
        """The same, of tokens `first` up to `last`."""
        start, end = t.starts[first], t.ends[last - 1]
        if self.surface is None:
            return Span(self.start + start, self.start + end)
        return self.span(start, end)


def assemble(t: Tokens, e: Expression, floor: int, place: Place) -> tuple[Quantity, int]:
    """The quantity that `e` says, with its hedges, and the token after it.

    No hedge reaches back before token `floor`.
    """
    if e.kind is Kind.ORDINAL:
        return _built(t, e, None, None, place), e.last
    left = left_hedge(t, e.first, floor, time=is_time(e.unit))
    right = (
        None
        if left is not None and left.qualifier is not Qualifier.ABOUT
        else (right_hedge(t, e.last) or _hedge_after_noun(t, e))
    )
    if right is not None:
        e = _scaled_behind(t, e, right)
    e = _as_age(t, e, left)
    return _built(t, e, left, right, place), e.last if right is None else max(e.last, right.last)


def relocated(quantity: Quantity, place: Place) -> Quantity:
    """The same where it stands in the whole text, its spans being those of the surface."""

    def moved(span: Span) -> Span:
        return place.span(span.start, span.end)

    span = moved(quantity.span)
    return replace(
        quantity,
        span=span,
        text=span.of(place.text),
        number=moved(quantity.number),
        hedge=None if quantity.hedge is None else moved(quantity.hedge),
        parts=tuple(Part(moved(part.span), part.value) for part in quantity.parts),
    )


def _scaled_behind(t: Tokens, e: Expression, hedge: Hedge) -> Expression:
    """As in "5+ million", "10-plus million", "5 or so million": the scale behind the hedge."""
    word = t.words[hedge.last] if t.near(hedge.last) else ""
    scale = lexicon.SCALES.get(word) or lexicon.SCALE_SIGNS.get(word)
    if e.value is None or e.kind not in _SCALED or e.ends:
        return e
    if scale is None:
        return _measured_behind(t, e, hedge)
    value, last = times(e.value, scale), hedge.last + 1
    figure = Figure(e.number[0], last, value, scale=scale)
    unit = read_unit(t, figure) if e.kind is Kind.COUNT else None
    kind, name = (e.kind, e.unit) if unit is None else (unit.kind, unit.name)
    end = unit.last if unit is not None and unit.inside else last
    return Expression(e.first, end, (e.number[0], last), value, value, value, kind, name)


def _measured_behind(t: Tokens, e: Expression, hedge: Hedge) -> Expression:
    """As in "10+ percent", "5 or so years": the unit behind the hedge."""
    if e.kind is not Kind.COUNT or e.unit is not None or e.value is None:
        return e
    unit = read_unit(t, Figure(e.number[0], hedge.last, e.value))
    if unit is None:
        return e
    end = unit.last if unit.inside else e.last
    return e._replace(last=end, kind=unit.kind, unit=unit.name)


def _hedge_after_noun(t: Tokens, e: Expression) -> Hedge | None:
    """As in "two weeks or so", "five people or more": one noun between the figure and its hedge."""
    if t.words[e.last + 1] not in _BEHIND_NOUNS or t.words[e.last] in FUNCTION_WORDS:
        return None
    return right_hedge(t, e.last + 1) if t.lower(e.last) and t.near(e.last) else None


def _as_age(t: Tokens, e: Expression, left: Hedge | None) -> Expression:
    """As in "children under 18", "people over 65": a bound on a person's age, not on a count."""
    if left is None or e.kind is not Kind.COUNT or e.unit is not None or e.value is None:
        return e
    bound = t.words[left.last - 1] in {"under", "over", "above", "below"}
    persons = t.words[left.first - 1] in PERSON_WORDS | {"aged"} and t.near(left.first)
    if not (bound and persons and 0 < e.value <= 100):
        return e
    return e._replace(kind=Kind.AGE, unit="year")


def _built(
    t: Tokens, e: Expression, left: Hedge | None, right: Hedge | None, place: Place
) -> Quantity:
    first = e.first if left is None else min(left.first, e.first)
    last = e.last if right is None else max(e.last, right.last)
    span = place.of(t, first, last)
    hedge = left if right is None else right
    qualifier = _qualifier(e, left, right)
    low, high = _interval(e, qualifier, t, right)
    return Quantity(
        span=span,
        text=span.of(place.text),
        number=place.of(t, *e.number),
        value=e.value,
        low=low,
        high=high,
        kind=e.kind,
        qualifier=qualifier,
        hedge=None if hedge is None else place.of(t, hedge.first, hedge.last),
        unit=e.unit,
        parts=tuple(Part(place.of(t, end.first, end.last), end.value) for end in e.ends),
        readings=e.readings,
    )


def _qualifier(e: Expression, left: Hedge | None, right: Hedge | None) -> Qualifier:
    """A range stays a range and a vague magnitude vague, whatever stands before it."""
    if e.qualifier in {Qualifier.RANGE, Qualifier.VAGUE}:
        return e.qualifier
    if left is not None and right is not None:  # "about 50 or more": the bound says more
        return right.qualifier
    hedge = left or right
    return e.qualifier if hedge is None else hedge.qualifier


def _interval(
    e: Expression, qualifier: Qualifier, t: Tokens, right: Hedge | None
) -> tuple[Decimal | None, Decimal | None]:
    if qualifier in {Qualifier.RANGE, Qualifier.VAGUE} or e.value is None:
        return e.low, e.high
    if right is not None and t.words[right.last - 1] == "odd":
        return e.value, _odd_end(e.value)
    if qualifier in _LOWER_BOUNDS:
        return e.value, None
    if qualifier in _UPPER_BOUNDS:
        return None, e.value
    return e.value, e.value


def _odd_end(value: Decimal) -> Decimal:
    """One more of the last round unit: "twenty-odd" ends at thirty, "300-odd" at four hundred."""
    return value + Decimal((0, (1,), int(value.normalize().as_tuple().exponent)))
