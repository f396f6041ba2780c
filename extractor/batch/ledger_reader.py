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


def deflated(text: str) -> bytes:
    """A text as the ledger keeps it."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)


def inflated(stored: bytes) -> str:
    """The inverse of `deflated`."""
    return zlib.decompress(stored).decode("utf-8", "surrogatepass")
