"""The documents that a run is over, as a source of a Ray dataset: each node reads its part."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
from ray.data.block import BlockMetadata
from ray.data.datasource import Datasource, ReadTask

from extractor.batch.input_document import InputDocument, InputOptions
from extractor.batch.input_kinds import TABLE_KINDS
from extractor.batch.input_names import kind_of
from extractor.batch.input_stream import documents_of, stamp_of, stream_files
from extractor.batch.input_walk import Found
from extractor.batch.ledger_rows import storable
from extractor.batch.sampling import sampled
from extractor.errors import InputError

_FILES = 200  # of one document each, a task

KEY = "place"
"""The column that names a row among all: the number of its file and its own in it, both from 0."""

_SCHEMA = pa.schema(
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


@dataclass(frozen=True, slots=True)
class DocumentChoice:
    """Which documents: named from the folder `cwd`, how tables are read, which share is taken."""

    cwd: str
    named: tuple[str, ...]
    options: InputOptions
    sample: float | None = None


class DocumentSource(Datasource):
    """Gives blocks of `per_block` documents; what cannot be read is a row that says why.

    Files are listed when it is made, and read by the nodes, which must see them by the same paths.
    Their texts are UTF-8 bytes: a text may hold what no column of strings can. Raises InputError
    as `stream_documents` does.
    """

    def __init__(self, choice: DocumentChoice, per_block: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        files = stream_files(choice.named, choice.options)
        self._tasks = [_task(choice, part, per_block) for part in _parts(files)]

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


def inputs_sha256(choice: DocumentChoice) -> str:
    """What changes when a file is changed, comes or goes. Raises InputError as they do."""
    digest = hashlib.sha256()
    for found in stream_files(choice.named, choice.options):
        digest.update(f"{storable(str(found.path))}\0{_stamp(found.path)}\n".encode())
    return digest.hexdigest()


def place_key(file: int, row: int) -> str:
    """The key of a row; keys stand in the order of the rows.

    >>> place_key(0, 11), place_key(3, 0)
    ('00000000:000000000011', '00000003:000000000000')
    """
    return f"{file:08}:{row:012}"


_Numbered = tuple[int, Found]


def _parts(files: Iterable[Found]) -> Iterator[Sequence[_Numbered]]:
    """Each table alone, other files in groups, all with their numbers."""
    part: list[_Numbered] = []
    for numbered in zip(count(), files, strict=False):
        if kind_of(numbered[1].path.name) in TABLE_KINDS:
            yield [numbered]
            continue
        part.append(numbered)
        if len(part) == _FILES:
            yield part
            part = []
    if part:
        yield part


def _task(choice: DocumentChoice, part: Sequence[_Numbered], per_block: int) -> ReadTask:
    unknown = BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None)
    return ReadTask(partial(_blocks, choice, part, per_block), unknown)


def _blocks(choice: DocumentChoice, part: Sequence[_Numbered], per_block: int) -> Iterator[Any]:
    rows: list[dict[str, Any]] = []
    for row in _rows(choice, part):
        rows.append(row)
        if len(rows) == per_block:
            yield pa.Table.from_pylist(rows, _SCHEMA)
            rows = []
    if rows:
        yield pa.Table.from_pylist(rows, _SCHEMA)


def _rows(choice: DocumentChoice, part: Sequence[_Numbered]) -> Iterator[dict[str, Any]]:
    os.chdir(choice.cwd)  # of a worker's process, which has nothing else to do
    for file, found in part:
        numbered = enumerate(documents_of(found, choice.options))
        for number, document in numbered:
            if next(sampled([document], choice.sample, None), None) is not None:
                yield _row(place_key(file, number), document)


def _row(key: str, document: InputDocument) -> dict[str, Any]:
    row: dict[str, Any] = {
        KEY: key,
        "document": storable(document.id),
        "source": storable(document.source),
        "path": None if document.path is None else storable(str(document.path)),
        "stamp": None if document.path is None else _stamp(document.path),
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


def _stamp(path: Path) -> str | None:
    try:
        return stamp_of(path)
    except InputError:
        return None
