"""Fractions and proportions: "a quarter of", "two-thirds", "half the funding", "one in five".

"A out of B" and "A in B" are one proportion only with the round denominators of polls and odds
("seven out of ten", "three in every 1,000"); "20,000 out of 60,000 households" counts two things.
"""

from __future__ import annotations

from decimal import Decimal

from extractor.quantities.expressions import End, Expression, exact
from extractor.quantities.figures import (
    Figure,
    part_of_scale,
    ratio,
    read_figure,
    slashed,
    times,
    vulgar,
)
from extractor.quantities.lexicon import DENOMINATORS, SCALES
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.types import Kind
from extractor.quantities.unit_data import WORDS
from extractor.quantities.units import read_unit, unit_of
from extractor.quantities.words import FUNCTION_WORDS

_POLL = frozenset({2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 100, 1000, 10_000, 100_000, 1_000_000})
_ROUND = frozenset({10, 100, 1000, 10_000, 100_000, 1_000_000})
_DETERMINERS = frozenset("the its his her their our my your these those this that all".split())
# "first half" and its like are periods and parts of a game.
_NO_HALVES = frozenset(
    "first second other latter better third fourth last final bottom top each "
    "per next previous current same".split()
)
_HALF_BEFORE = frozenset(
    "almost nearly about around roughly approximately over than under least "
    "just by to up only virtually below above more one a exactly".split()
)


def read_fraction(t: Tokens, i: int) -> Expression | None:
    """The fraction at token `i`, or None.

    >>> read_fraction(Tokens("Two-thirds of it"), 0).value
    Decimal('0.6666666666666666666666666667')
    >>> read_fraction(Tokens("a quarter later"), 0) is None
    True
    """
    if part_of_scale(t, i) is not None:  # "half a million" is a figure
        return None
    if t.word(i) == "half":
        return _half(t, i, i)
    if t.word(i) in {"a", "an", "one"} and t.word(i + 1) == "half" and t.near(i + 1):
        half = _half(t, i + 1, i)
        if half is not None:
            return half
    if len(t.word(i)) == 1 and not t.digits(i) and (value := _sign_value(t.word(i))):
        return _built(t, i, i + 1, value)
    if t.digits(i) and (value_ := slashed(t, i)) is not None:
        return _built(t, i, i + 3, value_)
    return _named(t, i) or _proportion(t, i)


def _sign_value(sign: str) -> Decimal:
    return (
        vulgar(sign)
        if not sign.isalpha() and sign.isnumeric() and not sign.isdigit()
        else (Decimal(0))
    )


def _half(t: Tokens, i: int, first: int) -> Expression | None:
    """As in "half of", "half the", "half an hour", "more than half"; not in "half-time"."""
    before = t.word(first - 1) if t.near(first) else ""
    if before in _NO_HALVES or before in DASHES:
        return None
    word = t.word(i + 1) if t.near(i + 1) else ""
    unit_at = _halved_unit(t, i, article=first != i)
    if unit_at is not None:
        return _of_unit(t, first, i + 1, unit_at)
    bounded = before in _HALF_BEFORE and (word in FUNCTION_WORDS or not t.alpha(i + 1))
    if bounded or word == "of" or word in _DETERMINERS:
        return _built(t, first, i + 1, Decimal("0.5"))
    return None


def _halved_unit(t: Tokens, i: int, *, article: bool) -> int | None:
    """The unit's token in "half an hour", "half-hour", "a half hour"."""
    word = t.word(i + 1)
    if word in {"a", "an"} or (word in DASHES and t.glued(i + 1) and t.glued(i + 2)):
        at = i + 2
    else:
        at = i + 1 if article else t.size
    return at if t.near(at) and unit_of(t.word(at)) is not None else None


def _of_unit(t: Tokens, first: int, last: int, unit_at: int) -> Expression:
    half = Decimal("0.5")
    unit = read_unit(t, Figure(first, unit_at, half, digits=False))
    if unit is None:
        return exact(first, last, half, Kind.MEASURE, unit_of(t.word(unit_at)))
    end = unit.last if unit.kind is not Kind.MEASURE else last
    return exact(first, end, half, unit.kind, unit.name, number=(first, last))


def _built(t: Tokens, first: int, last: int, value: Decimal) -> Expression:
    figure = Figure(first, last, value, digits=t.digits(first))
    unit = read_unit(t, figure)
    if unit is not None:
        end = unit.last if unit.inside else last
        return Expression(first, end, (first, last), value, value, value, unit.kind, unit.name)
    return Expression(first, last, (first, last), value, value, value, Kind.FRACTION)


def _named(t: Tokens, i: int) -> Expression | None:
    """As in "two-thirds", "three quarters", "a third of", "one-fifth", "nine-tenths"."""
    top = t.word(i)
    article = top in {"a", "an"}
    figure = Figure(i, i + 1, Decimal(1), digits=False) if article else None
    if figure is None:
        figure = read_figure(t, i)
        if figure is None or figure.scale != 1 or figure.value >= 1000 or figure.readings:
            return None
    j = figure.last
    if t.word(j) in DASHES and t.glued(j) and t.glued(j + 1):
        j += 1
    elif not t.near(j):
        return None
    word = t.word(j)
    if word not in DENOMINATORS or not _fraction_word(t, j, figure.value, article=article):
        return None
    value = ratio(figure.value, Decimal(DENOMINATORS[word]))
    scale = SCALES.get(t.word(j + 3))
    if scale is not None and t.matches(j + 1, ("of", "a", t.word(j + 3))):
        # "three quarters of a million"
        return exact(i, j + 4, times(value, scale), Kind.COUNT)
    if _time_follows(t, j + 1):  # "a quarter century"
        return _of_period(t, i, j + 1, value)
    return _built(t, i, j + 1, value)


def _fraction_word(t: Tokens, j: int, top: Decimal, *, article: bool) -> bool:
    """A plural or "of" makes it a fraction; "a third man", "one quarter later" are none."""
    word, following = t.word(j), t.word(j + 1)
    if word.endswith("s") or word == "halves":
        return top != 1
    if top != 1:
        return False
    if following in {"of", "century"} and t.near(j + 1):
        return True
    if article:
        return t.word(j - 2) in {"by", "than", "nearly", "almost", "about", "over"} and (
            not t.alpha(j + 1) or following in FUNCTION_WORDS
        )
    # "one-third", "one third": rank is never said so, but a fiscal quarter may be
    return word != "quarter" or t.glued(j)


def _time_follows(t: Tokens, j: int) -> bool:
    return t.word(j) == "century" and t.near(j)


def _of_period(t: Tokens, first: int, last: int, value: Decimal) -> Expression:
    del t
    return Expression(first, last, (first, last), value, value, value, Kind.MEASURE, "century")


def _proportion(t: Tokens, i: int) -> Expression | None:
    """As in "seven out of ten", "one in five", "three in every 1,000", "1 in 10"."""
    top = read_figure(t, i)
    if top is None or top.scale != 1 or top.readings or top.value >= 1000:
        return None
    j = top.last
    if t.word(j) == "-" and t.glued(j) and t.glued(j + 1):  # "one-in-five"
        j += 1
    if not t.near(j):
        return None
    out_of = t.word(j) == "out" and t.word(j + 1) == "of"
    if not out_of and t.word(j) != "in":
        return None
    k = j + 2 if out_of else j + 1
    if t.word(k) == "-" and t.glued(k):
        k += 1
    every = t.word(k) in {"every", "each"}
    k += every
    bottom = read_figure(t, k) if t.near(k) else None
    if bottom is None or bottom.readings or not top.value < bottom.value:
        return None
    if not _is_proportion(t, i, top, bottom, out_of=out_of, every=every):
        return None
    value = ratio(top.value, bottom.value)
    ends = (End(i, top.last, top.value), End(bottom.first, bottom.last, bottom.value))
    return Expression(
        i, bottom.last, (i, bottom.last), value, value, value, Kind.FRACTION, ends=ends
    )


def _is_proportion(
    t: Tokens, i: int, top: Figure, bottom: Figure, *, out_of: bool, every: bool
) -> bool:
    if bottom.value not in _POLL or top.value == 0:
        return False
    if every or bottom.value in _ROUND:
        clear = True
    else:
        clear = top.value <= 10 and (out_of or top.value == 1 or not top.plain)
    if out_of or every:
        return clear
    unit = unit_of(t.word(bottom.last))
    verb = t.word(i - 1).endswith(("ed", "ing")) and t.near(i)  # "killed two in five attacks"
    return clear and unit not in WORDS and not verb
