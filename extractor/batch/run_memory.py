"""What a run knows of its documents: those that have ended, by the ledger, and those under way.

It keeps in memory only what is under way, so that a million documents take no more than a thousand.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from extractor.batch.input_document import InputDocument
from extractor.batch.input_stream import stamp_of
from extractor.batch.ledger_rows import storable
from extractor.batch.ledger_schema import LEDGER
from extractor.batch.recorded_calls import StoredCalls
from extractor.closing import Closing
from extractor.errors import InputError
from extractor.spares import Spares

_JUST_DONE = 1_024  # documents, more than can end while one asks the ledger
_CACHE = 256  # kilobytes of the ledger that each connection may keep in memory


@dataclass(frozen=True, slots=True)
class Task:
    """A document that is to be asked about.

    `number` is its place in the input from 1, and `name` what it is called in the run: its id, or
    where another document has that id, the id with the number. `rival` is that other document.
    """

    number: int
    name: str
    document: InputDocument
    rival: Rival | None = None


@dataclass(frozen=True, slots=True)
class Rival:
    """A document of the same id: where it came from, and its hash, or how to get it."""

    name: str
    source: str
    sha256: str | None = None
    document: InputDocument | None = None

    def has_text(self, sha256: str) -> bool:
        """Whether its text is this one."""
        if self.document is not None:
            with suppress(InputError):
                return self.document.read().sha256 == sha256
        return self.sha256 == sha256


class RunMemory(Closing):
    """Answers whether a document is new; the ledger is read, never written.

    Threads share one; `begins` is for one of them at a time, since documents have an order.
    """

    def __init__(self, folder: Path) -> None:
        self._address = f"{(folder / LEDGER).resolve().as_uri()}?mode=ro"
        self._connections = Spares(self._connect, sqlite3.Connection.close)
        self._lock = Lock()  # of the texts; never held while the ledger is asked
        self._under_way: dict[str, Task] = {}
        self._texts: dict[str, str] = {}
        self._just_done: dict[str, str] = {}

    def begins(self, number: int, document: InputDocument) -> Task | None:
        """The document as a task, which is under way from now on; None when it has ended already.

        Raises InputError when the ledger knows another document in this place, or this one with
        another text: the input has changed since.
        """
        with self._connections.lent() as ledger:
            ended = ledger.execute(
                "SELECT source, stamp, sha256 FROM documents WHERE number = ?", (number,)
            ).fetchone()
            if ended is not None:
                _refuse_if_changed(number, document, *ended)
                return None
            rival = self._rival(ledger, storable(document.id))
        name = storable(document.id) if rival is None else f"{storable(document.id)}#{number}"
        task = self._under_way[name] = Task(number, name, document, rival)
        return task

    def same_text(self, task: Task, sha256: str) -> str | None:
        """The name of another document with this text, done or under way; None: this is the one."""
        with self._connections.lent() as ledger:
            done = ledger.execute(
                "SELECT id FROM documents WHERE sha256 = ? AND state = 'done' LIMIT 1", (sha256,)
            ).fetchone()
        if done is not None:
            name: str = done[0]
            return name
        with self._lock:
            # one that ended since the ledger was asked is in neither of the two any more
            other = self._just_done.get(sha256) or self._texts.setdefault(sha256, task.name)
        return None if other == task.name else other

    def stored_calls(self, name: str) -> StoredCalls:
        """The calls of a document that the ledger holds."""
        with self._connections.lent() as ledger:
            return StoredCalls.of(ledger, name)

    def known_calls(self, name: str) -> list[tuple[str, str]]:
        """Of each call of a document that the ledger holds, its fingerprint and its attempts."""
        with self._connections.lent() as ledger:
            return ledger.execute(
                "SELECT fingerprint, attempts FROM calls WHERE document = ?", (name,)
            ).fetchall()

    def ended(self, task: Task, sha256: str | None, *, is_done: bool) -> None:
        """The document has ended, and the ledger knows; `is_done` says that it has a result."""
        self._under_way.pop(task.name, None)
        if sha256 is None:
            return
        with self._lock:
            if is_done:
                self._just_done[sha256] = task.name
                if len(self._just_done) > _JUST_DONE:
                    self._just_done.pop(next(iter(self._just_done)))
            if self._texts.get(sha256) == task.name:
                del self._texts[sha256]

    def close(self) -> None:
        """Close the ledger."""
        self._connections.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._address, uri=True, check_same_thread=False)
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
        return connection

    def _rival(self, ledger: sqlite3.Connection, name: str) -> Rival | None:
        task = self._under_way.get(name)
        if task is not None:
            return Rival(name, task.document.source, document=task.document)
        row = ledger.execute(
            "SELECT id, source, sha256 FROM documents WHERE id = ?", (name,)
        ).fetchone()
        return None if row is None else Rival(*row)


def _refuse_if_changed(
    number: int, document: InputDocument, source: str, stamp: str | None, sha256: str | None
) -> None:
    if storable(document.source) != source:
        raise InputError(
            f"The input has changed since the run began: document {number} was {source}, and now "
            f"it is {document.source}; restore the input, or begin a new run."
        )
    if stamp is None or sha256 is None or document.path is None:
        return
    try:
        is_same = stamp_of(document.path) == stamp or document.read().sha256 == sha256
    except InputError:
        is_same = False
    if not is_same:
        raise InputError(
            f"The input has changed since the run began: {source} holds another text now, or none; "
            "restore it, or begin a new run."
        )
