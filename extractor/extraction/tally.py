"""Where the numbers of one document end, and what asking about them cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extractor.claims import (
    Attempt,
    CallRecord,
    Dismissal,
    ExtractionResult,
    Reask,
    Unclaimed,
    Usage,
    Verdict,
)
from extractor.text import Document, Span
from extractor.validator import Source, compared
from extractor.validator.registry import Rule

Outcome = Verdict | Dismissal | Unclaimed
"""What asking about a number came to."""


@dataclass
class Tally:
    """What has come in so far for one document. `seconds` is the wall time of its calls."""

    accepted: list[Verdict] = field(default_factory=list)
    rejected: list[Verdict] = field(default_factory=list)
    dismissed: list[Dismissal] = field(default_factory=list)
    unclaimed: list[Unclaimed] = field(default_factory=list)
    reasks: list[Reask] = field(default_factory=list)
    calls: list[CallRecord] = field(default_factory=list)
    seconds: float = 0.0

    def settle(self, outcome: Outcome) -> None:
        """File the last word on a number."""
        match outcome:
            case Verdict():
                (self.accepted if outcome.accepted else self.rejected).append(outcome)
            case Dismissal():
                self.dismissed.append(outcome)
            case Unclaimed():
                self.unclaimed.append(outcome)

    def called(self, passage: Span, turn: int, attempts: tuple[Attempt, ...]) -> None:
        """Note a call about a passage."""
        self.calls.append(CallRecord(passage.start, passage.end, turn, attempts))

    def result(self, document: Document, source: Source, rules: Sequence[Rule]) -> ExtractionResult:
        """All of it, with the accepted claims compared with each other."""
        told = compared(source, _in_text_order(self.accepted), rules)
        refused = [verdict for verdict in told if not verdict.accepted]
        return ExtractionResult(
            document_id=document.id,
            document_sha256=document.sha256,
            accepted=tuple(verdict.claim for verdict in told if verdict.claim is not None),
            candidates=tuple(verdict.candidate for verdict in told if verdict.claim is not None),
            rejected=tuple(_in_text_order([*self.rejected, *refused])),
            dismissed=tuple(sorted(self.dismissed, key=lambda entry: entry.quantity.span)),
            unclaimed=tuple(self.unclaimed),
            calls=len(self.calls),
            usage=sum((call.usage for call in self.calls), Usage()),
            seconds=self.seconds,
            call_records=tuple(self.calls),
            reasks=tuple(self.reasks),
        )


def _in_text_order(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """By the number that was asked about: what the text answers comes in before what is asked."""
    return sorted(verdicts, key=lambda v: v.quantity.span if v.quantity else Span(0, 0))
