"""With whom a sentence begins: a pronoun after it may mean its subject, though it told nothing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from extractor.text import Span
from extractor.validator.attribution.mentions import can_be_source, mention_of
from extractor.validator.attribution.phrases import Phrase, phrase_starting
from extractor.validator.attribution.tokens import Sentence
from extractor.validator.attribution.types import Mention

_WINDOW = 12  # sentences that are looked through for the subject that a pronoun means


@dataclass(frozen=True, slots=True)
class Opener:
    """The subject of a sentence, which a pronoun after it may mean though it was no source."""

    mention: Mention
    person: bool


class Openers:
    """The subjects with which the sentences of a text begin, each read when it is asked for."""

    def __init__(self, spans: Sequence[Span], read: Callable[[Span], Opener | None]) -> None:
        self._spans = spans
        self._starts = [span.start for span in spans]
        self._read = read
        self._known: dict[int, Opener | None] = {}

    def between(self, after: int, before: int) -> list[Opener]:
        """Those that begin after the place `after` and before `before`, nearest first."""
        found = []
        last = bisect_left(self._starts, before) - 1
        for index in range(last, max(-1, last - _WINDOW), -1):
            if self._spans[index].end <= after:
                break
            opener = self._at(index)
            if opener is not None and after < opener.mention.whole.start < before:
                found.append(opener)
        return found

    def _at(self, index: int) -> Opener | None:
        if index not in self._known:
            self._known[index] = self._read(self._spans[index])
        return self._known[index]


def opener_of(s: Sentence) -> Opener | None:
    """The person or body with which the sentence begins as its subject, if it looks like one."""
    start = 0
    if s.is_in(0, "preposition"):  # "During the visit, Varga met"
        start = next((at + 1 for at in range(min(len(s), 15)) if s.raw(at) == ","), 0)
    phrase = None if s.shouting else phrase_starting(s, start)
    phrase = _owner(s, phrase) if phrase is not None else None
    if phrase is None or s.is_in(start, "pronoun") or not can_be_source(s, phrase):
        return None
    words = [s.lower(at) for at in range(start, phrase.end)]
    body = any(s.words.is_in(w, kind) for w in words for kind in ("organisation", "place"))
    body = body or s.raw(phrase.head).isupper()
    named = all(map(s.is_capital, range(start, phrase.end))) and len(words) <= 6
    other = any(s.words.is_in(w, kind) for w in words for kind in ("time", "adverb", "determiner"))
    if not body and (not named or other or s.is_headline):
        return None
    return Opener(mention_of(s, phrase), person=not body)


def _owner(s: Sentence, phrase: Phrase) -> Phrase:
    """The body of whose thing a sentence speaks: "Osterberg Rail" in "Shares in Osterberg Rail"."""
    thing = s.lower(phrase.head)
    for at in range(phrase.start + 1, phrase.end - 1):
        if s.lower(at) in ("in", "of", "at") and s.is_capital(at + 1):
            inner = phrase_starting(s, at + 1)
            things = phrase.head < at and s.words.is_plural(thing)
            if inner is not None and things and not s.words.is_source_noun(thing):
                return inner
    return phrase
