"""Hedges: which words beside a number qualify it, and how.

A hedge binds to its own number only: it must stand against it, with nothing between but small
words ("at least another 40") and the currency sign. The table is in hedge_data.py and serves the
validator too, through `qualifier_of`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from extractor.quantities import hedge_data as data
from extractor.quantities.figures import read_figure
from extractor.quantities.spelled import STARTS
from extractor.quantities.tokens import DASHES, Tokens, phrase
from extractor.quantities.types import Qualifier
from extractor.quantities.words import FUNCTION_WORDS

_DEEPEST = 3  # hedges upon hedges: "at least an estimated 300"
_WEAK = frozenset({Qualifier.ABOUT, Qualifier.EXACT})
_CLOSING = frozenset(".,;:!?)]}'\"\u2019\u201d-\u2013\u2014/")
_BEGINS = STARTS | frozenset("half hundred dozen several another us rs".split())
_BEHIND_ARTICLE = frozenset(
    "thousand million billion trillion hundred dozen half quarter few couple".split()
)
_COMPARING = frozenset("<>=≤≥")
_MARKS = frozenset("'\"\u2018\u201c*_([")
_BOUND_NOUNS = frozenset({"max", "maximum", "minimum"})
_BURIED = frozenset("buried trapped pinned submerged crushed covered".split())
_NEARNESS = frozenset({"just", "slightly", "little", "bit", "shade", "only"})


class Hedge(NamedTuple):
    """Tokens `first` up to `last` (exclusive) and their class."""

    first: int
    last: int
    qualifier: Qualifier


def qualifier_of(phrase_: str) -> Qualifier | None:
    """The class of a hedge, in the text's words or as a name; None where it is no hedge.

    >>> [qualifier_of(p).value for p in ("over", "approximately", "more_than", "no fewer than")]
    ['more_than', 'about', 'more_than', 'at_least']
    >>> qualifier_of("Just  over").value, qualifier_of("+").value, qualifier_of("red")
    ('more_than', 'at_least', None)
    """
    wanted = " ".join(re.sub(r"[_\s]+", " ", phrase_).lower().split())
    if wanted.replace(" ", "_") in set(Qualifier):
        return Qualifier(wanted.replace(" ", "_"))
    words = phrase(wanted)
    table = _phrases()
    while words:
        if words in table:
            return table[words]
        shorter = _without_sharpener(words)
        if shorter is None:
            return None
        words = shorter
    return None


def left_hedge(t: Tokens, i: int, floor: int, *, time: bool = False) -> Hedge | None:
    """The hedge before token `i`, not reaching back before token `floor`.

    `time` says that the number measures time, where "over" may mean "during".
    """
    if t.words[i - 1] not in _enders():
        return None
    found: Hedge | None = None
    number, i = i, _before_marks(t, i, floor)
    for _ in range(_DEEPEST):
        start = i if found is None else found.first
        step = _one_hedge(t, start, floor)
        if step is None or (found is None and not _is_hedge(t, step, number, time=time)):
            break
        found = step if found is None else _combined(step, found)
    return found


def _before_marks(t: Tokens, i: int, floor: int) -> int:
    """The token behind a hedge in "more than “7,000”", "about **40**", "nearly (40)"."""
    j = i
    while j > max(floor, i - 3) and t.words[j - 1] in _MARKS and t.glued(j):
        j -= 1
    return j if j < i and t.alpha(j - 1) else i


def right_hedge(t: Tokens, j: int) -> Hedge | None:
    """The hedge that begins at token `j`, right after a number: "or more", "+", "-odd"."""
    if not t.near(j):
        return None
    for words, qualifier in _after().get(t.words[j], ()):
        tight = words[0] in {"+", "-"}
        if words[-1] in _BOUND_NOUNS and not _bound_said(t, j + len(words) - 1):
            continue
        if words == ("plus",) and t.matches(j, ("plus", "or", "minus")):
            continue
        if t.words[j + len(words)] == "than":  # "70 or greater than 60"
            continue
        last = j + len(words)
        if t.matches(j, words) and (t.glued(j) if tight else not _figure_follows(t, last)):
            return Hedge(j, last, qualifier)
    return None


def _bound_said(t: Tokens, j: int) -> bool:
    """As in "40 maximum" but not in "the 737 Max", "40 minimum wage jobs"."""
    following = t.words[j + 1] if t.alpha(j + 1) and t.near(j + 1) else ""
    return not t.capital(j) and (not following or following in FUNCTION_WORDS)


def _figure_follows(t: Tokens, j: int) -> bool:
    """Whether the words belong to a number after them: "Rs 5,000 and over €20", "5 plus 6"."""
    if not t.near(j):
        return False
    if t.words[j] in {"a", "an", "the"}:  # "300 or more a day" goes on with no figure
        return t.words[j + 1] in _BEHIND_ARTICLE or t.digits(j + 1) or t.words[j + 1] in STARTS
    if t.alpha(j):
        return t.words[j] in _BEGINS
    return t.words[j] not in _CLOSING


def _one_hedge(t: Tokens, i: int, floor: int) -> Hedge | None:
    """The nearest hedge phrase that ends before `i`, small words aside."""
    j = i
    for _ in range(4):
        if j <= floor or not t.near(j):
            return None
        hedge = _ending_at(t, j, floor)
        if hedge is not None:
            return hedge
        if t.words[j - 1] == "of" and t.words[j - 2] == "total" and j - 3 >= floor:
            j -= 2
        elif t.words[j - 1] in data.SMALL_WORDS:
            j -= 1
        else:
            return None
    return None


def _ending_at(t: Tokens, j: int, floor: int) -> Hedge | None:
    for words, qualifier in _before().get(t.words[j - 1], ()):
        first = j - len(words)
        if first < floor or not t.matches(first, words):
            continue
        if words[-1] in data.SYMBOLS and _no_sign(t, first, j):
            continue
        return _sharpened(t, Hedge(first, j, qualifier), floor)
    if t.words[j - 1] == "like" and j - 2 >= floor and t.words[j - 2] in data.LIKE_AFTER:
        return Hedge(j - 1, j, Qualifier.ABOUT)
    if t.words[j - 1] in data.PASSES and j - 1 >= floor and _mark_passed(t, j):
        return Hedge(j - 1, j, Qualifier.MORE_THAN)
    return None


def _mark_passed(t: Tokens, i: int) -> bool:
    """As in "the toll passed 1,000", "crossed the 40 mark"; not "passed 12 laws"."""
    figure = read_figure(t, i + (t.words[i] == "the"))
    if figure is None:
        return False
    following = t.words[figure.last] if t.alpha(figure.last) and t.near(figure.last) else ""
    return not following or following in data.AFTER_PASSED


def _no_sign(t: Tokens, first: int, j: int) -> bool:
    """A tilde apart from its number, the mark of a quotation ("> 40"), one of two signs ("<>")."""
    word = t.words[first]
    if not t.glued(j) and (word in {"~", "+"} or (word in _COMPARING and t.line_start(first))):
        return True
    return word in _COMPARING and t.glued(first) and t.words[first - 1] in _COMPARING


def _sharpened(t: Tokens, hedge: Hedge, floor: int) -> Hedge:
    """As in "well over": the sharpener belongs to the hedge and to its span."""
    first, qualifier = hedge.first, hedge.qualifier
    while (words := _sharpener_before(t, first, floor)) is not None:
        first -= len(words)
        if qualifier is Qualifier.LESS_THAN and words[-1] in _NEARNESS - {"only"}:
            qualifier = Qualifier.ALMOST
    return Hedge(first, hedge.last, qualifier)


def _sharpener_before(t: Tokens, j: int, floor: int) -> tuple[str, ...] | None:
    for words in _sharpeners().get(t.words[j - 1], ()):
        if j - len(words) >= floor and t.near(j) and t.matches(j - len(words), words):
            return words
    return None


def _without_sharpener(words: tuple[str, ...]) -> tuple[str, ...] | None:
    for known in (s for found in _sharpeners().values() for s in found):
        if words[: len(known)] == known:
            return words[len(known) :]
    return None


def _combined(outer: Hedge, inner: Hedge) -> Hedge:
    """As in "at least about": the bound says more than the nearness, and the first bound rules."""
    qualifier = inner.qualifier if outer.qualifier in _WEAK else outer.qualifier
    return Hedge(outer.first, inner.last, qualifier)


def _is_hedge(t: Tokens, hedge: Hedge, number: int, *, time: bool) -> bool:
    """Whether words that are often something else are a hedge here."""
    if t.words[hedge.first : hedge.last] == ["up", "to"]:
        return not _particle(t, hedge.first)
    if hedge.last - hedge.first > 1:
        return True
    word, before = t.words[hedge.first], t.words[hedge.first - 1]
    topic = word in {"about", "over"} and not time and before in data.TAKES_A_TOPIC
    if topic or (word in {"over", "under"} and _of_a_thing(t, hedge, number)):
        return False
    if word == "over" and time:
        return before in data.TAKES_A_LENGTH or not data.SHOWS_A_LENGTH.isdisjoint(
            t.words[number : number + 8]
        )
    if word == "under":
        held = data.HELD_UNDER.isdisjoint(t.words[number + 1 : number + 4])
        return held and before not in _BURIED
    return word != "odd"


def _of_a_thing(t: Tokens, hedge: Hedge, number: int) -> bool:
    """As in "under a 600 million facility", "an eight-year deal", "24-hour guard": not its size."""
    article = t.words[hedge.last] if hedge.last < number else ""
    if article in {"a", "an"} and t.digits(number):
        return True
    hyphened = t.words[number + 1] in DASHES and t.glued(number + 1) and t.glued(number + 2)
    compound = hyphened and t.words[number + 2] not in STARTS and not t.digits(number + 2)
    return compound and (article in {"a", "an", "the"} or t.words[hedge.first] == "under")


def _particle(t: Tokens, up: int) -> bool:
    """As in "signed up to 3 treaties", "the run-up to 2024", "it is up to 12 judges"."""
    before = t.words[up - 1]
    return before in data.TAKES_UP or (
        before in {"is", "was", "s"} and "it" in {t.words[up - 2], t.words[up - 3]}
    )


@lru_cache(maxsize=1)
def _enders() -> frozenset[str]:
    """The words and signs that can stand right before a number that is hedged."""
    return frozenset(_before()) | data.SMALL_WORDS | data.PASSES | _MARKS | {"like", "of"}


@lru_cache(maxsize=1)
def _before() -> Mapping[str, tuple[tuple[tuple[str, ...], Qualifier], ...]]:
    return _index(data.BEFORE, last=True)


@lru_cache(maxsize=1)
def _after() -> Mapping[str, tuple[tuple[tuple[str, ...], Qualifier], ...]]:
    return _index(data.AFTER, last=False)


def _index(
    table: Mapping[Qualifier, str], *, last: bool
) -> Mapping[str, tuple[tuple[tuple[str, ...], Qualifier], ...]]:
    index: dict[str, list[tuple[tuple[str, ...], Qualifier]]] = defaultdict(list)
    for qualifier, phrases in table.items():
        for text in phrases.split("|"):
            words = phrase(text)
            index[words[-1 if last else 0]].append((words, qualifier))
    return {k: tuple(sorted(v, key=lambda e: -len(e[0]))) for k, v in index.items()}


@lru_cache(maxsize=1)
def _sharpeners() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    index: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for text in data.SHARPENERS.split("|"):
        index[phrase(text)[-1]].append(phrase(text))
    return {k: tuple(v) for k, v in index.items()}


@lru_cache(maxsize=1)
def _phrases() -> Mapping[tuple[str, ...], Qualifier]:
    table: dict[tuple[str, ...], Qualifier] = {}
    for source in (data.BEFORE, data.AFTER):
        for qualifier, phrases in source.items():
            for text in phrases.split("|"):
                table.setdefault(phrase(text), qualifier)
    return table
