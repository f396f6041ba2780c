"""With whom a sentence begins: a pronoun after it may mean its subject, though it told nothing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from extractor.text import Span
from extractor.validator.attribution.mentions import can_be_source, is_person_name, mention_of
from extractor.validator.attribution.phrases import Phrase, phrase_starting
from extractor.validator.attribution.subjects import leading_subject
from extractor.validator.attribution.tokens import Sentence
from extractor.validator.attribution.types import Mention

_LONGEST_NAME = 6  # words
_WINDOW = 12  # sentences that are looked through for the subject that a pronoun means


@dataclass(frozen=True, slots=True)
class Opener:
    """The subject of a sentence, which a pronoun after it may mean though it was no source.

    `kind` is person (a name with an office), role ("the coach", who may be anybody named before),
    body, or name (of either: "Lena Orsk", "Harrow Rail").
    """

    mention: Mention
    kind: str


class Openers:
    """The subjects with which the sentences of a text begin, each read when it is asked for."""

    def __init__(self, spans: Sequence[Span], read: Callable[[Span], Opener | None]) -> None:
        self._spans = spans
        self._starts = [span.start for span in spans]
        self._read = read
        self._known: dict[int, Opener | None] = {}

    def between(self, after: int, before: int) -> list[Opener]:
        """Those that begin after the place `after` and before `before`, nearest first.

        A role alone counts only in the sentence of the place `before` and in the one before that.
        """
        found = []
        last = bisect_left(self._starts, before) - 1
        for index in range(last, max(-1, last - _WINDOW), -1):
            if self._spans[index].end <= after:
                break
            opener = self._at(index)
            if opener is None or not after < opener.mention.whole.start < before:
                continue
            if opener.kind != "role" or index >= last - 1:
                found.append(opener)
        return found

    def _at(self, index: int) -> Opener | None:
        if index not in self._known:
            self._known[index] = self._read(self._spans[index])
        return self._known[index]


def opener_of(s: Sentence) -> Opener | None:
    """Whom the sentence has for its subject, if it looks like a person or a body."""
    if s.shouting:
        return None
    owner = _owner(s)
    if owner is not None:
        return Opener(mention_of(s, owner), "body")
    phrase = leading_subject(s, len(s))
    if phrase is None or s.is_in(phrase.start, "pronoun"):
        return None
    if s.words.is_in(s.lower(phrase.head), "person") and not s.is_capital(phrase.end - 1):
        return _of_role(s, phrase)
    kind = _kind_of(s, phrase)
    return Opener(mention_of(s, phrase), kind) if kind else None


def _kind_of(s: Sentence, phrase: Phrase) -> str:
    """What the subject is by its words; empty where it may be a thing."""
    if _is_described(s, phrase):
        return "person"
    words = [s.lower(at) for at in range(phrase.start, phrase.end)]
    body = any(s.words.is_in(w, kind) for w in words for kind in ("organisation", "place"))
    if body or s.raw(phrase.head).isupper():
        return "body"
    named = all(map(s.is_capital, range(phrase.start, phrase.end))) and len(words) <= _LONGEST_NAME
    other = any(s.words.is_in(w, kind) for w in words for kind in ("time", "adverb", "determiner"))
    thing = other or s.is_headline or _is_plural_thing(s, phrase)
    return "name" if named and not thing else ""


def _is_plural_thing(s: Sentence, phrase: Phrase) -> bool:
    """Whether a first word owes its capital to the sentence: "Shares fell", but "Osks is"."""
    alone = phrase.end == 1 and s.words.is_plural(s.lower(0))
    return alone and s.lower(1) not in ("is", "was", "has", "does")


def _of_role(s: Sentence, phrase: Phrase) -> Opener | None:
    """`The coach`, or `The prosecutor, Ilse Marten,` with the name beside it."""
    if s.words.is_plural(s.lower(phrase.head)):
        return None
    beside = phrase_starting(s, phrase.end + 1) if s.raw(phrase.end) == "," else None
    if beside is not None and s.raw(beside.end) == "," and is_person_name(s, beside):
        return Opener(mention_of(s, phrase, (beside,)), "person")
    definite = s.lower(phrase.start) == "the" and not s.is_headline
    return Opener(mention_of(s, phrase), "role") if definite else None


def _is_described(s: Sentence, phrase: Phrase) -> bool:
    """Whether a person's name stands behind an office: "Opposition leader Marek Dolin"."""
    name = phrase.head
    while name > phrase.start and s.is_capital(name - 1):
        name -= 1
    office = s.lower(name - 1) if name > phrase.start else ""
    return name < phrase.head and s.words.is_in(office, "person")


def _owner(s: Sentence) -> Phrase | None:
    """The body of whose things a sentence speaks: "Harrow Rail" in "Shares in Harrow Rail"."""
    if s.lower(1) not in ("in", "of", "at") or not s.is_capital(2):
        return None
    thing = s.lower(0)
    if not s.words.is_plural(thing) or s.words.is_source_noun(thing) or s.is_in(0, "determiner"):
        return None
    owner = phrase_starting(s, 2)
    sound = owner is not None and can_be_source(s, owner) and not s.is_in(owner.head, "place")
    return owner if sound else None
