"""The rows of tables as documents, whatever the kind of the table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from extractor.batch.input_bytes import LARGEST
from extractor.batch.input_document import InputDocument, InputOptions, refused, source_of
from extractor.batch.input_names import told
from extractor.batch.input_text import NUL_BYTES
from extractor.batch.input_walk import Found
from extractor.errors import InputError
from extractor.text import Document

_LONGEST_VALUE: Final = 512  # characters of an id or a date
_COLUMNS_TOLD: Final = 12


class MissingColumnError(InputError):
    """A table has no column of a name that was given."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its number and its line, from 1, and its cells by column, None for none.

    `why` is what is wrong with the whole row, a sentence without its stop.
    """

    number: int
    line: int
    cells: Mapping[str, object]
    encoding: str | None = None
    why: str | None = None


def no_columns(path: Path, columns: Iterable[str], options: InputOptions) -> None:
    """Raise MissingColumnError where one of the columns asked for is not among those there are."""
    there = list(columns)
    if not there:
        raise MissingColumnError(f"{told(path)}: there are no columns in this table.")
    for option, name in (
        ("--text-column", options.text_column),
        ("--id-column", options.id_column),
        ("--date-column", options.date_column),
    ):
        if name is not None and name not in there:
            raise MissingColumnError(
                f"{told(path)}: there is no column {told(name)!r}, only {named(there)}; "
                f"name one of them with {option}."
            )


def named(columns: Iterable[str]) -> str:
    """Names of columns for a message, not too many of them."""
    there = [told(str(name)[:80]) for name in columns]
    more = f" and {len(there) - _COLUMNS_TOLD} more" if len(there) > _COLUMNS_TOLD else ""
    return ", ".join(map(repr, there[:_COLUMNS_TOLD])) + more if there else "none"


def documents_of(
    found: Found, rows: Iterable[Row], options: InputOptions
) -> Iterator[InputDocument]:
    """Each row as a document; where reading ends before the table does, one more that says why."""
    number = 0
    try:
        for row in rows:
            number = row.number
            yield _document(found, row, options)
        if not number:
            raise InputError("there is no row in this table.")
    except InputError as error:
        # the table's own id when not even one row was reached
        name = f"{found.id}:{number + 1}" if number else found.id
        message = str(error).removeprefix(f"{told(found.path)}: ").removesuffix(".")
        yield refused(name, found.path, message)


def _document(found: Found, row: Row, options: InputOptions) -> InputDocument:
    try:
        if row.why is not None:
            raise ValueError(row.why)
        name = _id(row, options.id_column) or f"{found.id}:{row.number}"
        text = _text(row.cells, options.text_column)
        published = _value(row.cells, options.date_column, "date")
    except ValueError as error:
        return refused(f"{found.id}:{row.number}", found.path, str(error), row.line)
    source = source_of(found.path, row.line)
    read = partial(
        Document, text=text, id=name, source=source, published=published, encoding=row.encoding
    )
    return InputDocument(name, source, found.path, read)


def _text(cells: Mapping[str, object], column: str) -> str:
    if column not in cells:
        raise ValueError(f"there is no column {told(column)!r} in this row, only {named(cells)}")
    text = cells[column]
    if text is None or text == "":
        raise ValueError(f"column {told(column)!r} is empty")
    if type(text) is not str:
        raise ValueError(f"column {told(column)!r} holds {_what(text)} and no text")
    if "\x00" in text:
        raise ValueError(NUL_BYTES)
    # no character is more than 4 bytes, so most texts need not be encoded to be measured
    if len(text) * 4 > LARGEST and len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise ValueError(f"a text of more than {LARGEST // 2**20} MiB")
    return text


def _id(row: Row, column: str | None) -> str | None:
    name = _value(row.cells, column, "id")
    if column is not None and (name is None or not name.strip()):
        raise ValueError(f"there is no id in column {told(column)!r}")
    return name


def _value(cells: Mapping[str, object], column: str | None, what: str) -> str | None:
    value = None if column is None else cells.get(column)
    if value is None or value == "":
        return None
    if isinstance(value, (list, dict, bytes)):
        raise ValueError(f"column {told(column)!r} holds {_what(value)} and no {what}")
    text = str(value)
    if len(text) > _LONGEST_VALUE:
        raise ValueError(
            f"the {what} in column {told(column)!r} is longer than {_LONGEST_VALUE} characters"
        )
    return told(text)


def _what(value: object) -> str:
    kinds = {list: "a list", dict: "an object", bytes: "bytes", bool: "true or false"}
    return kinds.get(type(value), "a number")
