"""What one document gives: every number of it in exactly one of four places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from extractor.claims.calls import Usage
from extractor.claims.verdicts import Claim, Verdict
from extractor.quantities.types import Quantity


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
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
