"""What came of a document as a row of a dataset, and such a row as the ledger takes it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from extractor.batch.document_rows import Failure
from extractor.batch.exports import Column, Row
from extractor.batch.json_lines import json_line
from extractor.batch.ledger_rows import (
    ResultRows,
    result_lines,
    rows_of,
    rows_of_lines,
    storable,
)
from extractor.claims import ExtractionResult

COLUMNS = (
    Column("document", "text"),
    Column("state", "text"),
    Column("error", "text"),
    Column("reason", "text"),
    Column("sha256", "text"),
    Column("accepted", "list"),
    Column("stated", "list"),
    Column("rejected", "list"),
    Column("numbers", "list"),
    Column("reasks", "list"),
    Column("calls", "list"),
    Column("by_text", "integer"),
    Column("prompt_tokens", "integer"),
    Column("cached_tokens", "integer"),
    Column("completion_tokens", "integer"),
    Column("unmetered", "integer"),
    Column("seconds", "double"),
)
"""What a document's row has of its outcome.

`state` is "done" or "failed" (then `error` says why, and `reason` is a short code). `accepted`,
`rejected`, `numbers` and `reasks` hold the lines that the files of a run folder of these names
have, and `calls` the rows of the ledger's table, as JSON; `stated` holds the candidates of the
accepted claims, as the model gave them. Tokens are those of all calls, failed ones included;
`seconds` is the wall time of the calls.
"""

_TOKENS = ("prompt_tokens", "cached_tokens", "completion_tokens", "unmetered")

Call = Mapping[str, Any]
"""A call as the ledger keeps it."""


def done_row(result: ExtractionResult, sha256: str, calls: Sequence[Call]) -> Row:
    """The row of a document that has a result; `calls` are those that it took."""
    rows = rows_of(result)
    lines = result_lines(result.document_id, rows)
    stated = [
        stated
        for (_, stated), verdict in zip(rows.candidates, rows.verdicts, strict=True)
        if verdict[1]
    ]
    return _row(result.document_id, sha256, calls) | {
        "state": "done",
        "accepted": lines["accepted.jsonl"],
        "stated": stated,
        "rejected": lines["rejected.jsonl"],
        "numbers": lines["numbers.jsonl"],
        "reasks": lines["reasks.jsonl"],
        "by_text": sum(claim.is_by_text for claim in result.accepted),
        "seconds": round(result.seconds, 3),
    }


def failed_row(failure: Failure, sha256: str | None, calls: Sequence[Call]) -> Row:
    """The row of a document that gave no result; `sha256` is None where it has no text."""
    return _row(failure.document, sha256, calls) | {
        "state": "failed",
        "error": storable(failure.message),
        "reason": failure.reason,
    }


def _row(document: str, sha256: str | None, calls: Sequence[Call]) -> Row:
    row: Row = {column.name: [] if column.kind == "list" else None for column in COLUMNS}
    return row | {
        "document": storable(document),
        "sha256": sha256,
        "calls": [json_line(call) for call in calls],
        "by_text": 0,
        "seconds": 0.0,
        **{name: sum(call[name] for call in calls) for name in _TOKENS},
    }


def result_of(row: Row) -> ResultRows:
    """The rows that the ledger has of a done document."""
    told = {f"{name}.jsonl": row[name] for name in ("rejected", "numbers", "reasks")}
    return rows_of_lines(row["stated"], row["accepted"], told)


def calls_of(row: Row) -> list[dict[str, Any]]:
    """The rows that the ledger has of a document's calls."""
    return [json.loads(call) for call in row["calls"]]
