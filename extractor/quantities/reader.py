"""The reader: one pass over the tokens, left to right; what is read is never read again.

At each token that can begin something, masks are tried first, then the grammar. A mask or a
quantity takes its tokens, with its hedges, and the pass goes on behind it: nothing overlaps, and
the work is proportional to the length of the text.
"""

from __future__ import annotations

import decimal

from extractor.quantities import lexicon, masks
from extractor.quantities.amounts import read_amount, signed
from extractor.quantities.articles import read_article
from extractor.quantities.assembly import Place, assemble, relocated
from extractor.quantities.candidates import PERIODS, candidates, worth_reading
from extractor.quantities.dates import mask_month, mask_period
from extractor.quantities.digits import bare_point, in_chain, read_digits
from extractor.quantities.expressions import Expression, Mask, negated
from extractor.quantities.fractions import read_fraction
from extractor.quantities.habits import order_readings
from extractor.quantities.lists import share
from extractor.quantities.multiples import read_multiple, times_after
from extractor.quantities.ordinals import read_ordinal
from extractor.quantities.ranges import read_between, read_range
from extractor.quantities.surface import surface_of
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.types import Masked, Quantity, Reading
from extractor.quantities.vague import read_vague
from extractor.quantities.words import MONTHS
from extractor.text.paragraphs import paragraphs
from extractor.text.spans import Span

# What stands behind the figure in "300s", "22nd", "2/3", "6-fold", "7 out of 10", "3 quarters".
_PARTS = (
    frozenset("s / fold in out".split())
    | lexicon.ORDINAL_SUFFIXES
    | DASHES
    | frozenset(lexicon.DENOMINATORS)
    | frozenset(lexicon.TENS)
    | frozenset(lexicon.SCALES)
    | frozenset(lexicon.COUNTED_IN)
    | {""}
)
_SIGNS = frozenset({"-", "\u2212", "\u2013", "+", "minus", "negative"})
_EXACT = decimal.Context(prec=120, traps=[])


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
    surface = surface_of(own)
    if surface is not None:
        own = surface.text
    if not worth_reading(own):
        return
    place = Place(text, paragraph.start, surface)
    # what figures share is seen on the surface; the way back is taken at the end
    seen = place if surface is None else Place(own, 0, None)
    t = Tokens(own)
    first = len(found)
    floor = 0
    for i in candidates(t):
        if i < floor:
            continue
        item = _mask(t, i, floor) or _expression(t, i)
        if isinstance(item, Mask):
            span = place.span(item.start, item.end)
            masked.append(Masked(span, span.of(text), item.kind, masks.WHY[item.kind]))
            floor = max(item.last, i + 1)
        elif item is not None:
            quantity, last = assemble(t, item, floor, seen)
            found.append(quantity)
            share(found, first, seen.text)
            floor = max(last, i + 1)
    if surface is not None:
        found[first:] = [relocated(quantity, place) for quantity in found[first:]]


def _mask(t: Tokens, i: int, floor: int) -> Mask | None:
    word = t.words[i]
    if t.digits(i):
        return masks.mask_digits(t, i, floor)
    if word in MONTHS:
        return mask_month(t, i, floor)
    if word in PERIODS:
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
    if not (t.digits(i) and _stands_alone(t, i)):
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


def _stands_alone(t: Tokens, i: int) -> bool:
    """Whether nothing behind a figure in digits can make a fraction, a rank or a multiple of it."""
    numeral = read_digits(t, i)
    following = "" if numeral is None else t.words[numeral.last]
    return not (following in _PARTS or following[:1].isnumeric())


def _is_punctuation(t: Tokens, i: int) -> bool:
    """A hyphen or a stop where a sign or a decimal point was possible, or what follows one."""
    word = t.words[i]
    if word in _SIGNS:
        return not signed(t, i)
    if word == "(":
        return False
    if word == ".":
        return not bare_point(t, i + 1)
    return in_chain(t, i) and t.words[i - 1] == "."
