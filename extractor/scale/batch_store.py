"""The one writer of a run's batches and requests, in tables of their own in the run's ledger.

Each step is one transaction, on the disk before the next one is taken. A batch has its row before
anything of it leaves this machine, so that whatever the server has can be told by its key.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, ClassVar

from extractor.batch.ledger_schema import LEDGER
from extractor.batch.ledger_writer import LedgerError, now
from extractor.claims import Usage
from extractor.closing import Closing
from extractor.model.batch_lines import ResultLine, is_worth_another
from extractor.scale.batch_tables import (
    TABLES,
    BatchRow,
    RequestCounts,
    batch_rows,
    request_counts,
)

MOST_TRIES = 3
"""Batches that may leave a request without an answer before its document fails."""

_NO_LINE = "no_line"
_BUSY = 60.0  # seconds to wait for the ledger's own writer


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request is: the key of the batch that it was last written for, and its result.

    Without a result it is in an open batch, or is to be put in one.
    """

    batch: str
    is_open: bool
    result: ResultLine | None = None


@dataclass(frozen=True, slots=True)
class WantedRequest:
    """A request that has no answer and is in no open batch; `most` is what it may take at worst."""

    id: str
    document: str
    most: Usage


@dataclass(frozen=True, slots=True)
class BatchEnd:
    """How a batch ended: the server's words, and whether it ran to its end.

    What a batch that did not (it expired, was cancelled, failed as a whole, or its files are gone)
    left out counts as not tried.
    """

    status: str
    why: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Ingested:
    """What came of a batch, in requests and lines.

    `again` requests are to be put once more, `failed` ones are not. `strange` lines are no results,
    or of no request of the run; `doubled` ones are about a request that had its result.
    """

    answered: int
    again: int
    failed: int
    strange: int
    doubled: int


class BatchStore(Closing):
    """The batches of one run. The caller holds the folder's lock; threads may share one.

    Every method raises LedgerError where the ledger cannot be read or written.
    """

    reached: ClassVar[Callable[[str], None]] = staticmethod(lambda _: None)
    """Told of each point of a batch's way by name; for tests that end the process there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = RLock()
        with self._told():
            self._connection = sqlite3.connect(
                folder / LEDGER, isolation_level=None, check_same_thread=False, timeout=_BUSY
            )
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.executescript(TABLES)

    def close(self) -> None:
        """Close the ledger."""
        self._connection.close()

    def look_up(self, request: str) -> Place | None:
        """Where a request is; None where it was never wanted."""
        row = self._one(
            "SELECT state, batch, status, body, code FROM batch_requests WHERE id = ?", request
        )
        if row is None:
            return None
        state, batch, status, body, code = row
        if state in ("wanted", "open"):
            return Place(batch, is_open=state == "open")
        result = ResultLine(request, status, zlib.decompress(body), code)
        return Place(batch, is_open=False, result=result)

    def want(self, requests: Iterable[WantedRequest], batch: str) -> None:
        """Note requests that are written to the file of this batch; it need not come about."""
        with self._transaction() as connection:
            connection.executemany(
                "INSERT INTO batch_requests (id, document, batch, state, tries, most_in, most_out) "
                "VALUES (?, ?, ?, 'wanted', 0, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET batch = excluded.batch WHERE state = 'wanted'",
                [
                    (
                        one.id,
                        one.document,
                        batch,
                        one.most.prompt_tokens,
                        one.most.completion_tokens,
                    )
                    for one in requests
                ],
            )

    def forget_others(self, batches: Collection[str]) -> None:
        """Let requests go that are to be submitted, and are noted for none of these batches."""
        kept = ", ".join("?" * len(batches))
        query = f"DELETE FROM batch_requests WHERE state = 'wanted' AND batch NOT IN ({kept})"  # noqa: S608 - question marks
        with self._transaction() as connection:
            connection.execute(query, tuple(batches))

    def forget_failed(self) -> None:
        """Let requests that failed be put again."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE batch_requests SET state = 'wanted', tries = 0 WHERE state = 'failed'"
            )

    def counts(self) -> RequestCounts:
        """How many requests are where."""
        with self._told():
            return request_counts(self._connection)

    def committed(self) -> Usage:
        """The tokens of what was answered, and the most that open batches may take.

        An answer whose tokens nobody told is taken to have cost the most that it may.
        """
        row = self._one(
            "SELECT TOTAL(COALESCE(prompt_tokens, most_in)), "
            "TOTAL(COALESCE(completion_tokens, most_out)), TOTAL(cached_tokens) "
            "FROM batch_requests WHERE state IN ('answered', 'open')"
        )
        return Usage(*map(int, row or (0, 0, 0)))

    def batches(self) -> list[BatchRow]:
        """All batches, in the order in which they were intended."""
        with self._told():
            return batch_rows(self._connection)

    def intend(self, key: str, sha256: str, size: int) -> None:
        """A file of `size` bytes is complete: its batch is to come about, with its requests in it.

        From now on they are put nowhere else.
        """
        with self._transaction() as connection:
            taken = connection.execute(
                "UPDATE batch_requests SET state = 'open', tries = tries + 1 "
                "WHERE batch = ? AND state = 'wanted'",
                (key,),
            ).rowcount
            connection.execute(
                "INSERT INTO batches (key, sha256, requests, bytes, intended) "
                "VALUES (?, ?, ?, ?, ?)",
                (key, sha256, taken, size, now()),
            )
            self.pass_by("mid-intent")
        self.pass_by("after-intent")

    def uploaded(self, key: str, file: str) -> None:
        """The server has the file of requests, by this id."""
        self._set(key, file=file)

    def sends(self, key: str) -> None:
        """The server is about to be asked to create the batch."""
        self._set(key, sent=now())

    def created(self, key: str, batch: str, status: str) -> None:
        """The server has the batch, by this id."""
        self._set(key, id=batch, status=status)

    def looked(self, key: str, status: str, why: str) -> None:
        """The server's word on a batch."""
        self._set(key, status=status, why=why)

    def withdraw(self, key: str) -> None:
        """The batch never came about, and will not: its requests are to be put again."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE batch_requests SET state = 'wanted', tries = tries - 1 "
                "WHERE batch = ? AND state = 'open'",
                (key,),
            )
            connection.execute("DELETE FROM batches WHERE key = ?", (key,))

    def ingest(self, key: str, lines: Iterable[ResultLine | None], end: BatchEnd) -> Ingested:
        """Take in all that a batch gave, in whatever order, in one transaction.

        A request's first answer stands. What has none is to be put again, unless its error is one
        that stays, or MOST_TRIES batches might have answered it.
        """
        tally: Counter[str] = Counter()
        with self._transaction() as connection:
            for line in lines:
                tally[_take(connection, key, line)] += 1
            self.pass_by("mid-ingest")
            _leave(connection, key, is_whole=end.is_whole)
            connection.execute(
                "UPDATE batches SET status = ?, why = ?, collected = ? WHERE key = ?",
                (end.status, end.why, now(), key),
            )
            states = dict(
                connection.execute(
                    "SELECT state, COUNT(*) FROM batch_requests WHERE batch = ? GROUP BY state",
                    (key,),
                ).fetchall()
            )
            self.pass_by("before-ingest-commit")
        self.pass_by("after-ingest-commit")
        return Ingested(
            answered=states.get("answered", 0),
            again=states.get("wanted", 0),
            failed=states.get("failed", 0),
            strange=tally["strange"],
            doubled=tally["doubled"],
        )

    def pass_by(self, point: str) -> None:
        """A point of a batch's way is reached."""
        type(self).reached(point)

    def _set(self, key: str, **columns: str) -> None:
        named = ", ".join(f"{name} = ?" for name in columns)
        query = f"UPDATE batches SET {named} WHERE key = ?"  # noqa: S608 - names of this module
        with self._transaction() as connection:
            connection.execute(query, (*columns.values(), key))

    def _one(self, query: str, *values: str) -> tuple[Any, ...] | None:
        with self._told():
            row: tuple[Any, ...] | None = self._connection.execute(query, values).fetchone()
            return row

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite may have done so itself
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def _told(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise LedgerError(
                    f"{self.folder}: the batches of the run cannot be written on ({error}); mend "
                    f"that, then `extractor batch collect {self.folder}`."
                ) from error


def _take(connection: sqlite3.Connection, key: str, line: ResultLine | None) -> str:
    """Take one line in; what it was."""
    row = None
    if line is not None:
        row = connection.execute(
            "SELECT state, batch, tries FROM batch_requests WHERE id = ?", (line.id,)
        ).fetchone()
    if line is None or row is None:
        return "strange"
    state, batch, tries = row
    if line.is_answer:
        if state == "answered":
            return "doubled"
        _note(connection, line, "answered")
        return "result"
    if batch != key:
        return "strange"
    if state != "open":
        return "doubled"
    if not line.was_asked:
        _untry(connection, "id = ?", line.id)
    elif is_worth_another(line) and tries < MOST_TRIES:
        connection.execute("UPDATE batch_requests SET state = 'wanted' WHERE id = ?", (line.id,))
    else:
        _note(connection, line, "failed")
    return "result"


def _note(connection: sqlite3.Connection, line: ResultLine, state: str) -> None:
    usage = line.usage
    tokens: tuple[int | None, ...] = (None, None, None)
    if usage is not None:
        tokens = (usage.prompt_tokens, usage.cached_tokens, usage.completion_tokens)
    connection.execute(
        "UPDATE batch_requests SET state = ?, status = ?, code = ?, body = ?, prompt_tokens = ?, "
        "cached_tokens = ?, completion_tokens = ? WHERE id = ?",
        (state, line.status, line.code, zlib.compress(line.body, 1), *tokens, line.id),
    )


def _leave(connection: sqlite3.Connection, key: str, *, is_whole: bool) -> None:
    """What becomes of the requests of a batch that none of its lines was about."""
    if not is_whole:
        _untry(connection, "batch = ?", key)
        return
    nothing = zlib.compress(b"{}", 1)
    connection.execute(
        "UPDATE batch_requests SET state = 'failed', status = 0, code = ?, body = ? "
        "WHERE batch = ? AND state = 'open' AND tries >= ?",
        (_NO_LINE, nothing, key, MOST_TRIES),
    )
    connection.execute(
        "UPDATE batch_requests SET state = 'wanted' WHERE batch = ? AND state = 'open'", (key,)
    )


def _untry(connection: sqlite3.Connection, where: str, value: str) -> None:
    """Put open requests back as if they had not been in the batch."""
    connection.execute(
        "UPDATE batch_requests SET state = 'wanted', tries = tries - 1 "  # noqa: S608 - ours
        f"WHERE {where} AND state = 'open'",
        (value,),
    )
