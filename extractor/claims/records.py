"""Claims, verdicts and quantities as plain JSON values. Figures stay strings, spans are pairs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from extractor.quantities.types import Masked, Quantity
from extractor.text import Span

if TYPE_CHECKING:  # verdicts make their own records, so this module stands below them
    from extractor.claims.calls import CallRecord, Usage
    from extractor.claims.results import ExtractionResult, Reask
    from extractor.claims.stated_field import StatedField
    from extractor.claims.verdicts import Claim, Finding, Verdict
    from extractor.claims.wire import CandidateClaim

Record = dict[str, Any]

_DEEPEST = 32  # levels of a candidate's field; a claim has one
_LONGEST_INTEGER = 4096  # bits


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


def read_number_record(quantity: Quantity, text: str) -> Record:
    """What the reader says of a number, with the words of its hedge and its two ends in `text`."""
    return quantity_record(quantity) | {
        "hedge": None if quantity.hedge is None else quantity.hedge.of(text),
        "hedge_span": span_record(quantity.hedge),
        "parts": [
            {"text": part.span.of(text), "span": span_record(part.span), "value": plain(part.value)}
            for part in quantity.parts
        ],
    }


def masked_record(masked: Masked) -> Record:
    """A number that is no quantity, and why."""
    return {
        "text": masked.text,
        "span": span_record(masked.span),
        "masked": masked.kind,
        "why": masked.why,
    }


def claim_record(claim: Claim) -> Record:
    """An accepted claim; `fields` is there where it was made with a user's schema."""
    record: Record = {
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
        "derived_from": None if claim.derived_from is None else list(claim.derived_from),
        "filled": sorted(claim.filled),
        "warnings": [finding_record(finding) for finding in claim.warnings],
    }
    if claim.is_of_a_schema:
        record["fields"] = {one.name: _field_record(one) for one in claim.fields}
    return record


def own_values(claim: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a user's schema in the record of a claim, each as one text.

    Of a number it is the figure, or its own words where it is a range.
    """
    fields = claim.get("fields") or {}
    return {name: one.get("value") or one.get("text") for name, one in fields.items()}


def _field_record(field: StatedField) -> Record:
    """A field of a user's schema; a number with what the text says of it."""
    record: Record = {"value": field.text, "span": span_record(field.span)}
    if field.quantity is None:
        return record
    return {**quantity_record(field.quantity), "span": span_record(field.span)}


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


def candidate_record(candidate: CandidateClaim | Mapping[str, object]) -> Record:
    """A candidate as it was given: the stated fields of a parsed one, all of a mapping's."""
    if not isinstance(candidate, Mapping):
        candidate = candidate.model_dump(exclude_none=True)
    return {as_text(name): json_value(value) for name, value in candidate.items()}


def json_value(given: object, deepest: int = _DEEPEST) -> Any:  # noqa: ANN401 - any JSON value
    """`given` as a JSON value, whatever somebody put into a candidate; nothing raises.

    What JSON has no form for (a set, bytes, a NaN) is told as text, and so is what is nested
    deeper than `deepest` levels.

    >>> json_value({"value": Decimal("1.50"), "spans": (1, float("nan"))})
    {'value': '1.50', 'spans': [1, 'nan']}
    """
    if isinstance(given, (Mapping, list, tuple)):
        if deepest == 0:
            return "nested too deeply"
        if isinstance(given, Mapping):
            return {as_text(name): json_value(value, deepest - 1) for name, value in given.items()}
        return [json_value(value, deepest - 1) for value in given]
    if isinstance(given, int) and given.bit_length() > _LONGEST_INTEGER:
        return hex(given)  # Python prints no longer one in decimals
    plain_already = given is None or isinstance(given, (bool, int, str))
    finite = isinstance(given, float) and isfinite(given)
    return given if plain_already or finite else as_text(given)


def as_text(given: object) -> str:
    """What somebody else's object prints as; its type, where it cannot print."""
    try:
        return str(given)
    except Exception:  # noqa: BLE001 - somebody else's object: its type has to do
        return f"<{type(given).__name__}>"


def judgement_record(verdict: Verdict) -> Record:
    """One judged candidate with all its findings, and the claim where it is accepted."""
    return {
        "accepted": verdict.accepted,
        "candidate": candidate_record(verdict.candidate),
        "number_span": span_record(verdict.quantity.span) if verdict.quantity else None,
        "findings": [finding_record(finding) for finding in verdict.findings],
        "claim": None if verdict.claim is None else claim_record(verdict.claim),
    }


def verdict_record(verdict: Verdict, document_id: str) -> Record:
    """One judged candidate with the document that it was held against."""
    return {"document": document_id, **judgement_record(verdict)}


def usage_record(usage: Usage | None) -> Record | None:
    """Tokens; None where the endpoint told none."""
    if usage is None:
        return None
    return {
        "prompt_tokens": usage.prompt_tokens,
        "cached_tokens": usage.cached_tokens,
        "completion_tokens": usage.completion_tokens,
    }


def call_record(call: CallRecord, document_id: str) -> Record:
    """One model call with its attempts; `start` and `end` are the passage's, in characters."""
    return {
        "document": document_id,
        "start": call.start,
        "end": call.end,
        "turn": call.turn,
        "attempts": [
            {
                "outcome": attempt.outcome,
                "seconds": round(attempt.seconds, 3),
                "usage": usage_record(attempt.usage),
            }
            for attempt in call.attempts
        ],
    }


def reask_record(reask: Reask, document_id: str) -> Record:
    """A number that was asked about again, what was wrong before, and what changed."""
    return {
        "document": document_id,
        "number": reask.quantity.text,
        "number_span": span_record(reask.quantity.span),
        "turn": reask.turn,
        "before": reask.why,
        "outcome": reask.outcome,
        "changed": {change.field: [change.before, change.after] for change in reask.changed},
    }


def number_records(result: ExtractionResult) -> list[Record]:
    """The accounting: every number of the document with the one place where it ended, in order."""
    rows: list[tuple[Quantity, str, str | None]] = []
    rows += [(claim.quantity, "accepted", None) for claim in result.accepted]
    settled = {claim.quantity.span for claim in result.accepted}
    for claim in result.accepted:
        for field in claim.fields:  # a further number of a claim ends with it
            if field.quantity is not None and field.quantity.span not in settled:
                settled.add(field.quantity.span)
                why = f"the {field.name} of {claim.quantity.text!r}"
                rows.append((field.quantity, "accepted", why))
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
