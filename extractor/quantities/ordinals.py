"""Ordinals: "22nd", "twenty-first", "the third". Offered as such, so that nobody claims a count."""

from __future__ import annotations

from decimal import Decimal

from extractor.quantities import lexicon
from extractor.quantities.digits import read_digits
from extractor.quantities.expressions import Expression
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.types import Kind


def read_ordinal(t: Tokens, i: int) -> Expression | None:
    """The ordinal at token `i`, or None.

    >>> [read_ordinal(Tokens(s), 0).value for s in ("22nd", "twenty-first", "third")]
    [Decimal('22'), Decimal('21'), Decimal('3')]
    """
    if t.digits(i):
        numeral = read_digits(t, i)
        if numeral is None or numeral.readings or not t.glued(numeral.last):
            return None
        suffix = t.word(numeral.last) in lexicon.ORDINAL_SUFFIXES
        return _ordinal(i, numeral.last + 1, numeral.value) if suffix else None
    word = t.word(i)
    if word in lexicon.ORDINALS:
        return _ordinal(i, i + 1, Decimal(lexicon.ORDINALS[word]))
    if word in lexicon.TENS and t.word(i + 1) in DASHES and t.glued(i + 1) and t.glued(i + 2):
        unit = lexicon.ORDINAL_UNITS.get(t.word(i + 2))
        if unit is not None:
            return _ordinal(i, i + 3, lexicon.TENS[word] + unit)
    return None


def _ordinal(first: int, last: int, value: Decimal) -> Expression:
    return Expression(first, last, (first, last), value, value, value, Kind.ORDINAL)
