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
    """Answers whether a document is new; threads share one. The ledger is read, never written."""

    def __init__(self, folder: Path) -> None:
        self._address = f"{(folder / LEDGER).resolve().as_uri()}?mode=ro"
        self._connections = Spares(self._connect, sqlite3.Connection.close)
        self._lock = Lock()  # of what is under way; never held while the ledger is asked
        self._under_way: dict[str, Task] = {}
        self._texts: dict[str, str] = {}

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
        with self._lock:
            other = self._texts.setdefault(sha256, task.name)
        if other != task.name:
            return other
        # one that has just ended is in the ledger before it is no longer under way
        with self._connections.lent() as ledger:
            done = ledger.execute(
                "SELECT id FROM documents WHERE sha256 = ? AND state = 'done' LIMIT 1", (sha256,)
            ).fetchone()
        if done is None:
            return None
        self._forget(sha256, task.name)
        name: str = done[0]
        return name

    def stored_calls(self, name: str) -> StoredCalls:
        """The calls of a document that the ledger holds."""
        with self._connections.lent() as ledger:
            return StoredCalls.of(ledger, name)

    def ended(self, task: Task, sha256: str | None) -> None:
        """The document has ended, and the ledger knows."""
        self._under_way.pop(task.name, None)
        if sha256 is not None:
            self._forget(sha256, task.name)

    def close(self) -> None:
        """Close the ledger."""
        self._connections.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._address, uri=True, check_same_thread=False)
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
        return connection

    def _forget(self, sha256: str, name: str) -> None:
        with self._lock:
            if self._texts.get(sha256) == name:
                del self._texts[sha256]

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
