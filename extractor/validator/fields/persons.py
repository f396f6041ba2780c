"""Whether a name is a person's or a body's, by the words beside it and in it."""

from __future__ import annotations

import re
from functools import lru_cache

from extractor.text import Span
from extractor.text.words import stem, words
from extractor.validator.lexicons import person_stems

_BESIDE = 48  # characters beside a name in which it is said whose name it is
_SPEAKING = re.compile(r"\b(?:said|says|added)\s+(?:the\s+)?\Z")
_TOLD = re.compile(r"\b(?:told|tells|asked)\s+(?:the\s+)?\Z")
_GOES_ON = re.compile(r"(?:['\u2019]s?)?\s+[a-z]")
_WHO_SAID = re.compile(r",\s+(?:said|says|told|added|wrote|reported)\b")
_SAID = re.compile(r"\s+(?:said|says|wrote|reported|put it)\b")
_AS = re.compile(r"\bas\s+(?:the\s+)?(?:\w+\s+){0,2}\Z")
_GOVERNING = re.compile(r"\b(?:from|with|against|than|over|under|unlike)\s+(?:the\s+|its\s+)?\Z")
_FROM = re.compile(r"\bfrom\s+(?:the\s+)?\Z")
_ACRONYM = re.compile(r"[A-Z]{3,}\Z")
# what is an organisation by its noun, and a place by its name: "Kansas City"
_PLACES = frozenset(
    "city county province municipality district palace castle centre center".split()
)
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
    if any(char.isdigit() for char in aside) or not aside[:1].islower():
        return False  # "In Orle, 412 people were admitted"
    return any(word.stem in _offices() for word in words(aside, Span(0, len(aside))))


def is_source(text: str, name: Span) -> bool:
    """Whether a name is that of somebody who speaks or is spoken to: "said Ana Ruiz", "told NTV".

    >>> text = "It was good, said Ana Ruiz."
    >>> is_source(text, Span(18, 26)), is_source("Brightwell said so.", Span(0, 10))
    (True, False)
    """
    before, after = max(0, name.start - _BESIDE), min(len(text), name.end + _BESIDE)
    if _TOLD.search(text, before, name.start) or _WHO_SAID.match(text, name.end, after):
        return True
    # "…, said Ana Ruiz." and not "said Ana Ruiz had won"
    if _SPEAKING.search(text, before, name.start) and not _GOES_ON.match(text, name.end, after):
        return True
    said = _SAID.match(text, name.end, after)
    return said is not None and _AS.search(text, before, name.start) is not None


def is_governed(text: str, name: Span) -> bool:
    """Whether a name stands behind a preposition of somebody else's doing: "from Labour".

    >>> is_governed("They won 20 seats from Labour.", Span(23, 29))
    True
    """
    return _GOVERNING.search(text, max(0, name.start - _BESIDE), name.start) is not None


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

    if is_person(text, name) or _ACRONYM.match(text, name.start, name.end):
        return True
    bodies = lexicon()["organisation"] - _PLACES
    return any({word.lower, word.lower.removesuffix("s")} & bodies for word in words(text, name))


@lru_cache(maxsize=1)
def _offices() -> frozenset[str]:
    offices = (
        "analyst boss chair chairman chairwoman chief director economist editor executive founder "
        "governor head leader lawmaker mayor minister officer official president secretary senator "
        "spokesman spokesperson spokeswoman"
    )
    return frozenset(map(stem, offices.split())) | person_stems()
