"""E: the event stands near the number, governs it, and is told as the text tells it."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.claims import Finding
from extractor.quantities import is_time
from extractor.quantities.types import Kind, Quantity
from extractor.text import Span
from extractor.text.clauses import boundaries
from extractor.text.words import stem
from extractor.validator.case import Case
from extractor.validator.counted import people_events
from extractor.validator.events import (
    Cue,
    EventField,
    StatedEvent,
    event_field,
    stated_event,
    supports,
)
from extractor.validator.registry import rule
from extractor.validator.telling import negation, telling

_LONGEST_EVENT = 200  # characters
_OPEN = {"projected", "hypothetical"}


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
    measured = quantity.kind is Kind.MEASURE and not is_time(quantity.unit)
    if measured and _befalls_people(stated):
        message = f"{quantity.text!r} measures something; nobody can be {event[:60]!r} by it"
        yield case.finding("E502", "event", message, quantity.span)
        return
    field = event_field(case.source, quantity)
    if _befalls_people(stated) and _is_done_by(case.text, field, stated):
        message = (
            f"{quantity.text!r} are those by whom it was done, not those who were {event[:60]!r}"
        )
        yield case.finding("E502", "event", message, quantity.span)
        return
    elsewhere = [span for cue in stated.cues for span in _elsewhere(case.text, field, cue)]
    if not stated.cues:
        elsewhere = _words_elsewhere(field, stated.others)
    if elsewhere:
        own = " or ".join(sorted(field.own)) or "another verb"
        message = f"what is said of {quantity.text!r} is {own}; {event[:60]!r} is said of others"
        yield case.finding("E502", "event", message, elsewhere[0])


@rule("E503")
def event_is_not_negated(case: Case) -> Iterator[Finding]:
    """An event must not be told where the text denies or negates it, nor a denial invented.

    Text: The ministry denied that 30 crew had died, and 12 guards were not hurt.
    Rejected: {"quote": "30 crew had died", "value": "30", "event": "died"}
    Accepted: {"quote": "30 crew had died", "value": "30", "event": "died", "modality": "denied"}
    """
    quantity, told = case.matched, _told_as(case)
    if quantity is None or told is None:
        return
    text = telling(case.source, quantity)
    against = _negation(case, quantity)
    if told == "denied":
        if not {"denied"} & {*text.possible, text.decided} and against is None:
            message = f"nothing in the text denies {quantity.text!r}"
            yield case.finding("E503", "modality", message, quantity.span)
        return
    if text.decided == "denied" and text.cue is not None:
        message = f"{quantity.text!r} is denied in the text, not stated"
        yield case.finding("E503", "modality", message, text.cue)
    event = case.candidate.event
    if event is not None and against is not None:
        message = f"the text says {against.of(case.text)!r} of {event[:60]!r}"
        yield case.finding("E503", "event", message, against)


@rule("E504")
def forecast_is_no_fact(case: Case) -> Iterator[Finding]:
    """A forecast or a condition must not be told as a fact, nor a fact as a forecast.

    Text: The lake could reach 12 metres by June.
    Rejected: {"quote": "reach 12 metres", "value": "12", "event": "reached"}
    Accepted: {"quote": "reach 12 metres", "value": "12", "event": "reach", "modality": "projected"}
    """
    quantity, told = case.matched, _told_as(case)
    if quantity is None or told is None:
        return
    text = telling(case.source, quantity)
    if told == "asserted" and text.decided in ("projected", "hypothetical") and text.cue:
        message = f"{quantity.text!r} is told as {text.decided} in the text, not as a fact"
        yield case.finding("E504", "modality", message, text.cue)
    elif told in ("projected", "hypothetical") and not _OPEN & {*text.possible, text.decided}:
        message = f"nothing in the text makes {quantity.text!r} {told}: it is told as a fact"
        yield case.finding("E504", "modality", message, quantity.span)


def _negation(case: Case, quantity: Quantity) -> Span | None:
    """What negates the claim's event in the text, where the claim does not negate it itself."""
    stated = stated_event((case.candidate.event or "")[:_LONGEST_EVENT])
    if stated.negators:
        return None
    field = event_field(case.source, quantity)
    places = [c.span.start for said in stated.cues for c in field.nearest if supports(said, c)]
    places += [word.span.start for word in field.words if word.stem in stated.others]
    return negation(case.source, quantity, places)


def _told_as(case: Case) -> str | None:
    """The claim's modality; an event without one is told as a fact."""
    candidate = case.candidate
    return candidate.modality or ("asserted" if candidate.event is not None else None)


def _supporting(field: EventField, stated: Cue) -> list[Cue]:
    return [cue for cue in field.cues if supports(stated, cue)]


def _befalls_people(stated: StatedEvent) -> bool:
    classes = frozenset[str]().union(*(cue.strong for cue in stated.cues))
    return bool(classes) and classes <= people_events()


def _is_done_by(text: str, field: EventField, stated: StatedEvent) -> bool:
    """Whether the number are those who did it: "killed by 12 soldiers", but not "risen by 12"."""
    cues = (cue for said in stated.cues for cue in _supporting(field, said))
    start = field.number.start
    return any(
        cue.span.end <= start and text[cue.span.end : start].split() == ["by"] for cue in cues
    )


def _elsewhere(text: str, field: EventField, stated: Cue) -> list[Span]:
    """Where the event stands, if nowhere as the number's own."""
    found = _supporting(field, stated)
    here = [cue for cue in found if field.piece.contains(cue.span)]
    if any(cue in field.nearest or _links(cue) for cue in here):
        return []
    if any(_is_worded(stated, cue) and _is_near(text, field, cue) for cue in here):
        return []
    if not field.nearest and (here or any(cue in field.shared for cue in found)):
        return []
    return [cue.span for cue in found]


def _is_worded(stated: Cue, cue: Cue) -> bool:
    """Whether a claim has the text's own word, in whatever inflection."""
    mine = {stem(word) for word in stated.phrase.lower().split()}
    return bool(mine & {stem(word) for word in cue.phrase.lower().split()})


def _is_near(text: str, field: EventField, cue: Cue) -> bool:
    """Whether no other clause opens between a cue and the number."""
    first, second = sorted((cue.span, field.number))
    between = Span(first.end, max(first.end, second.start))
    return not any(mark.of(text).isalpha() for mark in boundaries(text, between))


def _links(cue: Cue) -> bool:
    return cue.strong | cue.weak == {"reached"}


def _words_elsewhere(field: EventField, wanted: frozenset[str]) -> list[Span]:
    """Where an event of no class stands, if not in the number's piece and that has its own."""
    places = [word.span for word in field.words if word.stem in wanted]
    settled = field.own or field.has_verb
    if not settled or any(field.piece.contains(place) for place in places):
        return []
    return places
