"""Which event words of a sentence belong to which of its numbers: light rules, no parser.

A sentence with several numbers is cut between each two of them, at the last clause opener or comma
("498 killed | and 1,597 wounded"). A number's own cues are the event words of its piece that are
nearest to it, where nearness counts the boundaries between; a number without any cue of its own
("17 command posts, 38 missile systems") shares those of its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractor.quantities import is_time
from extractor.quantities.types import Kind, Quantity
from extractor.text import Span
from extractor.text.clauses import boundaries, piece
from extractor.text.words import Word, is_irregular_past, stem, words
from extractor.validator.counted import event_noun_stems
from extractor.validator.lexicons import (
    clause_words,
    event_classes,
    event_names,
    function_stems,
    negators,
    reporting_stems,
    speech_stems,
)
from extractor.validator.noun_phrases import whole_of
from extractor.validator.source import Source

# "… 870,000 have fled and the number could hit 1 million": of the same thing as its neighbour
_SAME_THING = frozenset("number figure total toll count tally".split())
_SOME_OF = re.compile(
    r"\b(?:few|some|most|many|several|half|part|one|two|three|not all)\s+(?:of|among)\s+"
    r"(?:the|its|their|his|her|those|these)?\s*\Z",
    re.IGNORECASE,
)
_OF_THE = re.compile(r"(?:\A|[.;,:]\s*)Of\s+(?:the|its|their|his|her|those|these|all)\s+\Z")
_CHANGES = {"up": "rose", "down": "fell"}
_CHANGED_BY = re.compile(r"\s+(?:by\s+)?(?:(?:about|some|nearly|almost|over)\s+)?[$£€]?\d")
_LINKING = {"reached"}
_LEVELS = {"reached", "rose", "fell"}  # "to reach 40,000" says of no more than a level
_LINKING_STEMS = frozenset(map(stem, "stand rise climb grow fall reach appear".split()))
_NONE = frozenset[str]()
_LONGEST_GAP = 2  # words that may stand inside a cue of several words
_NEIGHBOURS = 4  # numbers on either side of one that can matter to it


@dataclass(frozen=True, slots=True)
class Cue:
    """An event word or phrase in the text, with the classes that it shows.

    `phrase` is its words without what may stand between them: "taken hostage" of "taken 200
    hostage".
    """

    span: Span
    phrase: str
    strong: frozenset[str]
    weak: frozenset[str]


@dataclass(frozen=True, slots=True)
class EventField:
    """The sentence of one number: its words, its cues, and which of the cues are the number's own.

    `free` are the cues but for those that stand at another number alone.

    `piece` is the stretch of the sentence that is the number's, `nearest` the cues in it that are
    the number's own, and `own` the classes that they show. A piece without cues shares those of its
    neighbours, unless it `has_verb`: "three ministers resigned" says itself what happened.
    """

    number: Span
    words: tuple[Word, ...]
    cues: tuple[Cue, ...]
    free: tuple[Cue, ...]
    nearest: tuple[Cue, ...]
    own: frozenset[str]
    piece: Span
    has_verb: bool

    @property
    def shared(self) -> tuple[Cue, ...]:
        """The cues of the sentence, where the number has none of its own and no verb."""
        return () if self.nearest or self.has_verb else self.free


@dataclass(frozen=True, slots=True)
class StatedEvent:
    """An event phrase taken apart: the cues in it, the other words that carry meaning, negators."""

    cues: tuple[Cue, ...]
    others: frozenset[str]
    negators: frozenset[str]


def stated_event(phrase: str) -> StatedEvent:
    """Take an event phrase apart.

    >>> said = stated_event("not taken hostage by drones")
    >>> [cue.phrase for cue in said.cues], sorted(said.others), sorted(said.negators)
    (['taken hostage'], ['dron'], ['not'])
    """
    normal = phrase.strip().lower()
    if normal in event_classes():
        whole = Span(0, len(phrase))
        return StatedEvent((Cue(whole, normal, frozenset({normal}), frozenset()),), _NONE, _NONE)
    found, every = cues_in(phrase, Span(0, len(phrase)))
    cues: list[Cue] = []
    for cue in every:
        if not cues or cue.span.start >= cues[-1].span.end:
            cues.append(cue)
    said = {stem(word) for cue in cues for word in cue.phrase.lower().split()}
    others = {word.stem for word in found} - said - function_stems()
    others -= speech_stems()
    against = {word.lower for word in found} & negators()
    return StatedEvent(tuple(cues), frozenset(others - set(map(stem, against))), frozenset(against))


def supports(stated: Cue, cue: Cue) -> frozenset[str]:
    """The classes that a cue of the text shows for a cue of a claim's event; empty if it does not.

    It does when they share a word, or when the claim uses a plain name of a class that the cue
    shows beyond doubt: "hurt" for "injured", but not "executed" for "killed".
    """
    classes = stated.strong | stated.weak
    mine = tuple(stem(word) for word in stated.phrase.lower().split())
    if set(mine) & {stem(word) for word in cue.phrase.lower().split()}:
        return classes & (cue.strong | cue.weak) or cue.strong | cue.weak
    # a verb that links a figure ("stood at") shows its class without a doubt
    return frozenset(
        name
        for name in classes & (cue.strong | cue.weak & _LINKING)
        if stated.phrase == name or mine in event_names().get(name, ())
    )


def classes_of(phrase: str) -> frozenset[str]:
    """The event classes that an event phrase names, strong ones if there are any.

    >>> sorted(classes_of("taken hostage")), sorted(classes_of("Injured")), classes_of("sang")
    (['captured'], ['wounded'], frozenset())
    """
    cues = stated_event(phrase).cues
    strong = _NONE.union(*(cue.strong for cue in cues))
    return strong or _NONE.union(*(cue.weak for cue in cues))


def cues_in(text: str, within: Span) -> tuple[tuple[Word, ...], tuple[Cue, ...]]:
    """The words of a stretch of text and the event cues among them, in order."""
    found = tuple(words(text, within))
    stems = [word.stem for word in found]
    cues = []
    for index, word in enumerate(found):
        strong, weak, longest = set[str](), set[str](), [index]
        for phrase, name, is_strong in _phrases_by_first_stem().get(word.stem, ()):
            places = _phrase_places(stems, index, phrase)
            if not places or len(places) < len(longest):
                continue
            if len(places) > len(longest):  # "fell ill" is no fall
                strong.clear()
                weak.clear()
                longest = places
            (strong if is_strong else weak).add(name)
        if word.lower in _CHANGES and _CHANGED_BY.match(text, word.span.end):
            strong |= {_CHANGES[word.lower]}  # "up 7%"
        if word.lower in ("level", "levels"):  # a noun, where "levelled" is none
            strong.clear()
        if _counts_itself(found, index) or word.span.of(text) == "Totals":  # of a table
            weak -= _LINKING
        if strong or weak:
            span = Span(word.span.start, found[longest[-1]].span.end)
            phrase_text = " ".join(found[place].span.of(text) for place in longest)
            cues.append(Cue(span, phrase_text, frozenset(strong), frozenset(weak - strong)))
    return found, tuple(cues)


def _counts_itself(found: Sequence[Word], index: int) -> bool:
    """Whether a word is the noun of "a total of", "the number of", no verb."""
    following = found[index + 1 : index + 2]
    noun = found[index].lower in ("total", "number", "amount")
    return noun and any(word.lower == "of" for word in following)


def event_field(source: Source, quantity: Quantity) -> EventField:
    """The words and cues around `quantity` in its sentence, and which of them are its own."""
    return source.remembered(("event field", quantity.span), lambda: _event_field(source, quantity))


def _event_field(source: Source, quantity: Quantity) -> EventField:
    text = source.document.text
    sentence = source.window_of(quantity)
    neighbours = source.numbers_around(sentence, quantity, _NEIGHBOURS)
    found, cues = cues_in(text, sentence)
    whole = whole_of(text, neighbours, quantity)
    others = [
        q.span
        for q in neighbours
        if not q.span.overlaps(quantity.span) and q not in whole and not _says_when(q)
    ]
    is_whole = any(quantity in whole_of(text, neighbours, q) for q in neighbours)
    is_whole = is_whole or (len(neighbours) > 1 and _opens_with_whole(text, sentence, quantity))
    is_whole = is_whole or _is_thinned(text, sentence, quantity)
    own_piece = piece(text, sentence, others, quantity.span)
    spans = [q.span for q in neighbours]
    cues = tuple(cue for cue in cues if not any(span.contains(cue.span) for span in spans))
    near = [cue for cue in cues if own_piece.overlaps(cue.span)]
    near = [cue for cue in near if not _is_told_apart(text, found, cue, quantity)]
    if is_whole:  # "3 of the 12 ships sank": what befell the part did not befall the whole
        near = [cue for cue in near if _adjoins(text, quantity, cue)]
        last = max((cue.span.end for cue in near), default=quantity.span.end)
        own_piece = Span(quantity.span.start, max(quantity.span.end, last))
    # "the number of the dead stands at 40": the verb that links a figure is not its event
    linking = [cue for cue in near if not cue.strong and _LINKING <= cue.weak <= _LEVELS]
    near = [cue for cue in near if cue not in linking] or near
    lead = Span(own_piece.start, max(own_piece.start, quantity.span.start))
    same_thing = any(word.lower in _SAME_THING for word in words(text, lead))
    if same_thing and neighbours[0] is not quantity and not any(cue.strong for cue in near):
        near = []
    free = tuple(
        cue
        for cue in cues
        if not _is_anothers(text, cue, quantity, neighbours) and not _is_beyond(text, cue, quantity)
    )
    counts = quantity.kind in (Kind.COUNT, Kind.VAGUE)
    if counts and near == linking and any(cue.strong for cue in free):
        near = []  # "refugees fled in numbers that now stand at 40,000"
    nearest = _nearest(text, near, cues, quantity)
    strong = frozenset[str]().union(*(cue.strong for cue in nearest))
    own = strong or frozenset[str]().union(*(cue.weak for cue in nearest))
    if nearest:  # "levels stood at 24 feet" in a sentence on floods
        own |= _LINKING & frozenset[str]().union(*(cue.weak for cue in linking))
    has_verb = is_whole or _has_verb(found, own_piece)
    return EventField(quantity.number, found, cues, free, nearest, own, own_piece, has_verb)


def _says_when(quantity: Quantity) -> bool:
    """Whether a number is an age or a length of time, to which nothing happens."""
    return quantity.kind is Kind.AGE or (quantity.kind is Kind.MEASURE and is_time(quantity.unit))


def _is_beyond(text: str, cue: Cue, quantity: Quantity) -> bool:
    """Whether a later cue stands in a clause that a list cannot share: "…; 38% were refused".

    Items may be parted by semicolons too, as long as none has a verb: "60 houses; 4 bridges and
    12 roads were damaged".
    """
    if cue.span.start < quantity.number.end:
        return False
    between = Span(quantity.number.end, cue.span.start)
    for mark in boundaries(text, between):
        opener = mark.of(text).lower()
        if opener in clause_words("subordinate"):
            return True
        if opener == ";" and _is_clause(text, Span(between.start, mark.start)):
            return True
    return False


def _is_clause(text: str, within: Span) -> bool:
    found = tuple(words(text, within))
    return _has_verb(found, within) or any(
        word.lower in clause_words("auxiliaries") for word in found
    )


def _is_anothers(text: str, cue: Cue, quantity: Quantity, neighbours: Sequence[Quantity]) -> bool:
    """Whether a cue stands at a later number that is no item of the same list.

    "as high as 9,861, with a further 16,153 injured", but not "3 guards and 4 cooks injured".
    """
    for other in neighbours:
        if other.span.start < quantity.span.end or not _adjoins(text, other, cue):
            continue
        if stem(cue.phrase.lower()) in event_noun_stems():
            return True  # "309 fatalities"
        between = words(text, Span(quantity.span.end, other.span.start))
        return any(word.lower in clause_words("new items") for word in between)
    return False


def _opens_with_whole(text: str, sentence: Span, quantity: Quantity) -> bool:
    """As in "Of the 96 migrants, 61 were rescued": the number is what the others are parts of."""
    counts = quantity.kind in (Kind.COUNT, Kind.VAGUE)
    return counts and _OF_THE.search(text, sentence.start, quantity.span.start) is not None


def _is_thinned(text: str, sentence: Span, quantity: Quantity) -> bool:
    """As in "some of the 43 passengers": what is told is told of a part."""
    return _SOME_OF.search(text, sentence.start, quantity.span.start) is not None


def _is_told_apart(text: str, found: Sequence[Word], cue: Cue, quantity: Quantity) -> bool:
    """Whether a later cue is another clause's: "names were removed because their owners had died".

    The number's own clause has its verb before the clause of the cue opens.
    """
    if cue.span.start < quantity.number.end:
        return False
    marks = boundaries(text, Span(quantity.number.end, cue.span.start))
    opened = next((m for m in marks if m.of(text).lower() in clause_words("subordinate")), None)
    return opened is not None and _has_verb(found, Span(quantity.number.end, opened.start))


def _adjoins(text: str, quantity: Quantity, cue: Cue) -> bool:
    """Whether a cue stands right behind a number: "the 12 wounded"."""
    start = quantity.number.end
    return cue.span.start >= start and not text[start : cue.span.start].strip()


def _has_verb(found: Sequence[Word], within: Span) -> bool:
    """Whether a past form that neither reports nor links stands in a stretch of text.

    The present tense is not seen: its forms are those of nouns.
    """
    return any(
        within.contains(word.span)
        and (word.lower.endswith("ed") or is_irregular_past(word.lower))
        and word.stem not in reporting_stems() | function_stems() | _LINKING_STEMS
        for word in found
    )


def _nearest(
    text: str, near: Sequence[Cue], cues: Sequence[Cue], quantity: Quantity
) -> tuple[Cue, ...]:
    """The cues with the fewest boundaries between them and the number; strong ones if there are."""
    distances = [_boundaries(text, cue, quantity, cues) for cue in near]
    least = min(distances, default=0)
    closest = [cue for cue, far in zip(near, distances, strict=True) if far == least]
    return tuple(cue for cue in closest if cue.strong) or tuple(closest)


def _boundaries(text: str, cue: Cue, quantity: Quantity, cues: Sequence[Cue]) -> int:
    """How many clause boundaries stand between a cue and the number.

    One that only joins two cues ("killed and wounded") is none: they share their number.
    """
    if cue.span.start >= quantity.number.end:
        between = Span(quantity.number.end, cue.span.start)
    else:
        between = Span(min(cue.span.end, quantity.number.start), quantity.number.start)
    marks = boundaries(text, between)
    return sum(not _joins_cues(text, mark, cues) for mark in marks)


def _joins_cues(text: str, mark: Span, cues: Sequence[Cue]) -> bool:
    before = any(
        cue.span.end <= mark.start and not text[cue.span.end : mark.start].strip() for cue in cues
    )
    return before and any(
        mark.end <= cue.span.start and not text[mark.end : cue.span.start].strip() for cue in cues
    )


_Indexed = tuple[tuple[str, ...], str, bool]


@lru_cache(maxsize=1)
def _phrases_by_first_stem() -> dict[str, list[_Indexed]]:
    index: dict[str, list[_Indexed]] = {}
    for event in event_classes().values():
        for phrase in sorted(event.strong):
            index.setdefault(phrase[0], []).append((phrase, event.name, True))
        for phrase in sorted(event.weak):
            index.setdefault(phrase[0], []).append((phrase, event.name, False))
    return index


def _phrase_places(stems: Sequence[str], start: int, phrase: tuple[str, ...]) -> list[int]:
    """Where the words of a phrase that begins at `start` stand, a few words between allowed.

    Empty if it does not stand there.
    """
    places = [start]
    for wanted in phrase[1:]:
        reachable = stems[places[-1] + 1 : places[-1] + 2 + _LONGEST_GAP]
        if wanted not in reachable:
            return []
        places.append(places[-1] + 1 + reachable.index(wanted))
    return places
