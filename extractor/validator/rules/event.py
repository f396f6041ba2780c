"""E: the event stands near the number, and governs it."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.claims import Finding
from extractor.text import Span
from extractor.validator.case import Case
from extractor.validator.events import Cue, EventField, event_field, stated_event, supports
from extractor.validator.registry import rule

_LONGEST_EVENT = 200  # characters


@rule("E501")
def event_has_a_cue(case: Case) -> Iterator[Finding]:
    """An event that is given must be named in the sentence of the number.

    Text: The quake injured 64 people in the valley.
    Rejected: {"quote": "64 people", "value": "64", "event": "killed"}
    Accepted: {"quote": "64 people", "value": "64", "event": "hurt"}
    """
    quantity, event = case.matched, case.candidate.event
    if quantity is None or event is None:
        return
    stated = stated_event(event[:_LONGEST_EVENT])
    field = event_field(case.source, quantity)
    present = {word.stem for word in field.words}
    strange = [cue.phrase for cue in stated.cues if not _supporting(field, cue)]
    strange += sorted(stated.others - present)
    strange += sorted(stated.negators - {word.lower for word in field.words})
    if not stated.cues and not stated.others:
        message = f"{event[:60]!r} names no event"
        yield case.finding("E501", "event", message, quantity.span)
    elif strange:
        message = f"nothing in the sentence says {' or '.join(strange)!r} of {quantity.text!r}"
        yield case.finding("E501", "event", message, quantity.span)


@rule("E502")
def event_is_this_numbers(case: Case) -> Iterator[Finding]:
    """An event that is given must not belong to another number or another clause of the sentence.

    Text: The blast left 19 dead and 40 wounded.
    Rejected: {"quote": "19 dead", "value": "19", "event": "wounded"}
    Accepted: {"quote": "19 dead", "value": "19", "event": "killed"}
    """
    quantity, event = case.matched, case.candidate.event
    if quantity is None or event is None:
        return
    stated = stated_event(event[:_LONGEST_EVENT])
    field = event_field(case.source, quantity)
    elsewhere = [span for cue in stated.cues for span in _elsewhere(field, cue)]
    if not stated.cues:
        elsewhere = _words_elsewhere(field, stated.others)
    if elsewhere:
        own = " or ".join(sorted(field.own)) or "another verb"
        message = f"what is said of {quantity.text!r} is {own}; {event[:60]!r} is said of others"
        yield case.finding("E502", "event", message, elsewhere[0])


def _supporting(field: EventField, stated: Cue) -> list[Cue]:
    return [cue for cue in field.cues if supports(stated, cue)]


def _elsewhere(field: EventField, stated: Cue) -> list[Span]:
    """Where the event stands, if nowhere as the number's own."""
    found = _supporting(field, stated)
    own = field.own or (field.has_verb and not field.nearest)
    if any(supports(stated, cue) & field.own for cue in found) or not own:
        return []
    in_piece = not field.own and any(field.piece.contains(cue.span) for cue in found)
    return [] if in_piece else [cue.span for cue in found]


def _words_elsewhere(field: EventField, wanted: frozenset[str]) -> list[Span]:
    """Where an event of no class stands, if not in the number's piece and that has its own."""
    places = [word.span for word in field.words if word.stem in wanted]
    settled = field.own or field.has_verb
    if not settled or any(field.piece.contains(place) for place in places):
        return []
    return places
