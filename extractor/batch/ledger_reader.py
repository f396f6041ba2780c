"""A run's ledger, read only: it may be read while the run is under way."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.batch.ledger_schema import LEDGER, MIGRATIONS
from extractor.claims import Attempt, CallRecord, Usage
from extractor.errors import InputError
from extractor.text import Document


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document that has ended: `state` is "done", "failed" or "duplicate"."""

    number: int
    id: str
    source: str
    state: str
    error: str | None
    same_as: str | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class RunCounts:
    """How many documents and numbers ended where; `seconds` is the wall time of all calls."""

    done: int
    failed: int
    duplicates: int
    accepted: int
    by_text: int
    rejected: int
    dismissed: int
    unclaimed: int
    seconds: float

    def __post_init__(self) -> None:
        for name in self.__slots__[:-1]:  # SQLite's totals are floats
            object.__setattr__(self, name, int(getattr(self, name)))


class LedgerReader:
    """What a run has done so far, document by document, in the order of the input."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.path = path
        self.connection = connection

    @property
    def plan(self) -> dict[str, Any]:
        """How the run was made."""
        row = self.connection.execute("SELECT plan FROM run").fetchone()
        if row is None:
            raise InputError(f"{self.path}: this run was never begun; remove its folder.")
        plan: dict[str, Any] = json.loads(row[0])
        return plan

    def documents(self, *states: str) -> Iterator[DocumentRow]:
        """The documents in these states (none: in all), in the order of the input."""
        wanted = f"WHERE state IN ({', '.join('?' * len(states))})" if states else ""
        rows = self.connection.execute(
            "SELECT number, id, source, state, error, same_as, sha256 FROM documents "  # noqa: S608 - question marks
            f"{wanted} ORDER BY number",
            states,
        )
        return (DocumentRow(*row) for row in rows)

    def counts(self) -> RunCounts:
        """Where documents and numbers have ended so far."""
        return RunCounts(
            *self.connection.execute(
                "SELECT TOTAL(state = 'done'), TOTAL(state = 'failed'), "
                "TOTAL(state = 'duplicate'), TOTAL(accepted), TOTAL(by_text), TOTAL(rejected), "
                "TOTAL(dismissed), TOTAL(unclaimed), TOTAL(seconds) FROM documents"
            ).fetchone()
        )

    def status(self) -> dict[str, Any]:
        """How far the run has come, as plain JSON values."""
        counts = self.counts()
        calls, tokens_in, tokens_out = self.connection.execute(
            "SELECT COUNT(*), TOTAL(prompt_tokens), TOTAL(completion_tokens) FROM calls"
        ).fetchone()
        event = self.connection.execute(
            "SELECT at, kind FROM events ORDER BY n DESC LIMIT 1"
        ).fetchone()
        at, kind = event or (None, None)
        names = ("done", "failed", "duplicates", "accepted", "rejected", "dismissed", "unclaimed")
        return {
            "last_event": kind,
            "at": at,
            **{name: getattr(counts, name) for name in names},
            "calls": calls,
            "tokens_in": int(tokens_in),
            "tokens_out": int(tokens_out),
        }

    def is_empty(self) -> bool:
        """Whether no document has ended and no call was answered."""
        query = (
            "SELECT EXISTS (SELECT 1 FROM documents) "
            "OR EXISTS (SELECT 1 FROM calls WHERE raw IS NOT NULL)"
        )
        return not self.connection.execute(query).fetchone()[0]

    def calls(self) -> Iterator[CallRecord]:
        """Every call of the run, those of unfinished documents included."""
        for start, end, turn, attempts in self.connection.execute(
            'SELECT start, "end", turn, attempts FROM calls'
        ):
            yield CallRecord(start, end, turn, stored_attempts(attempts))

    def claims(self) -> Iterator[tuple[str, list[str]]]:
        """The accepted claims of each document that has any, as lines of accepted.jsonl."""
        for row in self.documents("done"):
            lines = self.connection.execute(
                "SELECT claim FROM verdicts WHERE document = ? AND accepted ORDER BY n", (row.id,)
            ).fetchall()
            if lines:
                yield row.id, [line for (line,) in lines]

    def table(self, most: int) -> Iterator[tuple[Any, ...]]:
        """The first documents: id, state, where numbers ended, calls, tokens read and written."""
        return self.connection.execute(
            "SELECT id, state, accepted, rejected, dismissed, unclaimed, "
            "(SELECT COUNT(*) FROM calls WHERE document = id), "
            "(SELECT CAST(TOTAL(prompt_tokens) AS INTEGER) FROM calls WHERE document = id), "
            "(SELECT CAST(TOTAL(completion_tokens) AS INTEGER) FROM calls WHERE document = id) "
            "FROM documents ORDER BY number LIMIT ?",
            (most,),
        )

    def document(self, document_id: str) -> Document:
        """The text of a done document, as it was asked about. Raises InputError for another."""
        row = self.connection.execute(
            "SELECT id, source, published, text FROM documents WHERE id = ? AND state = 'done'",
            (document_id,),
        ).fetchone()
        if row is None:
            raise InputError(f"{self.path}: this run holds no document {document_id[:80]!r}.")
        name, source, published, text = row
        return Document(text=inflated(text), id=name, source=source, published=published)


@contextmanager
def open_ledger(run: Path) -> Iterator[LedgerReader]:
    """The ledger in the folder `run`, to be read. Raises InputError when it is none."""
    path = run / LEDGER
    if not path.is_file():
        raise InputError(f"{run}: this is no run folder (it holds no {LEDGER}).")
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version != len(MIGRATIONS):
                raise InputError(
                    f"{path}: its tables are version {version}, and {len(MIGRATIONS)} is wanted; "
                    f"`extractor resume {run}` brings an older one up."
                )
            yield LedgerReader(connection, path)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise InputError(f"{path}: cannot be read ({error}).") from error


def stored_plan(folder: Path) -> dict[str, Any]:
    """How the run in a folder was made. Raises InputError when there is none."""
    with open_ledger(folder) as ledger:
        return ledger.plan


def is_unused(folder: Path) -> bool:
    """Whether a run folder holds nothing that was done yet."""
    if not (folder / LEDGER).exists():
        return True
    try:
        with open_ledger(folder) as ledger:
            return ledger.is_empty()
    except InputError:
        return False


def stored_attempts(stored: str) -> tuple[Attempt, ...]:
    """The attempts of a call, as the ledger keeps them."""
    return tuple(
        Attempt(one["outcome"], one["seconds"], Usage(**one["usage"]) if one["usage"] else None)
        for one in json.loads(stored)
    )


def deflated(text: str) -> bytes:
    """A text as the ledger keeps it."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)


def inflated(stored: bytes) -> str:
    """The inverse of `deflated`."""
    return zlib.decompress(stored).decode("utf-8", "surrogatepass")
