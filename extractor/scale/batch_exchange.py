"""What goes to the server and comes back: batches brought about, found again, and taken in.

Every step is noted before the next one, so that a process that dies anywhere leaves what the next
one needs: it finds the batches that the server has by their keys before it creates any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from extractor.batch.ledger_writer import LedgerError
from extractor.model import CallFailedError
from extractor.model.batch_files import TOO_LARGE, BatchClient
from extractor.model.batch_lines import ResultLine, read_result
from extractor.model.batch_states import BatchState
from extractor.scale.batch_store import BatchEnd, BatchStore, Ingested
from extractor.scale.batch_tables import BatchRow
from extractor.scale.request_files import FOLDER, RequestFile, request_path

_LONGEST_LINE = 8 * 2**20  # bytes; an answer is some kilobytes
_FILE_REFUSED = frozenset({"refused", "not_found"})

Tell = Callable[[str], None]
"""Told in one line of each thing that has come about."""


@dataclass(frozen=True, slots=True)
class Collected:
    """A batch that has ended and was taken in.

    `trouble` says in one sentence why submitting the rest at once would not be wise; None where
    nothing speaks against it.
    """

    key: str
    came: Ingested
    trouble: str | None


class BatchExchange:
    """The batches of one run and their server. The caller holds the folder's lock.

    Methods raise CallFailedError where the server does not do what it is asked, and LedgerError
    where the disk does not; what was done before that is kept.
    """

    def __init__(self, store: BatchStore, client: BatchClient, tell: Tell) -> None:
        self._store = store
        self._client = client
        self._tell = tell
        self._folder = store.folder / FOLDER
        self._taken_in: list[Collected] = []

    def tidy(self) -> None:
        """Remove the files that no batch of the run is waiting for: of rounds that were cut off."""
        waiting = {row.key for row in self._store.batches() if row.id is None}
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if path.suffix != ".jsonl" or path.stem not in waiting:
                with suppress(OSError):
                    path.unlink()

    def adopt(self) -> None:
        """Find the batches that the server may have though nothing came back of their creation."""
        lost = [row for row in self._store.batches() if row.id is None and row.sent is not None]
        found = self._client.find(frozenset(row.key for row in lost))
        for row in lost:
            if row.key in found:
                self._tell(f"{found[row.key].id}: found at the server, and gone on with")
                self._has(row.key, found[row.key])

    def collect(self) -> list[Collected]:
        """Look at every open batch, and take in those that have ended.

        Those that were taken in before a call that failed are told the next time.
        """
        for row in self._store.batches():
            if row.id is None or not row.is_open:
                continue
            state = self._client.retrieve(row.id)
            self._store.looked(row.key, state.status, state.why)
            if state.has_ended:
                self._taken_in.append(self._take_in(row.key, state))
        collected, self._taken_in = self._taken_in, []
        return collected

    def submit(self, files: Iterable[RequestFile]) -> None:
        """Bring about the batches that were intended and never came about, then those of `files`.

        All files are intended before the first is uploaded, so that none is written twice.
        """
        for file in files:
            self._store.intend(file.key, file.sha256, file.size)
        for row in self._store.batches():
            if row.id is None:
                self._bring_about(row)

    def _bring_about(self, row: BatchRow) -> None:
        path = request_path(self._store.folder, row.key)
        was_sent = row.sent is not None
        if not path.is_file():
            # `adopt` has not found it either
            self._store.withdraw(row.key)
            self._tell(
                f"a file of {many(row.requests, 'request')} is gone; they are put again next time"
            )
            return
        file = row.file or self._upload(row.key, path)
        try:
            state = self._create(row.key, file, may_be_there=was_sent)
        except CallFailedError as error:
            if row.file is None or error.reason not in _FILE_REFUSED:
                raise
            # the server keeps uploaded files for some time only
            state = self._create(row.key, self._upload(row.key, path), may_be_there=True)
        self._store.pass_by("after-create")
        self._has(row.key, state)
        self._tell(f"{state.id}: {many(row.requests, 'request')} submitted, {state.status}")

    def _upload(self, key: str, path: Path) -> str:
        self._store.pass_by("before-upload")
        try:
            file = self._client.upload(path)
        except OSError as error:
            raise _unreadable(path, error) from error
        except CallFailedError as error:
            if error.reason == TOO_LARGE:  # as it will be the next time
                self._store.withdraw(key)
            raise
        self._store.pass_by("after-upload")
        self._store.uploaded(key, file)
        self._store.pass_by("after-file-id")
        return file

    def _create(self, key: str, file: str, *, may_be_there: bool) -> BatchState:
        self._store.sends(key)
        self._store.pass_by("before-create")
        return self._client.create(file, key, may_be_there=may_be_there)

    def _has(self, key: str, state: BatchState) -> None:
        self._store.created(key, state.id, state.status)
        self._store.pass_by("after-batch-id")
        with suppress(OSError):
            request_path(self._store.folder, key).unlink()

    def _take_in(self, key: str, state: BatchState) -> Collected:
        names = (("output", state.output_file), ("error", state.error_file))
        paths: list[Path] = []
        gone = False
        try:
            for what, file in names:
                if not file:
                    continue
                path = self._folder / f"{key}.{what}"
                path.parent.mkdir(exist_ok=True)
                if self._client.download(file, path):
                    paths.append(path)
                    self._store.pass_by("after-download")
                else:
                    gone = True
            whole = state.status == "completed" and not gone
            why = "its files are gone" if gone else state.why
            # the output comes first: an answer goes before an error about the same request
            lines = (line for path in paths for line in read_results(path))
            came = self._store.ingest(key, lines, BatchEnd(state.status, why, whole))
        except OSError as error:
            raise _unreadable(self._folder, error) from error
        for path in paths:
            path.unlink(missing_ok=True)
        self._tell(f"{state.id}: {state.status}, {_told(came)}")
        return Collected(key, came, _trouble(state, came, gone=gone))


def read_results(path: Path) -> Iterator[ResultLine | None]:
    """The lines of an output or error file; None for one that is no result."""
    with path.open("rb") as file:
        while line := file.readline(_LONGEST_LINE):
            is_cut = not line.endswith(b"\n") and len(line) == _LONGEST_LINE
            while is_cut and (more := file.readline(_LONGEST_LINE)) and not more.endswith(b"\n"):
                pass
            if line.strip():
                yield None if is_cut else read_result(line)


def many(count: int, what: str) -> str:
    """So many of a thing.

    >>> many(1, "request"), many(1200, "request")
    ('1 request', '1,200 requests')
    """
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _told(came: Ingested) -> str:
    told = f"{came.answered:,} answered"
    for count, what in (
        (came.failed, "failed"),
        (came.again, "to be submitted again"),
        (came.doubled, "lines twice"),
        (came.strange, "lines that are no results"),
    ):
        if count:
            told += f", {count:,} {what}"
    return told


def _trouble(state: BatchState, came: Ingested, *, gone: bool) -> str | None:
    left = f"{many(came.again, 'request')} of it are to be submitted again"
    if gone:
        return f"The files of batch {state.id} are gone from the server, and {left}."
    why = f" ({state.why})" if state.why else ""
    if state.status == "failed":
        return f"The server refused batch {state.id} as a whole{why}, and {left}."
    if state.status == "cancelled" and came.again:
        return f"Batch {state.id} was cancelled{why}, and {left}."
    return None


def _unreadable(path: Path, error: OSError) -> LedgerError:
    return LedgerError(f"{path}: cannot be read or written ({error.strerror or error}).")
