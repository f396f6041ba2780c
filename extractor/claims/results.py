"""What one document gives: every number of it in exactly one of four places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extractor.claims.verdicts import Claim, Verdict
from extractor.quantities.types import Quantity


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the endpoint counted them: read, written, and how many of those read were cached.

    >>> Usage(10, 2) + Usage(5, 1, cached_tokens=4)
    Usage(prompt_tokens=15, completion_tokens=3, cached_tokens=4)
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cached_tokens + other.cached_tokens,
        )


@dataclass(frozen=True, slots=True)
class Dismissal:
    """A number that is no claim: who set it aside (`model` or `reader`) and why."""

    quantity: Quantity
    reason: str
    by: Literal["model", "reader"] = "model"


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A number that nothing was said about, and why (an unusable answer, an omission)."""

    quantity: Quantity
    reason: str


@dataclass(frozen=True, slots=True)
class ExtractionResult:
    """All that came of one document.

    Each number that the reader found is the `quantity` of exactly one of: an accepted claim, a
    rejected verdict, a dismissal, or an unclaimed entry. `rejected` may hold further verdicts on
    a number that another claim got right. `calls` is how many model calls were made and `seconds`
    how long they took together.
    """

    document_id: str
    document_sha256: str
    accepted: tuple[Claim, ...]
    rejected: tuple[Verdict, ...]
    dismissed: tuple[Dismissal, ...]
    unclaimed: tuple[Unclaimed, ...]
    calls: int = 0
    usage: Usage = Usage()
    seconds: float = 0.0
