"""Multiples: "doubled", "sixfold", "three times as many", "twice the number", "10x"."""

from __future__ import annotations

from extractor.quantities import lexicon
from extractor.quantities.expressions import Expression, exact
from extractor.quantities.figures import read_figure
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.types import Kind

_COMPARES = frozenset(
    "as more higher larger greater bigger lower less fewer faster the that its "
    "their his her what over longer smaller stronger worse better".split()
)
_PAIRS = frozenset("mixed s men women ladies".split())
_LONGEST = 8  # tokens of a figure before "-fold"
_NO_COMPARATIVES = frozenset("after under other never either neither whether together".split())
_COMPARED = frozenset({"as", "the", "its", "their", "what"})


def read_multiple(t: Tokens, i: int) -> Expression | None:
    """A multiple in one word or a "-fold" compound at token `i`, or None.

    >>> [read_multiple(Tokens(s), 0).value for s in ("sixfold", "doubled", "ten-fold")]
    [Decimal('6'), Decimal('2'), Decimal('10')]
    """
    word = t.words[i]
    if word in {"doubles", "trebles"} and t.words[i - 1] in _PAIRS:  # "mixed doubles"
        return None
    if word in lexicon.MULTIPLE_VERBS:
        return exact(i, i + 1, lexicon.MULTIPLE_VERBS[word], Kind.MULTIPLE)
    if word in lexicon.FOLD_WORDS:
        return exact(i, i + 1, lexicon.FOLD_WORDS[word], Kind.MULTIPLE)
    if word in lexicon.MULTIPLE_WORDS:
        compares = t.near(i + 1) and (
            t.words[i + 1] in _COMPARED or (word == "twice" and t.words[i + 1] == "that")
        )
        value = lexicon.MULTIPLE_WORDS[word]
        return exact(i, i + 1, value, Kind.MULTIPLE) if compares else None
    return _fold(t, i)


def _fold(t: Tokens, i: int) -> Expression | None:
    """As in "ten-fold", "6-fold"."""
    if "fold" not in t.words[i + 1 : i + _LONGEST]:
        return None
    figure = read_figure(t, i)
    if figure is None or figure.scale > 1000:
        return None
    j = figure.last
    hyphened = t.words[j] in DASHES and t.glued(j) and t.glued(j + 1)
    if t.words[j + hyphened] != "fold" or not (hyphened or t.glued(j)):
        return None
    return exact(i, j + 1 + hyphened, figure.value, Kind.MULTIPLE, number=(figure.first, j))


def _compares(t: Tokens, j: int) -> bool:
    """As in "three times as many", "40 times richer"."""
    word = t.words[j]
    comparative = word.endswith("er") and len(word) > 4 and word not in _NO_COMPARATIVES
    return t.near(j) and (word in _COMPARES or comparative)


def times_after(t: Tokens, e: Expression) -> Expression:
    """The same figure or range as a multiple or a count of times, where "times" or "x" follows.

    "three times as many", "2.5 times" and "10x" are multiples, "58 times" counts occasions.
    """
    j = e.last
    if e.unit is not None or not t.near(j):
        return e
    if t.words[j] == "x" and t.glued(j) and not t.digits(j + 1):
        return e._replace(last=j + 1, kind=Kind.MULTIPLE)
    if t.words[j] != "times":
        return e
    part = e.value is not None and e.value % 1 != 0  # nothing happens 2.27 times
    if part or t.words[e.first - 1] == "by" or _compares(t, j + 1):
        return e._replace(last=j + 1, kind=Kind.MULTIPLE)
    return e._replace(unit="time")
