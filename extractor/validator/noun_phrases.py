"""The noun phrase beside a number: where it begins, where it ends, what is left out of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.text.words import Word, is_irregular_past, words
from extractor.validator.lexicons import event_classes, lines, person_stems

_LONGEST_OF = 5  # words between a part and its whole
HEDGING = frozenset("about some roughly nearly almost over more than up to".split())
PERIODS = frozenset("year month week day decade century quarter season".split())
LONGEST_PHRASE = 6  # words
POSSESSIVES = frozenset("its their his her our my your".split())
SKIPPED = frozenset("of the a an all both some these those such own".split()) | POSSESSIVES
_PARTICIPLES = frozenset("dead missing hostage captive hurt alive homeless ill prisoner".split())
# what parts two words: a mark, or a dash between spaces
SEPARATOR = re.compile(r"[^\s\"'\u2018\u2019\u201c\u201d-]|\s-\s")
_MODEL_NUMBER = re.compile(r"-?\d+[A-Z]*\d*\s+")  # "10 AK-47 rifles", "6 M777 howitzers"
_LABEL_BEFORE = re.compile(r"[:\u2013\u2014-]\s*\Z")
_LABEL_AFTER = re.compile(r"\s*[:\u2013\u2014-]\s*\d")
_NOUNS_IN_LY = frozenset(
    "family assembly supply reply ally anomaly monopoly jelly belly fly butterfly bully".split()
)
_NUMBER_OF = re.compile(r"\b(?:number|total|count|tally) of\b", re.IGNORECASE)
_OWNER = re.compile(r"(?:'s|s')\Z")


def whole_of(text: str, quantities: Sequence[Quantity], quantity: Quantity) -> list[Quantity]:
    """The whole that a number is a part of, where that is a number too.

    "a quarter of Aldor's 4 million", "40 out of 60 villages", "3 of the 12 ships".
    """
    following = [q for q in quantities if q.span.start >= quantity.span.end][:1]
    if not following:
        return []
    between = list(words(text, Span(quantity.span.end, following[0].span.start)))
    lower = [word.lower for word in between]
    if "of" not in lower[:2] or len(lower) > _LONGEST_OF:
        return []
    # "40 out of 60", "a quarter of Aldor's 4 million", but not "9 tonnes of oil, 6 ships"
    inner = lower[lower.index("of") + 1 :]
    owned = all(w in SKIPPED or w.endswith(("'s", "s'")) or w in HEDGING for w in inner)
    return (
        following if owned and "," not in text[quantity.span.end : following[0].span.start] else []
    )


def phrase_after(text: str, sentence: Span, quantity: Quantity) -> tuple[Word, ...] | None:
    """The words of the noun phrase after a number, a possessive first; None where there is none."""
    phrase = phrase_from(text, quantity.span.end, max(sentence.end, quantity.span.end))
    labelled = _LABEL_BEFORE.search(text, sentence.start, max(sentence.start, quantity.span.start))
    if phrase and labelled and _LABEL_AFTER.match(text, phrase[-1].span.end):
        return None  # the next line's label: "Ames - 4.1 Orle Bridge - 3.9"
    return phrase


def phrase_before(text: str, start: int, quantity: Quantity) -> tuple[Word, ...] | None:
    """The noun phrase of "the number of its soldiers … stands at 9,861"."""
    heads = list(_NUMBER_OF.finditer(text, start, quantity.span.start))
    return phrase_from(text, heads[-1].end(), quantity.span.start) if heads else None


def phrase_from(text: str, start: int, limit: int) -> tuple[Word, ...] | None:
    """The words of the noun phrase that begins at `start`; None where none does."""
    found = list(islice(words(text, Span(start, limit)), LONGEST_PHRASE + 7))
    phrase: list[Word] = []
    end = start
    for index, word in enumerate(found[: LONGEST_PHRASE + 4]):
        if _is_when(found, index) or (not phrase and _is_verb(text, found, index)):
            break  # "24 a year earlier", "11 needed surgery"
        if is_apart(text, end, word.span.start):
            break
        if not phrase and word.lower in SKIPPED:
            end = word.span.end
            if word.lower in POSSESSIVES:
                phrase.append(word)
            continue
        if _qualifies(text, found, index, phrase):  # "internally displaced people"
            phrase.append(word)
            end = word.span.end
            continue
        joined = word.lower == "and" and bool(phrase) and _another_noun(text, found, index)
        verb = bool(phrase) and word.span.of(text)[:1].islower() and word.lower.endswith("ed")
        if not joined and (ends_phrase(word) or verb or len(phrase) >= LONGEST_PHRASE):
            break
        phrase.append(word)
        end = word.span.end
    while phrase and is_adverb(phrase[-1]):  # "three seriously", "77 people reportedly"
        phrase.pop()
    return tuple(phrase) if _names_something(text, phrase) else None


def _names_something(text: str, phrase: Sequence[Word]) -> bool:
    """Whether a phrase has a noun: not an owner alone, and not half a name ("PS4")."""
    nouns = [word for word in phrase if word.lower not in POSSESSIVES | {"own"}]
    if not nouns or _OWNER.search(nouns[-1].lower):
        return False
    return not text[nouns[-1].span.end : nouns[-1].span.end + 1].isdigit()


def is_apart(text: str, start: int, end: int) -> bool:
    """Whether something parts two words: a mark, a dash; not the number of a model ("AK-47")."""
    between = _MODEL_NUMBER.fullmatch(text, start, end)
    return between is None and SEPARATOR.search(text, start, end) is not None


def is_adverb(word: Word) -> bool:
    """Whether a word is an adverb in -ly."""
    long = len(word.lower) > 4 and word.lower.endswith("ly")
    return long and word.lower not in _NOUNS_IN_LY


def _is_when(found: Sequence[Word], index: int) -> bool:
    """Whether "year ago", "month earlier" begins here."""
    following = found[index + 1 : index + 2]
    behind = any(word.lower in ("ago", "earlier", "before", "later") for word in following)
    return behind and found[index].lower in PERIODS


def _is_verb(text: str, found: Sequence[Word], index: int) -> bool:
    """Whether a word right behind a number is a past form, not a participle before a noun."""
    word = found[index]
    small = word.span.of(text)[:1].islower()
    return (
        small
        and len(word.lower) > 4
        and word.lower.endswith("ed")
        and not _qualifies(text, found, index, ())
    )


def _qualifies(text: str, found: Sequence[Word], index: int, phrase: Sequence[Word]) -> bool:
    """Whether a participle stands before its noun: "40 wounded men", not "40 wounded in Ames"."""
    word, following = found[index], found[index + 1 : index + 2]
    if not word.lower.endswith("ed") or any(not w.lower.endswith("ly") for w in phrase):
        return False
    return (
        all(
            w.lower.endswith(("s", "men", "people", "children")) or w.stem in person_stems()
            for w in following
        )
        and bool(following)
        and not (
            ends_phrase(following[0])
            or following[0].span.of(text)[:2].istitle()
            or SEPARATOR.search(text, word.span.end, following[0].span.start)
        )
    )


def ends_phrase(word: Word) -> bool:
    """Whether the noun phrase of a count is over at this word."""
    return (
        word.lower in phrase_ends()
        or word.lower in _PARTICIPLES
        or word.lower in ("and", "the", "a", "an")
        or (word.lower.endswith(("ed", "en", "ing")) and word.stem in event_stems())
        or word.lower == "of"
        or is_irregular_past(word.lower)
    )


def _another_noun(text: str, found: Sequence[Word], index: int) -> bool:
    """Whether "and" joins another plural noun: "posts and contact centers", not "and taken 200"."""
    following = found[index + 1 : index + 4]
    for place, word in enumerate(following):
        if ends_phrase(word) or (
            place and SEPARATOR.search(text, following[place - 1].span.end, word.span.start)
        ):
            return False
        if word.lower.endswith("s"):
            return not any(char.isdigit() for char in text[found[index].span.end : word.span.start])
    return False


def plain_phrase(text: str, nouns: Sequence[Word]) -> str:
    """The words of a phrase as the text has them, on one line."""
    return " ".join(_closed(text, Span(nouns[0].span.start, nouns[-1].span.end)).split())


def _closed(text: str, span: Span) -> str:
    """The phrase, with the quote mark that closes one opened inside it."""
    phrase = span.of(text)
    after = text[span.end : span.end + 1]
    opened = phrase.count("\u201c") > phrase.count("\u201d") or phrase.count('"') % 2 == 1
    return phrase + after if opened and after in ("\u201d", '"') else phrase


@lru_cache(maxsize=1)
def phrase_ends() -> frozenset[str]:
    """The words at which the noun phrase of a count ends."""
    return frozenset(word for line in lines("phrase_ends.txt") for word in line.split())


@lru_cache(maxsize=1)
def event_stems() -> frozenset[str]:
    """The first stems of all event cues."""
    classes = event_classes().values()
    return frozenset(phrase[0] for event in classes for phrase in event.strong | event.weak)
