"""The reader: one pass over the tokens, left to right; what is read is never read again.

At each token that can begin something, masks are tried first, then the grammar. A mask or a
quantity takes its tokens, with its hedges, and the pass goes on behind it: nothing overlaps, and
the work is proportional to the length of the text.
"""

from __future__ import annotations

import decimal
from dataclasses import dataclass
from decimal import Decimal

from extractor.quantities import lexicon, masks
from extractor.quantities.amounts import read_amount, signed
from extractor.quantities.articles import read_article
from extractor.quantities.dates import mask_month, mask_period
from extractor.quantities.digits import in_chain
from extractor.quantities.expressions import Expression, Mask, negated
from extractor.quantities.figures import Figure, times
from extractor.quantities.fractions import read_fraction
from extractor.quantities.habits import order_readings
from extractor.quantities.hedges import Hedge, left_hedge, right_hedge
from extractor.quantities.lists import share
from extractor.quantities.multiples import read_multiple, times_after
from extractor.quantities.ordinals import read_ordinal
from extractor.quantities.ranges import read_between, read_range
from extractor.quantities.spelled import STARTS
from extractor.quantities.surface import Surface, surface_of
from extractor.quantities.tokens import Tokens
from extractor.quantities.types import Kind, Masked, Part, Qualifier, Quantity, Reading
from extractor.quantities.units import is_time, money_starts, read_unit
from extractor.quantities.vague import read_vague
from extractor.quantities.words import MONTHS, PERSON_WORDS
from extractor.text.paragraphs import paragraphs
from extractor.text.spans import Span

_PERIODS = frozenset({"first", "second", "third", "fourth", "final", "last"})
_STARTS = (
    STARTS
    | MONTHS
    | _PERIODS
    | money_starts()
    | frozenset(lexicon.VAGUE_PLURALS)
    | frozenset(lexicon.MULTIPLE_VERBS)
    | frozenset(lexicon.MULTIPLE_WORDS)
    | frozenset(lexicon.FOLD_WORDS)
    | frozenset(lexicon.ORDINALS)
    | frozenset("a an half hundred dozen quarter several few scores between minus negative".split())
    | frozenset("twenties thirties forties fifties sixties seventies eighties nineties".split())
    | frozenset("-\u2212\u2013+.(")
)
_SCALED = frozenset({Kind.COUNT, Kind.CURRENCY})
_SIGNS = frozenset({"-", "\u2212", "\u2013", "+", "minus", "negative"})
_LOWER_BOUNDS = frozenset({Qualifier.MORE_THAN, Qualifier.AT_LEAST})
_UPPER_BOUNDS = frozenset(
    {
        Qualifier.ALMOST,
        Qualifier.LESS_THAN,
        Qualifier.UP_TO,
        Qualifier.AT_MOST,
    }
)

_EXACT = decimal.Context(prec=120, traps=[])


@dataclass(frozen=True, slots=True)
class Place:
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
        return self.span(t.starts[first], t.ends[last - 1])


def read(text: str) -> Reading:
    """Every number of `text`: the quantities, and the numbers that are none, with the reason.

    >>> reading = read("In 2022 more than 7,000 of them died.")
    >>> [(q.text, q.value, q.low, q.high) for q in reading.quantities]
    [('more than 7,000', Decimal('7000'), Decimal('7000'), None)]
    >>> [(m.text, m.kind) for m in reading.masked]
    [('2022', 'year')]
    """
    quantities: list[Quantity] = []
    masked: list[Masked] = []
    # whatever precision and traps the caller's thread has, a figure is what the text says
    with decimal.localcontext(_EXACT):
        for paragraph in paragraphs(text):
            _read(text, paragraph, quantities, masked)
        order_readings(quantities, text)
    return Reading(tuple(quantities), tuple(masked))


def read_quantities(text: str) -> list[Quantity]:
    """The quantities of `text`, in order; see `Quantity` for what each says.

    >>> [(q.text, q.qualifier.value) for q in read_quantities("almost 10,000 soldiers")]
    [('almost 10,000', 'almost')]
    """
    return list(read(text).quantities)


def _read(text: str, paragraph: Span, found: list[Quantity], masked: list[Masked]) -> None:
    """Read one paragraph of `text`, adding to `found` and `masked`."""
    own = paragraph.of(text)
    place = Place(text, paragraph.start, surface_of(own))
    t = Tokens(own if place.surface is None else place.surface.text)
    first = len(found)
    i = floor = 0
    while i < t.size:
        if not (t.words[i] in _STARTS or t.words[i][0].isnumeric()):
            i += 1
            continue
        item = _mask(t, i, floor) or _expression(t, i)
        if item is None:
            i += 1
        elif isinstance(item, Mask):
            span = place.span(item.start, item.end)
            masked.append(Masked(span, span.of(text), item.kind, masks.WHY[item.kind]))
            i = floor = max(item.last, i + 1)
        else:
            quantity, last = _quantity(t, item, floor, place)
            found.append(quantity)
            share(found, first, text)
            i = floor = max(last, i + 1)


def _mask(t: Tokens, i: int, floor: int) -> Mask | None:
    word = t.words[i]
    if t.digits(i):
        return masks.mask_digits(t, i, floor)
    if word in MONTHS:
        return mask_month(t, i, floor)
    if word in _PERIODS:
        return mask_period(t, i, floor)
    if t.alpha(i):
        return masks.mask_word(t, i, floor)
    if word == "+" and t.digits(i + 1):
        return masks.mask_digits(t, i + 1, floor) if t.glued(i + 1) else None
    return None


def _expression(t: Tokens, i: int) -> Expression | None:
    """The quantity that begins at token `i`, without its hedges."""
    if t.words[i] == "between":  # not "between 2 and 4 pm", "between 1990 and 1995"
        dated = t.digits(i + 1) and masks.mask_digits(t, i + 1, i + 1) is not None
        return None if dated else read_between(t, i)
    if _is_punctuation(t, i):
        return None
    for reader in (read_vague, read_article, read_multiple, read_ordinal, read_fraction):
        expression = reader(t, i)
        if expression is not None:
            return expression
    if t.words[i] in _SIGNS and (part := read_fraction(t, i + 1)) is not None:
        return negated(part, i) if t.words[i] != "+" else part
    amount = read_amount(t, i)
    if amount is None:
        return None
    joined = read_range(t, amount) or amount.expression()
    return joined if amount.has_unit else times_after(t, joined)


def _is_punctuation(t: Tokens, i: int) -> bool:
    """A hyphen or a stop where a sign or a decimal point was possible, or what follows one."""
    word = t.words[i]
    if word in _SIGNS:
        return not signed(t, i)
    if word == "(":
        return False
    if word == ".":
        return t.glued(i) and t.words[i - 1] not in {"(", "$"}
    return in_chain(t, i) and t.words[i - 1] == "."


def _quantity(t: Tokens, e: Expression, floor: int, place: Place) -> tuple[Quantity, int]:
    """The quantity with its hedges, and the token after it."""
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


def _scaled_behind(t: Tokens, e: Expression, hedge: Hedge) -> Expression:
    """As in "5+ million", "10-plus million", "5 or so million": the scale behind the hedge."""
    scale = lexicon.SCALES.get(t.words[hedge.last]) if t.near(hedge.last) else None
    if scale is None or e.value is None or e.value >= 1000 or e.kind not in _SCALED:
        return e
    value, last = times(e.value, scale), hedge.last + 1
    figure = Figure(e.number[0], last, value, scale=scale)
    unit = read_unit(t, figure) if e.kind is Kind.COUNT else None
    kind, name = (e.kind, e.unit) if unit is None else (unit.kind, unit.name)
    end = unit.last if unit is not None and unit.inside else last
    return Expression(e.first, end, (e.number[0], last), value, value, value, kind, name)


def _hedge_after_noun(t: Tokens, e: Expression) -> Hedge | None:
    """As in "two weeks or so", "five people or more": one noun between the figure and its hedge."""
    if not (t.alpha(e.last) and t.near(e.last) and t.words[e.last + 1] == "or"):
        return None
    if t.words[e.last + 2] not in {"so", "more", "less", "fewer"}:
        return None
    return right_hedge(t, e.last + 1)


def _as_age(t: Tokens, e: Expression, left: Hedge | None) -> Expression:
    """As in "children under 18", "people over 65": a bound on a person's age, not on a count."""
    if left is None or e.kind is not Kind.COUNT or e.unit is not None or e.value is None:
        return e
    bound = t.words[left.last - 1] in {"under", "over", "above", "below"}
    persons = t.words[left.first - 1] in PERSON_WORDS | {"aged"} and t.near(left.first)
    if not (bound and persons and 0 < e.value <= 100):
        return e
    return Expression(
        e.first,
        e.last,
        e.number,
        e.value,
        e.low,
        e.high,
        Kind.AGE,
        "year",
        e.qualifier,
        e.ends,
        e.readings,
    )


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
