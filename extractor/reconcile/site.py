"""Where a number stands: what of its sentence is looked at, its clause, and what the claim says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from extractor.text import Span
from extractor.text.clauses import clause_around

_NEAR = 300  # characters on either side of a number that are looked at
_WORD = re.compile(r"[a-z]+")
# openers behind a number that belong to it: "as of March 2", "when a missile hit"
_BINDING = frozenset(("as", "when", "after", "since"))


@dataclass(frozen=True)
class Site:
    """A number of a text, its sentence, and what of a very long sentence is `near` it.

    `words` are those of `near`, in lower case: most of what is looked for is not there, and a set
    says so sooner than a pattern.
    """

    text: str
    number: Span
    sentence: Span
    near: Span
    words: frozenset[str]

    @classmethod
    def of(cls, text: str, sentence: Span, number: Span) -> Self:
        """The site of a number that stands in a sentence."""
        near = Span(
            max(sentence.start, number.start - _NEAR), min(sentence.end, number.end + _NEAR)
        )
        return cls(text, number, sentence, near, frozenset(_WORD.findall(near.of(text).lower())))

    @cached_property
    def clause(self) -> Span:
        """The clause of the number."""
        return clause_around(self.text, self.near, self.number, _BINDING)

    def has(self, words: frozenset[str]) -> bool:
        """Whether one of these words stands near the number."""
        return not words.isdisjoint(self.words)


@dataclass(frozen=True, slots=True)
class Hints:
    """What a claim says itself: its place, and where its claimant stands."""

    place: str | None = None
    claimant: Span | None = None
