"""The tables of a run's batches, beside those of its ledger, and what is read from them.

They are made when a run is first asked by batch files; other runs have none.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, fields
from pathlib import Path

from extractor.batch.ledger_reader import open_ledger
from extractor.errors import InputError

TABLES = """
CREATE TABLE IF NOT EXISTS batches (   -- a row before anything of the batch leaves this machine
    n INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,          -- ours, in the metadata of the server's batch
    sha256 TEXT NOT NULL,              -- of the file of requests
    requests INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    intended TEXT NOT NULL,            -- when
    file TEXT,                         -- the server's id of the uploaded file
    sent TEXT,                         -- when the server was first asked to create the batch
    id TEXT,                           -- the server's id of the batch
    status TEXT,                       -- its last word on it
    why TEXT,                          -- what it found wrong with it
    collected TEXT                     -- when all that it gave was taken in
);
CREATE TABLE IF NOT EXISTS batch_requests (
    id TEXT PRIMARY KEY,               -- custom_id: a hash of the body and the place
    document TEXT NOT NULL,
    batch TEXT NOT NULL,               -- the key of the last one that it was written for
    state TEXT NOT NULL CHECK (state IN ('wanted', 'open', 'answered', 'failed')),
    tries INTEGER NOT NULL,            -- batches that it was in and that might have answered it
    most_in INTEGER NOT NULL,          -- tokens, at worst
    most_out INTEGER NOT NULL,
    status INTEGER,                    -- HTTP status of the answer; 0 where there was none
    code TEXT,                         -- the batch's own, where there was none
    body BLOB,                         -- JSON of the answer or the error, deflated by zlib
    prompt_tokens INTEGER,             -- of an answer, where they are told
    cached_tokens INTEGER,
    completion_tokens INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS batch_requests_by_batch ON batch_requests (batch, state);
"""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch as the run knows it; times and the server's ids are None until there are some."""

    key: str
    sha256: str
    requests: int
    bytes: int
    intended: str
    file: str | None
    sent: str | None
    id: str | None
    status: str | None
    why: str | None
    collected: str | None

    @property
    def is_open(self) -> bool:
        """Whether something may still come of it."""
        return self.collected is None


@dataclass(frozen=True, slots=True)
class RequestCounts:
    """Requests by where they are.

    `failed` came to an error that another try does not mend. `to_submit` have no answer and are in
    no open batch; those of documents that have ended are left out.
    """

    answered: int
    pending: int
    to_submit: int
    failed: int


def has_tables(connection: sqlite3.Connection) -> bool:
    """Whether these tables are in a ledger."""
    query = "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name LIKE 'batch%'"
    return bool(connection.execute(query).fetchone()[0])


def holds_batches(folder: Path) -> bool:
    """Whether a run folder knows of any batch, which the server may have."""
    try:
        with open_ledger(folder) as ledger:
            return has_tables(ledger.connection) and bool(batch_rows(ledger.connection))
    except InputError:
        return False


def batch_rows(connection: sqlite3.Connection) -> list[BatchRow]:
    """All batches, in the order in which they were intended."""
    columns = ", ".join(field.name for field in fields(BatchRow))
    query = f"SELECT {columns} FROM batches ORDER BY n"  # noqa: S608 - the class's own names
    return [BatchRow(*row) for row in connection.execute(query)]


def request_counts(connection: sqlite3.Connection) -> RequestCounts:
    """How many requests are where."""
    counts = dict(
        connection.execute(
            "SELECT state, COUNT(*) FROM batch_requests WHERE state != 'wanted' GROUP BY state"
        ).fetchall()
    )
    (wanted,) = connection.execute(
        "SELECT COUNT(*) FROM batch_requests WHERE state = 'wanted' "
        "AND document NOT IN (SELECT id FROM documents)"
    ).fetchone()
    return RequestCounts(
        answered=counts.get("answered", 0),
        pending=counts.get("open", 0),
        to_submit=wanted,
        failed=counts.get("failed", 0),
    )
