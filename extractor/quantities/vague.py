"""Vague magnitudes: "dozens", "tens of thousands", "several hundred", "a couple".

They have a least value and no value: "hundreds" says 200 or more, no more than that. "a couple" is
the exception: it is two, loosely.
"""

from __future__ import annotations

from decimal import Decimal

from extractor.quantities import lexicon
from extractor.quantities.expressions import Expression
from extractor.quantities.figures import Figure, times
from extractor.quantities.tokens import Tokens
from extractor.quantities.types import Kind, Qualifier
from extractor.quantities.units import read_unit, unit_of

_SCALE_AFTER = {**lexicon.SCALES, **lexicon.COUNTED_IN}


def read_vague(t: Tokens, i: int) -> Expression | None:
    """The vague magnitude at token `i`, or None.

    >>> e = read_vague(Tokens("hundreds of thousands of people"), 0)
    >>> e.low, e.value, e.high
    (Decimal('200000'), None, None)
    >>> read_vague(Tokens("several hundred troops"), 0).low
    Decimal('300')
    """
    word = t.word(i)
    if word in lexicon.VAGUE_PLURALS:
        return _plural(t, i)
    if word == "a" and t.word(i + 1) == "couple" and t.near(i + 1):
        return _couple(t, i)
    if word == "scores" and t.word(i + 1) == "of" and t.near(i + 1):
        return _vague(t, i, i + 1, Decimal(40))
    for words, least in lexicon.VAGUE_FEW.items():
        if t.matches(i, words):
            return _few(t, i, i + len(words), least)
    if word == "few" and t.word(i + 1) in _SCALE_AFTER and t.near(i + 1):
        return _few(t, i, i + 1, Decimal(3))
    return None


def _plural(t: Tokens, i: int) -> Expression | None:
    """As in "dozens", and "tens of thousands" as the product of the two."""
    word, least, last = t.word(i), lexicon.VAGUE_PLURALS[t.word(i)], i + 1
    while (
        t.word(last) == "of"
        and t.word(last + 1) in lexicon.VAGUE_PLURALS
        and (t.near(last) and t.near(last + 1) and least < lexicon.LARGEST)
    ):
        scale = lexicon.VAGUE_PLURALS[t.word(last + 1)] / 2
        least, last = times(least, scale), last + 2
    if t.glued(i) and t.word(i - 1) == "-":  # "multi-millions", "twenty-thousands"
        return None
    if word == "tens" and last == i + 1 and t.word(last) != "of":
        return None
    # "thousands" after a figure is that figure's scale, wrongly in the plural; read as vague alone
    return _vague(t, i, last, least)


def _couple(t: Tokens, i: int) -> Expression | None:
    last = i + 2
    two = Decimal(2)
    scale_at = last + 1 if t.word(last) == "of" else last
    if t.word(scale_at) in _SCALE_AFTER and t.near(scale_at):
        two, last = times(two, _SCALE_AFTER[t.word(scale_at)]), scale_at + 1
    elif (
        t.word(last) != "of"
        and t.word(last) not in {"more", "dozen"}
        and (unit_of(t.word(last)) is None)
    ):
        return None  # two persons who belong together: "a couple was found"
    return Expression(
        i, last, (i, last), two, two, two, Kind.VAGUE, _unit(t, last), Qualifier.ABOUT
    )


def _few(t: Tokens, i: int, last: int, least: Decimal) -> Expression:
    while t.word(last) in _SCALE_AFTER and t.near(last) and least < lexicon.LARGEST:
        least, last = times(least, _SCALE_AFTER[t.word(last)]), last + 1
    return _vague(t, i, last, least)


def _vague(t: Tokens, first: int, last: int, least: Decimal) -> Expression:
    return Expression(
        first, last, (first, last), None, least, None, Kind.VAGUE, _unit(t, last), Qualifier.VAGUE
    )


def _unit(t: Tokens, last: int) -> str | None:
    """The measure of a vague magnitude: "several hours", "millions of dollars"."""
    at = last + 1 if t.word(last) == "of" and t.near(last) else last
    unit = read_unit(t, Figure(at - 1, at, Decimal(1000), scale=Decimal(1000), digits=False))
    return unit.name if unit is not None else None
