"""A table file as documents: which reader is whose."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.batch.input_csv_rows import check_csv_columns, csv_rows
from extractor.batch.input_document import InputDocument, InputOptions
from extractor.batch.input_json_rows import check_json_columns, count_json_rows, json_rows
from extractor.batch.input_names import kind_of
from extractor.batch.input_parquet_rows import (
    check_parquet_columns,
    count_parquet_rows,
    parquet_rows,
)
from extractor.batch.input_rows import documents_of
from extractor.batch.input_walk import Found
from extractor.errors import InputError


def table_documents(found: Found, options: InputOptions) -> Iterator[InputDocument]:
    """The rows of a table, in order; what is wrong with the table is told by a document of it."""
    match kind_of(found.path.name):
        case ".jsonl":
            rows = json_rows(found)
        case ".csv":
            rows = csv_rows(found, options)
        case _:
            rows = parquet_rows(found, options)
    return documents_of(found, rows, options)


def count_rows(found: Found, options: InputOptions) -> int:
    """How many documents the table gives; for a Parquet file, by its own account."""
    try:
        match kind_of(found.path.name):
            case ".jsonl":
                count = count_json_rows(found)
            case ".parquet":
                count = count_parquet_rows(found, options)
            case _:  # only its parser knows where a row ends
                return sum(1 for _ in table_documents(found, options))
    except InputError:
        # told by one document more, which is where only reading leads
        return sum(1 for _ in table_documents(found, options))
    return max(count, 1)


def check_columns(found: Found, options: InputOptions) -> None:
    """Raise MissingColumnError where a column that was asked for is not in the table.

    Raises InputError when the table cannot be read, or what reads it is not installed.
    """
    match kind_of(found.path.name):
        case ".jsonl":
            check_json_columns(found, options)
        case ".csv":
            check_csv_columns(found, options)
        case ".parquet":
            check_parquet_columns(found, options)
