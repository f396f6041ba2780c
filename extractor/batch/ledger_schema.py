"""The tables of a run's ledger, as numbered migrations: a ledger of an older version is brought up.

Everything else in a run folder can be made from these tables. Spans are characters of the
document's text, times are ISO 8601 in UTC, figures are strings, records are JSON on one line.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from extractor.errors import InputError

LEDGER = "ledger.sqlite"

_FIRST = """
CREATE TABLE run (                -- one row: how the run was made, and must be made when resumed
    one INTEGER PRIMARY KEY CHECK (one = 1),
    plan TEXT NOT NULL            -- JSON
);
CREATE TABLE documents (          -- a row when the document has ended, in whichever way
    number INTEGER PRIMARY KEY,   -- its place in the input, from 1
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,         -- where it came from, for a person: a path, or path:line
    path TEXT,                    -- the file that holds it
    stamp TEXT,                   -- that file's size and time when it was read
    state TEXT NOT NULL CHECK (state IN ('done', 'failed', 'duplicate')),
    error TEXT,                   -- of a failed one: one sentence
    reason TEXT,                  -- of a failed one: a short code
    same_as TEXT,                 -- of a duplicate: the id of the document that was asked
    sha256 TEXT,
    title TEXT,
    published TEXT,
    text BLOB,                    -- of a done one: UTF-8 (surrogatepass), deflated by zlib
    accepted INTEGER NOT NULL DEFAULT 0,
    by_text INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    dismissed INTEGER NOT NULL DEFAULT 0,
    unclaimed INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0,
    ended TEXT NOT NULL
);
CREATE INDEX documents_by_text ON documents (sha256);
CREATE TABLE calls (              -- a row when the call has ended; of unfinished documents too
    document TEXT NOT NULL,
    n INTEGER NOT NULL,           -- from 0, in the order of their ends
    fingerprint TEXT NOT NULL,    -- of what was asked
    start INTEGER NOT NULL,       -- the passage
    "end" INTEGER NOT NULL,
    turn INTEGER NOT NULL,        -- 0 for the first question; re-asks count on
    raw TEXT,                     -- the arguments as the model gave them, if it gave any
    fault TEXT,                   -- why it came to nothing: one sentence; NULL for an answer
    reason TEXT,                  -- and as a short code
    attempts TEXT NOT NULL,       -- JSON, as in calls.jsonl
    prompt_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    unmetered INTEGER NOT NULL,
    PRIMARY KEY (document, n)
) WITHOUT ROWID;
CREATE TABLE candidates (         -- what was judged, in text order: the accepted, then the rejected
    document TEXT NOT NULL,
    n INTEGER NOT NULL,
    stated TEXT NOT NULL,         -- JSON object
    PRIMARY KEY (document, n)
) WITHOUT ROWID;
CREATE TABLE verdicts (           -- one a candidate
    document TEXT NOT NULL,
    n INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    start INTEGER,                -- the number that it was held against, if there is one
    "end" INTEGER,
    claim TEXT,                   -- of an accepted one: JSON, the line of accepted.jsonl
    PRIMARY KEY (document, n)
) WITHOUT ROWID;
CREATE TABLE findings (           -- why: errors of the rejected, flags of either
    document TEXT NOT NULL,
    n INTEGER NOT NULL,           -- the verdict's
    k INTEGER NOT NULL,           -- its place among the verdict's findings
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    field TEXT NOT NULL,
    message TEXT NOT NULL,
    start INTEGER,
    "end" INTEGER,
    excerpt TEXT NOT NULL,
    PRIMARY KEY (document, n, k)
) WITHOUT ROWID;
CREATE TABLE numbers (            -- the accounting: each number of a document in one place
    document TEXT NOT NULL,
    n INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    row TEXT NOT NULL,            -- JSON, the line of numbers.jsonl
    PRIMARY KEY (document, n)
) WITHOUT ROWID;
CREATE TABLE reasks (
    document TEXT NOT NULL,
    n INTEGER NOT NULL,
    row TEXT NOT NULL,            -- JSON, the line of reasks.jsonl
    PRIMARY KEY (document, n)
) WITHOUT ROWID;
CREATE TABLE events (             -- what happened to the run: begun, interrupted, resumed, …
    n INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE outputs (            -- how much of each derived file these tables stand for
    name TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL
) WITHOUT ROWID;
"""

MIGRATIONS = (_FIRST,)
"""Each brings a ledger from the version of its place to the next; none is ever changed."""


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring an open ledger to the newest version, in one transaction a step.

    Raises InputError when it was written by a newer version of this package.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise InputError(
            f"{path}: this ledger was written by a newer version (its tables are version "
            f"{version}, known here is {len(MIGRATIONS)}); upgrade claim-extractor."
        )
    for step, script in enumerate(MIGRATIONS[version:], version + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {step}; COMMIT;")
