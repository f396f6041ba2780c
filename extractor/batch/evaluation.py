"""A run held against gold claims: scores, what each rule refused, and where the misses went."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractor.batch.gold_claims import Gold
from extractor.batch.gold_scoring import Miss, Score, score
from extractor.batch.ledger_reader import LedgerReader


@dataclass
class Evaluation:
    """What came of it. `left_out` are documents of the gold that the run has not.

    `refused` counts the refused verdicts by rule, `refused_right` those of them on a core gold
    number that no accepted claim has right: as far as the gold can tell, right claims refused.
    """

    score: Score
    left_out: list[str]
    refused: Counter[str] = field(default_factory=Counter)
    refused_right: Counter[str] = field(default_factory=Counter)
    places: list[str] = field(default_factory=list)

    def lines(self, *, misses: bool) -> Iterator[str]:
        """The evaluation for a person."""
        if self.left_out:
            yield f"not in this run, so not scored: {', '.join(self.left_out)}"
        yield from self.score.lines()
        if self.refused:
            yield "by rule: refused, and of those on a core number that has no right claim"
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
                code: {"refused": count, "of_core_numbers": self.refused_right[code]}
                for code, count in sorted(self.refused.items())
            },
            "misses": [
                miss.to_json() | {"ended": place.removeprefix("; ")}
                for miss, place in zip(self.score.misses, self.places, strict=True)
            ],
        }


def evaluate(ledger: LedgerReader, gold: Sequence[Gold]) -> Evaluation:
    """Score what a run accepted of the documents that the gold is about."""
    documents = {row.id for row in ledger.documents("done", "failed")}
    named = dict.fromkeys(claim["doc"] for claim in gold)
    gold = [claim for claim in gold if claim["doc"] in documents]
    predictions = [
        json.loads(line)
        for name in named
        for (line,) in ledger.connection.execute(
            "SELECT claim FROM verdicts WHERE document = ? AND accepted ORDER BY n", (name,)
        )
    ]
    found = Evaluation(score(gold, predictions), [name for name in named if name not in documents])
    wrong = [
        miss.gold for miss in found.score.misses if miss.gold is not None and miss.gold["core"]
    ]
    for document in named:
        for codes, start, end in _refused(ledger, document):
            found.refused.update(codes)
            if any(_stands_in(one, document, start, end) for one in wrong):
                found.refused_right.update(codes)
    found.places = [_ended(ledger, miss) for miss in found.score.misses]
    return found


def _refused(ledger: LedgerReader, document: str) -> Iterator[tuple[set[str], int, int]]:
    rows = ledger.connection.execute(
        'SELECT v.start, v."end", GROUP_CONCAT(f.code) FROM verdicts v JOIN findings f '
        "ON f.document = v.document AND f.n = v.n "
        "WHERE v.document = ? AND NOT v.accepted AND f.severity = 'error' GROUP BY v.n",
        (document,),
    )
    for start, end, codes in rows:
        yield set(codes.split(",")), start or 0, end or 0


def _stands_in(claim: Gold, document: str, start: int, end: int) -> bool:
    return bool(claim["doc"] == document and start < claim["end"] and end > claim["start"])


def _ended(ledger: LedgerReader, miss: Miss) -> str:
    """Where the number of a gold claim that was not found has ended."""
    if miss.gold is None or miss.field is not None:
        return ""
    rows = ledger.connection.execute(
        "SELECT row FROM numbers WHERE document = ? ORDER BY n", (miss.gold["doc"],)
    )
    for (row,) in rows:
        number = json.loads(row)
        if _stands_in(miss.gold, miss.gold["doc"], *number["span"]):
            why = f" ({number['why']})" if number["why"] else ""
            return f"; {number['text']!r} ended as {number['outcome']}{why}"
    return "; the reader has no number there"
