"""Claims of users' schemas that were made to break the gate: wrong accepted, right refused.

    python benchmarks/schema_probes.py [-v]

tests/data/schema_probes.jsonl has 690 candidates on 221 short texts, written by somebody who knew
what the markers demand: for each text some right and some wrong ones, with the kind of what is
wrong. Half of the schemas are the shipped examples', the others stand here. With -v each candidate
that is judged otherwise than labelled is shown.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from example_attacks import EXAMPLES, NAMES, schema_in
from pydantic import BaseModel

from extractor import (
    CandidateClaim,
    DateInText,
    Document,
    EventOf,
    Evidence,
    InText,
    NameInText,
    NumberInQuote,
    OneOf,
    PlaceInText,
    UnitOf,
    Verdict,
    verify,
)

PROBES = Path(__file__).parent.parent / "tests" / "data" / "schema_probes.jsonl"
MONEY = UnitOf("USD", "EUR", "GBP")
GOODS = "wheat rice diesel petrol bread copper milk maize sugar".split()


class Price(BaseModel):
    """A price of a good at a market."""

    evidence: Annotated[str, Evidence()]
    price: Annotated[Decimal, NumberInQuote(), MONEY]
    was: Annotated[Decimal | None, NumberInQuote(["from", "compared with", "against"]), MONEY] = (
        None
    )
    change: Annotated[Decimal | None, NumberInQuote(), UnitOf("%")] = None
    product: Annotated[str, OneOf(*GOODS)]
    market: Annotated[str | None, PlaceInText()] = None
    day: Annotated[str | None, DateInText()] = None


class Crowd(BaseModel):
    """How many came to a match."""

    evidence: Annotated[str, Evidence()]
    crowd: Annotated[int, NumberInQuote(), UnitOf("spectators", "fans", "people", "supporters")]
    venue: Annotated[str | None, InText()] = None
    team: Annotated[str | None, NameInText()] = None
    day: Annotated[str | None, DateInText()] = None


class Jobs(CandidateClaim):
    """Jobs that an employer cuts or creates."""

    action: Annotated[
        str,
        EventOf(
            {
                "cut": ["cut", "axe", "shed", "lay off", "laid off", "redundant", "layoffs"],
                "created": ["create", "hire", "recruit", "add"],
                "employed": ["employ", "workforce", "staff of"],
            }
        ),
    ]
    employer: Annotated[str, NameInText(within="paragraph")]
    site: Annotated[str | None, PlaceInText()] = None
    day: Annotated[str | None, DateInText()] = None


def judged() -> Iterator[tuple[dict[str, Any], Verdict]]:
    """Each probe with its verdict."""
    schemas: dict[str, type[BaseModel]] = {one.__name__: one for one in (Price, Crowd, Jobs)}
    schemas |= {name: schema_in(EXAMPLES / name).model for name in NAMES}
    for line in PROBES.read_text("utf-8").splitlines():
        probe = json.loads(line)
        schema = schemas[probe["schema"]]
        yield probe, verify(Document(text=probe["text"]), [probe["candidate"]], schema=schema)[0]


def main() -> None:
    """Print the counts by kind of what is wrong."""
    tried, missed = Counter[str](), Counter[str]()
    for probe, verdict in judged():
        tried[probe["kind"]] += 1
        if verdict.accepted is not probe["right"]:
            missed[probe["kind"]] += 1
            if "-v" in sys.argv:
                said = {k: v for k, v in probe["candidate"].items() if v != probe["text"]}
                print(f"{probe['kind']}: {probe['text']}\n    {said}")
                print("    accepted" if verdict.accepted else verdict.findings[0].message)
    wrong, through = tried.total() - tried["right"], missed.total() - missed["right"]
    print(f"right refused {missed['right']} of {tried['right']}")
    print(f"wrong accepted {through} of {wrong}")
    for kind in sorted(tried.keys() - {"right"}):
        print(f"  {kind:14} {missed[kind]} of {tried[kind]}")


if __name__ == "__main__":
    main()
