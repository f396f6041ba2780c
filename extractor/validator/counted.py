"""What a number counts, by light rules: the noun phrase beside it, and the side it belongs to.

The phrase follows its number ("4,300 Russian soldiers", "498 of its troops"). Where it is left out
("a further 1,597 wounded", "572 others") the number continues the phrase of a neighbour in its
sentence. A possessive ("its troops"), or a noun that belongs to a side in a conflict, takes the
adjective of a country that the sentence names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, pairwise

from extractor.quantities import unit_of
from extractor.quantities.types import Kind, Quantity
from extractor.text import Span
from extractor.text.words import Word, stem, words
from extractor.validator.lexicons import event_classes, lines, person_stems, sided_stems
from extractor.validator.noun_phrases import (
    HEDGING,
    LONGEST_PHRASE,
    PERIODS,
    POSSESSIVES,
    SEPARATOR,
    SKIPPED,
    ends_phrase,
    event_stems,
    is_adverb,
    phrase_after,
    phrase_before,
    phrase_ends,
    phrase_from,
    plain_phrase,
    whole_of,
)
from extractor.validator.sides import sides, sides_in

_COUNTS = (Kind.COUNT, Kind.VAGUE, Kind.FRACTION)
_PERSONS = frozenset("civilian soldier worker migrant officer passenger protester".split())
_COPULAS = frozenset("were are was is".split())
_ONE_PERSON = frozenset("person man woman boy girl child".split())
_TALLIES = frozenset("number numbers total count tally toll".split())
_NO_QUANTITY = _TALLIES | frozenset(
    "figure figures record average maximum minimum high low peak".split()
)
_REACHED = re.compile(r"\b(?:to|reach|reaching|reached)\s+(?:about\s+|nearly\s+|almost\s+)?\Z")
# a chunk that is one of these names nothing that could be counted
_NO_THINGS = frozenset(
    "away apart long deep tall high wide half only most last first next same new due".split()
)
_OWNER_BEFORE = re.compile(r"([A-Z]\w+(?:'s|\u2019s|s'|s\u2019))\s+\Z")


def counted_phrases(
    text: str, sentence: Span, quantities: Sequence[Quantity], quantity: Quantity
) -> tuple[str, ...]:
    """The phrases that may name what `quantity` counts, the likeliest first; empty if unknown.

    `quantities` are the numbers of the sentence.

    >>> from extractor.quantities import read_quantities
    >>> text = "Russia says 498 of its troops were killed and a further 1,597 wounded"
    >>> first, second = read_quantities(text)
    >>> counted_phrases(text, Span(0, len(text)), (first, second), second)
    ('Russian troops',)
    """
    if quantity.kind not in _COUNTS:
        return (
            _share_of(text, sentence, quantity)
            or _measured_before(text, sentence, quantity)
            or _measured_behind(text, sentence, quantity)
        )
    before = [q for q in quantities if q.span.end <= quantity.span.start and q.kind in _COUNTS]
    own = phrase_before(text, _tally_start(text, before, sentence, quantity), quantity)
    if own is not None and phrase_after(text, sentence, quantity) is None:
        return _with_sides(text, sentence, own, quantity)
    told = _said_to_be(text, sentence, quantity) or _in_the_tally(text, before, sentence, quantity)
    if told:
        return (told,)
    for number in (quantity, *whole_of(text, quantities, quantity), *reversed(before)):
        phrase = _without(quantities, phrase_after(text, sentence, number))
        if phrase:
            return _counted_in(text, sentence, phrase, number, quantity)
    return _measured_before(text, sentence, quantity)


def _tally_start(text: str, before: Sequence[Quantity], sentence: Span, quantity: Quantity) -> int:
    """From where "the number of …" may name what a number counts.

    From the number before it on; in "the number of refugees rose by 35% to 4 million" from the
    begin of the sentence.
    """
    if _REACHED.search(text, sentence.start, max(sentence.start, quantity.span.start)):
        return sentence.start
    return before[-1].span.end if before else sentence.start


def _counted_in(
    text: str, sentence: Span, phrase: tuple[Word, ...], number: Quantity, quantity: Quantity
) -> tuple[str, ...]:
    """What `quantity` counts by the phrase that stands at `number`: its own, or one before."""
    if phrase[-1].stem in event_noun_stems():
        people = _people(text, phrase)
        if people or number is not quantity:
            return (people,) if people else ()
        return (plain_phrase(text, phrase),)
    if number is not quantity and quantity.value != 1 and phrase[-1].lower in _ONE_PERSON:
        return ("people",)  # "a woman was killed and two more injured"
    return _with_sides(text, sentence, phrase, number)


def _share_of(text: str, sentence: Span, quantity: Quantity) -> tuple[str, ...]:
    """What a share, a measure or a sum is of: "7% of the vote", "$40 million in loans"."""
    behind = Span(quantity.span.end, max(sentence.end, quantity.span.end))
    following = list(islice(words(text, behind), 3))
    if quantity.kind is Kind.MEASURE and following and following[0].lower not in ("in", "of"):
        behind = Span(following.pop(0).span.end, behind.end)
    if len(following) < 2 or SEPARATOR.search(text, behind.start, following[0].span.start):
        return ()
    joint, first = following[:2]
    spent = (
        joint.lower == "in"
        and quantity.kind is Kind.CURRENCY
        and first.lower == first.span.of(text)
    )
    if joint.lower != "of" and (not spent or first.lower in SKIPPED):
        return ()
    phrase = phrase_from(text, joint.span.end, behind.end)
    if not phrase or phrase[0].lower in POSSESSIVES or phrase[-1].lower in PERIODS:
        return ()
    return (plain_phrase(text, phrase),)


def _measured_before(text: str, sentence: Span, quantity: Quantity) -> tuple[str, ...]:
    """What a number is the size of: "a population of 2 million", "the rate is 7%"."""
    lead = list(words(text, Span(sentence.start, max(sentence.start, quantity.span.start))))[-12:]
    if lead and SEPARATOR.search(text, lead[-1].span.end, quantity.span.start):
        return ()
    while lead and lead[-1].lower in HEDGING | {"a", "an", "at", "just", "estimated"}:
        lead.pop()
    links = ("of",) if quantity.kind in _COUNTS else ("of", *_COPULAS, "stood", "stands")
    if not lead or lead[-1].lower not in links:
        return ()
    phrase: list[Word] = []
    end = lead[-1].span.start
    for word in reversed(lead[:-1]):
        apart = SEPARATOR.search(text, word.span.end, end)
        if apart or ends_phrase(word) or word.lower in SKIPPED or len(phrase) == LONGEST_PHRASE:
            break
        phrase.insert(0, word)
        end = word.span.start
    if not phrase or phrase[-1].stem in event_stems() or phrase[-1].lower in _NO_QUANTITY:
        return ()
    if lead[-1].lower != "of" and _is_inside(lead, phrase[0]):
        return ()  # "the rate in spring was 7%"
    return (plain_phrase(text, phrase),)


def _is_inside(lead: Sequence[Word], first: Word) -> bool:
    """Whether a phrase stands behind a preposition, articles aside."""
    before = [word.lower for word in lead if word.span.end <= first.span.start]
    while before and before[-1] in SKIPPED - {"of"}:
        before.pop()
    return bool(before) and (before[-1] == "of" or before[-1] in phrase_ends())


def _measured_behind(text: str, sentence: Span, quantity: Quantity) -> tuple[str, ...]:
    """The thing that a measure or a sum stands before: "a 300-mile border", "a $50m grant"."""
    lead = list(words(text, Span(sentence.start, max(sentence.start, quantity.span.start))))[-2:]
    one = any(word.lower in ("a", "an", "another") for word in lead)
    joined = quantity.kind is Kind.MEASURE and "-" in quantity.text
    if not joined and not (one and quantity.kind is Kind.CURRENCY):
        return ()
    phrase = phrase_after(text, sentence, quantity)
    if not phrase or phrase[-1].stem in event_stems() or phrase[-1].lower in PERIODS:
        return ()
    return (plain_phrase(text, phrase),)


def _said_to_be(text: str, sentence: Span, quantity: Quantity) -> str | None:
    """What kind of people the counted are said to be: "five of the dead were relatives"."""
    found = list(
        islice(words(text, Span(quantity.span.end, max(sentence.end, quantity.span.end))), 6)
    )
    copula = next((place for place, word in enumerate(found) if word.lower in _COPULAS), None)
    if copula is None or (copula and found[0].lower != "of"):
        return None
    noun = found[copula + 1 : copula + 2]
    if not noun or noun[0].stem not in person_stems() or noun[0].lower.endswith("ed"):
        return None
    return noun[0].span.of(text)


def _in_the_tally(
    text: str, before: Sequence[Quantity], sentence: Span, quantity: Quantity
) -> str | None:
    """Whom a tally named before its number counts: "the refugee number could reach 40,000"."""
    start = before[-1].span.end if before else sentence.start
    lead = list(words(text, Span(start, max(start, quantity.span.start))))
    for first, second in pairwise(lead):
        named = first.stem in person_stems() and first.lower != "official"
        if named and second.lower in _TALLIES:
            plural = first.lower.endswith(("men", "people", "children", "s"))
            return first.lower if plural else f"{first.lower}s"
    return None


def _without(
    quantities: Sequence[Quantity], phrase: tuple[Word, ...] | None
) -> tuple[Word, ...] | None:
    """A phrase without the number in it: "four of his five children"."""
    if phrase is None:
        return None
    kept = (w for w in phrase if not any(q.span.overlaps(w.span) for q in quantities))
    return tuple(kept)


def implied_people(quantity: Quantity, classes: frozenset[str]) -> tuple[str, ...]:
    """Whom a number without a noun counts, by the classes of its event: "Seven killed" are people.

    Empty where the event may befall things as well.
    """
    counts = quantity.kind in (Kind.COUNT, Kind.VAGUE)
    return ("people",) if counts and classes & people_events() else ()


def noun_chunks(text: str, sentence: Span, quantities: Sequence[Quantity]) -> tuple[str, ...]:
    """The runs of words between the verbs, prepositions and numbers of a sentence, in order.

    They are what is offered where no phrase can be tied to a number; names alone are left out.

    >>> text = "Turnout in the northern districts of Aldor was 12%."
    >>> noun_chunks(text, Span(0, len(text)), ())
    ('Turnout', 'northern districts')
    """
    chunks: list[list[Word]] = [[]]
    end = sentence.start
    for word in words(text, sentence):
        apart = SEPARATOR.search(text, end, word.span.start)
        numeral = any(quantity.span.overlaps(word.span) for quantity in quantities)
        if apart or numeral or len(chunks[-1]) == LONGEST_PHRASE:
            chunks.append([])
        if numeral or unit_of(word.lower) or ends_phrase(word) or word.lower in SKIPPED:
            chunks.append([])
        else:
            chunks[-1].append(word)
        end = word.span.end
    kept = (chunk for chunk in map(_without_adverbs, chunks) if chunk)
    named = (plain_phrase(text, chunk) for chunk in kept if not _is_name(text, chunk, sentence))
    return tuple(dict.fromkeys(named))


def _without_adverbs(chunk: list[Word]) -> list[Word]:
    """The chunk without adverbs at its ends; empty if it is a verb form alone."""
    while chunk and is_adverb(chunk[-1]):
        chunk = chunk[:-1]
    while chunk and is_adverb(chunk[0]):
        chunk = chunk[1:]
    if len(chunk) == 1 and (
        chunk[0].lower.endswith(("ed", "ing"))
        or chunk[0].lower in _NO_THINGS
        or chunk[0].stem in change_stems()
    ):
        return []
    return chunk


def _is_name(text: str, chunk: Sequence[Word], sentence: Span) -> bool:
    """Whether every word is capitalised; the sentence's first tells only if it is a country."""
    if any(not word.span.of(text)[:1].isupper() for word in chunk):
        return False
    return chunk[0].span.start > sentence.start or chunk[0].span.of(text) in sides()


def _with_sides(
    text: str, sentence: Span, phrase: Sequence[Word], quantity: Quantity
) -> tuple[str, ...]:
    possessive = phrase[0].lower in POSSESSIVES
    nouns = phrase[1:] if possessive else phrase
    bare = plain_phrase(text, nouns)
    if any(word.span.of(text)[:1].isupper() for word in nouns):
        return (bare,)  # it has its adjective
    owner = _OWNER_BEFORE.search(text, sentence.start, quantity.span.start)
    if owner:
        return (f"{owner.group(1)} {bare}",)
    takes_side = possessive or nouns[-1].stem in sided_stems()
    if not takes_side:
        return (bare,)
    lead = Span(sentence.start, quantity.span.start)
    if not possessive and (side := _side_before(text, lead, nouns[-1])) is not None:
        return (f"{side} {bare}",)
    bears = not possessive and any(word.stem in bearing_stems() for word in words(text, lead))
    sided = tuple(f"{side} {bare}" for side in sides_in(text, lead if possessive else sentence))
    if bears:  # who loses or admits them is whose they are
        sided = tuple(f"{side} {bare}" for side in sides_in(text, lead))[:1] or sided
    if possessive or bears:
        return sided or (bare,)
    return (*sided, bare)


def _side_before(text: str, lead: Span, noun: Word) -> str | None:
    """The adjective that the same noun has before: "1,000 Aldorian troops … and 5,000 troops"."""
    earlier, named = list(words(text, lead)), sides_in(text, lead)
    for adjective, word in reversed(list(pairwise(earlier))):
        if word.stem == noun.stem and adjective.span.of(text) in named:
            return adjective.span.of(text)
    return None


def _people(text: str, phrase: Sequence[Word]) -> str | None:
    """Who an event befell, where its noun has an adjective that says so: "498 Russian deaths"."""
    if len(phrase) < 2:
        return None
    modifier = phrase[-2].span.of(text)
    if modifier.lower() in _PERSONS:
        return f"{modifier}s"
    if modifier not in sides().values():
        return None
    return f"{modifier}s" if modifier.endswith(("n", "i")) else f"{modifier} people"


@lru_cache(maxsize=1)
def change_stems() -> frozenset[str]:
    """The stems by which a rise or a fall is told; it is nothing that has one."""
    classes = (event_classes()[name] for name in ("rose", "fell"))
    return frozenset(phrase[0] for event in classes for phrase in event.strong)


@lru_cache(maxsize=1)
def people_events() -> frozenset[str]:
    """The event classes that befall people."""
    return frozenset(name for line in lines("people_events.txt") for name in line.split())


@lru_cache(maxsize=1)
def bearing_stems() -> frozenset[str]:
    """The stems of verbs whose subject bears the loss."""
    return frozenset(stem(word) for line in lines("bearing_verbs.txt") for word in line.split())


@lru_cache(maxsize=1)
def event_noun_stems() -> frozenset[str]:
    """The stems of nouns that name an event, not whom it befell."""
    return frozenset(stem(word) for line in lines("event_nouns.txt") for word in line.split())
