"""A run held against gold claims: scores, what each rule refused, and where the misses went."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from extractor.batch.gold_claims import Gold
from extractor.batch.gold_scoring import Miss, Score, belongs, score
from extractor.batch.ledger_reader import DocumentRow, LedgerReader


@dataclass
class Evaluation:
    """What came of it. `left_out` are documents of the gold that are not scored.

    `refused` counts the refused verdicts by rule, `refused_right` those of them that state the
    figure of a core gold claim that no accepted claim has right: as far as the gold can tell, right
    claims refused.
    """

    score: Score
    left_out: list[str]
    refused: Counter[str] = field(default_factory=Counter)
    refused_right: Counter[str] = field(default_factory=Counter)
    places: list[str] = field(default_factory=list)

    def lines(self, *, misses: bool) -> Iterator[str]:
        """The evaluation for a person."""
        if self.left_out:
            yield f"not in this run by themselves, so not scored: {', '.join(self.left_out)}"
        yield from self.score.lines()
        if self.refused:
            yield "by rule: refused, and of those with the figure of a core claim that is not right"
            for code, count in sorted(self.refused.items()):
                yield f"  {code} {count} {self.refused_right[code]}"
        if misses:
            yield from (
                f"{miss.told()}{place}"
                for miss, place in zip(self.score.misses, self.places, strict=True)
            )

    def to_json(self) -> dict[str, Any]:
        """The evaluation as plain JSON values."""
        return {
            "not_scored": self.left_out,
            **self.score.to_json(),
            "rules": {
                code: {"refused": count, "of_core_claims": self.refused_right[code]}
                for code, count in sorted(self.refused.items())
            },
            "misses": [
                miss.to_json() | {"ended": place.removeprefix("; ")}
                for miss, place in zip(self.score.misses, self.places, strict=True)
            ],
        }


def by_document(ledger: LedgerReader, gold: Sequence[Gold]) -> dict[str, Score]:
    """The score of each document that the gold is about and the run has by itself."""
    named = dict.fromkeys(claim["doc"] for claim in gold)
    has = {row.id for row in ledger.documents("done", "failed")}
    return {
        name: score(
            [claim for claim in gold if claim["doc"] == name], list(_predicted(ledger, name))
        )
        for name in named
        if name in has
    }


def _predicted(ledger: LedgerReader, document: str) -> Iterator[dict[str, Any]]:
    rows = ledger.connection.execute(
        "SELECT claim FROM verdicts WHERE document = ? AND accepted ORDER BY n", (document,)
    )
    return (json.loads(line) for (line,) in rows)


def evaluate(ledger: LedgerReader, gold: Sequence[Gold]) -> Evaluation:
    """Score what a run accepted of the documents that the gold is about.

    A document that failed is scored: its claims were not found. One that the run has not, or has
    as a duplicate of another, is not.
    """
    named = dict.fromkeys(claim["doc"] for claim in gold)
    met = {row.id: row for row in ledger.documents() if row.id in named}
    scored = {name for name, row in met.items() if row.state != "duplicate"}
    left_out = [_left_out(name, met.get(name)) for name in named if name not in scored]
    gold = [claim for claim in gold if claim["doc"] in scored]
    predictions = [claim for name in named for claim in _predicted(ledger, name)]
    found = Evaluation(score(gold, predictions), left_out)
    wrong = [
        miss.gold for miss in found.score.misses if miss.gold is not None and miss.gold["core"]
    ]
    for document in scored:
        for codes, stated in _refused(ledger, document):
            found.refused.update(codes)
            if any(belongs(stated, one) for one in wrong):
                found.refused_right.update(codes)
    found.places = [_ended(ledger, miss, met) for miss in found.score.misses]
    return found


def _left_out(name: str, row: DocumentRow | None) -> str:
    return name if row is None else f"{name} (a duplicate of {row.same_as})"


def _refused(ledger: LedgerReader, document: str) -> Iterator[tuple[set[str], Gold]]:
    """The refused verdicts: the rules, and what was stated, in the form of a prediction."""
    rows = ledger.connection.execute(
        'SELECT v.start, v."end", c.stated, GROUP_CONCAT(f.code) FROM verdicts v '
        "JOIN candidates c ON c.document = v.document AND c.n = v.n "
        "JOIN findings f ON f.document = v.document AND f.n = v.n "
        "WHERE v.document = ? AND NOT v.accepted AND f.severity = 'error' GROUP BY v.n",
        (document,),
    )
    for start, end, stated, codes in rows:
        fields = json.loads(stated)
        figures = {name: _figure(fields.get(name)) for name in ("value", "low", "high")}
        span = [start or 0, end or 0]  # held against no number: it stands in no quote
        yield set(codes.split(",")), {"document": document, "number_span": span, **figures}


def _figure(stated: object) -> str | None:
    """A figure as a model stated it, if it is one."""
    try:
        return str(Decimal(str(stated))) if stated is not None else None
    except InvalidOperation:
        return None


def _ended(ledger: LedgerReader, miss: Miss, met: Mapping[str, DocumentRow]) -> str:
    """Where the number of a gold claim that was not found has ended."""
    if miss.gold is None or miss.field is not None:
        return ""
    document = met[miss.gold["doc"]]
    if document.state == "failed":
        return f"; the document failed: {document.error}"
    rows = ledger.connection.execute(
        "SELECT row FROM numbers WHERE document = ? ORDER BY n", (document.id,)
    )
    for (row,) in rows:
        number = json.loads(row)
        if belongs({**number, "number_span": number["span"]}, miss.gold):
            why = f" ({number['why']})" if number["why"] else ""
            return f"; {number['text']!r} ended as {number['outcome']}{why}"
    return "; the reader has no such number there"
