"""The documents of a run with everything that was judged in them, one at a time."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from extractor.batch.ledger_reader import LedgerReader, inflated
from extractor.claims.records import own_values
from extractor.errors import InputError
from extractor.text import Span

OUTCOMES = ("accepted", "rejected", "dismissed", "unclaimed")
"""Where a number may have ended."""

_FIGURES = ("value", "low", "high")
_COLUMNS = "id, number, source, state, error, same_as, title, published, text"


@dataclass(frozen=True, slots=True)
class Found:
    """A finding on a claim: the rule's code, "error" or "warning", the field, and the sentence."""

    code: str
    severity: str
    field: str
    message: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim that was judged: its fields as accepted, or as they were stated where rejected.

    `span` is the number that it was held against, None where there is none.
    """

    accepted: bool
    span: Span | None
    fields: Mapping[str, Any]
    findings: tuple[Found, ...]

    @property
    def quote_span(self) -> Span | None:
        """Where the quote of an accepted claim stands."""
        return _pair(self.fields.get("quote_span")) if self.accepted else None

    @property
    def claimant_span(self) -> Span | None:
        """Where the claimant of an accepted claim is named."""
        return _pair(self.fields.get("claimant_span")) if self.accepted else None


@dataclass(frozen=True, slots=True)
class CountedNumber:
    """A number of a document and where it ended; `place` is its place in the document, from 1.

    `outcome` is "accepted", "rejected", "dismissed" or "unclaimed"; `why` are codes of rules for a
    rejected one, a sentence for the last two.
    """

    place: int
    span: Span
    outcome: str
    why: str | None
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JudgedDocument:
    """A document that has ended; one that is not done has no text, no numbers, no claims.

    `reason` tells why a failed one failed, and whose text a duplicate has.
    """

    id: str
    number: int
    source: str
    state: str
    reason: str | None
    title: str | None
    published: str | None
    text: str
    numbers: tuple[CountedNumber, ...] = ()
    claims: tuple[Judged, ...] = ()
    reasks: tuple[Mapping[str, Any], ...] = ()

    @property
    def loose_claims(self) -> list[Judged]:
        """The claims that were held against none of the numbers."""
        spans = {number.span for number in self.numbers}
        return [claim for claim in self.claims if claim.span not in spans]

    def claims_on(self, number: CountedNumber) -> list[Judged]:
        """The claims that were held against this number."""
        return [claim for claim in self.claims if claim.span == number.span]


def judged_documents(ledger: LedgerReader) -> Iterator[JudgedDocument]:
    """Every document that has ended, in the order of the input; one is held at a time.

    Raises InputError at one that the ledger holds in another shape.
    """
    query = f"SELECT {_COLUMNS} FROM documents ORDER BY number"  # noqa: S608 - our own columns
    for row in ledger.connection.execute(query):
        yield _document(ledger, row)


def judged_document(ledger: LedgerReader, document_id: str) -> JudgedDocument | None:
    """The document of this id, None where the run has none. Raises InputError as the others do."""
    if not _can_be_id(document_id):
        return None
    query = f"SELECT {_COLUMNS} FROM documents WHERE id = ?"  # noqa: S608 - our own columns
    row = ledger.connection.execute(query, (document_id,)).fetchone()
    return None if row is None else _document(ledger, row)


class NumberPlaces:
    """Which number of a document stands at a span: what `DOC#N` names."""

    def __init__(self, ledger: LedgerReader) -> None:
        self._ledger = ledger
        self._of = lru_cache(maxsize=256)(self._read)

    def at(self, document_id: str, span: Span) -> int | None:
        """The place (from 1) of the number at `span`, None where none stands there."""
        if not _can_be_id(document_id):
            return None
        return self._of(document_id).get((span.start, span.end))

    def _read(self, document_id: str) -> dict[tuple[int, int], int]:
        rows = self._ledger.connection.execute(
            "SELECT n, json_extract(row, '$.span[0]'), json_extract(row, '$.span[1]') "
            "FROM numbers WHERE document = ?",
            (document_id,),
        )
        return {(start, end): n + 1 for n, start, end in rows}


def _can_be_id(name: str) -> bool:
    """Whether a run may hold it: a lone surrogate is in no id."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _document(ledger: LedgerReader, row: tuple[Any, ...]) -> JudgedDocument:
    try:
        return _read_document(ledger, row)
    except (ArithmeticError, LookupError, TypeError, ValueError, zlib.error) as error:
        raise InputError(
            f"{ledger.path}: document {str(row[0])[:80]!r} is not as a run leaves it ({error})."
        ) from error


def _read_document(ledger: LedgerReader, row: tuple[Any, ...]) -> JudgedDocument:
    name, number, source, state, error, same_as, title, published, text = row
    reason = error if same_as is None else f"the same text as {same_as}"
    if state != "done":
        return JudgedDocument(name, number, source, state, reason, title, published, "")
    return JudgedDocument(
        id=name,
        number=number,
        source=source,
        state=state,
        reason=None,
        title=title,
        published=published,
        text=inflated(text),
        numbers=tuple(_numbers(ledger, name)),
        claims=tuple(_claims(ledger, name)),
        reasks=tuple(
            json.loads(line)
            for (line,) in ledger.connection.execute(
                "SELECT row FROM reasks WHERE document = ? ORDER BY n", (name,)
            )
        ),
    )


def _numbers(ledger: LedgerReader, document: str) -> Iterator[CountedNumber]:
    for n, outcome, row in ledger.connection.execute(
        "SELECT n, outcome, row FROM numbers WHERE document = ? ORDER BY n", (document,)
    ):
        record = json.loads(row)
        if outcome not in OUTCOMES:
            raise ValueError(f"a number is {outcome!r}")
        if not isinstance(record["text"], str):
            raise TypeError("a number has no text")
        for name in _FIGURES:
            Decimal(record[name] or 0)  # it is one
        yield CountedNumber(n + 1, Span(*record["span"]), outcome, record["why"], record)


def _claims(ledger: LedgerReader, document: str) -> Iterator[Judged]:
    findings: dict[int, list[Found]] = {}
    for n, code, severity, field, message, start, end in ledger.connection.execute(
        'SELECT n, code, severity, field, message, start, "end" FROM findings '
        "WHERE document = ? ORDER BY n, k",
        (document,),
    ):
        place = None if start is None else Span(start, end)
        findings.setdefault(n, []).append(Found(code, severity, field, message, place))
    for n, accepted, start, end, claim, stated in ledger.connection.execute(
        'SELECT v.n, v.accepted, v.start, v."end", v.claim, c.stated FROM verdicts v '
        "JOIN candidates c ON c.document = v.document AND c.n = v.n "
        "WHERE v.document = ? ORDER BY v.n",
        (document,),
    ):
        span = None if start is None else Span(start, end)
        fields = json.loads(claim or stated)
        if not isinstance(fields, dict):
            raise TypeError("a claim is no object")
        if claim is not None:  # a user's own fields stand beside the others
            fields |= own_values(fields)
            fields.pop("fields", None)
        yield Judged(bool(accepted), span, fields, tuple(findings.get(n, ())))


def _pair(given: object) -> Span | None:
    if not isinstance(given, list) or len(given) != 2:
        return None
    start, end = given
    whole = isinstance(start, int) and isinstance(end, int) and 0 <= start <= end
    return Span(start, end) if whole else None
