"""What differs between two runs, also where they are of a schema of a user's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from own_schemas import Seats
from runs_in_process import run_over

from extractor.batch.ledger_reader import open_ledger
from extractor.batch.ledger_writer import save_plan
from extractor.batch.run_diff import Difference, differences
from extractor.batch.runner import RunPlan
from extractor.extraction import AskingPolicy, prompt_for
from extractor.model import ScriptedModel

TEXT = "The Meadow Party won 41 of the 90 seats with 34% of the vote, and the Harbour Union 17."


def _run(folder: Path, party: str) -> Path:
    docs = folder.parent / "docs"
    docs.mkdir(exist_ok=True)
    (docs / "d.txt").write_text(TEXT, encoding="utf-8")
    quote = "the Harbour Union 17"
    answers: list[dict[str, Any]] = [
        {"answers": [{"id": 2, "quote": quote, "party": party}, {"id": 1, "not_a_claim": "other"}]}
    ]
    policy = AskingPolicy(schema=Seats, reasks=0)
    folder.mkdir()
    save_plan(folder, {"made": {"named": {"quote": "evidence", "value": "seats"}}})
    with ScriptedModel(answers, narrows_schema=False) as model:
        run_over(folder, docs, model, RunPlan(prompt_for(policy), policy))
    return folder


def test_what_is_refused_of_ones_own_schema_is_shown_by_its_own_names(tmp_path: Path) -> None:
    right, wrong = _run(tmp_path / "a", "Harbour Union"), _run(tmp_path / "b", "Meadow Party")
    with open_ledger(right) as one, open_ledger(wrong) as other:
        (found,) = differences(one, other)
    assert found == Difference(
        "newly rejected",
        "d",
        "the Harbour Union 17",
        "17",
        found.codes,
        "'Meadow Party' is not said of '17', but 'Harbour Union' may be",
    )
    assert found.codes
