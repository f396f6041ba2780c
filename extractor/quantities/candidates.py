"""Where a number can begin: a cheap look at each token, so that the grammar sees few of them.

Words that are mostly something else ("a", "us", a full stop, a hyphen) begin a number only before
certain others; those are looked at here, and nothing else is decided.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from extractor.quantities import lexicon
from extractor.quantities.articles import MEASURED_ONCE
from extractor.quantities.spelled import STARTS
from extractor.quantities.tokens import Tokens
from extractor.quantities.units import money_starts
from extractor.quantities.words import MONTHS

PERIODS: Final = frozenset({"first", "second", "third", "fourth", "final", "last"})
"""The words that a fiscal quarter, or a half of a game, begins with."""

_ALWAYS = (
    STARTS
    | MONTHS
    | (PERIODS - {"final", "last"})
    | frozenset(lexicon.VAGUE_PLURALS)
    | frozenset(lexicon.MULTIPLE_VERBS)
    | frozenset(lexicon.MULTIPLE_WORDS)
    | frozenset(lexicon.FOLD_WORDS)
    | frozenset(lexicon.ORDINALS)
    | frozenset("half hundred dozen quarter several few scores between minus negative".split())
    | frozenset("twenties thirties forties fifties sixties seventies eighties nineties".split())
)
_AFTER_ARTICLE = (
    frozenset(lexicon.SCALES)
    | frozenset(lexicon.DENOMINATORS)
    | frozenset(lexicon.TENS)
    | MEASURED_ONCE
    | frozenset("hundred dozen couple few handful score half quarter".split())
)
_MONEY_SIGNS = frozenset("$£€¥₹₽₴")
_DIGIT_OR_RARE = re.compile("[\\d\u00b2\u00b3\u00b9\u00bc-\u00be]|[^\\x00-\u206f]")
_DIGIT = re.compile("[0-9]")
_WORD = re.compile("[a-z]+")
_DIGIT_ONLY: frozenset[str] = frozenset()


def worth_reading(text: str) -> bool:
    """Whether a paragraph can hold a number at all: a digit, a number's word, a rare character.

    >>> worth_reading("A dozen."), worth_reading("Nothing here."), worth_reading("½")
    (True, False, True)
    """
    rare = _DIGIT if text.isascii() else _DIGIT_OR_RARE
    if rare.search(text) is not None:
        return True
    return not _alone().isdisjoint(_WORD.findall(text.lower()))


@lru_cache(maxsize=1)
def _alone() -> frozenset[str]:
    """The words that make a number without any digit."""
    return _ALWAYS | _AFTER_ARTICLE


def candidates(t: Tokens) -> list[int]:
    """The tokens, in order, at which the grammar has to look.

    >>> t = Tokens("It gave us a loan of $5 a week. He had a dozen.")
    >>> [t.words[i] for i in candidates(t)]
    ['$', '5', 'a', 'a', 'dozen']
    """
    always, before = _tables()
    words = t.words
    found = []
    for i in _possible(words[: t.size]):
        word, following = words[i], words[i + 1]
        if (
            word in always
            or word not in before
            or following in before[word]
            or following[:1].isnumeric()
        ):
            found.append(i)
    return found


def _possible(words: list[str]) -> list[int]:
    """The tokens that are digits or words of the tables; the one look that every token gets."""
    table = _words()
    return [i for i, word in enumerate(words) if word in table or word.isnumeric()]


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    always, before = _tables()
    return always | frozenset(before)


@lru_cache(maxsize=1)
def _tables() -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    """The words that always begin one, and those that do before certain words or a digit."""
    money = money_starts()
    signed = STARTS | _MONEY_SIGNS | frozenset(money) | {"."}
    before = {word: following | {".", "-", "\u2212", "("} for word, following in money.items()}
    before |= dict.fromkeys("-\u2212\u2013+", signed) | {
        ".": _DIGIT_ONLY,
        "(": _MONEY_SIGNS,
        "a": _AFTER_ARTICLE | before.get("a", _DIGIT_ONLY),
        "an": _AFTER_ARTICLE,
        "final": frozenset({"quarter", "half", "fiscal", "-"}),
        "last": frozenset({"quarter", "half", "fiscal", "-"}),
    }
    return _ALWAYS | _MONEY_SIGNS, before
