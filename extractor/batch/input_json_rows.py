"""The rows of a JSON Lines file: an object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Final

from extractor.batch.claim_file import Written
from extractor.batch.input_bytes import opened
from extractor.batch.input_document import InputOptions
from extractor.batch.input_lines import TOO_LONG, LineText, bounded_lines
from extractor.batch.input_rows import Row, no_columns
from extractor.batch.input_walk import Found

_LONGEST_INTEGER: Final = 400  # digits; a longer one stays as it is written
_LOOKED_AT: Final = 20  # lines that show which columns there are


def json_rows(found: Found) -> Iterator[Row]:
    """A row for each line that is not blank, numbered by its line.

    Raises InputError when the file cannot be read further.
    """
    with opened(found.path) as file:
        text = LineText(file)
        for number, raw in enumerate(bounded_lines(file), 1):
            if raw is None:
                yield Row(number, number, {}, why=TOO_LONG)
            elif not raw.isspace() and raw:
                yield _row(number, raw, text)


def count_json_rows(found: Found) -> int:
    """How many rows `json_rows` gives. Raises InputError as it does."""
    with opened(found.path) as file:
        return sum(raw is None or not (raw.isspace() or not raw) for raw in bounded_lines(file))


def check_json_columns(found: Found, options: InputOptions) -> None:
    """Raise MissingColumnError where none of the first rows has one of the columns asked for.

    Raises InputError when the file cannot be read.
    """
    rows = [row for row in islice(json_rows(found), _LOOKED_AT) if row.why is None]
    if rows:
        no_columns(found.path, dict.fromkeys(name for row in rows for name in row.cells), options)


def _row(number: int, raw: bytes, text: LineText) -> Row:
    try:
        record = _parsed(text.of(raw).rstrip("\r\n"))
    except ValueError as error:
        return Row(number, number, {}, why=str(error))
    if not isinstance(record, dict):
        return Row(number, number, {}, why="a row is a JSON object")
    return Row(number, number, record, text.encoding)


def _parsed(line: str) -> object:
    try:
        # an id or a date that is a number stays as it is written
        value: object = json.loads(line, parse_float=Written, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg}, column {error.colno})") from error
    except RecursionError as error:
        raise ValueError("not JSON that can be read (nested too deeply)") from error
    return value


def _integer(digits: str) -> int | Written:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else Written(digits)
