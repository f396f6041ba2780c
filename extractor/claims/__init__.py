"""Candidate claims (wire), claims (domain), findings, verdicts and results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor.claims.calls import Attempt, CallRecord, Usage, count_unmetered, total_usage
from extractor.claims.modality import Modality
from extractor.claims.results import Change, Dismissal, ExtractionResult, Reask, Unclaimed
from extractor.claims.verdicts import Claim, Finding, Severity, Verdict

if TYPE_CHECKING:
    from extractor.claims.wire import CandidateClaim

__all__ = [
    "Attempt",
    "CallRecord",
    "CandidateClaim",
    "Change",
    "Claim",
    "Dismissal",
    "ExtractionResult",
    "Finding",
    "Modality",
    "Reask",
    "Severity",
    "Unclaimed",
    "Usage",
    "Verdict",
    "count_unmetered",
    "total_usage",
]


def __getattr__(name: str) -> object:
    """The wire type, looked up when it is first used: pydantic takes longer than all the rest."""
    if name != "CandidateClaim":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from extractor.claims.wire import CandidateClaim

    return CandidateClaim
