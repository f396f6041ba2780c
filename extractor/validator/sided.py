"""Whose the counted are: the side that a text gives to a number's noun, if it gives one."""

from __future__ import annotations

import re

from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.text.words import words
from extractor.validator.counted import bearing_stems
from extractor.validator.events import Cue, event_field
from extractor.validator.lexicons import harmful_events
from extractor.validator.noun_phrases import whole_of
from extractor.validator.nouns import NounField, noun_field
from extractor.validator.sides import sides, sides_in
from extractor.validator.source import Source

_POSSESSIVE = frozenset("its their his her".split())
_NEIGHBOURS = 6  # numbers before one that it may go on from
_LEAD = 32  # characters before a name in which "throughout the southern" stands
_BACK = 2  # sentences before its own in which an unnamed side may be named
_OWNER = re.compile(r"[A-Z]\w+(?:'s|\u2019s|s'|s\u2019)\s+\Z")
# a country behind one of these, or before one of those, is where or what, not whose
_PLACE = re.compile(
    r"\b(?:in|into|across|throughout|inside|near|around|of|from|against|on|over|at|to|towards?|with|for"
    r"|off|outside|between)\s+(?:the\s+)?(?:(?:northern|southern|eastern|western|central)\s+)?\Z",
    re.IGNORECASE,
)
_AFFAIR = re.compile(
    r"(?:'s|\u2019s)?\s+(?:invasion|war|conflict|crisis|border|borders|operation|operations|attack|assault|"
    r"offensive|campaign|front)\b"
)


def side_of(phrase: str) -> str | None:
    """The adjective of the country or people that a phrase names.

    >>> side_of("Russian troops"), side_of("Ukrainians"), side_of("soldiers")
    ('Russian', 'Ukrainian', None)
    """
    found = sides_in(phrase, Span(0, len(phrase)))
    return found[0] if found else None


def sides_of(source: Source, quantity: Quantity) -> tuple[str, ...]:
    """The sides that the counted may be of; none where the text leaves it quite open.

    The phrase's own adjective alone, where it has one; that of the phrase which an elliptical
    number goes on with; for "its troops" whom the sentence names before; else whom the sentence,
    or the sentences before it, name.
    """
    return source.remembered(("sides", quantity.span), lambda: _sides_of(source, quantity))


def _sides_of(source: Source, quantity: Quantity) -> tuple[str, ...]:
    text = source.document.text
    sentence = source.window_of(quantity)
    numbers = source.quantities_touching(sentence)
    for number in (quantity, *whole_of(text, numbers, quantity)):
        stated = _stated(source, sentence, number)
        if stated:
            return stated
    before = [q for q in numbers if q.span.end <= quantity.span.start]
    field = noun_field(source, quantity)
    for other in reversed(before[-_NEIGHBOURS:]):
        if field.phrase is not None and not _same_noun(source, other, field):
            break
        stated = _stated(source, sentence, other)
        if stated:
            return stated
    bearer = _bearer(source, quantity)
    if bearer is not None:
        return (bearer,)
    agents = _agents(source, quantity)
    end = max(sentence.end, quantity.span.end)
    start = sentence.start
    for _ in range(_BACK + 1):
        named = [side for side in _actors(text, Span(start, end)) if side not in agents]
        if named:
            return tuple(named)
        start = source.sentence_before(start)
    everyone = source.all_sides if agents else ()
    return tuple(side for side in everyone if side not in agents)


def _stated(source: Source, sentence: Span, quantity: Quantity) -> tuple[str, ...]:
    """The sides that a number's own phrase gives: an adjective, an owner, "its"."""
    text = source.document.text
    phrase = noun_field(source, quantity).phrase
    if phrase is not None:
        own = side_of(phrase.of(text))
        if own is not None:
            return (own,)
    owner = _OWNER.search(text, sentence.start, max(sentence.start, quantity.span.start))
    if owner:
        owners = sides_in(text, Span(owner.start(), owner.end()))
        if owners:
            return owners
    if phrase is not None and _is_possessed(text, phrase):
        lead = Span(sentence.start, max(sentence.start, phrase.start))
        return _actors(text, lead) or _actors(text, sentence)
    return ()


def _bearer(source: Source, quantity: Quantity) -> str | None:
    """Whose loss it is: the last one named before "lost", "admits"."""
    text = source.document.text
    found = event_field(source, quantity)
    verbs = [w for w in found.words if w.span.end <= quantity.span.start]
    verbs = [w for w in verbs if w.stem in bearing_stems() and found.piece.contains(w.span)]
    if not verbs:
        return None
    sentence = source.window_of(quantity)
    lead = Span(sentence.start, max(sentence.start, verbs[0].span.start))
    return max(_actors(text, lead), key=lambda side: _last_place(text, lead, side), default=None)


def _last_place(text: str, within: Span, side: str) -> int:
    names = [side, *(name for name, adjective in sides().items() if adjective == side)]
    return max(within.of(text).rfind(name) for name in names)


def _same_noun(source: Source, other: Quantity, field: NounField) -> bool:
    """Whether the number before counts the same noun: "1,000 Aldorian troops … 5,000 troops"."""
    theirs = noun_field(source, other)
    return theirs.phrase is not None and bool(field.own) and field.own <= theirs.own


def _agents(source: Source, quantity: Quantity) -> frozenset[str]:
    """Who did it to the counted, so that they are not the counted: "Aldor has taken 40 captive"."""
    text = source.document.text
    found = event_field(source, quantity)
    cues = [cue for cue in found.nearest if cue.span.start < quantity.span.start]
    harmful = [cue for cue in cues if (cue.strong | cue.weak) & harmful_events()]
    sentence = source.window_of(quantity)
    if not harmful or _is_passive(text, sentence, harmful[0]):
        return frozenset()
    lead = Span(sentence.start, max(sentence.start, harmful[0].span.start))
    named = _actors(text, lead)
    return frozenset(named) if len(named) == 1 else frozenset()


def _is_passive(text: str, sentence: Span, cue: Cue) -> bool:
    lead = Span(sentence.start, max(sentence.start, cue.span.start))
    before = list(words(text, lead))[-3:]
    return any(word.lower in ("been", "were", "was", "are", "is", "being") for word in before)


def _actors(text: str, within: Span) -> tuple[str, ...]:
    """The sides named as somebody who acts or owns; all that are named where none is."""
    named = sides_in(text, within)
    acting = [side for side in named if _acts(text, within, side)]
    return tuple(acting) or named


def _acts(text: str, within: Span, side: str) -> bool:
    names = [side, *(name for name, adjective in sides().items() if adjective == side)]
    for name in names:
        for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", within.of(text)):
            before = text[
                max(0, within.start + found.start() - _LEAD) : within.start + found.start()
            ]
            after = text[within.start + found.end() : within.start + found.end() + 20]
            if not _PLACE.search(before) and not _AFFAIR.match(after):
                return True
    return False


def _is_possessed(text: str, phrase: Span) -> bool:
    return any(word.lower in _POSSESSIVE for word in words(text, phrase))
