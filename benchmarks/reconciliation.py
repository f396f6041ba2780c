"""How long reconciliation takes, and how that grows: CPU seconds for so many accepted claims.

    python benchmarks/reconciliation.py [--claims 100000] [--run RUN ...]

Documents of ten claims each are made here: totals of four sides by twenty claimants over two years,
towns, rates and people of no side. Prints a line for an eighth, a quarter, a half and all of them:
seconds, and those of one claim as a ratio to the first line's. With `--run` the ledgers of runs are
reconciled instead.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractor.quantities.types import Kind
from extractor.reconcile import Aliases, reconcile_runs
from extractor.reconcile.grouping import grouped
from extractor.reconcile.statements import Reading
from extractor.text import Document

_LOOPS = 20_000_000
_A_DOCUMENT = 10  # claims
_SIDES = ("Russian", "Ukrainian", "Israeli", "Syrian")
_THINGS = ("soldiers", "troops", "civilians", "officers")
_EVENTS = ("killed", "wounded", "captured")
_TOWNS = ("Orle", "Aldor", "Vesk", "Tarn", "Hollin")
_CLAIMANTS = ("Russia", "Ukraine", "the Kremlin", "Israel", "Syria", "the United Nations")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--run", type=Path, action="append", default=[])
    options = parser.parse_args()
    if options.run:
        began = time.process_time()
        groups = reconcile_runs(options.run)
        print(f"{len(groups)} groups, {time.process_time() - began:.2f} s CPU")
        return
    first: float | None = None
    for part in (8, 4, 2, 1):
        count = options.claims // part
        documents = list(_documents(count // _A_DOCUMENT))
        began = time.process_time()
        reading = Reading(Aliases.load())
        groups = grouped(
            one
            for document, claims, kinds in documents
            for one in reading.statements(0, document, claims, kinds)
        )
        a_claim = (time.process_time() - began) / count
        first = first or a_claim
        print(
            f"{count:>8} claims  {a_claim * count:6.2f} s CPU  {len(groups):>7} groups  "
            f"{a_claim / first:.2f} of the first line's time a claim"
        )
    began = time.process_time()
    for _ in range(_LOOPS):
        pass
    print(f"(an empty loop of {_LOOPS:,} rounds takes {time.process_time() - began:.2f} s here)")


def _documents(count: int) -> Iterator[tuple[Document, list[dict[str, Any]], dict[Any, Kind]]]:
    rng = random.Random(1)  # noqa: S311 - data for a benchmark
    for place in range(count):
        sentences, claims, start = [], [], 0
        for _ in range(_A_DOCUMENT):
            sentence, claim = _claim(rng, start)
            sentences.append(sentence)
            claims.append(claim)
            start += len(sentence) + 1
        day = f"20{22 + rng.randrange(2)}-{1 + rng.randrange(12):02}-{1 + rng.randrange(28):02}"
        document = Document("\n".join(sentences), id=f"{place:07}", published=day)
        yield document, claims, {tuple(one["number_span"]): Kind.COUNT for one in claims}


def _claim(rng: random.Random, start: int) -> tuple[str, dict[str, Any]]:
    number = f"{rng.randrange(20, 90_000):,}"
    side = rng.choice((*_SIDES, ""))
    counted = f"{side} {rng.choice(_THINGS)}".strip() if side else "people"
    where = rng.choice(("", "", f" in {rng.choice(_TOWNS)}", " each day", " in an attack"))
    event, claimant = rng.choice(_EVENTS), rng.choice((*_CLAIMANTS, f"Envoy {rng.choice(_TOWNS)}"))
    sentence = f"{number} {counted} were {event}{where}, {claimant} said."
    figure = number.replace(",", "")
    return sentence, {
        "number_span": [start, start + len(number)],
        "quote": f"{number} {counted} were {event}",
        "number": number,
        "value": figure,
        "low": figure,
        "high": figure,
        "qualifier": "exact",
        "unit": None,
        "counted": counted,
        "event": event,
        "claimant": claimant,
        "place": None,
        "when": None,
        "modality": "asserted",
        "warnings": [],
    }


if __name__ == "__main__":
    main()
