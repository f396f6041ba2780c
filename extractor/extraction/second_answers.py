"""Which of two answers about a number stands: never one that was only made poorer (decision 14)."""

from __future__ import annotations

from extractor.claims import Change, Dismissal, Reask, Unclaimed, Verdict
from extractor.claims.records import candidate_record
from extractor.claims.results import ReaskOutcome
from extractor.extraction.tally import Outcome
from extractor.quantities.types import Quantity

_NO_CLAIMANT = "A603"  # the flag of an attribution that was dropped
_FIGURES = frozenset({"value", "low", "high"})


def weigh(quantity: Quantity, turn: int, before: Outcome, after: Outcome) -> tuple[Outcome, Reask]:
    """Which of two outcomes of a number stands, and the record of it."""
    kept = before
    outcome: ReaskOutcome = "unclaimed"
    match after:
        case Verdict(accepted=True):
            is_worse = isinstance(before, Verdict) and says_less(before, after)
            outcome = "worse" if is_worse else "accepted"
            kept = before if is_worse else after
        case Verdict():
            outcome = "rejected"
            if not isinstance(before, Verdict) or _errors(after) < _errors(before):
                kept = after
        case Dismissal():
            outcome = "dismissed"
            kept = before if isinstance(before, Verdict) else after
        case Unclaimed():
            pass
    first = before if isinstance(before, Verdict) else Unclaimed(quantity, _why(before))
    return kept, Reask(quantity, turn, first, outcome, _changes(before, after))


def says_less(before: Verdict, after: Verdict) -> bool:
    """Whether a new answer passes only because it says less than the text and the first one do."""
    first, second = candidate_record(before.candidate), candidate_record(after.candidate)
    objected = {finding.field for finding in before.findings if finding.rejects}
    dropped = {name for name, value in first.items() if value and not second.get(name)}
    drops_source = any(finding.code == _NO_CLAIMANT for finding in after.findings)
    return bool(dropped - objected - _FIGURES) or ("claimant" in dropped and drops_source)


def _errors(verdict: Verdict) -> int:
    return sum(finding.rejects for finding in verdict.findings)


def _changes(before: Outcome, after: Outcome) -> tuple[Change, ...]:
    first, second = (
        candidate_record(one.candidate) if isinstance(one, Verdict) else {}
        for one in (before, after)
    )
    if not first or not second:
        return ()
    names = dict.fromkeys((*first, *second))
    return tuple(
        Change(name, _text(first.get(name)), _text(second.get(name)))
        for name in names
        if first.get(name) != second.get(name)
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _why(outcome: Outcome) -> str:
    return outcome.reason if isinstance(outcome, Dismissal | Unclaimed) else ""
