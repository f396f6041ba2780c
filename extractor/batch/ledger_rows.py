"""A document's result as rows of the ledger, and rows as lines of the files made from it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractor.batch.json_lines import json_line
from extractor.claims import CandidateClaim, ExtractionResult, Finding
from extractor.claims.records import (
    Record,
    candidate_record,
    claim_record,
    number_records,
    reask_record,
)

Row = tuple[Any, ...]

FILES = ("accepted.jsonl", "rejected.jsonl", "numbers.jsonl", "reasks.jsonl", "calls.jsonl")
"""The files of a run folder that grow with it, each made from the tables alone."""


@dataclass(slots=True)
class ResultRows:
    """The rows of one document, each without the document's id."""

    candidates: list[Row] = field(default_factory=list)
    verdicts: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)
    numbers: list[Row] = field(default_factory=list)
    reasks: list[Row] = field(default_factory=list)


def rows_of(result: ExtractionResult) -> ResultRows:
    """The rows that a result gives."""
    rows = ResultRows()
    for claim, candidate in zip(result.accepted, result.candidates, strict=True):
        n = len(rows.candidates)
        _judged(rows, candidate, claim.warnings)
        number = claim.quantity.span
        rows.verdicts.append((n, 1, number.start, number.end, json_line(claim_record(claim))))
    for verdict in result.rejected:
        n = len(rows.candidates)
        _judged(rows, verdict.candidate, verdict.findings)
        against = verdict.quantity.span if verdict.quantity else None
        place = (against.start, against.end) if against else (None, None)
        rows.verdicts.append((n, 0, *place, None))
    for n, entry in enumerate(number_records(result)):
        rows.numbers.append((n, entry["outcome"], json_line(entry)))
    for n, reask in enumerate(result.reasks):
        rows.reasks.append((n, json_line(reask_record(reask, result.document_id))))
    return rows


def rows_of_lines(
    stated: Iterable[str], accepted: Iterable[str], told: Mapping[str, Sequence[str]]
) -> ResultRows:
    """The inverse of `result_lines`, whose lines `told` has but for those of `accepted`.

    `stated` are the candidates of the accepted claims, which no line tells.
    """
    rows = ResultRows()
    for line, candidate in zip(accepted, stated, strict=True):
        claim = json.loads(line)
        _told(rows, candidate, claim["warnings"], (1, *claim["number_span"], line))
    for line in told["rejected.jsonl"]:
        verdict = json.loads(line)
        place = verdict["number_span"] or (None, None)
        _told(rows, json_line(verdict["candidate"]), verdict["findings"], (0, *place, None))
    for n, line in enumerate(told["numbers.jsonl"]):
        rows.numbers.append((n, json.loads(line)["outcome"], line))
    rows.reasks += enumerate(told["reasks.jsonl"])
    return rows


def stored_rows(connection: sqlite3.Connection, document: str) -> ResultRows:
    """The rows of a document that the ledger holds."""

    def every(columns: str, table: str) -> list[Row]:
        # both names are this module's own
        query = f"SELECT {columns} FROM {table} WHERE document = ? ORDER BY 1, 2"  # noqa: S608
        return connection.execute(query, (document,)).fetchall()

    return ResultRows(
        every("n, stated", "candidates"),
        every('n, accepted, start, "end", claim', "verdicts"),
        every('n, k, code, severity, field, message, start, "end", excerpt', "findings"),
        every("n, outcome, row", "numbers"),
        every("n, row", "reasks"),
    )


def result_lines(document: str, rows: ResultRows) -> dict[str, list[str]]:
    """What a done document adds to the files of a run folder: the lines of each, without an end."""
    stated: dict[int, str] = dict(rows.candidates)
    rejected = [
        _rejected_line(document, stated[n], (start, end), [f for f in rows.findings if f[0] == n])
        for n, accepted, start, end, _ in rows.verdicts
        if not accepted
    ]
    return {
        "accepted.jsonl": [claim for *_, claim in rows.verdicts if claim is not None],
        "rejected.jsonl": rejected,
        "numbers.jsonl": [row for *_, row in rows.numbers],
        "reasks.jsonl": [row for _, row in rows.reasks],
    }


def call_line(document: str, start: int, end: int, turn: int, attempts: str) -> str:
    """The line of calls.jsonl of one call; `attempts` is JSON."""
    place = {"document": document, "start": start, "end": end, "turn": turn}
    return f'{json_line(place)[:-1]}, "attempts": {attempts}}}'


def storable(text: str) -> str:
    r"""`text` as SQLite takes it: a lone surrogate becomes its escape.

    >>> storable("7 \udc80 dead")
    '7 \\udc80 dead'
    """
    return text.encode("utf-8", "backslashreplace").decode()


def finding_rows(n: int, findings: Iterable[Finding]) -> Iterator[Row]:
    """The rows of the findings of the n-th verdict of a document."""
    for k, finding in enumerate(findings):
        span = finding.span
        yield (
            n,
            k,
            finding.code,
            finding.severity.value,
            finding.field,
            storable(finding.message),
            span.start if span else None,
            span.end if span else None,
            storable(finding.excerpt),
        )


def _judged(
    rows: ResultRows,
    candidate: CandidateClaim | Mapping[str, object],
    findings: Iterable[Finding],
) -> None:
    n = len(rows.candidates)
    rows.candidates.append((n, json_line(candidate_record(candidate))))
    rows.findings += finding_rows(n, findings)


def _told(rows: ResultRows, stated: str, findings: Iterable[Record], verdict: Row) -> None:
    n = len(rows.candidates)
    rows.candidates.append((n, stated))
    rows.verdicts.append((n, *verdict))
    for k, one in enumerate(findings):
        texts = one["code"], one["severity"], one["field"], one["message"]
        rows.findings.append((n, k, *texts, *(one["span"] or (None, None)), one["excerpt"]))


def _rejected_line(
    document: str, stated: str, number: tuple[int | None, int | None], findings: Sequence[Row]
) -> str:
    record: Record = {
        "document": document,
        "accepted": False,
        "candidate": json.loads(stated),
        "number_span": None if number[0] is None else list(number),
        "findings": [
            {
                "code": code,
                "severity": severity,
                "field": name,
                "message": message,
                "span": None if start is None else [start, end],
                "excerpt": excerpt,
            }
            for _, _, code, severity, name, message, start, end, excerpt in findings
        ],
        "claim": None,
    }
    return json_line(record)
