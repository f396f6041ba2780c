"""Documents in the rows of a JSONL, CSV or Parquet file, read one after the other."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

from extractor.batch.input_text import LARGEST, is_packed, refuse_if_special, stem_of, suffix_of
from extractor.errors import InputError

_BATCH = 50  # rows of a Parquet file that are held at once


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold the text, the id (None: the row's number) and the date (None: none)."""

    text: str = "text"
    id: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One row: its number from 1, the id, and the text, or why there is none."""

    row: int
    id: str
    text: str | None
    published: str | None
    why: str | None


def rows_of(path: Path, columns: Columns) -> Iterator[Cell]:
    """The rows of a table. A bad row says why; a file that breaks off ends with a row that does.

    Raises InputError when a Parquet or CSV file has not the columns that are named.
    """
    read = {".jsonl": _json_rows, ".csv": _csv_rows, ".parquet": _parquet_rows}[suffix_of(path)]
    row = 0
    try:
        for row, record in enumerate(read(path, columns), 1):
            yield _cell(path, row, record, columns)
    except InputError:
        raise
    except (OSError, EOFError, ValueError, zlib.error, csv.Error) as error:
        told = (error.strerror if isinstance(error, OSError) else None) or str(error)
        why = f"the rest of it cannot be read ({told.splitlines()[0] if told else 'damaged'})"
        yield Cell(row + 1, f"{stem_of(path)}:{row + 1}", None, None, why)


def _cell(path: Path, row: int, record: Mapping[str, Any] | str, columns: Columns) -> Cell:
    name = f"{stem_of(path)}:{row}"
    if isinstance(record, str):
        return Cell(row, name, None, None, record)
    if columns.id is not None:
        given = record.get(columns.id)
        if given is None or str(given) == "":
            return Cell(row, name, None, None, f"it has no {columns.id!r}")
        name = str(given)[:500]
    text = record.get(columns.text)
    if not isinstance(text, str):
        there = ", ".join(map(repr, list(record)[:12]))
        why = f"its column {columns.text!r} holds no text (it has {there}); see --text-column"
        return Cell(row, name, None, None, why)
    if len(text) > LARGEST:
        return Cell(row, name, None, None, f"it is larger than {LARGEST // 2**20} MB")
    given = record.get(columns.date) if columns.date is not None else None
    if given is not None:
        given = given.isoformat() if isinstance(given, date) else str(given)
    return Cell(row, name, text, given, None)


def _bytes_of(path: Path) -> IO[bytes]:
    refuse_if_special(path)
    return gzip.open(path) if is_packed(path) else path.open("rb")  # type: ignore[return-value]


def _json_rows(path: Path, _: Columns) -> Iterator[Mapping[str, Any] | str]:
    with _bytes_of(path) as file:
        while line := file.readline(LARGEST + 1):
            if len(line) > LARGEST:
                yield f"the line is longer than {LARGEST // 2**20} MB"
                while line and not line.endswith(b"\n"):
                    line = file.readline(LARGEST)
                continue
            if not line.strip():
                continue
            yield _json_row(line)


def _json_row(line: bytes) -> Mapping[str, Any] | str:
    try:
        record = json.loads(line.removeprefix(b"\xef\xbb\xbf").decode())
    except UnicodeDecodeError as error:
        return f"the line is not UTF-8 (byte {error.start})"
    except (ValueError, RecursionError) as error:
        return f"the line is no JSON ({error})"
    return record if isinstance(record, dict) else "the line is no JSON object"


def _csv_rows(path: Path, columns: Columns) -> Iterator[Mapping[str, Any] | str]:
    csv.field_size_limit(LARGEST)
    with io.TextIOWrapper(_bytes_of(path), "utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        _refuse_without(path, reader.fieldnames or (), columns)
        yield from reader


def _parquet_rows(path: Path, columns: Columns) -> Iterator[Mapping[str, Any] | str]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise InputError(
            f"{path}: Parquet needs pyarrow; install it with "
            "pip install 'claim-extractor[parquet]'."
        ) from None
    try:
        with parquet.ParquetFile(path) as file:
            names = file.schema_arrow.names
            _refuse_without(path, names, columns)
            wanted = [name for name in (columns.text, columns.id, columns.date) if name in names]
            for batch in file.iter_batches(_BATCH, columns=wanted):
                yield from batch.to_pylist()
    except pa.ArrowException as error:
        raise ValueError(str(error)) from error


def _refuse_without(path: Path, names: Any, columns: Columns) -> None:  # noqa: ANN401 - strings
    for option, name in (("text", columns.text), ("id", columns.id), ("date", columns.date)):
        if name is not None and name not in names:
            there = ", ".join(repr(str(one)) for one in list(names)[:12]) or "none"
            raise InputError(
                f"{path}: there is no column {name!r} (it has {there}); name it with "
                f"--{option}-column."
            )


def count_rows(path: Path) -> int:
    """About how many rows a table has, without reading what they hold."""
    if suffix_of(path) == ".parquet":
        with suppress(Exception):
            from pyarrow import parquet

            rows: int = parquet.read_metadata(path).num_rows
            return rows
        return 1
    count = 0
    with suppress(OSError, EOFError, zlib.error), _bytes_of(path) as file:
        piece: Callable[[], bytes] = lambda: file.read(2**20)  # noqa: E731 - for iter
        count = sum(block.count(b"\n") for block in iter(piece, b""))
    return max(1, count - (suffix_of(path) == ".csv"))
