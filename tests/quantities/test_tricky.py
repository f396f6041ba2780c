"""The 72 numbers that other readers misread; see the file for what each says."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractor.quantities import Kind, read

ROWS = json.loads(
    (Path(__file__).parent.parent / "data" / "quantities" / "tricky.json").read_text("utf-8")
)
# The file's kinds for what is no quantity: it may be masked or offered as an ordinal, no more.
NO_QUANTITY = {"none", "score", "ident", "time", "date", "year"}
# The units that the file names as the reader does.
UNITS = {"%", "metre", "percentage point", "basis point", "astronomical unit", "square mile"}


def bound(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}-{row['span']}" for n, row in enumerate(ROWS)])
def test_tricky(row: dict[str, Any]) -> None:
    reading = read(row["text"])
    here = [
        q for q in reading.quantities if q.span.start < row["end"] and row["start"] < q.span.end
    ]
    if row["kind"] in NO_QUANTITY:
        assert all(q.kind is Kind.ORDINAL for q in here)
        assert any(m.span.start < row["end"] and row["start"] < m.span.end for m in reading.masked)
        return
    (quantity,) = here
    assert quantity.text == row["span"]
    assert (quantity.low, quantity.high) == (bound(row["low"]), bound(row["high"]))
    assert quantity.qualifier == row["qualifier"]
    if row["kind"] == "currency" or row["unit"] in UNITS:
        assert quantity.unit == row["unit"]
