"""The rows of a CSV file; a row that is broken costs no other row."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from extractor.batch.input_bytes import LARGEST, opened
from extractor.batch.input_document import InputOptions
from extractor.batch.input_lines import TOO_LONG, LineText, bounded_lines
from extractor.batch.input_names import told
from extractor.batch.input_rows import Row, no_columns
from extractor.batch.input_walk import Found
from extractor.errors import InputError

_DELIMITERS: Final = ",;\t"
_MOST_LINES: Final = 100_000  # in one row; a quote that is never closed would take the whole file


class _BadLineError(Exception):
    """A line that no row can hold; the message is the reason."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    encoding: str | None = None
    why: str | None = None


class _Lines:
    """The lines that the parser asks for, which can be given back to be read once more."""

    def __init__(self, lines: Iterator[_Line]) -> None:
        self.number = 0
        self.taken: list[_Line] = []  # those of the row under way
        self._size = 0
        self._lines = lines
        self._again: deque[_Line] = deque()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.number += 1
        self.taken.append(line)
        self._size += len(line.text)
        if line.why is not None:
            raise _BadLineError(line.why)
        if self._size > LARGEST or len(self.taken) > _MOST_LINES:
            raise _BadLineError(f"{TOO_LONG} or {_MOST_LINES:,} lines")
        return line.text

    def begin_row(self) -> None:
        self.taken = []
        self._size = 0

    def give_back(self) -> None:
        """All lines of the row under way but its first are to be read again."""
        self._again.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1


def csv_rows(found: Found, options: InputOptions) -> Iterator[Row]:
    """A row for each record below the first, which names the columns.

    Rows are numbered from 1; `line` is where a row begins. A row with a quote out of place is bad
    by itself, and reading goes on at the line behind its first. Raises InputError when the file
    cannot be read further, and MissingColumnError where a column asked for is not there.
    """
    with _table(found, options) as (lines, columns, delimiter):
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        number = 0
        while True:
            line = lines.number + 1
            lines.begin_row()
            try:
                record = next(reader)
            except StopIteration:
                return
            except (csv.Error, _BadLineError) as error:
                why = _reason(error, lines)
                lines.give_back()
                number += 1
                yield Row(number, line, {}, why=why)
                continue
            if record:  # a blank line is no row
                number += 1
                yield _row(number, line, record, columns, lines.taken)


def check_csv_columns(found: Found, options: InputOptions) -> None:
    """Raise MissingColumnError where a column asked for is not there.

    Raises InputError when the file cannot be read.
    """
    with _table(found, options):
        pass


@contextmanager
def _table(found: Found, options: InputOptions) -> Iterator[tuple[_Lines, list[str], str]]:
    """The lines behind the first, the columns, and what stands between them."""
    # for the whole process; the module's own limit is below the length of a long article
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST))
    with opened(found.path) as file:
        text = LineText(file)
        lines = _Lines(_read(bounded_lines(file), text))
        try:
            first = next(lines, "")
            delimiter, columns = _header(first, options.text_column)
        except (csv.Error, _BadLineError) as error:
            raise InputError(
                f"{told(found.path)}: its first line does not name columns "
                f"({_reason(error, lines)})."
            ) from error
        no_columns(found.path, columns, options)
        yield lines, columns, delimiter


def _header(line: str, text_column: str) -> tuple[str, list[str]]:
    """What separates columns, which is what makes the text column appear, and the columns."""
    headers = [
        (delimiter, next(csv.reader([line], delimiter=delimiter, strict=True), []))
        for delimiter in _DELIMITERS
    ]
    for delimiter, columns in headers:
        if text_column in columns:
            return delimiter, columns
    return max(headers, key=lambda header: len(header[1]))


def _read(raw_lines: Iterator[bytes | None], text: LineText) -> Iterator[_Line]:
    for raw in raw_lines:
        if raw is None:
            yield _Line("", why=TOO_LONG)
            continue
        try:
            yield _Line(text.of(raw), text.encoding)
        except ValueError as error:
            yield _Line("", why=str(error))


def _row(number: int, line: int, record: list[str], columns: list[str], taken: list[_Line]) -> Row:
    if len(record) > len(columns):
        why = f"{len(record)} cells for {len(columns)} columns"
        return Row(number, line, {}, why=why)
    cells = dict(zip(columns, record, strict=False))
    encodings = {one.encoding: None for one in taken}
    # ASCII lines are UTF-8 as well: what is said is what made a difference
    encoding = next((one for one in encodings if one != "utf-8"), "utf-8")
    return Row(number, line, cells, encoding)


def _reason(error: Exception, lines: _Lines) -> str:
    """What is wrong with the row under way: mostly a quote, where it takes more than its line."""
    why = f"not CSV ({told(error)})" if isinstance(error, csv.Error) else str(error)
    if len(lines.taken) > 1:
        return f"a quoted cell is not closed up to line {lines.number}: {why}"
    return why
