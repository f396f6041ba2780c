"""Own sentences by phenomenon: everything that is read and everything that is masked, exactly.

A case file lists sentences. `reads` are the quantities in order, as "its text -> value [qualifier]
[kind] [in unit] [or second reading]", with "low..high" for a range or a vague magnitude; a plain
count and an exact figure are not said. `masks` are "its text -> kind". Nothing else may be found.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from extractor.quantities import Quantity, read
from extractor.text import Document

CASES = Path(__file__).parent.parent / "data" / "quantities"


def sentences() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}-{number}")
        for path in sorted(CASES.glob("*.yaml"))
        for number, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")))
    ]


def said(quantity: Quantity) -> str:
    if quantity.value is not None:
        words = [f"{quantity.value:f}"]
    else:
        high = "" if quantity.high is None else f"{quantity.high:f}"
        words = [f"{quantity.low:f}..{high}"]
    if quantity.qualifier not in {"exact", "range"}:
        words.append(quantity.qualifier)
    if quantity.kind != "count":
        words.append(quantity.kind)
    if quantity.unit is not None and quantity.unit != "%":
        words.append(f"in {quantity.unit}")
    if quantity.readings:
        words.append(f"or {quantity.readings[1]:f}")
    return f"{quantity.text} -> {' '.join(words)}"


@pytest.mark.parametrize("case", sentences())
def test_a_sentence_is_read_exactly(case: dict[str, Any]) -> None:
    reading = read(case["text"])
    assert [said(q) for q in reading.quantities] == case["reads"]
    assert [f"{m.text} -> {m.kind}" for m in reading.masked] == case.get("masks", [])


SEEDS = json.loads((CASES / "seeds.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SEEDS)
def test_a_seed_document_is_read_exactly(name: str, seeds: Path) -> None:
    reading = read(Document.from_path(seeds / f"{name}.txt").text)
    assert [said(q) for q in reading.quantities] == SEEDS[name]["reads"]
    assert [f"{m.text} -> {m.kind}" for m in reading.masked] == SEEDS[name]["masks"]


def test_every_mask_says_why() -> None:
    reading = read("In 2011 one of the F-16s won 3-1 at 5pm. Call 555-0123 or see www.a.example/5.")
    assert len(reading.masked) == 7
    assert all(m.why.endswith(".") for m in reading.masked)
