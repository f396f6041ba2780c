"""The words that may name the event of a number: cues first, else the verbs of its clause."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.extraction.windows import own_clause
from extractor.quantities import unit_of
from extractor.quantities.types import Kind, Quantity
from extractor.text import Span
from extractor.text.clauses import clause_openers
from extractor.text.words import Word, is_irregular_past, stem, words
from extractor.validator.counted import event_noun_stems
from extractor.validator.events import Cue, EventField
from extractor.validator.lexicons import (
    clause_words,
    function_stems,
    harmful_events,
    reporting_stems,
)
from extractor.validator.noun_phrases import phrase_after

_LINKS = frozenset(map(stem, "stand reach total exceed climb rise".split()))
_POSSESSOR = re.compile("['\u2019]s|.s['\u2019]")  # from two characters before a word's end on
_NO_VERBS = frozenset("following including according during regarding involving".split())
_FILLERS = _NO_VERBS | frozenset(
    "between towards toward per such always new next last more other then".split()
)
_SUFFERED = {"affected", "displaced", "trapped", "infected"}  # these have a doer too
_PREPOSITIONS = frozenset("in by from during after at on".split())
# verbs that say nothing without their object: "took the corner", "made its way"
_LIGHT = frozenset(map(stem, "take make get come go put let keep".split()))
_SHORTEST_WORD = 3  # characters of a word that may name an event


def event_words(text: str, field: EventField, quantity: Quantity) -> tuple[str, ...]:
    """The words that may name the event of a number, each verbatim.

    Strong cues of its own are enough where there are any; else those of the sentence, since a
    shared verb may stand before or after a list; else its weak cues and the words of its piece
    that carry meaning, verbs alone where it has some.
    """
    links = _linking(text, field, quantity)
    if links:
        return links
    cues = [
        cue
        for cue in field.nearest or field.shared
        if not _is_named(text, field, cue)
        and not _describes(text, field, cue, quantity)
        and not _POSSESSOR.match(text, cue.span.end - 2)
    ]
    strong = [cue for cue in cues if cue.strong]
    if not strong and _is_said_to_be(field, quantity):
        return ()
    plain = _meaningful(text, field, quantity)
    if strong:
        told = _told_between(text, field, plain, strong, quantity)
        main = [cue.phrase for cue in _main(text, field, strong, quantity)]
        return tuple(dict.fromkeys((*told, *main)))
    inside = [word for word in plain if field.piece.contains(word.span)]
    verbs = [word for word in inside if _is_verb(word)]
    near = [cue.phrase for cue in cues if cue in field.nearest]
    named = [phrase for phrase in near if stem(phrase.lower()) not in _LIGHT]
    if not verbs and not named:
        verbs = _carried_on(field, plain, quantity)
    rest = verbs or _present(text, field, inside, quantity)
    return tuple(dict.fromkeys((*named, *(word.span.of(text) for word in rest))))


def _present(
    text: str, field: EventField, inside: Sequence[Word], quantity: Quantity
) -> list[Word]:
    """The words of a number's clause where no past form stands: one may be a verb of the present.

    None where the clause has a verb that tells no event: "the town has 40 schools".
    """
    own = own_clause(text, field.piece, quantity.span)
    clause = [word for word in field.words if own.contains(word.span)]
    idle = any(word.lower in clause_words("auxiliaries") or word.stem in _LIGHT for word in clause)
    return [] if idle else [word for word in inside if own.contains(word.span)]


def _is_named(text: str, field: EventField, cue: Cue) -> bool:
    """Whether a cue is a part of a name: "Sioux Falls", "March"; not so in a title's capitals."""
    long = [word for word in field.words if len(word.lower) > _SHORTEST_WORD]
    capitals = [word for word in long if word.span.of(text)[:1].isupper()]
    first = min((word.span.start for word in field.words), default=cue.span.start)
    is_capital = text[cue.span.start].isupper() and cue.span.start > first
    return is_capital and 2 * len(capitals) < len(long)


def _describes(text: str, field: EventField, cue: Cue, quantity: Quantity) -> bool:
    """Whether a noun only describes the counted: "1,600 strike missiles", "200 rescue workers"."""
    counted = phrase_after(text, field.piece, quantity) or ()
    inside = any(word.span.overlaps(cue.span) for word in counted[:-1])
    return inside and not any(map(_is_verb, words(text, cue.span)))


def _is_said_to_be(field: EventField, quantity: Quantity) -> bool:
    """Whether a measure is only said to be so much: "the rate is 7%". Nothing happens in that."""
    before = [word for word in field.words if word.span.end <= quantity.span.start][-2:]
    measured = quantity.kind not in (Kind.COUNT, Kind.VAGUE, Kind.FRACTION)
    return measured and any(word.lower in ("is", "are", "was", "were") for word in before)


def _told_between(
    text: str,
    field: EventField,
    plain: Sequence[Word],
    cues: Sequence[Cue],
    quantity: Quantity,
) -> list[str]:
    """The verbs between a number and the noun that hints at an event, where no cue is a verb.

    "The floods have hit 40 towns", "200 firefighters arrived for the rescue": the noun says what
    it was about, the verb what happened.
    """
    if any(_is_verb(word) for cue in cues for word in words(text, cue.span)):
        return []
    between = []
    for cue in cues:
        if cue.span.end <= quantity.span.start:
            gap = Span(cue.span.end, quantity.span.start)
        else:
            gap = Span(quantity.number.end, max(quantity.number.end, cue.span.start))
        adjacent = next((word for word in field.words if word.span.start >= cue.span.end), None)
        told = [w for w in plain if gap.contains(w.span) and _is_verb(w) and w != adjacent]
        told = [w for w in told if w.stem not in _LINKS and w.lower not in _NO_VERBS]
        if not told:
            return []
        between += told
    return [word.span.of(text) for word in between]


def _linking(text: str, field: EventField, quantity: Quantity) -> tuple[str, ...]:
    """The verb that links a measure to its number: "levels stood at 24 feet"."""
    if quantity.kind in (Kind.COUNT, Kind.VAGUE, Kind.FRACTION):
        return ()
    before = [word for word in field.words if word.span.end <= quantity.span.start][-2:]
    if before and before[-1].lower in ("at", "to", "about", "nearly", "almost", "over"):
        before.pop()
    if not before or before[-1].stem not in _LINKS:
        return ()
    return (before[-1].span.of(text),)


def _meaningful(text: str, field: EventField, quantity: Quantity) -> list[Word]:
    """The words around a number that may name an event: no names, adverbs, units or fillers."""
    shouted = not any(char.islower() for word in field.words for char in word.span.of(text))
    counted = phrase_after(text, field.piece, quantity) or ()
    plain = [
        word
        for word in field.words
        if (shouted or word.lower == word.span.of(text))
        and len(word.lower) >= _SHORTEST_WORD
        and not word.span.overlaps(quantity.span)
        and word not in counted
        and not word.lower.endswith(("'s", "s'", "ly"))
        and word.lower not in clause_openers() | _FILLERS
        and word.stem not in function_stems() | _LIGHT
        and unit_of(word.lower) is None
    ]
    return [word for word in plain if word.stem not in reporting_stems()] or plain


def _carried_on(field: EventField, plain: Sequence[Word], quantity: Quantity) -> list[Word]:
    """The verb that a list goes on with: "seized 370 rifles, 82 mortars"."""
    before = [word for word in plain if word.span.end <= quantity.span.start and _is_verb(word)]
    if not before:
        return []
    between = Span(before[-1].span.end, quantity.span.start)
    told = any(
        between.contains(word.span) and word.lower in clause_words("auxiliaries")
        for word in field.words
    )
    return [] if told else before[-1:]


def _main(text: str, field: EventField, cues: Sequence[Cue], quantity: Quantity) -> list[Cue]:
    """The cues without those inside others, and where a verb is among them without its adjuncts.

    "killed" of "killed in attacks" and of "the attack killed", "shot down" of "down".
    """
    counted = phrase_after(text, field.piece, quantity) or ()
    noun = counted[-1] if counted and counted[-1].stem in event_noun_stems() else None
    if noun is not None and any(cue.span.overlaps(noun.span) for cue in cues):
        return [cue for cue in cues if cue.span.overlaps(noun.span)]  # "21 deaths as floods hit"
    whole = [
        cue for cue in cues if not any(o is not cue and o.span.contains(cue.span) for o in cues)
    ]
    verbs = [cue for cue in whole if any(map(_is_verb, words(text, cue.span)))]
    harm = [cue for cue in verbs if (cue.strong | cue.weak) & (harmful_events() | _SUFFERED)]
    beside = [
        cue
        for cue in whole
        if cue not in verbs
        and (_is_adjunct(field, cue) or any(_acts_in(field, cue, verb) for verb in harm))
    ]
    return [cue for cue in whole if cue not in beside] if verbs else whole


def _acts_in(field: EventField, cue: Cue, verb: Cue) -> bool:
    """Whether a noun is what did the harm: "the raid killed 12 guards"."""
    return cue.span.end <= verb.span.start and verb.span.end <= field.number.start


def _is_adjunct(field: EventField, cue: Cue) -> bool:
    """Whether a cue stands behind a preposition: "in attacks", "by the flooding"."""
    before = [word.lower for word in field.words if word.span.end <= cue.span.start][-3:]
    return any(word in _PREPOSITIONS for word in before)


def _is_verb(word: Word) -> bool:
    past = word.lower.endswith(("ed", "ing")) or is_irregular_past(word.lower)
    return past and word.lower not in _NO_VERBS
