"""The verdicts of a run as rows of a table, read from its ledger: one row a judged candidate."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, Literal

from extractor.batch.ledger_reader import LedgerReader
from extractor.claims.records import own_values

Where = Literal["accepted", "rejected", "all"]
Kind = Literal["text", "integer", "double", "boolean", "list", "timestamp"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and what it holds. A list is of texts."""

    name: str
    kind: Kind


COLUMNS = (
    Column("document", "text"),
    Column("document_number", "integer"),
    Column("source", "text"),
    Column("title", "text"),
    Column("published", "text"),
    Column("published_at", "timestamp"),
    Column("sha256", "text"),
    Column("accepted", "boolean"),
    Column("quote", "text"),
    Column("quote_start", "integer"),
    Column("quote_end", "integer"),
    Column("number", "text"),
    Column("number_start", "integer"),
    Column("number_end", "integer"),
    Column("value", "text"),
    Column("value_double", "double"),
    Column("low", "text"),
    Column("low_double", "double"),
    Column("high", "text"),
    Column("high_double", "double"),
    Column("qualifier", "text"),
    Column("unit", "text"),
    Column("counted", "text"),
    Column("event", "text"),
    Column("claimant", "text"),
    Column("claimant_start", "integer"),
    Column("claimant_end", "integer"),
    Column("place", "text"),
    Column("when", "text"),
    Column("modality", "text"),
    Column("filled", "list"),
    Column("codes", "list"),
    Column("messages", "list"),
)
"""The columns of every export, in this order; new ones are only ever added at the end."""


def columns_of(ledger: LedgerReader) -> tuple[Column, ...]:
    """The columns of a run: behind those of every run one for each field of a user's schema."""
    own = ledger.plan.get("made", {}).get("fields") or ()
    return (*COLUMNS, *(Column(f"{OWN}{name}", "text") for name in own))


OWN = "field_"
"""What the columns of a user's own fields begin with."""

_FIGURES = ("value", "low", "high")
_TEXTS = (
    *_FIGURES,
    "qualifier",
    "unit",
    "counted",
    "event",
    "claimant",
    "place",
    "when",
    "modality",
)
_ISO = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?\Z"
)

Row = dict[str, Any]


def export_rows(ledger: LedgerReader, where: Where = "all") -> Iterator[Row]:
    """A row for each verdict, documents in the order of the input; the keys are `columns_of` it.

    Figures are texts as the text has them, and doubles beside them. Of a rejected candidate the
    fields are as it stated them, and `quote_start` and the like are None: nothing was found.
    """
    wanted = {"all": "", "accepted": "AND v.accepted", "rejected": "AND NOT v.accepted"}[where]
    connection = ledger.connection
    query = (
        "SELECT d.id, d.number, d.source, d.title, d.published, d.sha256, v.n, v.accepted, "  # noqa: S608 - one of three
        'v.start, v."end", v.claim, c.stated FROM documents d '
        "JOIN verdicts v ON v.document = d.id JOIN candidates c ON c.document = d.id AND c.n = v.n "
        f"WHERE d.state = 'done' {wanted} ORDER BY d.number, v.n"
    )
    columns = columns_of(ledger)
    named: dict[str, str] = ledger.plan.get("made", {}).get("named") or {}
    for found in connection.execute(query):
        yield _row(connection, columns, named, found)


def _row(
    connection: sqlite3.Connection,
    columns: Sequence[Column],
    named: Mapping[str, str],
    found: tuple[Any, ...],
) -> Row:
    document, number, source, title, published, sha256, n, accepted, start, end, claim, stated = (
        found
    )
    row: Row = dict.fromkeys(column.name for column in columns)
    row |= {
        "document": document,
        "document_number": number,
        "source": source,
        "title": title,
        "published": published,
        "published_at": published if _is_moment(published) else None,
        "sha256": sha256,
        "accepted": bool(accepted),
        "number_start": start,
        "number_end": end,
        "filled": [],
    }
    fields: dict[str, Any] = json.loads(claim or stated)
    said = fields if claim is None else own_values(fields)
    for column in columns[len(COLUMNS) :]:
        row[column.name] = _text(said.get(column.name.removeprefix(OWN)))
    if claim is None and named.get("quote", "quote") != "quote":
        # of a class of its own, whose names may be those of other columns
        fields = {ours: fields.get(theirs) for ours, theirs in named.items()}
    row["quote"] = _text(fields.get("quote"))
    for name in _TEXTS:
        row[name] = _text(fields.get(name))
    for name in _FIGURES:
        row[f"{name}_double"] = _double(row[name])
    if claim is not None:
        row["number"] = fields["number"]
        row["filled"] = fields["filled"]
        row["quote_start"], row["quote_end"] = fields["quote_span"]
        row["claimant_start"], row["claimant_end"] = fields["claimant_span"] or (None, None)
    findings = connection.execute(
        "SELECT code, message FROM findings WHERE document = ? AND n = ? ORDER BY k", (document, n)
    ).fetchall()
    row["codes"] = [code for code, _ in findings]
    row["messages"] = [message for _, message in findings]
    return row


def _text(given: object) -> str | None:
    """A field as text; what a candidate stated as something else is told as JSON."""
    if given is None or isinstance(given, str):
        return given
    return json.dumps(given)


def _is_moment(published: str | None) -> bool:
    """Whether it is an ISO 8601 time that there is, and that every reader of a Parquet file holds.

    >>> [_is_moment(day) for day in ("2026-03-04", "2026-02-31", "0001-01-01T00:00+10:00")]
    [True, False, False]
    """
    if published is None or not _ISO.match(published):
        return False
    try:
        moment = datetime.fromisoformat(published)
        if moment.tzinfo is not None:
            moment.astimezone(UTC)  # it may leave the years 1 to 9999
    except (ValueError, OverflowError):
        return False
    return True


def _double(figure: str | None) -> float | None:
    try:
        number = float(Decimal(figure)) if figure is not None else None
    except (InvalidOperation, OverflowError, ValueError):
        return None
    return number if number is not None and isfinite(number) else None
