"""Claims, verdicts and quantities as plain JSON values. Figures stay strings, spans are pairs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from extractor.claims.results import ExtractionResult
from extractor.claims.verdicts import Claim, Finding, Verdict
from extractor.claims.wire import CandidateClaim
from extractor.quantities.types import Quantity
from extractor.text import Span

Record = dict[str, Any]


def plain(number: Decimal | None) -> str | None:
    """A decimal without exponent or idle zeros, or None.

    >>> plain(Decimal("1.50E+6")), plain(Decimal("0.250"))
    ('1500000', '0.25')
    """
    if number is None:
        return None
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def span_record(span: Span | None) -> list[int] | None:
    """A span as `[start, end]`, characters of the original text."""
    return None if span is None else [span.start, span.end]


def quantity_record(quantity: Quantity) -> Record:
    """What the reader says of one number."""
    return {
        "text": quantity.text,
        "span": span_record(quantity.span),
        "value": plain(quantity.value),
        "low": plain(quantity.low),
        "high": plain(quantity.high),
        "qualifier": quantity.qualifier.value,
        "kind": quantity.kind.value,
        "unit": quantity.unit,
        "readings": [plain(reading) for reading in quantity.readings],
    }


def claim_record(claim: Claim) -> Record:
    """An accepted claim."""
    return {
        "document": claim.document_id,
        "quote": claim.quote,
        "quote_span": span_record(claim.quote_span),
        "number": claim.quantity.text,
        "number_span": span_record(claim.quantity.span),
        "value": plain(claim.value),
        "low": plain(claim.low),
        "high": plain(claim.high),
        "qualifier": claim.qualifier.value,
        "unit": claim.unit,
        "counted": claim.counted,
        "event": claim.event,
        "claimant": claim.claimant,
        "claimant_span": span_record(claim.claimant_span),
        "place": claim.place,
        "when": claim.when,
        "modality": claim.modality,
        "filled": sorted(claim.filled),
        "warnings": [finding_record(finding) for finding in claim.warnings],
    }


def finding_record(finding: Finding) -> Record:
    """One finding."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "field": finding.field,
        "message": finding.message,
        "span": span_record(finding.span),
        "excerpt": finding.excerpt,
    }


def verdict_record(verdict: Verdict, document_id: str) -> Record:
    """One judged candidate, accepted or not, with all its findings."""
    candidate = verdict.candidate
    given = (
        candidate.model_dump(exclude_none=True)
        if isinstance(candidate, CandidateClaim)
        else dict(candidate)
    )
    return {
        "document": document_id,
        "accepted": verdict.accepted,
        "candidate": given,
        "number_span": span_record(verdict.quantity.span) if verdict.quantity else None,
        "findings": [finding_record(finding) for finding in verdict.findings],
    }


def number_records(result: ExtractionResult) -> list[Record]:
    """The accounting: every number of the document with the one place where it ended, in order."""
    rows: list[tuple[Quantity, str, str | None]] = []
    rows += [(claim.quantity, "accepted", None) for claim in result.accepted]
    settled = {claim.quantity.span for claim in result.accepted}
    for verdict in result.rejected:
        if verdict.quantity is not None and verdict.quantity.span not in settled:
            settled.add(verdict.quantity.span)
            codes = " ".join(dict.fromkeys(finding.code for finding in verdict.findings))
            rows.append((verdict.quantity, "rejected", codes))
    rows += [(d.quantity, "dismissed", f"{d.by}: {d.reason}") for d in result.dismissed]
    rows += [(u.quantity, "unclaimed", u.reason) for u in result.unclaimed]
    rows.sort(key=lambda row: row[0].span)
    return [
        {
            "document": result.document_id,
            **quantity_record(quantity),
            "outcome": outcome,
            "why": why,
        }
        for quantity, outcome, why in rows
    ]
