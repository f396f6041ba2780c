"""Whether a claimant's name and the source of an attribution are one and the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from extractor.text import Span
from extractor.text.words import Word, stem, words
from extractor.validator.attribution.lexicon import lexicon
from extractor.validator.attribution.types import Attribution
from extractor.validator.sides import sides

_EMPTY = frozenset("a an the of for and in at by his her its their our this that's".split())
# what stands behind one of these is whom the source deals with: "the envoy to Aldor"
_BEYOND = re.compile(r"\b(?:to|with|against|about|on|from)\b", re.IGNORECASE)
_SPELLINGS = {"defens": "defenc", "advisor": "adviser", "centr": "center", "labor": "labour"}


def names_source(claimant: str, attribution: Attribution) -> bool:
    """Whether `claimant` is the source that the attribution gives, by one of its names.

    A shorter name will do where it keeps a word that tells the source from others ("Aldor" for
    "Aldor's ministry of health"), and so will a longer one that adds to more than a country or an
    office ("General Orla Venn" for "Venn").
    """
    forms = {attribution.full_name, attribution.name, *attribution.names}
    return any(is_same_name(claimant, form) for form in forms)


def is_same_name(claimant: str, form: str) -> bool:
    """Whether two names are those of one source, as far as the names tell.

    >>> is_same_name("Aldor", "Aldor's ministry of health"), is_same_name("the ministry", "Aldor")
    (True, False)
    """
    mine, theirs = _key(claimant), _key(_BEYOND.split(form)[0]) or _key(form)
    if not mine or not theirs:
        return False
    if mine == theirs or mine == _key(form):
        return True
    if _is_acronym(claimant, form) or _is_acronym(form, claimant):
        return True
    if mine < theirs:
        return bool(mine - _offices())
    return theirs < mine and bool(theirs - _offices() - _places())


@lru_cache(maxsize=4_096)
def _key(name: str) -> frozenset[str]:
    """What tells a name: its words without articles and case, a country for its adjective."""
    return frozenset(_normal(name[w.span.start : w.span.end]) for w in _content(name))


def _content(name: str) -> Iterable[Word]:
    return (word for word in words(name, Span(0, len(name))) if word.lower not in _EMPTY)


def _normal(word: str) -> str:
    bare = re.sub(r"['\u2019]s?\Z", "", word)
    country = _countries().get(bare) or _countries().get(bare.removesuffix("s"))
    found = stem((country or bare).lower().replace(".", ""))
    return _SPELLINGS.get(found, found)


def _is_acronym(short: str, long: str) -> bool:
    """Whether `short` is the initials of `long`: "UN", "the U.N." for "United Nations"."""
    letters = re.sub(r"\A(?:the|The)\s+|[.\s]", "", short)
    capitals = [word[0] for word in long.replace("-", " ").split() if word[:1].isupper()]
    capitals = capitals[1:] if long.startswith("The ") else capitals
    return letters.isupper() and len(letters) > 1 and letters == "".join(capitals)


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, adjective in sides().items():  # countries come before their capitals
        found.setdefault(adjective, name)
    return found


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    return frozenset(stem(name.lower()) for name in sides())


@lru_cache(maxsize=1)
def _offices() -> frozenset[str]:
    """The words that many sources share: "ministry", "officials"."""
    known = lexicon()
    names = ("person", "organisation", "document", "title")
    return frozenset(_normal(word) for name in names for word in known[name])
