"""E: the event stands near the number, and governs it."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.claims import Finding
from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.validator.case import Case
from extractor.validator.events import EventField, classes_of, content_stems, event_field
from extractor.validator.registry import rule


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
    if not _places(event_field(case.source, quantity), event):
        message = f"nothing in the sentence says {event[:60]!r} of {quantity.text!r}"
        yield case.finding("E501", "event", message, quantity.span)


@rule("E502")
def event_is_this_numbers(case: Case) -> Iterator[Finding]:
    """An event that is given must not belong to another number of the sentence.

    Text: The blast left 19 dead and 40 wounded.
    Rejected: {"quote": "19 dead", "value": "19", "event": "wounded"}
    Accepted: {"quote": "19 dead", "value": "19", "event": "killed"}
    """
    quantity, event = case.matched, case.candidate.event
    if quantity is None or event is None:
        return
    field = event_field(case.source, quantity)
    places = _places(field, event)
    others = field.has_verb if not field.own else not field.own & classes_of(event)
    if not places or not others or _in_own_piece(field, event, places):
        return
    owner = _nearest_number(case, quantity, places[0])
    if owner is not None:
        own = " or ".join(sorted(field.own)) or "another verb"
        message = (
            f"{event[:60]!r} belongs to {owner.text!r} here; what is said of {quantity.text!r} "
            f"is {own}"
        )
        yield case.finding("E502", "event", message, places[0])


def _places(field: EventField, event: str) -> list[Span]:
    """Where the sentence names the event: cues of its classes, or its own words."""
    classes = classes_of(event)
    if classes:
        return [cue.span for cue in field.cues if classes & (cue.strong | cue.weak)]
    wanted = content_stems(event)
    present = {word.stem for word in field.words}
    if not wanted or not wanted <= present:
        return []
    return [word.span for word in field.words if word.stem in wanted]


def _in_own_piece(field: EventField, event: str, places: list[Span]) -> bool:
    """An open event (of no class), or any of a piece without cues, may stand in that piece."""
    free = not field.own or not classes_of(event)
    return free and any(field.piece.contains(place) for place in places)


def _nearest_number(case: Case, quantity: Quantity, place: Span) -> Quantity | None:
    """The other number of the sentence whose event stands at `place`."""
    sentence = case.source.sentence_of(quantity.number)
    others = [q for q in case.source.quantities_touching(sentence) if q is not quantity]
    return min(
        others,
        key=lambda q: min(abs(q.span.start - place.end), abs(place.start - q.span.end)),
        default=None,
    )
