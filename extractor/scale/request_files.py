"""The files of requests that a round leaves to be submitted, each as large as the API takes."""

from __future__ import annotations

import hashlib
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from extractor.batch.ledger_writer import LedgerError
from extractor.closing import Closing
from extractor.model.batch_lines import RequestLine
from extractor.scale.batch_store import BatchStore, WantedRequest

FOLDER = "batches"
"""The folder of a run in which files wait to be uploaded, and to be taken in."""

MOST_REQUESTS = 50_000
MOST_BYTES = 200_000_000
"""What the Batch API takes in a file. Its 200 MB are read as the smaller of the two there are."""

_GROUP = 500  # requests noted in one transaction


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How large a file of requests may be."""

    requests: int = MOST_REQUESTS
    bytes: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A whole file of requests: the key of its batch, the hash of its bytes, its size in bytes."""

    key: str
    sha256: str
    size: int


def request_path(folder: Path, key: str) -> Path:
    """Where the requests of a batch stand until the server has it."""
    return folder / FOLDER / f"{key}.jsonl"


class RequestFiles(Closing):
    """Takes requests from any thread, one line each; a request that is there already is left out.

    Each is noted in the store before its file is whole. Raises LedgerError where the disk refuses.
    """

    def __init__(self, store: BatchStore, limits: FileLimits) -> None:
        self._store = store
        self._limits = limits
        self._lock = Lock()
        self._whole: list[RequestFile] = []
        self._later = f"later {uuid.uuid4().hex}"  # for what is put off in this round
        self._keys = {self._later}
        self._noted: dict[str, WantedRequest] = {}
        self._key = ""
        self._file: BinaryIO | None = None
        self._hash = hashlib.sha256()
        self._size = self._count = 0

    def add(self, line: RequestLine, wanted: WantedRequest) -> None:
        """Put a request into the file that is being written, or into the next one."""
        with self._lock:
            if self._is_there(line.id):
                return
            try:
                self._write(line.data + b"\n")
            except OSError as error:
                raise self._refused(error) from error
            self._noted[line.id] = wanted
            if len(self._noted) >= _GROUP:
                self._note()

    def put_off(self, wanted: WantedRequest) -> None:
        """Note a request that is to be submitted another time."""
        with self._lock:
            self._store.want([wanted], self._later)

    def whole(self) -> list[RequestFile]:
        """Bring the last file to its end; all files, in their order."""
        with self._lock:
            try:
                self._finish()
            except OSError as error:
                raise self._refused(error) from error
            return self._whole

    def is_all(self) -> None:
        """The round is complete: what it did not ask for is not to be submitted any more."""
        with self._lock:
            self._store.forget_others(self._keys)

    def close(self) -> None:
        """Leave a file that is not whole as it is: nobody will read it."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _is_there(self, request: str) -> bool:
        if request in self._noted:
            return True
        place = self._store.look_up(request)
        return place is not None and place.batch in self._keys

    def _write(self, data: bytes) -> None:
        limits = self._limits
        if self._count >= limits.requests or self._size + len(data) > limits.bytes:
            self._finish()
        if self._file is None:
            self._key = uuid.uuid4().hex
            self._keys.add(self._key)
            path = request_path(self._store.folder, self._key)
            path.parent.mkdir(exist_ok=True)
            self._file = path.open("wb")
        self._file.write(data)
        self._hash.update(data)
        self._size += len(data)
        self._count += 1

    def _finish(self) -> None:
        if self._file is None:
            return
        self._note()
        self._store.pass_by("mid-file")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        self._whole.append(RequestFile(self._key, self._hash.hexdigest(), self._size))
        self._hash = hashlib.sha256()
        self._size = self._count = 0
        self._store.pass_by("after-file")

    def _note(self) -> None:
        self._store.want(self._noted.values(), self._key)
        self._noted.clear()

    def _refused(self, error: OSError) -> LedgerError:
        return LedgerError(
            f"{self._store.folder / FOLDER}: requests cannot be written "
            f"({error.strerror or error}); mend that, then `extractor batch collect "
            f"{self._store.folder}`."
        )
