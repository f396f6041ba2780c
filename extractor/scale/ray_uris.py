"""Files in object storage as inputs of a run in Ray: listed by their URIs, fetched one at a time.

A file is copied to the disk of the node that reads it, and read there as any other: every kind of
input is read, with the same bounds and sentences, and the copy is gone when it is read.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
from pyarrow import fs

from extractor.batch.input_names import id_of, kind_of, kinds_sentence, told
from extractor.batch.input_walk import Found
from extractor.errors import InputError

_PIECE = 2**20  # bytes


@dataclass(frozen=True, slots=True)
class UriFile:
    """A file in the storage that the URI `named` leads to, by its path there and its stamp.

    `id` is that of its document (the ids of a table's rows begin so).
    """

    named: str
    path: str
    id: str
    stamp: str

    @property
    def uri(self) -> str:
        """Where it is, for a person."""
        return told(f"{urlsplit(self.named).scheme}://{self.path}")


def is_uri(name: str) -> bool:
    """Whether a name is that of something in a storage (s3://…, gs://…, abfs://…, file://…)."""
    return "://" in name


def refuse_secret_in(uri: str) -> None:
    """Raise InputError where a URI holds what a run folder must not."""
    parts = urlsplit(uri)
    if parts.password is not None or "secret" in parts.query.lower():
        raise InputError(
            "A URI holds a key, which would be written to the run folder; leave it out there, and "
            "give keys to the nodes by their environment or their role."
        )


def uri_files(named: str) -> list[UriFile]:
    """The files of a URI: itself, or all below it of kinds that are read, sorted.

    Raises InputError where there is none, or it cannot be looked at.
    """
    refuse_secret_in(named)
    try:
        filesystem, root = fs.FileSystem.from_uri(named)
        found = filesystem.get_file_info(root.rstrip("/"))
        if found.type == fs.FileType.Directory:
            below = filesystem.get_file_info(fs.FileSelector(found.path, recursive=True))
        else:
            below = [found] if found.type == fs.FileType.File else []
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{told(named)}: cannot be looked at ({_first_line(error)}).") from error
    if found.type == fs.FileType.NotFound:
        raise InputError(f"{told(named)}: there is no such file or folder.")
    files = [file for file in below if file.type == fs.FileType.File and kind_of(file.base_name)]
    if not files:
        raise InputError(f"{told(named)}: there is no document there; {kinds_sentence()}.")
    start = len(found.path) + 1 if found.type == fs.FileType.Directory else -1
    return [
        UriFile(named, file.path, id_of(_names(file, start)), f"{file.size}:{file.mtime_ns}")
        for file in sorted(files, key=lambda file: str(file.path))
    ]


@contextmanager
def fetched(file: UriFile) -> Iterator[Found]:
    """The file on the disk, as long as it is read. Raises InputError when it cannot be fetched."""
    with tempfile.TemporaryDirectory(prefix="extractor-") as folder:
        path = Path(folder) / file.path.rpartition("/")[2]
        try:
            filesystem, _ = fs.FileSystem.from_uri(file.named)
            # as it is: what is packed is unpacked by whoever reads it
            with (
                filesystem.open_input_stream(file.path, compression=None) as stream,
                path.open("xb") as copy,
            ):
                shutil.copyfileobj(stream, copy, _PIECE)
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{file.uri}: cannot be fetched ({_first_line(error)}).") from error
        yield Found(path, file.id)


def _names(file: Any, start: int) -> tuple[str, ...]:  # noqa: ANN401 - pyarrow has no types
    """The folders below what was named, and the name."""
    return tuple(file.path[start:].split("/")) if start > 0 else (file.base_name,)


def _first_line(error: BaseException) -> str:
    return told((str(error).strip() or type(error).__name__).splitlines()[0])
