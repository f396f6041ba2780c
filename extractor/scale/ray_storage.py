"""Where a run's Parquet files lie, on disk or in object storage, and which rows are known as done.

`documents/` holds the rows, `checkpoint/` for each file of them the keys that it holds. Ray writes
both in two phases: while a file of keys is called pending, its rows do not count, and are deleted
before the run goes on. A file of rows is called as its keys are, or begins so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import compute, fs, parquet

from extractor.batch.exports import Row
from extractor.errors import InputError

KEY = "place"
"""The column that names a row among all: the number of its file and its own in it, both from 0."""

_PENDING = ".pending.parquet"


@dataclass(slots=True)
class RayStorage:
    """A folder (or the URI of one) that all nodes can write to.

    Raises InputError for a URI that pyarrow does not know.
    """

    uri: str
    filesystem: Any = field(init=False)
    root: str = field(init=False)

    def __post_init__(self) -> None:
        if "://" not in self.uri:
            self.uri = str(Path(self.uri).resolve())
        try:
            self.filesystem, self.root = fs.FileSystem.from_uri(self.uri)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise InputError(f"{self.uri}: results cannot be written there ({error}).") from error
        if not self.root.strip("/"):
            raise InputError(f"{self.uri}: results cannot be written there (no folder is named).")

    @property
    def documents(self) -> str:
        """The URI of the rows."""
        return f"{self.uri}/documents"

    @property
    def checkpoint(self) -> str:
        """The URI of the keys."""
        return f"{self.uri}/checkpoint"

    def count(self, counted: dict[str, int]) -> int:
        """How many rows are written; `counted` keeps what the files hold from call to call."""
        for path in self._files("documents"):
            if path not in counted:
                try:
                    counted[path] = parquet.read_metadata(path, filesystem=self.filesystem).num_rows
                except (pa.ArrowException, OSError):
                    continue  # it is being written
        return sum(counted.values())

    def tidy(self) -> None:
        """Delete what was being written when a run ended: rows whose keys are pending, and those.

        No run may be under way.
        """
        names = [path.rpartition("/")[2] for path in self._files("checkpoint")]
        stems = tuple(name.removesuffix(_PENDING) for name in names if name.endswith(_PENDING))
        if not stems:
            return
        for path in self._files("documents"):
            if path.rpartition("/")[2].startswith(stems):
                self._delete(path)
        for stem in stems:
            self._delete(f"{self.root}/checkpoint/{stem}{_PENDING}")

    def known(self) -> Iterator[list[str]]:
        """The keys of the documents that have their rows."""
        for path in self._files("checkpoint"):
            yield self._read(path, [KEY])[KEY].to_pylist()

    def places(self) -> Iterator[tuple[str, list[str]]]:
        """The files of rows, each with the keys in it."""
        for path in self._files("documents"):
            yield path, self._read(path, [KEY])[KEY].to_pylist()

    def rows(self, path: str) -> list[Row]:
        """The rows of a file."""
        rows: list[Row] = self._read(path).to_pylist()
        return rows

    def forget_failed(self) -> int:
        """Take failed documents out, so that they are asked about again; how many they were.

        The others of a file move to one of their own. Where that is broken off they are asked about
        again too: nothing is lost, and nothing is there twice.
        """
        forgotten = 0
        for path in self._files("documents"):
            table = self._read(path)
            failed = compute.equal(table["state"], "failed")
            count = compute.sum(failed).as_py() or 0
            keys = self._key_file(path) if count else None
            if keys is not None:  # or its rows do not count
                self._replace(path, keys, table.filter(compute.invert(failed)))
                forgotten += count
        return forgotten

    def _replace(self, path: str, before: str, kept: Any) -> None:  # noqa: ANN401 - pyarrow has no types
        folder, _, name = before.rpartition("/")
        # its name must not begin as the other's does: rows belong to the keys whose name they have
        after = f"{folder}/k{name}"
        if len(kept):
            self._write(kept.select([KEY]), _pending(after))
            self._write(kept, f"{self.root}/documents/k{name}")
        self._move(before, _pending(before))
        if len(kept):
            self._move(_pending(after), after)
        self._delete(path)
        self._delete(_pending(before))

    def _key_file(self, path: str) -> str | None:
        """The committed keys of a file of rows, whose name theirs begins."""
        name = path.rpartition("/")[2]
        known = (one for one in self._files("checkpoint") if not one.endswith(_PENDING))
        stems = {one: one.rpartition("/")[2].removesuffix(".parquet") for one in known}
        fitting = [
            one for one, stem in stems.items() if name in {f"{stem}.parquet", f"{stem}-0.parquet"}
        ]
        return fitting[0] if fitting else None

    def _files(self, folder: str) -> list[str]:
        selector = fs.FileSelector(f"{self.root}/{folder}", allow_not_found=True)
        found = self.filesystem.get_file_info(selector)
        return sorted(one.path for one in found if one.path.endswith(".parquet"))

    def _read(self, path: str, columns: list[str] | None = None) -> Any:  # noqa: ANN401
        return parquet.read_table(path, columns=columns, filesystem=self.filesystem)

    def _move(self, before: str, after: str) -> None:
        self.filesystem.move(before, after)

    def _delete(self, path: str) -> None:
        self.filesystem.delete_file(path)

    def _write(self, table: Any, path: str) -> None:  # noqa: ANN401
        parquet.write_table(table, path, filesystem=self.filesystem)


def _pending(path: str) -> str:
    return f"{path.removesuffix('.parquet')}{_PENDING}"
