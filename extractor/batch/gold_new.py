"""A run's accepted claims as gold claims, for a person to correct."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from extractor.batch.gold_claims import Gold
from extractor.batch.ledger_reader import LedgerReader
from extractor.claims.records import own_values


def new_gold(ledger: LedgerReader) -> dict[str, list[Any]]:
    """The claims that a run accepted, and the numbers that it did not, with where they ended.

    Each claim is as `eval` reads it, with the span of its quote in characters of the document;
    what a person adds (other names of the claimant, doubts) is there, empty. Under "skipped" stand
    all other numbers of the documents, so that none is forgotten.
    """
    claims: list[Gold] = []
    skipped: list[Any] = []
    for row in ledger.documents("done"):
        claims += _claims(ledger, row.id)
        skipped += _skipped(ledger, row.id)
    return {"claims": claims, "skipped": skipped}


def _claims(ledger: LedgerReader, document: str) -> Iterator[Gold]:
    rows = ledger.connection.execute(
        "SELECT claim FROM verdicts WHERE document = ? AND accepted ORDER BY n", (document,)
    )
    for (line,) in rows:
        claim = json.loads(line)
        start, end = claim["quote_span"]
        value = claim["value"]
        yield {
            "doc": document,
            "quote": claim["quote"],
            "start": start,
            "end": end,
            "value": _number(value),
            "low": None if value is not None else _number(claim["low"] or "0"),
            "high": None if value is not None else _number(claim["high"] or _open(claim["low"])),
            "qualifier": claim["qualifier"],
            "unit": claim["unit"] or "count",
            "counted": claim["counted"] or "",
            "event": claim["event"] or "",
            "claimant": claim["claimant"],
            "claimant_any": [],
            "place": claim["place"],
            "when": claim["when"],
            "modality": claim["modality"],
            "core": True,
            "note": None,
            **({"fields": own_values(claim)} if "fields" in claim else {}),
        }


def _skipped(ledger: LedgerReader, document: str) -> Iterator[dict[str, Any]]:
    rows = ledger.connection.execute(
        "SELECT row FROM numbers WHERE document = ? ORDER BY n", (document,)
    )
    for (line,) in rows:
        number = json.loads(line)
        if number["outcome"] != "accepted":
            why = f": {number['why']}" if number["why"] else ""
            yield {
                "doc": document,
                "text": number["text"],
                "start": number["span"][0],
                "reason": f"{number['outcome']}{why}",
            }


def _open(low: str | None) -> str:
    """Where a vague magnitude that is open ends at the latest: hundreds at 999, dozens at 99."""
    return str(10 ** len(str(int(Decimal(low or "0")))) - 1)


def _number(figure: str | None) -> int | str | None:
    """A figure as a JSON number where that is exact, else as it is written."""
    if figure is None:
        return None
    return int(figure) if figure.lstrip("-").isdigit() else figure
