"""Candidate claims (wire), claims (domain), findings, verdicts and results."""

from extractor.claims.results import Dismissal, ExtractionResult, Unclaimed, Usage
from extractor.claims.verdicts import Claim, Finding, Severity, Verdict
from extractor.claims.wire import CandidateClaim, Modality

__all__ = [
    "CandidateClaim",
    "Claim",
    "Dismissal",
    "ExtractionResult",
    "Finding",
    "Modality",
    "Severity",
    "Unclaimed",
    "Usage",
    "Verdict",
]
