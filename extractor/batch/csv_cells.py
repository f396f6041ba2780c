"""Records of a CSV file that a spreadsheet opens as data: no cell of them is a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from extractor.batch.ledger_rows import storable

_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d[\d,.]*%?\Z")


def csv_record(values: Iterable[object]) -> str:
    """A record with its end, as RFC 4180 has it.

    Lists are joined by "; ". A cell that a spreadsheet would take for a formula begins with an
    apostrophe; a plain number with its sign is none.
    """
    file = io.StringIO()
    csv.writer(file).writerow([_cell(value) for value in values])
    return file.getvalue()


def _cell(value: object) -> str:
    """A value as a spreadsheet may read it.

    >>> [_cell(value) for value in (None, True, -5, "-3.5%", "=1+1", "-2+3", ["a", "b"])]
    ['', 'true', '-5', '-3.5%', "'=1+1", "'-2+3", 'a; b']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = "; ".join(value) if isinstance(value, list) else str(value)
    text = storable(text).replace("\x00", "\\u0000")
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text
