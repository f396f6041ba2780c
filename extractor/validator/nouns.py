"""Whose noun is whose: what a number counts, what it continues, and what its neighbours count.

A number followed by a noun counts that noun, and no other. One whose noun is left out ("a further
1,597 wounded", "572 others", "5.9 million within the country") continues what the sentence speaks
of: the noun of the number before it, or one that no other number has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from extractor.quantities import is_time
from extractor.quantities.types import Kind, Quantity
from extractor.text import Span
from extractor.text.words import Word, stem, words
from extractor.validator.counted import event_noun_stems
from extractor.validator.lexicons import function_stems, measured_nouns, person_stems, state_stems
from extractor.validator.noun_phrases import (
    phrase_after,
    phrase_before,
    phrase_ends,
    phrase_from,
    whole_of,
)
from extractor.validator.sides import sides, sides_in
from extractor.validator.source import Source

_COUNTS = (Kind.COUNT, Kind.VAGUE, Kind.FRACTION, Kind.MULTIPLE)
_MEASURES = (Kind.MEASURE, Kind.CURRENCY, Kind.AGE)
_OF_WHOM = re.compile(r"\bof\s+(?:whom|which|these|those)\s+\Z", re.IGNORECASE)
_OF_THEM = re.compile(r"\s+of\s+(?:them|these|those|whom|which)\b", re.IGNORECASE)
_BRACKET_REACH = 60  # characters before a bracket in which its noun stands
_BEFORE_VERB = 5  # words between a number and the verb that says what its things were
_BACK = 2  # sentences before its own that a number without a noun may continue
_NEIGHBOURS = 6  # numbers on either side that are looked at
_NONE = frozenset[str]()
_JOINING = frozenset("and or to through nor versus vs".split())


@dataclass(frozen=True, slots=True)
class NounField:
    """The nouns around one number, as stems.

    `phrase` is where its noun phrase stands and `own` its words, with a participle that follows
    ("8 wounded"); None and empty where the text leaves it out. `settled` says that the phrase
    names what is counted: it is there, and not one like "people", "deaths". `continued` are the
    words that an unsettled number may go on with, `taken` those that belong to other numbers
    alone. `follows` is the phrase of the number that it goes on from. `counting` and `measures` say
    what kind of number it is; a share is neither. `implied` are the nouns that its unit implies.
    """

    phrase: Span | None
    own: frozenset[str]
    settled: bool
    continued: frozenset[str]
    taken: frozenset[str]
    follows: frozenset[str]
    counting: bool
    measures: bool
    implied: frozenset[str]

    def counts(self, noun: str) -> bool:
        """Whether the number may count, or measure, what this stem names."""
        if noun in self.own:
            return True
        if noun in _people():
            return self._counts_people(noun)
        if noun in self.taken or self.settled:
            return False
        return self._goes_on_with(noun)

    def _counts_people(self, people: str) -> bool:
        """Whoever counts soldiers, or wounded, counts people."""
        if self.measures or self.settled:
            return bool(self.own & person_stems()) and not self.measures
        things = self.follows - person_stems() == self.follows != _NONE
        untold = self.counting and people not in self.taken and not things
        told = bool(self.own & state_stems()) or untold
        return told or people in self.continued - self.taken

    def _goes_on_with(self, noun: str) -> bool:
        if noun in self.implied:
            return True
        if noun in measured_nouns() and self.counting:
            return False
        # "winds of 20 knots" are no passengers, "350 people" no houses
        person = noun in person_stems()
        unfit = person if self.measures else (bool(self.own & _people()) and not person)
        return noun in self.continued and not unfit


def heads(phrase: str) -> tuple[Word, ...]:
    """The nouns that a phrase is about: the last one before a preposition, of each part.

    >>> [word.lower for word in heads("command posts and contact centers in Aldor")]
    ['posts', 'centers']
    >>> [word.lower for word in heads("people forcibly displaced by the war")]
    ['people']
    """
    parts: list[list[Word]] = [[]]
    for word in words(phrase, Span(0, len(phrase))):
        if word.lower in ("and", "or"):
            parts.append([])
        elif word.lower in phrase_ends() or word.lower == "of":
            if parts[-1]:
                break
        elif word.stem not in function_stems():
            parts[-1].append(word)
    return tuple(_head(part) for part in parts if part)


def _head(part: Sequence[Word]) -> Word:
    """The last noun of a phrase, without what may stand behind it: "refugees worldwide"."""
    kept = list(part)
    while len(kept) > 1 and kept[-1].lower.endswith(("ed", "ly", "wide", "aboard", "abroad")):
        kept.pop()
    return kept[-1]


def noun_field(source: Source, quantity: Quantity) -> NounField:
    """The nouns that `quantity` may count in its sentence, or goes on with."""
    return source.remembered(("noun field", quantity.span), lambda: _noun_field(source, quantity))


def _noun_field(source: Source, quantity: Quantity) -> NounField:
    text = source.document.text
    sentence = source.window_of(quantity)
    numbers = source.numbers_around(sentence, quantity, _NEIGHBOURS)
    phrase = _phrase(text, sentence, numbers, quantity)
    rivals = [q for q in numbers if not q.span.overlaps(quantity.span)]
    rivals = [q for q in rivals if not _joined(text, q, quantity)]
    theirs = [_after(text, sentence, numbers, q) for q in rivals]
    states = [_participle(text, sentence, p, q) for q, p in zip(rivals, theirs, strict=True)]
    nouns = [_head_stems(text, phrase) for phrase in theirs]
    before = [n for n, q in zip(nouns, rivals, strict=True) if q.span.end <= quantity.span.start]
    earlier = _NONE.union(*before)
    own = _head_stems(text, phrase) | _participle(text, sentence, phrase, quantity)
    own |= _conjoined_heads(text, sentence, numbers, phrase)
    if _OF_WHOM.search(text, sentence.start, quantity.span.start):
        own |= next((found for found in reversed(before) if found), _NONE)
    taken = _NONE.union(*nouns, *states)
    if not phrase:
        taken -= earlier - state_stems()
    follows = _NONE if phrase else next((found for found in reversed(before) if found), _NONE)
    return NounField(
        phrase=Span(phrase[0].span.start, phrase[-1].span.end) if phrase else None,
        own=own,
        settled=bool(phrase) and _settles(phrase),
        continued=_continued(source, quantity, _head_stems(text, phrase) | earlier),
        taken=taken - own,
        counting=quantity.kind in (Kind.COUNT, Kind.VAGUE),
        follows=follows,
        measures=quantity.kind in _MEASURES,
        implied=_implied(quantity),
    )


def _continued(source: Source, quantity: Quantity, told: frozenset[str]) -> frozenset[str]:
    """What a number may go on with: the words of its sentence, or of those before it too.

    `told` are the nouns of the sentence's numbers; "6 of them" goes on with those alone.
    """
    text = source.document.text
    if told and _OF_THEM.match(text, quantity.span.end):
        return told
    sentence = source.window_of(quantity)
    found = list(words(text, sentence))
    here = _stems(found) - state_stems()
    people = any(_is_plural(w) and w.stem in person_stems() & here for w in found)
    far = _OF_THEM.match(text, quantity.span.end) and not told
    if not far and (people or (told and not told & event_noun_stems())):
        return here
    return _stems(words(text, _reach(source, sentence, quantity))) - state_stems()


def _phrase(
    text: str, sentence: Span, numbers: Sequence[Quantity], quantity: Quantity
) -> Sequence[Word]:
    """The words that name what a number counts: behind it, said of it, or before it."""
    return (
        _after(text, sentence, numbers, quantity)
        or _predicate(text, sentence, quantity)
        or _bracketed(text, sentence, quantity)
        or _before(text, sentence, numbers, quantity)
    )


def _bracketed(text: str, sentence: Span, quantity: Quantity) -> Sequence[Word]:
    """The noun before a number in brackets: "drivers (12)"."""
    opened = quantity.span.start - 1
    if opened <= sentence.start or text[opened] != "(" or text[quantity.span.end :][:1] != ")":
        return ()
    lead = Span(max(sentence.start, opened - _BRACKET_REACH), opened)
    found = list(words(text, lead))[-2:]
    return found if found and not text[found[-1].span.end : opened].strip() else ()


def _head_stems(text: str, phrase: Sequence[Word]) -> frozenset[str]:
    """The nouns that a phrase counts: its last word, its plurals, and people for people.

    "school bus drivers" are no buses, "pensioners' flats" no pensioners, but "rebel fighters" are
    rebels.
    """
    if not phrase:
        return _NONE
    last = phrase[-1]
    people = last.stem in person_stems()
    return frozenset(
        word.stem
        for word in phrase
        if word is last
        or (people and word.stem in person_stems())
        or (_is_plural(word) and text[word.span.end : word.span.end + 1] not in ("'", "\u2019"))
    )


def _is_plural(word: Word) -> bool:
    return word.stem != word.lower and word.lower.endswith(("s", "men", "people", "children"))


def _conjoined_heads(
    text: str, sentence: Span, numbers: Sequence[Quantity], phrase: Sequence[Word]
) -> frozenset[str]:
    if not phrase:
        return _NONE
    joined = _conjoined(text, sentence, phrase)
    if any(q.span.start >= phrase[-1].span.end and _reaches(joined, q) for q in numbers):
        return _NONE
    return _head_stems(text, joined)


def _predicate(text: str, sentence: Span, quantity: Quantity) -> Sequence[Word]:
    """The noun that is said of a number: "five of the dead were relatives"."""
    start = quantity.number.end
    verb = None
    for word in islice(words(text, Span(start, max(start, sentence.end))), _BEFORE_VERB):
        if text[start : word.span.start].strip():
            return ()
        if word.lower in ("was", "were", "is", "are"):
            verb = word
            break
        if word.lower not in ("of", "the") and word.stem not in state_stems():
            return ()
        start = word.span.end
    if verb is None:
        return ()
    said = phrase_from(text, verb.span.end, max(sentence.end, verb.span.end)) or ()
    plural = bool(said) and (said[-1].lower.endswith("s") or said[-1].stem in person_stems())
    return said if plural else ()


def _conjoined(text: str, sentence: Span, phrase: Sequence[Word]) -> Sequence[Word]:
    """The noun that "and" joins to a phrase: "buildings and infrastructure"."""
    rest = words(text, Span(phrase[-1].span.end, max(sentence.end, phrase[-1].span.end)))
    joint = next(rest, None)
    if joint is None or joint.lower not in ("and", "or"):
        return ()
    if text[phrase[-1].span.end : joint.span.start].strip():
        return ()
    return phrase_from(text, joint.span.end, max(sentence.end, joint.span.end)) or ()


def _reaches(phrase: Sequence[Word], quantity: Quantity) -> bool:
    return bool(phrase) and phrase[-1].span.end > quantity.span.start


def _implied(quantity: Quantity) -> frozenset[str]:
    """The nouns that say what a unit measures."""
    if quantity.kind is Kind.CURRENCY:
        units = {"currency"}
    elif quantity.kind is Kind.AGE or is_time(quantity.unit):
        units = {"time"}
    else:
        units = set((quantity.unit or "").split())
    return frozenset(noun for noun, fitting in measured_nouns().items() if fitting & units)


def _participle(
    text: str, sentence: Span, phrase: Sequence[Word], quantity: Quantity
) -> frozenset[str]:
    """The participle right behind a number or its noun: "15 missing", "45 houses destroyed"."""
    start = phrase[-1].span.end if phrase else quantity.span.end
    for word in words(text, Span(start, max(start, sentence.end))):
        if text[start : word.span.start].strip():
            break
        if word.lower not in ("of", "the"):  # "nine of the dead"
            return frozenset({word.stem}) & state_stems()
        start = word.span.end
    return _NONE


@lru_cache(maxsize=1)
def _people() -> frozenset[str]:
    return frozenset(map(stem, ("people", "persons")))


def _settles(phrase: Sequence[Word]) -> bool:
    """Whether the noun of a phrase says what is counted: "ships", but not "deaths", "people"."""
    return phrase[-1].stem not in _people() | event_noun_stems()


def _after(
    text: str, sentence: Span, numbers: Sequence[Quantity], quantity: Quantity
) -> Sequence[Word]:
    """The noun phrase after a number that counts, or after the whole that it is a part of."""
    of_it = next(words(text, Span(quantity.span.end, max(quantity.span.end, sentence.end))), None)
    if quantity.kind not in _COUNTS and (of_it is None or of_it.lower != "of"):
        return ()  # "12% of the voters", but "12 km north"
    for number in (quantity, *whole_of(text, numbers, quantity)):
        phrase = [w for w in _words_after(text, sentence, numbers, number) if not _is_adverb(w)]
        if len(phrase) == 1 and phrase[0].span.of(text) in sides().values():
            phrase += _shared_noun(text, sentence, numbers, number)
        named = len(phrase) > 1 and all(_is_title(text, word) for word in phrase)
        if named and sides_in(text, Span(phrase[0].span.start, phrase[-1].span.end)):
            return phrase  # "4,700 North Koreans"
        if phrase and not named:  # "Orange City" is what comes next in a list
            return phrase
    return ()


def _words_after(
    text: str, sentence: Span, numbers: Sequence[Quantity], quantity: Quantity
) -> Sequence[Word]:
    """The words of the phrase after a number, as far as the next number."""
    following = (q.span.start for q in numbers if q.span.start >= quantity.span.end)
    end = min(next(following, sentence.end), sentence.end)
    return phrase_after(text, Span(sentence.start, max(sentence.start, end)), quantity) or ()


def _shared_noun(
    text: str, sentence: Span, numbers: Sequence[Quantity], quantity: Quantity
) -> Sequence[Word]:
    """The noun that stands behind the next number: "2,870 French and 1,300 Italian soldiers"."""
    following = [q for q in numbers if q.span.start >= quantity.span.end][:1]
    for other in following:
        between = list(words(text, Span(quantity.span.end, other.span.start)))
        if len(between) == 2 and between[1].lower in ("and", "or"):
            return (phrase_after(text, sentence, other) or ())[1:]
    return ()


def _before(
    text: str, sentence: Span, numbers: Sequence[Quantity], quantity: Quantity
) -> Sequence[Word]:
    """The noun phrase of "the number of … stands at" before a number."""
    before = [q for q in numbers if q.span.end <= quantity.span.start]
    start = before[-1].span.end if before else sentence.start
    return phrase_before(text, start, quantity) or ()


def _is_adverb(word: Word) -> bool:
    return word.lower.endswith("ly") and word.stem not in person_stems()


def _is_title(text: str, word: Word) -> bool:
    written = word.span.of(text)
    return written[:1].isupper() and not written.isupper()


def _joined(text: str, one: Quantity, other: Quantity) -> bool:
    """Whether two numbers share a noun: "two or three ships", "3, 4 ships"."""
    first, second = sorted((one, other), key=lambda q: q.span)
    between = Span(first.span.end, max(first.span.end, second.span.start))
    return len(between) < 12 and all(w.lower in _JOINING for w in words(text, between))


def _reach(source: Source, sentence: Span, quantity: Quantity) -> Span:
    """The sentence of a number, and the few before it."""
    start = sentence.start
    for _ in range(_BACK):
        start = source.sentence_before(start)
    return Span(start, max(sentence.end, quantity.span.end))


def _stems(found: Iterable[Word]) -> frozenset[str]:
    return frozenset(word.stem for word in found)
