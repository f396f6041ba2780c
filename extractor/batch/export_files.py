"""Exported rows as JSON lines, CSV, Parquet or a SQLite file, each in the order of the columns."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from extractor.batch.csv_cells import csv_record
from extractor.batch.exports import COLUMNS, Column, Kind, Row
from extractor.batch.json_lines import json_line
from extractor.batch.ledger_rows import storable
from extractor.errors import InputError
from extractor.files import writing_whole

_BATCH = 5_000  # rows of Parquet that are held at once


def json_export(rows: Iterable[Row]) -> Iterator[str]:
    """A line for each row, with its end."""
    return (f"{json_line(row)}\n" for row in rows)


def csv_export(rows: Iterable[Row], columns: Sequence[Column] = COLUMNS) -> Iterator[str]:
    """The heading and a record for each row, with their ends."""
    yield csv_record(column.name for column in columns)
    for row in rows:
        yield csv_record(row[column.name] for column in columns)


def write_parquet(path: Path, rows: Iterable[Row], columns: Sequence[Column] = COLUMNS) -> None:
    """Write a Parquet file, whole or not at all; times are UTC, to the microsecond.

    Raises InputError where pyarrow is not installed, or the disk refuses.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise InputError(
            "Parquet needs pyarrow; install it with pip install 'claim-extractor[parquet]'."
        ) from None
    schema = arrow_schema(columns)
    left = iter(rows)
    try:
        with writing_whole(path) as file, parquet.ParquetWriter(file, schema) as writer:
            while batch := [_typed(row, columns) for row in islice(left, _BATCH)]:
                writer.write_table(pa.Table.from_pylist(batch, schema))
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error}).") from error


def arrow_schema(columns: Sequence[Column]) -> Any:  # noqa: ANN401 - pyarrow has no types
    """The columns as pyarrow names them."""
    import pyarrow as pa

    kinds: dict[Kind, Any] = {
        "text": pa.string(),
        "integer": pa.int64(),
        "double": pa.float64(),
        "boolean": pa.bool_(),
        "list": pa.list_(pa.string()),
        "timestamp": pa.timestamp("us", tz="UTC"),
    }
    return pa.schema([(column.name, kinds[column.kind]) for column in columns])


def write_sqlite(path: Path, rows: Iterable[Row], columns: Sequence[Column] = COLUMNS) -> None:
    """Write a SQLite file, whole or not at all: a table `verdicts`, a view `claims`.

    Lists are JSON. Raises InputError when there is a file already, or the disk refuses.
    """
    if path.exists():
        raise InputError(f"{path}: there is a file already; name another with --out.")
    names = ", ".join(f"{_named(column)} {_SQL[column.kind]}" for column in columns)
    marks = ", ".join("?" * len(columns))
    try:
        # a folder beside it, so that SQLite's own journal has a place that goes with it
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as beside:
            written = Path(beside) / "export.sqlite"
            with closing(sqlite3.connect(written)) as connection, connection:
                connection.execute(f"CREATE TABLE verdicts ({names})")
                connection.execute("CREATE VIEW claims AS SELECT * FROM verdicts WHERE accepted")
                connection.executemany(
                    f"INSERT INTO verdicts VALUES ({marks})",  # noqa: S608 - question marks
                    ([_stored(row[column.name]) for column in columns] for row in rows),
                )
            written.replace(path)
    except sqlite3.Error as error:
        raise InputError(f"{path}: cannot be written ({error}).") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error}).") from error


def _named(column: Column) -> str:
    return '"' + column.name.replace('"', '""') + '"'


_SQL: dict[Kind, str] = {
    "text": "TEXT",
    "integer": "INTEGER",
    "double": "REAL",
    "boolean": "INTEGER",
    "list": "TEXT",
    "timestamp": "TEXT",
}


def _typed(row: Row, columns: Sequence[Column]) -> Row:
    return {column.name: _typed_value(column, row[column.name]) for column in columns}


def _typed_value(column: Column, value: Any) -> Any:  # noqa: ANN401 - of the column's kind
    if column.kind == "timestamp" and value is not None:
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if column.kind == "list":
        return [storable(one) for one in value]
    return storable(value) if isinstance(value, str) else value


def _stored(value: object) -> object:
    if isinstance(value, list):
        return json_line(value)
    return storable(value) if isinstance(value, str) else value
