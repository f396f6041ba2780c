"""Where a number stands: what of its sentence is looked at, its clause, and what the claim says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from extractor.text import Span
from extractor.text.clauses import clause_around

_NEAR = 300  # characters on either side of a number that are looked at
# openers behind a number that belong to it: "as of March 2", "when a missile hit"
_BINDING = frozenset(("as", "when", "after"))


@dataclass(frozen=True, slots=True)
class Site:
    """A number, its sentence, what of a very long sentence is `near`, and its own clause."""

    number: Span
    sentence: Span
    near: Span
    clause: Span

    @classmethod
    def of(cls, text: str, sentence: Span, number: Span) -> Self:
        """The site of a number that stands in a sentence."""
        near = Span(
            max(sentence.start, number.start - _NEAR), min(sentence.end, number.end + _NEAR)
        )
        return cls(number, sentence, near, clause_around(text, near, number, _BINDING))


@dataclass(frozen=True, slots=True)
class Hints:
    """What a claim says itself: its place, and where its claimant stands."""

    place: str | None = None
    claimant: Span | None = None
