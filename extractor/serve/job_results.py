"""What came of a job, line by line out of its ledger, some documents at a time."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any, Literal, get_args

from extractor.batch.json_lines import json_line
from extractor.batch.ledger_reader import LedgerReader, open_ledger
from extractor.errors import InputError

ResultKind = Literal["verdicts", "claims", "numbers", "documents"]
KINDS: tuple[ResultKind, ...] = get_args(ResultKind)
_AT_ONCE = 100  # documents


def result_lines_after(run: Path, kind: ResultKind, number: int) -> tuple[str, int] | None:
    """The lines of the documents that follow document `number`, and the last one's number.

    None when there are no more, or when the run has not begun. The ledger is open only meanwhile,
    so that a client that reads slowly keeps nothing from being written.
    """
    try:
        with open_ledger(run) as ledger:
            rows = ledger.connection.execute(
                "SELECT number, id, source, state, sha256, error, same_as FROM documents "
                "WHERE number > ? ORDER BY number LIMIT ?",
                (number, _AT_ONCE),
            ).fetchall()
            lines = [line for row in rows for line in _lines(ledger, kind, row)]
    except InputError:
        return None
    if not rows:
        return None
    return "".join(f"{line}\n" for line in lines), rows[-1][0]


def _lines(ledger: LedgerReader, kind: ResultKind, row: tuple[Any, ...]) -> list[str]:
    _, name, source, state, sha256, error, same_as = row
    if kind == "documents":
        record = {
            "document": name,
            "source": source,
            "state": state,
            "sha256": sha256,
            "why": error or same_as,
        }
        return [json_line(record)]
    if kind == "numbers":
        query = "SELECT row FROM numbers WHERE document = ? ORDER BY n"
        return [line for (line,) in ledger.connection.execute(query, (name,))]
    if kind == "claims":
        query = "SELECT claim FROM verdicts WHERE document = ? AND accepted ORDER BY n"
        return [line for (line,) in ledger.connection.execute(query, (name,))]
    return _verdict_lines(ledger, name)


def _verdict_lines(ledger: LedgerReader, document: str) -> list[str]:
    """Each verdict as `extractor verify --json` would give it."""
    findings: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for n, code, severity, field, message, start, end, excerpt in ledger.connection.execute(
        'SELECT n, code, severity, field, message, start, "end", excerpt FROM findings '
        "WHERE document = ? ORDER BY n, k",
        (document,),
    ):
        findings[n].append(
            {
                "code": code,
                "severity": severity,
                "field": field,
                "message": message,
                "span": None if start is None else [start, end],
                "excerpt": excerpt,
            }
        )
    return [
        json_line(
            {
                "document": document,
                "accepted": bool(accepted),
                "candidate": json.loads(stated),
                "number_span": None if start is None else [start, end],
                "findings": findings.get(n, []),
                "claim": None if claim is None else json.loads(claim),
            }
        )
        for n, accepted, start, end, claim, stated in ledger.connection.execute(
            'SELECT v.n, v.accepted, v.start, v."end", v.claim, c.stated FROM verdicts v '
            "JOIN candidates c ON c.document = v.document AND c.n = v.n "
            "WHERE v.document = ? ORDER BY v.n",
            (document,),
        )
    ]
