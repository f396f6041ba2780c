"""What happened, as a key: the gate's event classes, or the text's own words where it has none."""

from __future__ import annotations

from extractor.reconcile.counted import Counted
from extractor.text import Span
from extractor.text.words import words
from extractor.validator.events import classes_of, stated_event
from extractor.validator.lexicons import function_stems, person_stems

_OF_PEOPLE = ("killed", "captured", "displaced")
_OF_THINGS = ("destroyed", "damaged")


def happened(event: str | None, counted: Counted) -> str | None:
    """The event of a claim; None where it names none.

    A word that shows several classes ("lost") is read by what it befalls: people who are lost
    are killed, and things destroyed. One that names several ("killed, injured or captured") is an
    event of its own.

    >>> soldiers = Counted("Russia", frozenset({"soldiers"}))
    >>> happened("dead", soldiers), happened("lost", soldiers)
    ('killed', 'killed')
    >>> happened("killed, injured or captured", soldiers)
    'captured, killed or wounded'
    """
    if event is None:
        return None
    found = sorted(classes_of(event))
    if len(found) == 1:
        return found[0]
    if found and any(cue.strong for cue in stated_event(event).cues):
        return ", ".join(found[:-1]) + f" or {found[-1]}"
    order = _OF_PEOPLE if _are_people(counted) else _OF_THINGS
    return next((name for name in order if name in found), None) or _own_words(event)


def _are_people(counted: Counted) -> bool:
    return counted.is_anybody or any(
        word.stem in person_stems()
        for thing in counted.things
        for word in words(thing, Span(0, len(thing)))
    )


def _own_words(event: str) -> str:
    found = words(event.lower(), Span(0, len(event)))
    kept = [word.span.of(event.lower()) for word in found if word.stem not in function_stems()]
    return " ".join(kept) or event.lower()
