"""What people decided about claims of a run, in a file of its own beside the ledger.

The gate's verdicts are never touched. Decisions are only ever added, the last one of a claim
counts, and each says who made it, when, and of which claim: a digest of what was stated tells
whether the claim is still the same.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from extractor.batch.ledger_writer import now
from extractor.errors import InputError

REVIEWS = "review.sqlite"
Choice = Literal["accept", "reject", "open"]
"""What a person may say of a claim; "open" takes an earlier decision back."""

_TABLE = """
CREATE TABLE IF NOT EXISTS decisions (
    n INTEGER PRIMARY KEY,        -- in the order in which they were made
    document TEXT NOT NULL,
    claim INTEGER NOT NULL,       -- the verdict's number in its document, as in the ledger
    stated_sha256 TEXT NOT NULL,  -- of the candidate as the ledger holds it
    choice TEXT NOT NULL CHECK (choice IN ('accept', 'reject', 'open')),
    reason TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS decisions_by_claim ON decisions (document, claim);
CREATE VIEW IF NOT EXISTS latest AS
    SELECT * FROM decisions WHERE n IN (SELECT MAX(n) FROM decisions GROUP BY document, claim);
"""


class OvertakenError(Exception):
    """Somebody else decided about the claim since it was last looked at."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person said of one claim."""

    n: int
    document: str
    claim: int
    choice: Choice
    reason: str
    reviewer: str
    at: str

    def record(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a person wants to say; `seen` is the last decision that they know of, 0 for none."""

    document: str
    claim: int
    choice: Choice
    reason: str
    reviewer: str
    seen: int


def decide(run: Path, opinion: Opinion, stated: str) -> Decision:
    """Add a decision about a claim of a run; it is on the disk when this returns.

    Raises OvertakenError where there is one that its maker has not seen, InputError where the file
    cannot be written.
    """
    path = run / REVIEWS
    try:
        with _connected(path) as connection:
            connection.executescript(_TABLE)
            connection.execute("BEGIN IMMEDIATE")
            last = connection.execute(
                "SELECT COALESCE(MAX(n), 0) FROM decisions WHERE document = ? AND claim = ?",
                (opinion.document, opinion.claim),
            ).fetchone()[0]
            if last != opinion.seen:
                connection.execute("ROLLBACK")
                raise OvertakenError
            at = now()
            cursor = connection.execute(
                "INSERT INTO decisions (document, claim, stated_sha256, choice, reason, reviewer, "
                "at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    opinion.document,
                    opinion.claim,
                    digest_of(stated),
                    opinion.choice,
                    opinion.reason,
                    opinion.reviewer,
                    at,
                ),
            )
            connection.execute("COMMIT")
            number = cursor.lastrowid or 0
    except sqlite3.Error as error:
        raise InputError(f"{path}: cannot be written ({error}).") from error
    return Decision(
        number,
        opinion.document,
        opinion.claim,
        opinion.choice,
        opinion.reason,
        opinion.reviewer,
        at,
    )


def decisions(run: Path, document: str | None = None) -> dict[tuple[str, int], Decision]:
    """The last decision about each claim of a run, or of one document; "open" ones among them.

    Raises InputError where the file cannot be read.
    """
    path = run / REVIEWS
    if not path.is_file():
        return {}
    where, values = ("", ()) if document is None else ("WHERE document = ?", (document,))
    try:
        with _connected(path) as connection:
            rows = connection.execute(
                "SELECT n, document, claim, choice, reason, reviewer, at FROM latest "  # noqa: S608 - one of two
                f"{where}",
                values,
            ).fetchall()
    except sqlite3.Error as error:
        raise InputError(f"{path}: cannot be read ({error}).") from error
    return {(row[1], row[2]): Decision(*row) for row in rows}


def digest_of(stated: str) -> str:
    """What tells one candidate from another."""
    return hashlib.sha256(stated.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, timeout=10, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        yield connection
    finally:
        connection.close()
