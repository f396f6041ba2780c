"""What the text leaves of each gold claim before any model is asked: an upper bound for a run.

    python benchmarks/options.py --gold GOLD.json --docs DIR [--misses]

For every core claim of GOLD.json, and for each field, says whether the text decided it (right or
wrong) or put it to the choice (with the right value on offer or not).
`best` is the share of claims that a perfect chooser would get full, `first` the full F1 of one
that takes the first option each time and dismisses nothing. No model runs.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from extractor import Document
from extractor.batch.gold_scoring import FIELDS, Record, belongs, right_fields, score
from extractor.claims.records import plain
from extractor.extraction.anchored import candidate, questions_of
from extractor.extraction.answers import Answer, Question
from extractor.extraction.passages import passages
from extractor.validator import Source, judge, select_rules

_ASKED = tuple(name for name in FIELDS if name != "qualifier")


def main() -> None:
    """Read the gold, make the questions of its documents, count, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--docs", type=Path, required=True)
    parser.add_argument("--misses", action="store_true", help="list what is not on offer")
    options = parser.parse_args()

    gold = json.loads(options.gold.read_text("utf-8"))["claims"]
    names = sorted({claim["doc"] for claim in gold})
    fields: dict[str, Counter[str]] = {name: Counter() for name in _ASKED}
    reach, misses, first = 0, [], []
    for name in names:
        source = Source(Document.from_path(options.docs / f"{name}.txt"))
        asked = [
            question
            for passage in passages(source)
            for question in questions_of(source, passage)
            if not question.is_bare
        ]
        first += _first_options(source, name, asked)
        for claim in (c for c in gold if c["doc"] == name and c["core"]):
            at = next((q for q in asked if belongs(_record(name, q, {}), claim)), None)
            if at is None:
                misses.append(f"not asked {name[:12]} {claim['quote'][:60]!r}")
                continue
            states = {field: _state(name, at, claim, field) for field in _ASKED}
            for field, state in states.items():
                fields[field][state] += 1
                if state not in ("decided right", "on offer"):
                    offered = at.choices[field]
                    misses.append(
                        f"{state} {field} {name[:12]} {claim['quote'][:60]!r}: "
                        f"{offered!r}, gold {claim.get(field)!r}"
                    )
            reach += all(state in ("decided right", "on offer") for state in states.values())
    total = sum(claim["core"] for claim in gold)
    print(f"core claims {total}, best {reach / total:.3f}")
    for field, counts in fields.items():
        print(f"{field:9}", ", ".join(f"{state} {n}" for state, n in counts.most_common()))
    print("with the first option each time, nothing dismissed:")
    result = score(gold, first)
    print("\n".join(result.lines()))
    if options.misses:
        print("\n".join(misses))


def _state(document: str, question: Question, claim: Record, field: str) -> str:
    offered = question.choices[field]
    right = any(
        field in right_fields(_record(document, question, {field: value}), claim)
        for value in offered or (None,)
    )
    if len(offered) <= 1:
        return "decided right" if right else "decided wrong"
    return "on offer" if right else "not on offer"


def _record(document: str, question: Question, fields: dict[str, Any]) -> Record:
    quantity = question.quantity
    value = quantity.value
    return {
        "document": document,
        "quote": question.quote,
        "number_span": [quantity.number.start, quantity.number.end],
        "value": plain(value) if value is not None else None,
        "low": plain(quantity.low),
        "high": plain(quantity.high),
        "qualifier": quantity.qualifier,
        "event": None,
        "claimant": None,
        "counted": None,
        "modality": "asserted",
    } | fields


def _first_options(source: Source, document: str, asked: list[Question]) -> list[Record]:
    """The accepted claims of a chooser that always takes the first option."""
    rules, records = select_rules(None), []
    for question in asked:
        first = {name: values[0] for name, values in question.choices.items() if values}
        answer = Answer.model_validate({"quote": question.quote} | first)
        claim = judge(source, candidate(question, answer, pinned=True), rules).claim
        if claim is not None and claim.quantity.span == question.quantity.span:
            fields = {
                "quote": answer.quote,
                "event": claim.event,
                "claimant": claim.claimant,
                "counted": claim.counted,
                "modality": claim.modality,
                "qualifier": claim.quantity.qualifier,
            }
            records.append(_record(document, question, fields))
    return records


if __name__ == "__main__":
    main()
