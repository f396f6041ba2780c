"""Which of two answers about a number stands: never one that was only made poorer (decision 14)."""

from __future__ import annotations

from collections.abc import Collection

from extractor.claims import Change, Claim, Dismissal, Reask, Unclaimed, Verdict
from extractor.claims.records import candidate_record
from extractor.claims.results import ReaskOutcome
from extractor.extraction.tally import Outcome
from extractor.quantities.types import Quantity

_SAID = ("qualifier", "unit", "counted", "event", "claimant", "place", "when", "derived_from")
"""The fields in which a claim can be poor; a quote and a figure it always has."""

_BESIDE = {"quote", "value", "low", "high", "position", "modality"}
"""What a candidate holds beside the fields of a user's schema."""


def weigh(
    quantity: Quantity, turn: int, before: Outcome, after: Outcome, decided: Collection[str]
) -> tuple[Outcome, Reask]:
    """Which of two outcomes of a number stands, and the record of it.

    `decided` names the fields that the text leaves no choice about.
    """
    kept = before
    outcome: ReaskOutcome = "unclaimed"
    match after:
        case Verdict(accepted=True):
            is_worse = isinstance(before, Verdict) and bool(missing(before, after, decided))
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


def missing(before: Verdict, after: Verdict, decided: Collection[str]) -> list[str]:
    """The fields that an accepted answer leaves out though it should not.

    The refused one said them and nobody objected, or the text decides them. What the text itself
    fills in (a hedge, a unit) is not left out.
    """
    if after.claim is None:
        return []
    first, claim = candidate_record(before.candidate), after.claim
    objected = {finding.field for finding in before.findings if finding.rejects}
    # a field of a user's schema may be called as one of every claim is
    stated, own = candidate_record(after.candidate), {one.name for one in claim.fields}
    lost = [
        name
        for name in first
        if first.get(name)
        and name not in own
        and not (getattr(claim, name) if name in _SAID else name in _BESIDE or stated.get(name))
    ]
    if _drops_modality(first.get("modality"), claim):
        lost.append("modality")
    return [name for name in lost if name not in objected or name in decided]


def _drops_modality(first: object, claim: Claim) -> bool:
    """Whether a claim is told as a fact only because it no longer says how it is told."""
    return first is not None and "modality" in claim.filled and claim.modality != first


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
