"""The documents that a run is over, as a source of a Ray dataset: each node reads its part."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import ray
from ray.data.block import BlockMetadata
from ray.data.datasource import Datasource, ReadTask

from extractor.batch.input_document import InputDocument, InputOptions
from extractor.batch.input_kinds import TABLE_KINDS
from extractor.batch.input_names import kind_of, told
from extractor.batch.input_stream import documents_of, stamp_if_there, stream_files
from extractor.batch.input_walk import Found
from extractor.batch.ledger_rows import storable
from extractor.batch.sampling import is_sampled
from extractor.errors import InputError
from extractor.scale.ray_storage import KEY
from extractor.scale.ray_uris import UriFile, fetched, is_uri, uri_files

_FILES = 200  # of one document each, a task

SCHEMA = pa.schema(
    [
        (KEY, pa.string()),
        ("document", pa.string()),
        ("source", pa.string()),
        ("path", pa.string()),
        ("stamp", pa.string()),
        ("title", pa.string()),
        ("published", pa.string()),
        ("text", pa.binary()),
        ("unreadable", pa.string()),
    ]
)
"""A document before it is asked about; `unreadable` says why one has no text."""


Places = npt.NDArray[np.bytes_]
"""Keys, sorted: a million of them take 21 MB."""


def known_places(keys: Iterable[Sequence[str]]) -> Places:
    """The keys of all parts."""
    parts = [np.array(part, dtype="S") for part in keys if part]
    return np.sort(np.concatenate(parts)) if parts else np.array([], dtype="S1")


@dataclass(frozen=True, slots=True)
class DocumentChoice:
    """Which documents: named from the folder `cwd`, how tables are read, which share is taken."""

    cwd: str
    named: tuple[str, ...]
    options: InputOptions
    sample: float | None = None


class DocumentSource(Datasource):
    """Gives blocks of `per_block` documents; what cannot be read is a row that says why.

    `known` are the sorted keys of the documents that are left out, unread. Files are listed when it
    is made, and read by the nodes, which must see them by the same paths or URIs. Their texts are
    UTF-8 bytes: a text may hold what no column of strings can. Raises InputError as
    `stream_documents` does.
    """

    def __init__(self, choice: DocumentChoice, per_block: int, known: Places) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._known = ray.put(known)
        self._tasks = [
            _task(_Part(choice, files, per_block, self._known)) for files in _parts(choice)
        ]

    @property
    def tasks(self) -> int:
        """How many tasks read them."""
        return len(self._tasks)

    def estimate_inmemory_data_size(self) -> int | None:
        """Not known before they are read."""
        return None

    def get_read_tasks(self, *_: object, **__: object) -> list[ReadTask]:
        """A task for each table, and for each group of other files."""
        return self._tasks


def input_stamps(choice: DocumentChoice) -> Iterator[str]:
    """What changes when a file does, comes or goes, one after the other.

    Raises InputError as `DocumentSource` does.
    """
    for file in _files(choice):
        if isinstance(file, UriFile):
            yield f"{storable(file.path)}\0{file.stamp}"
        else:
            yield f"{storable(str(file.path))}\0{stamp_if_there(file.path)}"


def place_key(file: int, row: int) -> str:
    """The key of a row; keys stand in the order of the rows.

    >>> place_key(0, 11), place_key(3, 0)
    ('00000000:000000000011', '00000003:000000000000')
    """
    return f"{file:08}:{row:012}"


_File = Found | UriFile
_Numbered = tuple[int, _File]


def _files(choice: DocumentChoice) -> Iterator[_File]:
    for name in choice.named:
        if is_uri(name):
            yield from uri_files(name)
        else:
            yield from stream_files((name,), choice.options)


def _parts(choice: DocumentChoice) -> Iterator[Sequence[_Numbered]]:
    """Each table alone, other files in groups, all with their numbers."""
    part: list[_Numbered] = []
    for numbered in enumerate(_files(choice)):
        if kind_of(PurePath(numbered[1].path).name) in TABLE_KINDS:
            yield [numbered]
            continue
        part.append(numbered)
        if len(part) == _FILES:
            yield part
            part = []
    if part:
        yield part


@dataclass(frozen=True, slots=True)
class _Part:
    """What one task reads."""

    choice: DocumentChoice
    files: Sequence[_Numbered]
    per_block: int
    known: Any  # where the keys are, in Ray's store


def _task(part: _Part) -> ReadTask:
    unknown = BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None)
    return ReadTask(partial(_blocks, part), unknown)


def _blocks(part: _Part) -> Iterator[Any]:
    rows: list[dict[str, Any]] = []
    for row in _rows(part):
        rows.append(row)
        if len(rows) == part.per_block:
            yield pa.Table.from_pylist(rows, SCHEMA)
            rows = []
    if rows:
        yield pa.Table.from_pylist(rows, SCHEMA)


def _rows(part: _Part) -> Iterator[dict[str, Any]]:
    os.chdir(part.choice.cwd)  # of a worker's process, which has nothing else to do
    known: Places = ray.get(part.known)
    for number, file in part.files:
        if not isinstance(file, UriFile):
            yield from _rows_of(part.choice, known, number, file)
            continue
        try:
            with fetched(file) as found:
                for row in _rows_of(part.choice, known, number, found):
                    yield _as_of(file, found, row)
        except InputError as error:
            key = place_key(number, 0)
            if not is_among(known, key):
                name = {"document": file.id, "source": file.uri}
                yield {KEY: key, **name, "unreadable": str(error)}


def _rows_of(
    choice: DocumentChoice, known: Places, number: int, found: Found
) -> Iterator[dict[str, Any]]:
    for place, document in enumerate(documents_of(found, choice.options)):
        key = place_key(number, place)
        if not is_among(known, key) and is_sampled(document.id, choice.sample):
            yield _row(key, document)


def _as_of(file: UriFile, copy: Found, row: dict[str, Any]) -> dict[str, Any]:
    """The row of a copy as one of the file itself: a copy has another path each time."""
    path = told(copy.path)
    told_of = {
        name: row[name].replace(path, file.uri)
        for name in ("source", "unreadable")
        if row.get(name) is not None
    }
    return row | told_of | {"path": None, "stamp": None}


def is_among(known: Places, key: str) -> bool:
    """Whether a key is one of the sorted ones."""
    place = int(np.searchsorted(known, key.encode()))
    return place < len(known) and bool(known[place] == key.encode())


def _row(key: str, document: InputDocument) -> dict[str, Any]:
    row: dict[str, Any] = {
        KEY: key,
        "document": storable(document.id),
        "source": storable(document.source),
        "path": None if document.path is None else storable(str(document.path)),
        "stamp": None if document.path is None else stamp_if_there(document.path),
    }
    try:
        read = document.read()
    except InputError as error:
        return row | {"unreadable": str(error)}
    return row | {
        "title": storable(read.title) if read.title else None,
        "published": storable(read.published) if read.published else None,
        "text": read.text.encode("utf-8", "surrogatepass"),
    }
