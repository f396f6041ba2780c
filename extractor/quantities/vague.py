"""Vague magnitudes: "dozens", "tens of thousands", "several hundred", "a couple".

They have a least value and no value: "hundreds" says 200 or more, no more than that. "a couple" is
the exception: it is two, loosely.
"""

from __future__ import annotations

from decimal import Decimal

from extractor.quantities import lexicon
from extractor.quantities.digits import read_digits
from extractor.quantities.expressions import Expression
from extractor.quantities.scales import Figure, times
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.types import Kind, Qualifier
from extractor.quantities.units import read_unit, unit_of

_SCALE_AFTER = {**lexicon.SCALES, **lexicon.COUNTED_IN}
_FEW = frozenset({"several", "a", "few"})
_MARKS = frozenset("test exam credit average high low approval box the their his her its".split())
_JOINS = frozenset({"or", "to", ",", "if"})
_BETWEEN = frozenset("even perhaps possibly if not or".split())
_SCORED = frozenset("more dead missing hurt feared die flee".split())
# Where in a hundred "the low 300s" lies: its first and last value, above the hundred.
_PART_OF_RANGE = {
    "low": (0, 49),
    "lower": (0, 49),
    "mid": (25, 75),
    "middle": (25, 75),
    "high": (50, 99),
    "upper": (50, 99),
    "the": (0, 99),
} | dict.fromkeys(DASHES, (0, 99))


def read_vague(t: Tokens, i: int) -> Expression | None:
    """The vague magnitude at token `i`, or None.

    >>> e = read_vague(Tokens("hundreds of thousands of people"), 0)
    >>> e.low, e.value, e.high
    (Decimal('200000'), None, None)
    >>> read_vague(Tokens("several hundred troops"), 0).low
    Decimal('300')
    """
    word = t.words[i]
    if t.digits(i):
        return _within(t, i) if t.words[i + 1] == "s" else None
    if word in lexicon.VAGUE_PLURALS:
        return _plural(t, i)
    if not t.near(i + 1):
        return None
    if word == "a" and t.words[i + 1] == "couple":
        return _couple(t, i)
    if word == "scores":
        return _vague(t, i, i + 1, Decimal(40)) if _scores_of(t, i) else None
    return _small(t, i)


def _small(t: Tokens, i: int) -> Expression | None:
    """As in "several", "a handful", "few hundred"."""
    if t.words[i] not in _FEW:
        return None
    for words, least in lexicon.VAGUE_FEW.items():
        if t.matches(i, words):
            return _few(t, i, i + len(words), least)
    scaled = t.words[i] == "few" and t.words[i + 1] in _SCALE_AFTER
    return _few(t, i, i + 1, Decimal(3)) if scaled else None


def _scores_of(t: Tokens, i: int) -> bool:
    """As in "scores of people", "Scores killed in crash"; not "he scores more"."""
    following = t.words[i + 1]
    headed = t.capital(i) and (t.line_start(i) or t.words[i - 1] in {".", "\u201d", '"'})
    marks = t.words[i - 1] in _MARKS
    return (following == "of" and not marks) or (
        headed and (following in _SCORED or _passive(t, i + 1))
    )


def _passive(t: Tokens, j: int) -> bool:
    """As in "killed", "were injured", "are missing"."""
    if t.words[j] in {"were", "are"}:
        return t.words[j + 1] in _SCORED or t.words[j + 1].endswith("ed")
    return t.words[j].endswith("ed") and len(t.words[j]) > 3


def _within(t: Tokens, i: int) -> Expression | None:
    """As in "the low 300s", "the high 90s": somewhere within a hundred, or within ten."""
    numeral = read_digits(t, i)
    if numeral is None or not numeral.plain or numeral.value % 10 or not numeral.value:
        return None
    if not (t.words[i + 1] == "s" and t.glued(i + 1)) or t.words[i - 1] not in _PART_OF_RANGE:
        return None
    round_ = 100 if numeral.value % 100 == 0 else 10
    low, high = _PART_OF_RANGE[t.words[i - 1]]
    if t.words[i - 1] in DASHES:
        if t.words[i - 2] not in _PART_OF_RANGE:
            return None
        low, high = _PART_OF_RANGE[t.words[i - 2]]
    return Expression(
        i,
        i + 2,
        (i, i + 1),
        None,
        numeral.value + low * round_ // 100,
        numeral.value + high * round_ // 100,
        Kind.VAGUE,
        None,
        Qualifier.VAGUE,
    )


def _plural(t: Tokens, i: int) -> Expression | None:
    """As in "dozens", and "tens of thousands" as the product of the two."""
    word, least, last = t.words[i], lexicon.VAGUE_PLURALS[t.words[i]], i + 1
    if (t.words[i - 1] == "not" and t.words[last : last + 2] == [",", "of"]) and t.near(last + 1):
        last += 1  # "tens, if not hundreds, of thousands"
    while (
        t.words[last] == "of"
        and t.words[last + 1] in lexicon.VAGUE_PLURALS
        and (t.near(last) and t.near(last + 1) and least < lexicon.LARGEST)
    ):
        scale = lexicon.VAGUE_PLURALS[t.words[last + 1]] / 2
        least, last = times(least, scale), last + 2
    if t.matches(last, ("upon", word)):  # "thousands upon thousands"
        last += 2
    if (
        last == i + 1
        and t.words[last] in _JOINS
        and (shared := _shared_scale(t, word, last)) is not None
    ):
        return _vague(t, i, last, times(least, shared))
    if t.glued(i) and t.words[i - 1] == "-":  # "multi-millions", "twenty-thousands"
        return None
    if word == "tens" and last == i + 1 and t.words[last] != "of":
        return None
    # "thousands" after a figure is that figure's scale, wrongly in the plural; read as vague alone
    return _vague(t, i, last, least)


def _shared_scale(t: Tokens, word: str, j: int) -> Decimal | None:
    """The scale that "tens or hundreds of thousands" gives its first word too."""
    k = j + 1
    while t.words[k] in _BETWEEN:
        k += 1
    larger, of = t.words[k], k + 1 + (t.words[k + 1] == ",")
    scale = t.words[of + 1]
    if larger not in lexicon.VAGUE_PLURALS or t.words[of] != "of" or not t.near(of + 1):
        return None
    if scale not in lexicon.VAGUE_PLURALS:
        return None
    rises = lexicon.VAGUE_PLURALS[word] < lexicon.VAGUE_PLURALS[larger]
    return lexicon.VAGUE_PLURALS[scale] / 2 if rises else None


def _couple(t: Tokens, i: int) -> Expression | None:
    last = i + 2
    two = Decimal(2)
    scale_at = last + 1 if t.words[last] == "of" else last
    if t.words[scale_at] in _SCALE_AFTER and t.near(scale_at):
        last = scale_at
        while t.words[last] in _SCALE_AFTER and t.near(last) and two < lexicon.LARGEST:
            two, last = times(two, _SCALE_AFTER[t.words[last]]), last + 1
    elif (
        t.words[last] != "of"
        and t.words[last] not in {"more", "dozen"}
        and (unit_of(t.words[last]) is None)
    ):
        return None  # two persons who belong together: "a couple was found"
    return Expression(
        i, last, (i, last), two, two, two, Kind.VAGUE, _unit(t, last), Qualifier.ABOUT
    )


def _few(t: Tokens, i: int, last: int, least: Decimal) -> Expression:
    while t.words[last] in _SCALE_AFTER and t.near(last) and least < lexicon.LARGEST:
        least, last = times(least, _SCALE_AFTER[t.words[last]]), last + 1
    if t.words[last] in lexicon.VAGUE_PLURALS and t.near(last):  # "several tens of thousands"
        tail = _plural(t, last)
        if tail is not None and tail.low is not None:
            least, last = times(least, tail.low / 2), tail.last
    return _vague(t, i, last, least)


def _vague(t: Tokens, first: int, last: int, least: Decimal) -> Expression:
    return Expression(
        first, last, (first, last), None, least, None, Kind.VAGUE, _unit(t, last), Qualifier.VAGUE
    )


def _unit(t: Tokens, last: int) -> str | None:
    """The measure of a vague magnitude: "several hours", "millions of dollars"."""
    at = last + 1 if t.words[last] == "of" and t.near(last) else last
    unit = read_unit(t, Figure(at - 1, at, Decimal(1000), scale=Decimal(1000), digits=False))
    return unit.name if unit is not None else None
