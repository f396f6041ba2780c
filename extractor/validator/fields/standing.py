"""Where the value of a field stands for a number, and why it does not where it does not."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractor.claims.markers import (
    DateInText,
    EventOf,
    OneOf,
    Reach,
)
from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.text.paragraphs import paragraph_around
from extractor.text.words import stem
from extractor.validator.counted import change_stems
from extractor.validator.events import event_field
from extractor.validator.fields.belonging import (
    goes_on_by_pronoun,
    has_own_lead,
    is_in_reach,
    neighbourhood,
    own_places,
)
from extractor.validator.fields.cues import value_places
from extractor.validator.fields.dates import date_places, dates_in
from extractor.validator.lexicons import (
    function_stems,
    reporting_stems,
)
from extractor.validator.nouns import noun_field
from extractor.validator.source import Source
from extractor.validator.telling import negation

_NEW_CLAUSE = re.compile(
    r"[;()]|\b(?:while|but|whereas|although|though|which|where|who|after|before|because|when|"
    r"from|compared|against|versus|than|up|down)\b"
)
_FOUNDED = re.compile(
    r"\b(?:founded|established|born|created|launched|built|opened)\s+(?:in|on)\s+\Z", re.IGNORECASE
)
_AT = re.compile(r"\b(?:to|in|at|by|from|across|near)\s+(?:the\s+|its\s+|some\s+)?\Z")
_NEIGHBOURS = 4  # numbers on either side whose nouns are looked at
_FURTHEST = 200  # sentences before a number's own in which a value is looked for
SHOWN = 80  # characters of a value in a message
_NO_WORDS = "further other others another more total also only just least most well".split()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a value stands for a number; or the fault, one sentence, and the place to point at."""

    place: Span | None
    fault: str | None = None
    at: Span | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for at a number: a value, where it stands, and what else could be meant.

    `rivals` gives the places of the latter in a stretch of text.
    """

    source: Source
    quantity: Quantity
    said: str
    places: Sequence[Span]
    rivals: Callable[[Span], Sequence[Span]]

    @property
    def shown(self) -> str:
        """The value as a message shows it."""
        return repr(self.said[:SHOWN])

    def within(self, stretch: Span) -> list[Span]:
        """The places in a stretch of text."""
        first = bisect_left(self.places, stretch.start, key=lambda place: place.start)
        last = bisect_left(self.places, stretch.end, key=lambda place: place.start)
        return [place for place in self.places[first:last] if stretch.contains(place)]


def standing_date(source: Source, quantity: Quantity, marker: DateInText, said: str) -> Standing:
    """Whether a date of the document is the number's own."""
    text = source.document.text
    places = [p for p in date_places(source, said) if not _of_something_else(text, p)]
    if not places:
        return Standing(None, f"{said[:SHOWN]!r} is no date of the document", quantity.span)

    def rivals(stretch: Span) -> Sequence[Span]:
        others = (one for one in dates_in(source, stretch) if not touches(one, places))
        return [one for one in others if not _of_something_else(text, one)]

    sought = Sought(source, quantity, said, places, rivals)
    place = trailing(sought)
    return search(sought, marker.within, is_name=True) if place is None else Standing(place)


def standing_value(
    source: Source, quantity: Quantity, marker: OneOf | EventOf, said: str
) -> Standing:
    """Whether the text says a value of a list, or the label of an event, of the number."""
    wordings = dict(marker.wordings)
    if said not in wordings:
        known = ", ".join(wordings)[:200]
        return Standing(None, f"{said[:SHOWN]!r} is none of the schema's values ({known})")

    def told(stretch: Span) -> dict[str, list[Span]]:
        key = ("values", stretch, marker)
        return source.remembered(key, lambda: value_places(source, stretch, marker.wordings))

    def rivals(stretch: Span) -> Sequence[Span]:
        return sorted(p for value, found in told(stretch).items() if value != said for p in found)

    if isinstance(marker, EventOf):
        near_window = neighbourhood(source, quantity).window
        places: Sequence[Span] = told(near_window)[said]
        sought = Sought(source, quantity, said, places, rivals)
        found = search(sought, "sentence", is_name=False)
        if not places and found.fault is not None and not rivals(near_window):
            cues = ", ".join(wordings[said])[:SHOWN]
            fault = f"no cue of {said[:SHOWN]!r} ({cues}) stands at {quantity.text!r}"
            return Standing(None, fault, quantity.span)
        return found if found.place is None else _not_negated(source, quantity, found.place, said)
    whole = Span(0, len(source.document.text))
    is_name = all(words[:1].isupper() for words in wordings[said])
    sought = Sought(source, quantity, said, told(whole)[said], rivals)
    return search(sought, marker.within, is_name=is_name)


def trailing(sought: Sought) -> Span | None:
    """A place or a day at the end of a clause, which is that of all numbers that have none.

    "40 cases and three deaths in Goma on 4 May".
    """
    window = neighbourhood(sought.source, sought.quantity).window
    rest = Span(sought.quantity.span.end, max(sought.quantity.span.end, window.end))
    here, rivals = sought.within(window), sought.rivals(window)
    if any(is_in_reach(sought.source, sought.quantity, one) for one in (*here, *rivals)):
        return None
    following = sorted(one for one in (*here, *rivals) if one.start >= rest.start)
    if not following or following[0] not in here:
        return None
    between = sought.source.document.text[rest.start : following[0].start]
    return None if _NEW_CLAUSE.search(between) else following[0]


def search(sought: Sought, reach: Reach, *, is_name: bool) -> Standing:
    """Whether a value stands at its number, or is the last of its sort that was told before."""
    source, quantity = sought.source, sought.quantity
    window = neighbourhood(source, quantity).window
    here, rivals = sought.within(window), sought.rivals(window)
    found = own_places(source, quantity, here, rivals)
    # what may stand in an earlier sentence may all the more stand earlier in this one
    goes_on = is_name or reach != "sentence"
    if found and (goes_on or not _goes_its_own_way(source, quantity, found)):
        return Standing(found[-1])
    if here:
        return said_of_another(sought, rivals, here[0])
    nearer = [one for one in rivals if is_in_reach(source, quantity, one)]
    if reach == "sentence" or nearer:
        return _absent(sought, nearer)
    return _further_back(sought, reach, window)


def _of_something_else(text: str, date: Span) -> bool:
    """Whether a date is that of a founding or a birth: "founded in 1987"."""
    return _FOUNDED.search(text, max(0, date.start - 40), date.start) is not None


def _further_back(sought: Sought, reach: Reach, window: Span) -> Standing:
    source, text = sought.source, sought.source.document.text
    first = paragraph_around(text, window.start).start if reach == "paragraph" else 0
    sentences = source.document.sentences
    at = bisect_left(sentences, window.start, key=lambda sentence: sentence.start)
    for sentence in reversed(sentences[max(0, at - _FURTHEST) : at]):
        if sentence.start < first:
            break
        here, rivals = sought.within(sentence), sought.rivals(sentence)
        if not here and not rivals:
            continue
        if here and (not rivals or here[0] < min(rivals)):
            return Standing(here[0])  # what a sentence begins with is what it speaks of
        return said_of_another(sought, rivals, here[0] if here else rivals[0])
    return _absent(sought, ())


def _absent(sought: Sought, rivals: Sequence[Span]) -> Standing:
    number = sought.quantity
    if rivals:
        return said_of_another(sought, rivals, rivals[-1])
    if not sought.places:
        return Standing(None, f"{sought.shown} is not in the document", number.span)
    fault = f"{sought.shown} stands elsewhere in the document, not where it could be of "
    return Standing(None, fault + repr(number.text), number.span)


def said_of_another(sought: Sought, rivals: Sequence[Span], at: Span) -> Standing:
    """The fault of a value that is said, but of something else; it names what may be meant."""
    fault = f"{sought.shown} is not said of {sought.quantity.text!r}"
    names = {one.of(sought.source.document.text)[:SHOWN] for one in rivals}
    if len(names) == 1:
        fault += f", but {names.pop()!r} may be"
    return Standing(None, fault, at)


def _not_negated(source: Source, quantity: Quantity, place: Span, said: str) -> Standing:
    against = negation(source, quantity, [place.start])
    if against is None:
        return Standing(place)
    text = source.document.text
    return Standing(None, f"the text says {against.of(text)!r} of {said[:SHOWN]!r}", against)


def _goes_its_own_way(source: Source, quantity: Quantity, places: Sequence[Span]) -> bool:
    """Whether a number has words, a noun or a verb of its own, and goes on with nothing before it.

    "Revenue was $4bn and debt $1bn", "40 fell ill and 12 recovered", but not "…; it came to $4bn".
    """
    near = neighbourhood(source, quantity)
    is_own = any(near.piece.contains(place) for place in places)
    if is_own or goes_on_by_pronoun(source, quantity):
        return False
    if has_own_lead(source, quantity, _saying_nothing()):
        return True
    return event_field(source, quantity).has_verb or _counts_apart(source, quantity, places)


def _counts_apart(source: Source, quantity: Quantity, places: Sequence[Span]) -> bool:
    """Whether a number counts a noun that what stands at `places` is not said of.

    "60,000 doses and 15 tanks", "40 were admitted to three hospitals".
    """
    nouns = noun_field(source, quantity)
    if not nouns.settled or not nouns.counting:
        return False
    window = neighbourhood(source, quantity).window
    others = source.numbers_around(window, quantity, _NEIGHBOURS)
    phrases = (noun_field(source, one).phrase for one in others if one.span != quantity.span)
    held = [phrase for phrase in phrases if phrase is not None]
    if all(any(phrase.contains(place) for phrase in held) for place in places):
        return True  # it is the noun that another number counts
    return _AT.search(source.document.text, window.start, quantity.span.start) is not None


@lru_cache(maxsize=1)
def _saying_nothing() -> frozenset[str]:
    """The stems of words before a number that do not say what it is of."""
    others = frozenset(map(stem, _NO_WORDS))
    return function_stems() | change_stems() | reporting_stems() | others


def touches(place: Span, others: Sequence[Span]) -> bool:
    """Whether a place shares a character with one of others, which are in order."""
    first = max(0, bisect_left(others, place.start, key=lambda other: other.start) - 1)
    return any(place.overlaps(other) for other in others[first : first + 3])
