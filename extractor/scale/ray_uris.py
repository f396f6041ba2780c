"""Parquet and JSONL in object storage as the documents of a run in Ray, read by Ray itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import ray
import ray.data
from pyarrow import fs
from ray.data import Dataset

from extractor.batch.input_document import InputOptions
from extractor.batch.ledger_rows import storable
from extractor.batch.sampling import is_sampled
from extractor.errors import InputError
from extractor.scale.ray_documents import SCHEMA, DocumentChoice, Places, is_among
from extractor.scale.ray_storage import KEY

_JSON = (".jsonl", ".ndjson", ".json")


def is_uri(name: str) -> bool:
    """Whether a name is that of something in an object storage (or "file://…")."""
    return "://" in name


def uri_dataset(choice: DocumentChoice, known: Places) -> Dataset:
    """The documents of the files and folders at these URIs, without those that are `known`.

    A row's id is its key, so that ids must differ. Raises InputError where URIs and paths are
    mixed, no id column is named, or a column is not there.
    """
    options = choice.options
    if not all(map(is_uri, choice.named)):
        raise InputError("Paths and URIs do not go together in one run: begin one for each.")
    if options.id_column is None:
        raise InputError("Documents at a URI need --id-column: the column whose values differ.")
    rows = _read(choice.named)
    wanted = filter(None, (options.text_column, options.id_column, options.date_column))
    if missing := [name for name in wanted if name not in (rows.columns() or ())]:
        raise InputError(f"{choice.named[0]}: there is no column {', '.join(missing)}.")
    shape = _Shape(options, choice.sample, ray.put(known))
    return rows.map_batches(shape, batch_size=None, batch_format="pyarrow")


def uri_stamps(named: Sequence[str]) -> list[str]:
    """What changes when a file at these URIs does: its name, its size, its time of change.

    Raises InputError for one that is not there, or cannot be looked at.
    """
    return [stamp for name in named for stamp in _stamps(name)]


def _stamps(name: str) -> list[str]:
    try:
        filesystem, path = fs.FileSystem.from_uri(name)
        found = filesystem.get_file_info(path)
        if found.type == fs.FileType.Directory:
            files = filesystem.get_file_info(fs.FileSelector(path, recursive=True))
        else:
            files = [found]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{name}: cannot be looked at ({error}).") from error
    files = [file for file in files if file.type == fs.FileType.File]
    if not files:
        raise InputError(f"{name}: there is no such file, and no folder with files.")
    return sorted(f"{file.path}\0{file.size}:{file.mtime_ns}" for file in files)


def _read(named: Sequence[str]) -> Dataset:
    is_json = {name.lower().endswith(_JSON) for name in named}
    if len(is_json) > 1:
        raise InputError("JSONL and Parquet do not go together in one run: begin one for each.")
    if is_json == {True}:
        return ray.data.read_json(list(named), lines=True, include_paths=True)
    return ray.data.read_parquet(list(named), include_paths=True)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Gives a table of documents the columns that a run has."""

    options: InputOptions
    sample: float | None
    known: Any  # where the keys are, in Ray's store

    def __call__(self, table: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
        options = self.options
        known: Places = ray.get(self.known)
        names = (options.id_column, options.text_column, options.date_column, "path")
        lists = [[None] * len(table) if name is None else table[name].to_pylist() for name in names]
        rows = [self._row(*given) for given in zip(*lists, strict=True)]
        wanted = [row for row in rows if not is_among(known, row[KEY]) and self._takes(row)]
        return pa.Table.from_pylist(wanted, SCHEMA)

    def _takes(self, row: dict[str, Any]) -> bool:
        return is_sampled(row["document"], self.sample)

    def _row(self, name: object, text: object, date: object, path: str) -> dict[str, Any]:
        key = storable(str(name))
        source = f"{path}#{key}"
        row = {KEY: key, "document": key, "source": source, "title": None}
        if name is None or not isinstance(text, str) or not text.strip():
            why = "there is no id in this row" if name is None else "there is no text in this row"
            return row | {"unreadable": f"{source}: {why}."}
        return row | {"published": None if date is None else str(date), "text": text.encode()}
