"""A run as one JSON object: the overview, the figures side by side, and every verdict."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from extractor.batch.ledger_reader import open_ledger
from extractor.reconcile.groups import FigureGroup, group_record
from extractor.report.judged_documents import Judged, JudgedDocument, judged_documents
from extractor.report.run_overview import overview_of, overview_record
from extractor.text import Span


def json_report(run: Path, groups: Sequence[FigureGroup]) -> Iterator[str]:
    """The object, piece by piece, a document a line; ASCII throughout, whatever the texts hold.

    Raises InputError when `run` is no run folder or cannot be read.
    """
    with open_ledger(run) as ledger:
        ledger.connection.execute("BEGIN")  # one state of a run that may be under way
        overview = overview_record(overview_of(run, ledger))
        yield f'{{"overview": {json.dumps(overview)},\n"groups": ['
        for place, group in enumerate(groups):
            yield f"{',' if place else ''}\n{json.dumps(group_record(group))}"
        yield '],\n"documents": ['
        for place, document in enumerate(judged_documents(ledger)):
            yield f"{',' if place else ''}\n{json.dumps(_document_record(document))}"
        yield "]}\n"


def _document_record(document: JudgedDocument) -> dict[str, Any]:
    return {
        "document": document.id,
        "source": document.source,
        "state": document.state,
        "why": document.reason,
        "title": document.title,
        "published": document.published,
        "numbers": [
            {"n": number.place, **{k: v for k, v in number.row.items() if k != "document"}}
            for number in document.numbers
        ],
        "claims": [_claim_record(claim) for claim in document.claims],
    }


def _claim_record(claim: Judged) -> dict[str, Any]:
    return {
        "accepted": claim.accepted,
        "number_span": _pair(claim.span),
        "fields": {k: v for k, v in claim.fields.items() if k not in ("document", "warnings")},
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity,
                "field": finding.field,
                "message": finding.message,
                "span": _pair(finding.span),
            }
            for finding in claim.findings
        ],
    }


def _pair(span: Span | None) -> list[int] | None:
    return None if span is None else [span.start, span.end]
