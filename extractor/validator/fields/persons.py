"""Whether a name is a person's or a body's, by the words beside it and in it."""

from __future__ import annotations

import re
from functools import lru_cache

from extractor.text import Span
from extractor.text.words import stem, words
from extractor.validator.lexicons import person_stems

_BESIDE = 48  # characters beside a name in which it is said whose name it is
_SPEAKING = re.compile(r"\b(?:said|says|told|tells|added|asked)\s+(?:the\s+)?\Z")
_FROM = re.compile(r"\bfrom\s+(?:the\s+)?\Z")
_TITLES = frozenset("mr mrs ms miss dr sir lord lady".split())


def is_person(text: str, name: Span) -> bool:
    """Whether a name is a person's: "chief executive Ana Ruiz", "Ana Ruiz, an analyst at …".

    >>> text = "Chief executive Ana Ruiz said Brightwell grew."
    >>> is_person(text, Span(16, 24)), is_person(text, Span(30, 40))
    (True, False)
    """
    first = next(words(text, name), None)
    if first is not None and first.lower in _TITLES:
        return True
    before = list(words(text, Span(max(0, name.start - _BESIDE), name.start)))
    beside = before[-1] if before else None
    if beside is not None and not text[beside.span.end : name.start].strip(" ."):
        titled = beside.stem in _offices() or beside.lower in _TITLES
        if titled:
            return True
    if text[name.end : name.end + 2] != ", ":
        return False
    aside = text[name.end + 2 : name.end + _BESIDE].partition(",")[0]
    return any(word.stem in _offices() for word in words(aside, Span(0, len(aside))))


def is_source(text: str, name: Span) -> bool:
    """Whether a name is that of somebody who speaks or is spoken to: "said Ana Ruiz", "told NTV".

    >>> text = "It was good, said Ana Ruiz."
    >>> is_source(text, Span(18, 26)), is_source("Brightwell said so.", Span(0, 10))
    (True, False)
    """
    return _SPEAKING.search(text, max(0, name.start - _BESIDE), name.start) is not None


def is_origin(text: str, name: Span) -> bool:
    """Whether a name says where something came from: "doses from Geneva"."""
    return _FROM.search(text, max(0, name.start - _BESIDE), name.start) is not None


def is_body(text: str, name: Span) -> bool:
    """Whether a name is that of an organisation, or of a person.

    >>> text = "World Relief Agency, Institute of Health, Orle"
    >>> is_body(text, Span(0, 19)), is_body(text, Span(21, 40)), is_body(text, Span(42, 46))
    (True, True, False)
    """
    from extractor.validator.attribution.lexicon import lexicon

    said = list(words(text, name))
    bodies = lexicon()["organisation"]
    return is_person(text, name) or any(word.lower in bodies for word in said)


@lru_cache(maxsize=1)
def _offices() -> frozenset[str]:
    offices = (
        "analyst boss chair chairman chairwoman chief director economist editor executive founder "
        "governor head leader lawmaker mayor minister officer official president secretary senator "
        "spokesman spokesperson spokeswoman"
    )
    return frozenset(map(stem, offices.split())) | person_stems()
