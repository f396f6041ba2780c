"""The rows of a Parquet file, a batch at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import IO, Any, Final

from extractor.batch.input_bytes import opened
from extractor.batch.input_document import InputOptions
from extractor.batch.input_names import is_packed, told
from extractor.batch.input_rows import Row, no_columns
from extractor.batch.input_text import decoded
from extractor.batch.input_walk import Found
from extractor.errors import InputError

_BATCH_BYTES: Final = 2**24  # about what is held unpacked
_BATCH_ROWS: Final = 256
_LARGEST_COPY: Final = 2**32  # bytes on the disk of a .parquet.gz, which cannot be read in passing
NOT_INSTALLED: Final = (
    "Parquet files are read by pyarrow, which is not installed; "
    "pip install 'claim-extractor[parquet]' brings it"
)


def parquet_installed() -> bool:
    """Whether Parquet files can be read here."""
    return find_spec("pyarrow") is not None


def parquet_rows(found: Found, options: InputOptions) -> Iterator[Row]:
    """A row for each of the file, numbered from 1; only the columns asked for are read.

    Raises InputError when pyarrow is not installed or the file cannot be read further, and
    MissingColumnError where a column asked for is not there.
    """
    with _table(found, options) as table:
        wanted = [
            name
            for name in (options.text_column, options.id_column, options.date_column)
            if name is not None
        ]
        number = 0
        for group in range(table.num_row_groups):
            for batch in table.iter_batches(
                batch_size=_batch_size(table.metadata.row_group(group)),
                row_groups=[group],
                columns=wanted,
                use_threads=False,
            ):
                columns = {name: batch.column(name) for name in wanted}
                for index in range(batch.num_rows):
                    number += 1
                    yield _row(number, {name: cells[index] for name, cells in columns.items()})


def count_parquet_rows(found: Found, options: InputOptions) -> int:
    """How many rows the file says it has. Raises InputError as `parquet_rows` does."""
    with _table(found, options) as table:
        return int(table.metadata.num_rows)


def check_parquet_columns(found: Found, options: InputOptions) -> None:
    """Raise MissingColumnError where a column asked for is not there.

    Raises InputError when pyarrow is not installed or the file cannot be read.
    """
    with _table(found, options):
        pass


@contextmanager
def _table(found: Found, options: InputOptions) -> Iterator[Any]:
    if not parquet_installed():
        raise InputError(f"{told(found.path)}: {NOT_INSTALLED}.")
    from pyarrow.parquet import ParquetFile

    # a text cut out of the page that holds it: pre_buffer would hold whole groups of rows
    with opened(found.path) as file, _seekable(found, file) as seekable:
        try:
            table = ParquetFile(seekable, pre_buffer=False)
            no_columns(found.path, table.schema_arrow.names, options)
            yield table
        except InputError:
            raise
        except Exception as error:  # a broken file may upset its parser in any way
            raise InputError(
                f"{told(found.path)}: not a whole Parquet file ({_first_line(error)})."
            ) from error


@contextmanager
def _seekable(found: Found, file: IO[bytes]) -> Iterator[IO[bytes]]:
    if not is_packed(found.path.name):
        yield file
        return
    with tempfile.TemporaryFile() as copy:
        while chunk := file.read(2**20):
            if copy.tell() + len(chunk) > _LARGEST_COPY:
                raise InputError(f"{told(found.path)}: too large to be unpacked; unpack it first.")
            copy.write(chunk)
        copy.seek(0)
        yield copy


def _batch_size(group: Any) -> int:  # noqa: ANN401 - pyarrow has no types
    each = group.total_byte_size // max(group.num_rows, 1)
    return int(max(1, min(_BATCH_ROWS, _BATCH_BYTES // max(each, 1))))


def _row(number: int, cells: dict[str, Any]) -> Row:
    try:
        values = {name: _value(cell) for name, cell in cells.items()}
    except ValueError as error:
        return Row(number, number, {}, why=str(error))
    return Row(number, number, values)


def _value(cell: Any) -> object:  # noqa: ANN401 - pyarrow has no types
    """A cell as text, number or None. Raises ValueError with a reason for a person."""
    import pyarrow as pa

    if pa.types.is_temporal(cell.type):
        return _date(cell)
    try:
        value = cell.as_py()
    except UnicodeDecodeError as error:
        raise ValueError("a cell is not UTF-8") from error
    return decoded(value)[0] if isinstance(value, bytes) else value


def _date(cell: Any) -> str | None:  # noqa: ANN401 - pyarrow has no types
    """A date as ISO 8601, with no digit of its time lost."""
    import pyarrow as pa

    if not cell.is_valid:
        return None
    text = str(cell.cast(pa.string()).as_py())
    return text.replace(" ", "T", 1) if pa.types.is_timestamp(cell.type) else text


def _first_line(error: BaseException) -> str:
    return told((str(error) or type(error).__name__).partition("\n")[0][:200])
