"""The reader: one pass over the tokens, left to right; what is read is never read again.

At each token that can begin something, masks are tried first, then the grammar. A mask or a
quantity takes its tokens, with its hedges, and the pass goes on behind it: nothing overlaps, and
the work is proportional to the length of the text.
"""

from __future__ import annotations

import decimal
from decimal import Decimal

from extractor.quantities import lexicon, masks
from extractor.quantities.amounts import read_amount, signed
from extractor.quantities.articles import read_article
from extractor.quantities.dates import mask_month, mask_period
from extractor.quantities.digits import in_chain
from extractor.quantities.expressions import End, Expression, Mask
from extractor.quantities.fractions import read_fraction
from extractor.quantities.hedges import Hedge, left_hedge, right_hedge
from extractor.quantities.lists import share_unit
from extractor.quantities.multiples import read_multiple, times_after
from extractor.quantities.ordinals import read_ordinal
from extractor.quantities.ranges import read_between, read_range
from extractor.quantities.spelled import STARTS
from extractor.quantities.tokens import Tokens
from extractor.quantities.types import Kind, Masked, Part, Qualifier, Quantity, Reading
from extractor.quantities.units import is_time, money_starts
from extractor.quantities.vague import read_vague
from extractor.quantities.words import MONTHS, PERSON_WORDS
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
    | frozenset("a an half hundred dozen quarter several few scores between minus".split())
    | frozenset("twenties thirties forties fifties sixties seventies eighties nineties".split())
    | frozenset("-\u2212\u2013+.")
)
_SIGNS = frozenset({"-", "\u2212", "\u2013", "+", "minus"})
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


def read(text: str) -> Reading:
    """Every number of `text`: the quantities, and the numbers that are none, with the reason.

    >>> reading = read("In 2022 more than 7,000 of them died.")
    >>> [(q.text, q.value, q.low, q.high) for q in reading.quantities]
    [('more than 7,000', Decimal('7000'), Decimal('7000'), None)]
    >>> [(m.text, m.kind) for m in reading.masked]
    [('2022', 'year')]
    """
    # whatever precision and traps the caller's thread has, a figure is what the text says
    with decimal.localcontext(_EXACT):
        return _read(text)


def _read(text: str) -> Reading:
    t = Tokens(text)
    quantities: list[Quantity] = []
    masked: list[Masked] = []
    i = floor = 0
    while i < t.size:
        if not (t.words[i] in _STARTS or t.words[i][0].isnumeric()):
            i += 1
            continue
        found = _mask(t, i, floor) or _expression(t, i)
        if found is None:
            i += 1
        elif isinstance(found, Mask):
            span = Span(found.start, found.end)
            masked.append(Masked(span, span.of(text), found.kind, masks.WHY[found.kind]))
            i = floor = max(found.last, i + 1)
        else:
            quantity, last = _quantity(t, found, floor)
            quantities.append(quantity)
            share_unit(quantities, text)
            i = floor = max(last, i + 1)
    return Reading(tuple(quantities), tuple(masked))


def read_quantities(text: str) -> list[Quantity]:
    """The quantities of `text`, in order; see `Quantity` for what each says.

    >>> [(q.text, q.qualifier.value) for q in read_quantities("almost 10,000 soldiers")]
    [('almost 10,000', 'almost')]
    """
    return list(read(text).quantities)


def _mask(t: Tokens, i: int, floor: int) -> Mask | None:
    word = t.word(i)
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
    if t.word(i) == "between":  # not "between 2 and 4 pm", "between 1990 and 1995"
        dated = t.digits(i + 1) and masks.mask_digits(t, i + 1, i + 1) is not None
        return None if dated else read_between(t, i)
    if _is_punctuation(t, i):
        return None
    for reader in (read_vague, read_article, read_multiple, read_ordinal, read_fraction):
        expression = reader(t, i)
        if expression is not None:
            return expression
    amount = read_amount(t, i)
    if amount is None:
        return None
    joined = read_range(t, amount) or amount.expression()
    return joined if amount.has_unit else times_after(t, joined)


def _is_punctuation(t: Tokens, i: int) -> bool:
    """A hyphen or a stop where a sign or a decimal point was possible, or what follows one."""
    word = t.word(i)
    if word in _SIGNS:
        return not signed(t, i)
    if word == ".":
        return t.glued(i) and t.word(i - 1) not in {"(", "$"}
    return in_chain(t, i) and t.word(i - 1) == "."


def _quantity(t: Tokens, e: Expression, floor: int) -> tuple[Quantity, int]:
    """The quantity with its hedges, and the token after it."""
    if e.kind is Kind.ORDINAL:
        return _built(t, e, None, None), e.last
    left = left_hedge(t, e.first, floor, time=is_time(e.unit))
    right = (
        None
        if left is not None and left.qualifier is not Qualifier.ABOUT
        else (right_hedge(t, e.last) or _hedge_after_noun(t, e))
    )
    e = _as_age(t, e, left)
    return _built(t, e, left, right), e.last if right is None else right.last


def _hedge_after_noun(t: Tokens, e: Expression) -> Hedge | None:
    """As in "two weeks or so", "five people or more": one noun between the figure and its hedge."""
    if not (t.alpha(e.last) and t.near(e.last) and t.word(e.last + 1) == "or"):
        return None
    if t.word(e.last + 2) not in {"so", "more", "less", "fewer"}:
        return None
    return right_hedge(t, e.last + 1)


def _as_age(t: Tokens, e: Expression, left: Hedge | None) -> Expression:
    """As in "children under 18", "people over 65": a bound on a person's age, not on a count."""
    if left is None or e.kind is not Kind.COUNT or e.unit is not None or e.value is None:
        return e
    bound = t.word(left.last - 1) in {"under", "over", "above", "below"}
    persons = t.word(left.first - 1) in PERSON_WORDS and t.near(left.first)
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


def _built(t: Tokens, e: Expression, left: Hedge | None, right: Hedge | None) -> Quantity:
    first = e.first if left is None else min(left.first, e.first)
    last = e.last if right is None else right.last
    span = Span(t.starts[first], t.ends[last - 1])
    hedge = left if right is None else right
    qualifier = _qualifier(e, left, right)
    low, high = _interval(e, qualifier, t, right)
    return Quantity(
        span=span,
        text=span.of(t.text),
        number=_span(t, *e.number),
        value=e.value,
        low=low,
        high=high,
        kind=e.kind,
        qualifier=qualifier,
        hedge=None if hedge is None else _span(t, hedge.first, hedge.last),
        unit=e.unit,
        parts=tuple(_part(t, end) for end in e.ends),
        readings=e.readings,
    )


def _span(t: Tokens, first: int, last: int) -> Span:
    return Span(t.starts[first], t.ends[last - 1])


def _part(t: Tokens, end: End) -> Part:
    return Part(_span(t, end.first, end.last), end.value)


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
    if right is not None and t.word(right.last - 1) == "odd":
        return e.value, _odd_end(e.value)
    if qualifier in _LOWER_BOUNDS:
        return e.value, None
    if qualifier in _UPPER_BOUNDS:
        return None, e.value
    return e.value, e.value


def _odd_end(value: Decimal) -> Decimal:
    """One more of the last round unit: "twenty-odd" ends at thirty, "300-odd" at four hundred."""
    return value + Decimal((0, (1,), int(value.normalize().as_tuple().exponent)))
