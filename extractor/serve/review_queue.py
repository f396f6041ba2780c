"""The claims of a run that a person is to look at: those that were refused, and those flagged."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from extractor.batch.ledger_reader import LedgerReader, open_ledger
from extractor.batch.ledger_schema import LEDGER
from extractor.errors import InputError
from extractor.report.safe_text import showable
from extractor.serve.review_store import REVIEWS

Kind = Literal["any", "rejected", "flagged"]
State = Literal["any", "open", "decided"]

_QUOTE = 240  # characters that a line of the queue shows
_NONE_DECIDED = (
    "CREATE TEMP VIEW decided AS SELECT '' AS document, 0 AS claim, '' AS choice, "
    "'' AS reason, '' AS reviewer, '' AS at, 0 AS n, '' AS stated_sha256 WHERE 0"
)
_DECIDED = "CREATE TEMP VIEW decided AS SELECT * FROM review.latest"
_FROM = """
FROM verdicts v
JOIN documents d ON d.id = v.document
JOIN candidates c ON c.document = v.document AND c.n = v.n
LEFT JOIN decided r ON r.document = v.document AND r.claim = v.n
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which claims of a queue are wanted; `text` is looked for in names and in what is stated."""

    kind: Kind = "any"
    state: State = "any"
    rule: str = ""
    text: str = ""
    offset: int = 0
    limit: int = 200


def run_names(runs: Path) -> list[str]:
    """The run folders directly below `runs`, the newest first; links are not followed."""
    found: list[tuple[float, str]] = []
    for entry in runs.iterdir():
        with suppress(OSError):  # it may just be removed
            if not entry.is_symlink():
                found.append(((entry / LEDGER).stat().st_mtime, entry.name))
    return [name for _, name in sorted(found, reverse=True)]


def run_folder(runs: Path, name: str) -> Path | None:
    """The run folder of this name, None where there is none: a name never leads anywhere else."""
    return next((runs / one for one in run_names(runs) if one == name), None)


def overview(run: Path) -> dict[str, Any]:
    """How many claims of a run are to be looked at, and how many were."""
    with _reading(run) as ledger:
        rejected, flagged, decided = ledger.connection.execute(
            "SELECT TOTAL(NOT v.accepted), TOTAL(v.accepted), "
            f"TOTAL(COALESCE(r.choice, 'open') <> 'open') {_FROM} WHERE {_IN_QUEUE}"
        ).fetchone()
        at = ledger.status()
    return {
        "run": run.name,
        "name": showable(run.name),
        "rejected": int(rejected),
        "flagged": int(flagged),
        "decided": int(decided),
        "last_event": at["last_event"],
        "at": at["at"],
    }


def queue(run: Path, wanted: Wanted) -> dict[str, Any]:
    """Some claims of a run in the order of its documents, how many there are, and by which rules.

    Texts are fit to be shown; `document` is the id as it is, to ask further with.
    """
    where, values = _condition(wanted)
    with _reading(run) as ledger:
        connection = ledger.connection
        total, decided = connection.execute(
            f"SELECT COUNT(*), TOTAL(COALESCE(r.choice, 'open') <> 'open') {_FROM} WHERE {where}",
            values,
        ).fetchone()
        rows = connection.execute(
            "SELECT v.document, v.n, v.accepted, v.claim, c.stated, d.title, r.choice "
            f"{_FROM} WHERE {where} ORDER BY d.number, v.n LIMIT ? OFFSET ?",
            (*values, wanted.limit, wanted.offset),
        ).fetchall()
        items = [_item(connection, row) for row in rows]
        codes = connection.execute(
            "SELECT code, COUNT(*) FROM findings GROUP BY code ORDER BY code"
        ).fetchall()
    return {
        "total": total,
        "decided": int(decided),
        "offset": wanted.offset,
        "claims": items,
        "rules": [[showable(code), count] for code, count in codes],
    }


def stated_claim(run: Path, document: str, claim: int) -> tuple[str, bool] | None:
    """A candidate as the ledger holds it, and whether the gate accepted it; None: there is none."""
    with open_ledger(run) as ledger:
        row = ledger.connection.execute(
            "SELECT c.stated, v.accepted FROM candidates c JOIN verdicts v "
            "ON v.document = c.document AND v.n = c.n WHERE c.document = ? AND c.n = ?",
            (document, claim),
        ).fetchone()
    return None if row is None else (row[0], bool(row[1]))


_IN_QUEUE = (
    "(NOT v.accepted OR EXISTS "
    "(SELECT 1 FROM findings f WHERE f.document = v.document AND f.n = v.n))"
)


def _condition(wanted: Wanted) -> tuple[str, tuple[object, ...]]:
    parts, values = [_IN_QUEUE], list[object]()
    if wanted.kind != "any":
        parts.append("v.accepted" if wanted.kind == "flagged" else "NOT v.accepted")
    if wanted.state != "any":
        is_open = "COALESCE(r.choice, 'open') = 'open'"
        parts.append(is_open if wanted.state == "open" else f"NOT {is_open}")
    if wanted.rule:
        parts.append(
            "EXISTS (SELECT 1 FROM findings f WHERE f.document = v.document AND f.n = v.n "
            "AND f.code = ?)"
        )
        values.append(wanted.rule)
    for word in wanted.text.lower().split():
        parts.append(
            "instr(lower(v.document || ' ' || COALESCE(d.title, '') || ' ' || c.stated), ?)"
        )
        values.append(word)
    return " AND ".join(parts), tuple(values)


def _item(connection: sqlite3.Connection, row: tuple[Any, ...]) -> dict[str, Any]:
    document, n, accepted, claim, stated, title, choice = row
    fields = json.loads(claim or stated)
    codes = connection.execute(
        "SELECT DISTINCT code FROM findings WHERE document = ? AND n = ? ORDER BY k", (document, n)
    ).fetchall()
    return {
        "document": document,
        "claim": n,
        "name": showable(title or document),
        "accepted": bool(accepted),
        "figure": _figure(fields),
        "quote": _shown(fields.get("quote")),
        "rules": [showable(code) for (code,) in codes],
        "decision": None if choice == "open" else choice,
    }


def _figure(fields: dict[str, Any]) -> str:
    ends = [_shown(fields.get(name)) for name in ("low", "high")]
    return _shown(fields.get("number") or fields.get("value")) or " to ".join(filter(None, ends))


def _shown(given: object) -> str:
    if given is None:
        return ""
    text = given if isinstance(given, str) else json.dumps(given)
    return showable(text if len(text) <= _QUOTE else f"{text[:_QUOTE]}…")


@contextmanager
def _reading(run: Path) -> Iterator[LedgerReader]:
    """The ledger with the decisions beside it, as the view `decided`."""
    with open_ledger(run) as ledger:
        path = run / REVIEWS
        try:
            if path.is_file():
                address = f"{path.resolve().as_uri()}?mode=ro"
                ledger.connection.execute("ATTACH ? AS review", (address,))
                ledger.connection.execute(_DECIDED)
            else:
                ledger.connection.execute(_NONE_DECIDED)
        except sqlite3.Error as error:
            raise InputError(f"{path}: cannot be read ({error}).") from error
        yield ledger
