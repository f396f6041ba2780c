"""The jobs that were accepted, in SQLite: once a job is acknowledged it survives a power cut.

The texts of a job are a file beside the table, written before its row. What came of a job is in
its run folder; here is only what a run folder does not know: who asked, and whether it is to go on.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from extractor.batch.json_lines import json_line
from extractor.batch.ledger_writer import now
from extractor.errors import InputError
from extractor.files import writing_whole
from extractor.text import Document

FOLDER = ".service"
"""What the service keeps for itself, inside the folder of the runs."""

JobState = Literal["waiting", "running", "done", "failed", "cancelled"]
STATES: tuple[JobState, ...] = ("waiting", "running", "done", "failed", "cancelled")

_TABLE = """
CREATE TABLE IF NOT EXISTS jobs (
    n INTEGER PRIMARY KEY,        -- in the order in which they were accepted
    id TEXT NOT NULL UNIQUE,      -- also the name of its run folder
    accepted_at TEXT NOT NULL,
    caller TEXT NOT NULL,         -- the name of the key, '' where none is wanted
    once TEXT,                    -- the Idempotency-Key that it came with
    digest TEXT NOT NULL,         -- of all that was asked
    documents INTEGER NOT NULL,
    asked TEXT NOT NULL,          -- JSON: prompt, ask, passage, reasks, budget, max_failures
    state TEXT NOT NULL,
    cancel INTEGER NOT NULL DEFAULT 0,
    retry INTEGER NOT NULL DEFAULT 0, -- documents that failed are to be asked about again
    exit_code INTEGER,            -- that of `extractor run`
    message TEXT,                 -- why it failed, in one sentence
    ended_at TEXT,
    UNIQUE (caller, once)
);
"""
_COLUMNS = (
    "id, accepted_at, caller, documents, asked, state, cancel, retry, exit_code, message, ended_at"
)


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it was accepted, and how far the service has come with it."""

    id: str
    accepted_at: str
    caller: str
    documents: int
    asked: Mapping[str, Any]
    state: JobState
    cancel: bool
    retry: bool
    exit_code: int | None
    message: str | None
    ended_at: str | None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes of it, unless it is asked to go on."""
        return self.state not in ("waiting", "running")


class AnotherJobError(Exception):
    """A caller sent another job with the Idempotency-Key of an earlier one."""


class JobStore:
    """The jobs below a folder of runs. Any thread and any process may use one."""

    def __init__(self, runs: Path) -> None:
        self.folder = runs / FOLDER
        self._path = self.folder / "jobs.sqlite"
        try:
            (self.folder / "inbox").mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)  # texts are in it
            with self._connected() as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(_TABLE)
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or error
            raise InputError(f"{self.folder}: cannot be made ({reason}).") from error

    def inbox_of(self, job: str) -> Path:
        """The file of a job's documents, a JSON object a line."""
        return self.folder / "inbox" / f"{job}.jsonl"

    def accept(
        self, documents: Sequence[Document], asked: Mapping[str, Any], caller: str, once: str | None
    ) -> tuple[Job, bool]:
        """Take a job, and whether it is a new one: it is on the disk when this returns.

        A second one of a caller with the same `once` is the first one; AnotherJobError is raised
        where it asks for something else. Raises OSError or sqlite3.Error where the disk refuses;
        then nothing was accepted.
        """
        digest = _digest(documents, asked)
        if once is not None and (before := self._of_once(caller, once, digest)) is not None:
            return before, False
        name = f"job-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        path = self.inbox_of(name)
        try:
            with writing_whole(path) as file:
                for document in documents:
                    file.write(f"{json_line(_row(document))}\n".encode())
            _sync_folder(path.parent)
            with self._connected() as connection:
                connection.execute(
                    "INSERT INTO jobs (id, accepted_at, caller, once, digest, documents, asked, "
                    "state) VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting')",
                    (name, now(), caller, once, digest, len(documents), json.dumps(asked)),
                )
        except sqlite3.IntegrityError:  # the same came at the same time
            path.unlink(missing_ok=True)
            same = self._of_once(caller, once or "", digest)
            assert same is not None  # noqa: S101 - what else could have been there
            return same, False
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        accepted = self.job(name)
        assert accepted is not None  # noqa: S101 - it was just inserted
        return accepted, True

    def job(self, name: str) -> Job | None:
        """The job of this id, None where there is none."""
        return next(self._jobs("WHERE id = ?", name), None)

    def latest(self, most: int) -> list[Job]:
        """The last jobs that were accepted, the newest first."""
        return list(self._jobs("ORDER BY n DESC LIMIT ?", most))

    def unfinished(self) -> list[Job]:
        """The jobs that are to go on, the oldest first."""
        return list(self._jobs("WHERE state IN ('running', 'waiting') ORDER BY n"))

    def counts(self) -> dict[str, int]:
        """How many jobs are in each state."""
        with self._connected() as connection:
            found = dict(connection.execute("SELECT state, COUNT(*) FROM jobs GROUP BY state"))
        return {state: found.get(state, 0) for state in STATES}

    def begins(self, name: str) -> None:
        """The job is under way."""
        self._update(name, "state = 'running'")

    def ends(self, name: str, state: JobState, exit_code: int | None, message: str | None) -> None:
        """The job has come to its end."""
        self._update(
            name,
            "state = ?, exit_code = ?, message = ?, ended_at = ?, cancel = 0",
            state,
            exit_code,
            message,
            now(),
        )

    def cancel(self, name: str) -> None:
        """The job is to end before its time; one that has ended stays as it is."""
        self._update(name, "cancel = 1", unless="done failed cancelled")

    def go_on(self, name: str) -> None:
        """A job that failed or was cancelled is to go on, with its failed documents once more."""
        self._update(
            name,
            "state = 'waiting', cancel = 0, retry = 1, exit_code = NULL, message = NULL, "
            "ended_at = NULL",
            unless="waiting running done",
        )

    def _of_once(self, caller: str, once: str, digest: str) -> Job | None:
        same = "WHERE caller = ? AND once = ?"
        found = next(self._jobs(same, caller, once), None)
        if found is not None and not any(
            self._jobs(f"{same} AND digest = ?", caller, once, digest)
        ):
            raise AnotherJobError
        return found

    def _jobs(self, clause: str, *values: object) -> Iterator[Job]:
        with self._connected() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM jobs {clause}",  # noqa: S608 - our own words
                values,
            ).fetchall()
        for name, at, caller, documents, asked, state, cancel, retry, *end in rows:
            given = json.loads(asked)
            yield Job(name, at, caller, documents, given, state, bool(cancel), bool(retry), *end)

    def _update(self, name: str, change: str, *values: object, unless: str = "") -> None:
        states = unless.split()
        marks = ", ".join("?" * len(states))
        with self._connected() as connection:
            connection.execute(
                f"UPDATE jobs SET {change} WHERE id = ? AND state NOT IN ({marks})",  # noqa: S608 - likewise
                (*values, name, *states),
            )

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous = FULL")
            yield connection
        finally:
            connection.close()


def _row(document: Document) -> dict[str, str | None]:
    return {"id": document.id, "published": document.published, "text": document.text}


def _digest(documents: Sequence[Document], asked: Mapping[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps(asked).encode())
    for document in documents:
        digest.update(json.dumps(_row(document)).encode())
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    """So that the name of a new file survives a power cut as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
