"""What one document gives: every number of it in exactly one of four places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Self

from extractor.claims.calls import CallRecord, Usage
from extractor.claims.records import Record
from extractor.claims.result_json import MisfitError, decoded, encoded
from extractor.claims.verdicts import Claim, Verdict
from extractor.errors import InputError
from extractor.quantities.types import Quantity

if TYPE_CHECKING:
    from extractor.claims.wire import CandidateClaim


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


ReaskOutcome = Literal["accepted", "rejected", "worse", "dismissed", "unclaimed"]


@dataclass(frozen=True, slots=True)
class Change:
    """What a second answer says of a field, beside the first; None where it is not stated."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Reask:
    """A number that was asked about again, and what came of it.

    `turn` counts the re-asks of its passage from 1. `before` is what the first answer came to: the
    refused candidate, or why there was none. `outcome` is what the new answer came to; "worse" is
    one that would pass only because it says less than the text and the first answer did, and that
    is not accepted. `changed` lists the fields in which the two answers differ.
    """

    quantity: Quantity
    turn: int
    before: Verdict | Unclaimed
    outcome: ReaskOutcome
    changed: tuple[Change, ...] = ()

    @property
    def why(self) -> str:
        """What was wrong before, for a person."""
        if isinstance(self.before, Unclaimed):
            return self.before.reason
        return self.before.explain()


@dataclass(frozen=True, slots=True)
class ExtractionResult:
    """All that came of one document.

    Each number that the reader found is the `quantity` of exactly one of: an accepted claim (or a
    field of one, with a user's schema), a rejected verdict, a dismissal, or an unclaimed entry.
    `rejected` may hold further verdicts on a number that another claim got right. `calls` is how
    many model calls were made and `seconds` how long they took together. `usage` is the sum of all
    their attempts, failed ones included, and `call_records` tells them one by one. `reasks` tells
    what asking again changed. `candidates` are what the accepted claims were made of, in their
    order: held against the text again, by other rules perhaps, they give those claims or their
    refusal.
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
    call_records: tuple[CallRecord, ...] = ()
    reasks: tuple[Reask, ...] = ()
    candidates: tuple[CandidateClaim | Mapping[str, object], ...] = ()

    @property
    def unmetered(self) -> int:
        """How many attempts have no token count: above 0, `usage` is a lower bound."""
        return sum(call.unmetered for call in self.call_records)

    def to_json(self) -> Record:
        """The whole result as plain JSON values, from which `from_json` makes an equal one.

        Figures are strings, so that none is rounded. A candidate whose shape could not be parsed
        is kept as JSON has a form for it: a tuple in it comes back as a list.
        """
        record: Record = encoded(self)
        return record

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        """The result that `to_json` gave. Raises InputError when it is of another shape."""
        try:
            result: Self = decoded(cls, record, "result")
        except MisfitError as error:
            raise InputError(
                f"This is no extraction result: {error}; give what to_json returned."
            ) from None
        return result
