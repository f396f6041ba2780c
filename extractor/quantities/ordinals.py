"""Ordinals: "22nd", "twenty-first", "the third". Offered as such, so that nobody claims a count."""

from __future__ import annotations

from decimal import Decimal

from extractor.quantities import lexicon
from extractor.quantities.digits import read_digits
from extractor.quantities.expressions import Expression
from extractor.quantities.spelled import past_and, read_spelled
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.types import Kind
from extractor.quantities.words import FUNCTION_WORDS

# Before "first" and "second" they show a rank, not an adverb or a time.
_DETERMINERS = frozenset("the a its his her their our my your this that s every".split())
_FINISHES = frozenset("finished finishing finish came placed ranked ranks".split())


def read_ordinal(t: Tokens, i: int) -> Expression | None:
    """The ordinal at token `i`, or None.

    >>> [read_ordinal(Tokens(s), 0).value for s in ("22nd", "twenty-first", "third")]
    [Decimal('22'), Decimal('21'), Decimal('3')]
    """
    if t.digits(i):
        numeral = read_digits(t, i)
        if numeral is None or numeral.readings or not t.glued(numeral.last):
            return None
        suffix = t.words[numeral.last] in {_suffix(numeral.value), "th"}
        return _ordinal(i, numeral.last + 1, numeral.value) if suffix else None
    if t.words[i] in lexicon.ORDINAL_UNITS and t.words[i] not in lexicon.ORDINALS:
        return (
            _ordinal(i, i + 1, Decimal(lexicon.ORDINAL_UNITS[t.words[i]])) if _ranks(t, i) else None
        )
    return _spelled(t, i)


def _suffix(value: Decimal) -> str:
    """The ending that an ordinal in digits has: "21st", "12th"; "9st" is a weight in stone."""
    if 10 < value % 100 < 14:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(int(value % 10), "th")


def _ranks(t: Tokens, i: int) -> bool:
    """Whether "first" or "second" is a rank: "the first attack", not "at first", "per second"."""
    if t.near(i) and t.words[i - 1] in _DETERMINERS:
        return not (t.words[i] == "second" and t.words[i - 1] in {"a", "per", "every", "each"}) or (
            t.lower(i + 1) and t.near(i + 1) and t.words[i + 1] not in FUNCTION_WORDS
        )
    return t.words[i - 1] in _FINISHES and t.near(i)


def _spelled(t: Tokens, i: int) -> Expression | None:
    """As in "third", "twenty-first", "one hundred and fifth", "two hundredth"."""
    front = read_spelled(t, i)
    value, j = (Decimal(0), i) if front is None else (front.value, past_and(t, front.last))
    if front is not None and not t.near(j):
        return None
    hyphen = front is not None and j > front.last
    if (
        t.words[j] in lexicon.TENS
        and t.words[j + 1] in DASHES
        and t.glued(j + 1)
        and t.glued(j + 2)
    ):
        unit = lexicon.ORDINAL_UNITS.get(t.words[j + 2])
        whole = value % 100 == 0
        return (
            _ordinal(i, j + 3, value + lexicon.TENS[t.words[j]] + unit) if unit and whole else None
        )
    rank = (
        lexicon.ORDINALS.get(t.words[j]) or lexicon.ORDINAL_UNITS.get(t.words[j])
        if front
        else (lexicon.ORDINALS.get(t.words[j]))
    )
    if rank is None:
        return None
    if value == 1 and rank >= 100 and t.words[i - 1] in _DETERMINERS:
        return _ordinal(i, j + 1, Decimal(rank))  # "the one hundredth visitor"
    joined = _joined(value, Decimal(rank), hyphen=hyphen)
    return None if joined is None else _ordinal(i, j + 1, joined)


def _joined(front: Decimal, rank: Decimal, *, hyphen: bool) -> Decimal | None:
    """The ordinal that a cardinal and an ordinal word make together, or None where they do not."""
    if front == 0:
        return rank
    if rank >= 100:  # "two hundredth"; "one hundredth" is a part of one
        last = front % 100 if rank == 100 else front  # "one thousand three hundredth"
        return front - last + last * rank if 0 < last < 1000 and front > 1 else None
    if front % 100 == 0:
        return front + rank
    tens = rank < 10 and front % 10 == 0 and front % 100 >= 20
    return front + rank if tens and (hyphen or front > 100) else None


def _ordinal(first: int, last: int, value: Decimal) -> Expression:
    return Expression(first, last, (first, last), value, value, value, Kind.ORDINAL)
