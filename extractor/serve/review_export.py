"""The reviewed table: every verdict of a run, and what a person decided about it beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from extractor.batch.csv_cells import csv_record
from extractor.batch.exports import COLUMNS, export_rows
from extractor.batch.json_lines import json_line
from extractor.batch.ledger_reader import open_ledger
from extractor.serve.review_store import Decision, decisions

Format = Literal["csv", "jsonl"]
REVIEW_COLUMNS = ("claim", "decision", "reason", "reviewer", "decided_at", "accepted_after_review")
"""What follows the columns of `extractor export`.

`claim` is the verdict's number in its document. `accepted` stays the gate's own verdict;
`accepted_after_review` is the person's where there is one.
"""


def write_reviewed(run: Path, path: Path, form: Format, *, only_decided: bool) -> None:
    """Write the table to a file. Raises InputError or OSError."""
    with path.open("w", encoding="utf-8", newline="") as file:
        if form == "csv":
            file.write(csv_record([*(column.name for column in COLUMNS), *REVIEW_COLUMNS]))
        for row in _rows(run, only_decided=only_decided):
            file.write(csv_record(row.values()) if form == "csv" else f"{json_line(row)}\n")


def _rows(run: Path, *, only_decided: bool) -> Iterator[dict[str, Any]]:
    known = decisions(run)
    document, n = "", 0
    with open_ledger(run) as ledger:
        for row in export_rows(ledger):
            # the verdicts of a document are numbered from 0, and come in that order
            n = n + 1 if row["document"] == document else 0
            document = row["document"]
            decision = known.get((document, n))
            if decision is not None and decision.choice == "open":
                decision = None
            if decision is not None or not only_decided:
                yield row | _reviewed(n, row["accepted"], decision)


def _reviewed(n: int, accepted: object, decision: Decision | None) -> dict[str, Any]:
    if decision is None:
        return dict.fromkeys(REVIEW_COLUMNS) | {"claim": n, "accepted_after_review": accepted}
    return {
        "claim": n,
        "decision": decision.choice,
        "reason": decision.reason,
        "reviewer": decision.reviewer,
        "decided_at": decision.at,
        "accepted_after_review": decision.choice == "accept",
    }
