"""What the validator returns: findings, verdicts, and the claims that passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from extractor.claims.wire import CandidateClaim, Modality
from extractor.quantities.types import Qualifier, Quantity
from extractor.text import Span


class Severity(StrEnum):
    """An error rejects the candidate; a warning only flags it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule noticed.

    `code` names the rule, `field` the candidate's field, `span` the place in the document (None
    where there is none), `message` is one plain sentence, and `excerpt` the sentence of the
    document with `~~~^` under the place (empty where there is none).
    """

    code: str
    severity: Severity
    field: str
    message: str
    span: Span | None = None
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that stands in the text. Built by the validator only, from an accepting verdict.

    `quote` is the document's own wording at `quote_span`, not the candidate's. `value`, `low` and
    `high` are what `quantity` says. `filled` names the fields that were not
    asked for and that the text supplied. `warnings` are findings that flag without rejecting.
    """

    document_id: str
    quote: str
    quote_span: Span
    quantity: Quantity
    qualifier: Qualifier
    unit: str | None = None
    counted: str | None = None
    event: str | None = None
    claimant: str | None = None
    claimant_span: Span | None = None
    place: str | None = None
    when: str | None = None
    modality: Modality = "asserted"
    filled: frozenset[str] = frozenset()
    warnings: tuple[Finding, ...] = ()

    @property
    def value(self) -> Decimal | None:
        """The figure as named; None for a range or a vague magnitude."""
        return self.quantity.value

    @property
    def low(self) -> Decimal | None:
        """The lower end of what the text says; None where it is open."""
        return self.quantity.low

    @property
    def high(self) -> Decimal | None:
        """The upper end of what the text says; None where it is open."""
        return self.quantity.high


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one candidate.

    `candidate` is the parsed candidate, or the raw mapping when its shape could not be parsed.
    `quantity` is the number of the text that it was held against, if one was found; `findings`
    are in rule order; `claim` is there exactly when the candidate is accepted.
    """

    candidate: CandidateClaim | Mapping[str, object]
    claim: Claim | None
    quantity: Quantity | None = None
    findings: tuple[Finding, ...] = field(default=())

    @property
    def accepted(self) -> bool:
        """Whether the candidate became a claim."""
        return self.claim is not None

    def explain(self) -> str:
        """The verdict for a person: one sentence a finding, with the place in the text under it."""
        if not self.findings:
            return "accepted: every field that the rules judge stands in the text"
        head = "accepted, with a flag" if self.accepted else "rejected"
        return "\n".join(
            f"{head}: {finding.code} {finding.message}"
            + (f"\n{finding.excerpt}" if finding.excerpt else "")
            for finding in self.findings
        )
