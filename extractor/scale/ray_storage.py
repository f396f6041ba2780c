"""Where a run's Parquet files lie, on disk or in object storage, and which rows are known as done.

`documents/` holds the rows, `checkpoint/` for each file of them the keys that it holds. Ray writes
both in two phases: while a file of keys is called pending, its rows do not count, and are deleted
before the run goes on. A file of rows is called as its keys are, or begins so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import compute, fs, parquet

from extractor.batch.exports import Row
from extractor.errors import ExtractorError, InputError
from extractor.scale.ray_uris import refuse_secret_in

KEY = "place"
"""The column that names a row among all: the number of its file and its own in it, both from 0."""

_PENDING = ".pending.parquet"
_OWNER = "run"  # a file with the name of the run whose rows these are
_HALF_A_URI = re.compile(r"([a-z][a-z0-9+]+):/?([^/].*)")  # "s3:/bucket", and no "c:/folder"
_AT_ONCE = 16  # files that are read


class StorageError(ExtractorError):
    """The place of a run's rows does not do what it is asked: away, full, or not to be written."""

    exit_code = 3


@dataclass(slots=True)
class RayStorage:
    """A folder (or the URI of one) that all nodes can write to.

    Raises InputError for a URI that pyarrow does not know; everything it does raises StorageError
    where the storage does not do it.
    """

    uri: str
    filesystem: Any = field(init=False)
    root: str = field(init=False)

    def __post_init__(self) -> None:
        if half := _HALF_A_URI.match(self.uri):
            raise InputError(
                f"{self.uri}: results cannot be written there (is {half[1]}://{half[2]} meant?)."
            )
        if "://" not in self.uri:
            self.uri = str(Path(self.uri).resolve())
        refuse_secret_in(self.uri)
        try:
            if "://" in self.uri:
                self.filesystem, root = fs.FileSystem.from_uri(self.uri)
            else:
                self.filesystem, root = fs.LocalFileSystem(), self.uri
        except (pa.ArrowException, OSError, ValueError) as error:
            raise InputError(f"{self.uri}: results cannot be written there ({error}).") from error
        self.root = root.rstrip("/")
        if not self.root:
            raise InputError(f"{self.uri}: results cannot be written there (no folder is named).")

    @property
    def documents(self) -> str:
        """The path of the rows, in its file system."""
        return f"{self.root}/documents"

    @property
    def checkpoint(self) -> str:
        """The path of the keys, in its file system."""
        return f"{self.root}/checkpoint"

    def claim(self, run: str) -> None:
        """Take the place for the run of this name. Raises InputError where there are rows."""
        if self._files("documents"):
            raise InputError(
                f"{self.uri}: the rows of a run are there already; name another place with "
                "--ray-storage, or go on with that run."
            )
        with self._told():
            self.filesystem.create_dir(self.root, recursive=True)
            with self.filesystem.open_output_stream(f"{self.root}/{_OWNER}") as file:
                file.write(run.encode())

    def refuse_other(self, run: str) -> None:
        """Raise InputError where the place is another run's, or nobody's any more."""
        try:
            with self.filesystem.open_input_stream(f"{self.root}/{_OWNER}") as file:
                owner = file.read().decode("utf-8", "replace")
        except FileNotFoundError:
            owner = ""
        except (pa.ArrowException, OSError) as error:
            raise self._error(error) from error
        if owner != run:
            raise InputError(
                f"{self.uri}: the rows there are not those of this run; restore them, or begin a "
                "new run."
            )

    @property
    def has_rows(self) -> bool:
        """Whether anything is written."""
        return bool(self._files("documents"))

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
        """Delete what was being written when a run ended: rows that have no keys yet.

        Where keys are there as pending ones and as others, the rows may be half of a second
        attempt, so that they have none. No run may be under way; what a process that outlives its
        run still writes does no harm, since without its pending keys it cannot commit.

        Raises InputError where all keys are gone: then somebody has deleted them, and rows that
        were paid for would follow.
        """
        keys = self._files("checkpoint")
        if not keys and self.has_rows:
            raise InputError(
                f"{self.uri}: the keys of the rows are gone (checkpoint/ is empty); restore them, "
                "or delete documents/ too, and every document is asked about again."
            )
        pending = [path for path in keys if path.endswith(_PENDING)]
        again = {path.removesuffix(_PENDING) for path in pending}
        for path in (*(one for one in keys if one.removesuffix(".parquet") in again), *pending):
            self._delete(path)
        committed = self._committed()
        for path in self._files("documents"):
            if _stem(path) not in committed:
                self._delete(path)

    def known(self) -> Iterator[list[str]]:
        """The keys of the documents that have their rows."""
        for _, table in self._each(self._committed().values(), [KEY]):
            yield table[KEY].to_pylist()

    def places(self) -> Iterator[tuple[str, list[str]]]:
        """The files of rows that have their keys, each with those."""
        committed = self._committed()
        paths = [path for path in self._files("documents") if _stem(path) in committed]
        for path, table in self._each(paths, [KEY]):
            yield path, table[KEY].to_pylist()

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
        committed = self._committed()
        paths = [path for path in self._files("documents") if _stem(path) in committed]
        for path, table in self._each(paths, ["state"]):
            failed = compute.equal(table["state"], "failed")
            count = compute.sum(failed).as_py() or 0
            if count:
                kept = self._read(path).filter(compute.invert(failed))
                self._replace(path, committed[_stem(path)], kept)
            forgotten += count
        return forgotten

    def _replace(self, path: str, before: str, kept: Any) -> None:  # noqa: ANN401 - pyarrow has no types
        folder, _, name = before.rpartition("/")
        after = f"{folder}/k{name}"
        if len(kept):
            self._write(kept.select([KEY]), _pending(after))
            self._write(kept, f"{self.root}/documents/k{name}")
        self._move(before, _pending(before))
        if len(kept):
            self._move(_pending(after), after)
        self._delete(path)
        self._delete(_pending(before))

    def _committed(self) -> dict[str, str]:
        """The files of keys that are not pending, by their stems."""
        paths = (path for path in self._files("checkpoint") if not path.endswith(_PENDING))
        return {_stem(path): path for path in paths}

    def _each(self, paths: Iterable[str], columns: list[str]) -> Iterator[tuple[str, Any]]:
        """The columns of many files, some of them read at once, in their order."""
        left = iter(paths)
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            while some := list(islice(left, 8 * _AT_ONCE)):
                tables = threads.map(lambda path: self._read(path, columns), some)
                yield from zip(some, tables, strict=True)

    def _files(self, folder: str) -> list[str]:
        selector = fs.FileSelector(f"{self.root}/{folder}", allow_not_found=True)
        with self._told():
            found = self.filesystem.get_file_info(selector)
        return sorted(one.path for one in found if one.path.endswith(".parquet"))

    def _read(self, path: str, columns: list[str] | None = None) -> Any:  # noqa: ANN401
        with self._told():
            return parquet.read_table(path, columns=columns, filesystem=self.filesystem)

    def _move(self, before: str, after: str) -> None:
        with self._told():
            self.filesystem.move(before, after)

    def _delete(self, path: str) -> None:
        with self._told(), suppress(FileNotFoundError):  # a process that ends may have moved it
            self.filesystem.delete_file(path)

    def _write(self, table: Any, path: str) -> None:  # noqa: ANN401
        with self._told():
            parquet.write_table(table, path, filesystem=self.filesystem)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (pa.ArrowException, OSError) as error:
            raise self._error(error) from error

    def _error(self, error: Exception) -> StorageError:
        why = (error.strerror if isinstance(error, OSError) else None) or error
        return StorageError(
            f"{self.uri}: the run's rows cannot be read or written there ({why}); what is written "
            "is kept. Mend that, then go on with the run."
        )


def storage_of(run: Path, named: str | None) -> RayStorage:
    """Where the rows of the run in a folder are: the place that was named, or in the folder."""
    # whole, so that no folder's name is taken for a URI
    return RayStorage(named or str(run.resolve() / "ray"))


def _pending(path: str) -> str:
    return f"{path.removesuffix('.parquet')}{_PENDING}"


def _stem(path: str) -> str:
    """What the name of a file of keys and that of its rows have in common; Ray numbers the latter.

    >>> _stem("run/documents/x_000003-0.parquet"), _stem("run/checkpoint/x_000003.parquet")
    ('x_000003', 'x_000003')
    """
    return path.rpartition("/")[2].removesuffix(".parquet").partition("-")[0]
