"""Words of a stretch of text, with their spans, and a light English stem to compare them by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from extractor.text.folding import DROPPED
from extractor.text.spans import Span

# "U.S." is one word; so are "its", "pro-Kremlin" and "Russia’s"
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_JOINERS = "'\u2019-\u2010\u2011"
_POSSESSIVE = re.compile("['\u2019]s(?![^\\W\\d_])")
_LONGEST_SHOWN = 60  # characters of an endless word on either side of where it is cut
_SIBILANT_ENDINGS = ("ches", "shes", "sses", "xes", "zes", "oes")


class Word(NamedTuple):
    """One word: where it stands, its lower-case form (straight apostrophes) and its stem."""

    span: Span
    lower: str
    stem: str


def words(text: str, within: Span) -> Iterator[Word]:
    """The words inside `within`, in order; digits are not words."""
    for match in _WORD.finditer(text, within.start, within.end):
        raw = match.group()
        # the same words come again and again; an endless one is no word to be remembered
        lower, key = _forms(raw) if len(raw) <= _LONGEST_SHOWN else _formed(raw)
        yield Word(Span(match.start(), match.end()), lower, key)


def stems(text: str) -> frozenset[str]:
    """The stems of all words of a text."""
    return frozenset(_formed(raw)[1] for raw in set(_WORD.findall(text)))


def _formed(raw: str) -> tuple[str, str]:
    """The lower-case form of a word as it stands, and its stem."""
    lower = raw.lower().replace("\u2019", "'")
    return lower, stem(lower)


_forms = lru_cache(maxsize=20_000)(_formed)


def cut_word(text: str, edge: int) -> Span | None:
    """The word that a boundary at `edge` cuts in two, or None.

    An apostrophe or a hyphen between letters belongs to the word ("pro-Kremlin"), only a
    possessive may be left off; characters that folding drops, and combining marks, do not part
    what they stand in.

    >>> text = "Russia’s pro-war men"
    >>> [cut_word(text, edge) is not None for edge in (3, 6, 9, 13)]
    [True, False, False, True]
    """
    start, end = edge, edge
    while start > 0 and _is_mark(text[start - 1]):
        start -= 1
    while end < len(text) and _is_mark(text[end]):
        end += 1
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    accented = edge < len(text) and unicodedata.combining(text[edge]) != 0
    inside = (before.isalnum() and (after.isalnum() or accented)) or (
        (before in _JOINERS and after.isalpha() and text[max(0, start - 2) : start - 1].isalpha())
        or (after in _JOINERS and before.isalpha() and text[end + 1 : end + 2].isalpha())
    )
    if not inside or _POSSESSIVE.match(text, end):
        return None
    first, last = max(0, edge - _LONGEST_SHOWN), min(len(text), edge + _LONGEST_SHOWN)
    while start > first and _in_word(text[start - 1]):
        start -= 1
    while end < last and _in_word(text[end]):
        end += 1
    return Span(start, end)


def _in_word(char: str) -> bool:
    return char.isalnum() or char in _JOINERS or _is_mark(char)


def _is_mark(char: str) -> bool:
    return char in DROPPED or unicodedata.combining(char) != 0


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A key under which the inflections of one English word meet; it need not be a word itself.

    >>> stem("killed") == stem("killing") == stem("kills") == stem("kill")
    True
    >>> stem("taken") == stem("took") == stem("takes"), stem("countries") == stem("country")
    (True, True)
    """
    word = word.removesuffix("'s").removesuffix("'")
    word = _irregular().get(word, word)
    if len(word) > 4 and word.endswith(("ies", "ied")):
        word = word[:-3] + "y"
    elif word.endswith(_SIBILANT_ENDINGS):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and word[-2] not in "sui":
        word = word[:-1]
    elif (len(word) > 5 and word.endswith("ing")) or (len(word) > 4 and word.endswith("ed")):
        word = word.removesuffix("ing").removesuffix("ed")
    if len(word) > 2 and word[-1] == word[-2]:
        word = word[:-1]  # "controll(ed)" meets "control"; "kill" becomes "kil" in all its forms
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def is_irregular_past(word: str) -> bool:
    """Whether a lower-case word is the past form of an irregular verb: "took", "taken".

    >>> is_irregular_past("took"), is_irregular_past("taking"), is_irregular_past("people")
    (True, False, False)
    """
    return word in _table("irregular_verbs.txt") and not word.endswith(("s", "ing"))


@lru_cache(maxsize=1)
def _irregular() -> dict[str, str]:
    return _table("irregular_verbs.txt") | _table("irregular_plurals.txt")


@lru_cache(maxsize=2)
def _table(name: str) -> dict[str, str]:
    """Each form of a file's lines with its lemma, which comes first in its line."""
    table: dict[str, str] = {}
    source = resources.files("extractor.text").joinpath(name)
    for line in source.read_text(encoding="utf-8").splitlines():
        lemma, *forms = line.partition("#")[0].split() or [""]
        table.update(dict.fromkeys(forms, lemma))
    return table
