"""The one writer of a run's ledger, and of the files made from it: durable before acknowledged.

Rows are committed in groups, with WAL and synchronous=FULL: what was acknowledged survives a power
cut. The lines that a group adds to the files go out before its commit, and the files' lengths are
part of it; whatever stands beyond them was never committed, and is cut off at the next start.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from time import thread_time
from types import TracebackType
from typing import Any, ClassVar, Self

from extractor.batch.derived_files import rebuild
from extractor.batch.ledger_intake import Intake
from extractor.batch.ledger_rows import FILES, ResultRows, Row, call_line, result_lines
from extractor.batch.ledger_schema import LEDGER, migrate
from extractor.errors import ExtractorError, InputError

_DOCUMENT = (
    "number id source path stamp state error reason same_as sha256 title published text accepted "
    "by_text rejected dismissed unclaimed seconds ended"
).split()
_CALL = (
    "document n fingerprint start end turn raw fault reason attempts prompt_tokens cached_tokens "
    "completion_tokens unmetered"
).split()


class LedgerError(ExtractorError):
    """The ledger cannot be written: the run ends, and goes on from it when that is mended."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A model call that has ended: the columns of its row."""

    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DocumentEnded:
    """A document that has ended: the columns of its row, the rows of its result if it has one.

    `acknowledge` is called, in the writer's thread, when all of it is on the disk. `calls` are rows
    of calls that were not handed in before; they are written with the document or not at all.
    """

    row: Mapping[str, Any]
    result: ResultRows | None
    acknowledge: Callable[[], None]
    calls: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class RunEvent:
    """Something that happened to the run as a whole."""

    kind: str
    detail: str = ""


Entry = CallEnded | DocumentEnded | RunEvent


class LedgerWriter:
    """Takes entries from any thread and writes them in the order in which they came.

    The caller holds the folder's lock. `put` waits while one group of entries is not on the disk
    yet: that many may be lost, and no more. Raises InputError when there is no ledger that can be
    opened; `put` and `close` raise LedgerError once a write failed, after which nothing is
    acknowledged any more.
    """

    reached: ClassVar[Callable[[str], None]] = staticmethod(lambda _: None)
    """Told of each point of a commit by name; for tests that end the process there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds = 0.0  # CPU that writing took
        self._path = folder / LEDGER
        self._intake: Intake[Entry] = Intake()
        self._failure: LedgerError | None = None
        self._files: dict[str, int] = {}
        self._sizes: dict[str, int] = {}
        try:
            self._connection = opened(self._path)
            self._open_files()
        except (sqlite3.Error, OSError) as error:
            raise InputError(f"{self._path}: cannot be opened ({_told(error)}).") from error
        self._thread = Thread(target=self._work, name="ledger", daemon=True)
        self._thread.start()

    def put(self, entry: Entry) -> None:
        """Hand in an entry; it is written soon. Raises LedgerError when writing has failed."""
        self._intake.put(entry, self._raise_if_failed)

    def rebuild_files(self) -> None:
        """Make the files again from the tables: a power cut may have taken what they had.

        Nothing may be waiting to be written meanwhile.
        """
        for handle in self._files.values():
            os.close(handle)
        rebuild(self._connection, self.folder)
        for name in FILES:
            path = self.folder / name
            self._files[name] = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
            self._sizes[name] = os.fstat(self._files[name]).st_size
        with self._transaction():
            self._connection.executemany(
                "UPDATE outputs SET bytes = ? WHERE name = ?",
                [(size, name) for name, size in self._sizes.items()],
            )

    def close(self) -> None:
        """Write what is waiting, and close. Raises LedgerError when that fails."""
        self._intake.end()
        self._thread.join()
        for handle in self._files.values():
            with suppress(OSError):
                os.close(handle)
        self._files.clear()
        with suppress(sqlite3.Error):  # the next one to open it does this too
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()
        self._raise_if_failed()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.close()
        except LedgerError:
            if error is None:
                raise

    def _raise_if_failed(self) -> None:
        if self._failure is not None:
            raise LedgerError(str(self._failure))

    # what follows runs in the writer's thread

    def _work(self) -> None:
        ending = False
        while not ending:
            group, ending = self._intake.group()
            if not group:
                continue
            try:
                self._commit(group)
            except Exception as error:  # noqa: BLE001 - or all who wait for room wait for ever
                self._fail(error)
                return
            self._intake.written(len(group))
            self.seconds = thread_time()

    def _commit(self, group: Sequence[Entry]) -> None:
        reached = type(self).reached
        lines: dict[str, list[str]] = defaultdict(list)
        ends = [entry for entry in group if isinstance(entry, DocumentEnded)]
        with self._transaction():
            for entry in group:
                for name, added in self._insert(entry).items():
                    lines[name] += added
            reached("mid-transaction")
            self._append(lines)
            reached("after-output")
            self._connection.executemany(
                "UPDATE outputs SET bytes = ? WHERE name = ?",
                [(self._sizes[name], name) for name in lines],
            )
            reached("before-commit")
        reached("after-commit")
        self._acknowledge(ends)
        reached("after-acknowledgement")

    def _acknowledge(self, ends: Sequence[DocumentEnded]) -> None:
        for entry in ends:
            entry.acknowledge()

    def _transaction(self) -> _Transaction:
        return _Transaction(self._connection)

    def _insert(self, entry: Entry) -> dict[str, list[str]]:
        """Insert the rows of one entry; the lines that it adds to the files."""
        connection = self._connection
        if isinstance(entry, RunEvent):
            connection.execute(
                "INSERT INTO events (at, kind, detail) VALUES (?, ?, ?)",
                (now(), entry.kind, entry.detail),
            )
            return {}
        if isinstance(entry, CallEnded):
            return {"calls.jsonl": [self._insert_call(entry.row)]}
        connection.execute(_INSERT_DOCUMENT, [entry.row.get(name, 0) for name in _DOCUMENT])
        calls = {"calls.jsonl": [self._insert_call(row) for row in entry.calls]}
        if entry.result is None:
            return calls
        document: str = entry.row["id"]
        insert_result(connection, document, entry.result)
        return calls | result_lines(document, entry.result)

    def _insert_call(self, row: Mapping[str, Any]) -> str:
        """Insert a call; its line of calls.jsonl."""
        self._connection.execute(_INSERT_CALL, [row[name] for name in _CALL])
        place = row["start"], row["end"], row["turn"]
        return call_line(row["document"], *place, row["attempts"])

    def _append(self, lines: Mapping[str, Sequence[str]]) -> None:
        for name, added in lines.items():
            data = "".join(f"{line}\n" for line in added).encode()
            half = len(data) // 2
            for piece in (data[:half], data[half:]):
                _write_all(self._files[name], piece)
                type(self).reached("mid-output")
            self._sizes[name] += len(data)

    def _fail(self, error: Exception) -> None:
        self._failure = LedgerError(
            f"{self.folder}: the run cannot be written on ({_told(error)}), so it ends here; what "
            f"was acknowledged is kept. Mend that, then `extractor resume {self.folder}`."
        )

    def _open_files(self) -> None:
        """Open the derived files, cut off what was never committed, mend what is too short."""
        known = dict(self._connection.execute("SELECT name, bytes FROM outputs"))
        for name in FILES:
            path = self.folder / name
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
            self._files[name] = handle
            self._sizes[name] = known.get(name, 0)
        if any(os.fstat(self._files[name]).st_size < self._sizes[name] for name in FILES):
            self.rebuild_files()
        self._truncate_files()

    def _truncate_files(self) -> None:
        for name, handle in self._files.items():
            if os.fstat(handle).st_size > self._sizes[name]:
                os.ftruncate(handle, self._sizes[name])


class _Transaction:
    """Committed at its end, or rolled back; opened by hand, so that Python adds none of its own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            try:
                self._connection.execute("COMMIT")
            except sqlite3.Error:
                self._roll_back()
                raise
        else:
            self._roll_back()

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):  # SQLite may have done so itself, and the disk may be away
            self._connection.execute("ROLLBACK")


def opened(path: Path) -> sqlite3.Connection:
    """The ledger at `path`, made or brought up to date, for writing. Raises sqlite3.Error."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        migrate(connection, path)
        connection.executemany(
            "INSERT OR IGNORE INTO outputs VALUES (?, 0)", [(name,) for name in FILES]
        )
    except BaseException:
        connection.close()
        raise
    return connection


def insert_result(connection: sqlite3.Connection, document: str, rows: ResultRows) -> None:
    """Insert the rows of a document's result, within the caller's transaction."""
    for query, found in (
        ("INSERT INTO candidates VALUES (?, ?, ?)", rows.candidates),
        ("INSERT INTO verdicts VALUES (?, ?, ?, ?, ?, ?)", rows.verdicts),
        ("INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows.findings),
        ("INSERT INTO numbers VALUES (?, ?, ?, ?)", rows.numbers),
        ("INSERT INTO reasks VALUES (?, ?, ?)", rows.reasks),
    ):
        named: list[Row] = [(document, *row) for row in found]
        connection.executemany(query, named)


def save_plan(folder: Path, plan: Mapping[str, Any]) -> None:
    """Begin the ledger of a new run with how it is to be made. Raises InputError."""
    path = folder / LEDGER
    try:
        connection = opened(path)
        try:
            with _Transaction(connection):
                connection.execute("INSERT INTO run VALUES (1, ?)", (json.dumps(plan),))
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise InputError(f"{path}: cannot be made ({_told(error)}).") from error


def forget_failed(folder: Path) -> None:
    """Take the failed documents of a run for new ones; their answered calls stay.

    Raises InputError when the ledger cannot be written.
    """
    path = folder / LEDGER
    try:
        connection = opened(path)
        try:
            connection.execute("DELETE FROM documents WHERE state = 'failed'")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise InputError(f"{path}: cannot be written ({_told(error)}).") from error


def now() -> str:
    """The time, to the millisecond, in UTC."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


_INSERT_DOCUMENT = (
    f"INSERT INTO documents ({', '.join(_DOCUMENT)}) "  # noqa: S608 - the columns named above
    f"VALUES ({', '.join('?' * len(_DOCUMENT))})"
)
_INSERT_CALL = "INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _told(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
