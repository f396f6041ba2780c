"""`verify RUN`, `diff` and `eval` on runs whose model was sometimes wrong."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from runs_in_process import run_over

from extractor.batch.runner import RunPlan
from extractor.extraction import AskingPolicy
from extractor.model import ScriptedModel

TEXT = "Sylvania said 61 of its sailors were killed and more than 340 wounded."
RIGHT = {"quote": "61 of its sailors were killed", "value": "61", "event": "killed"}
WRONG = {"quote": "more than 340 wounded", "value": "340", "event": "killed"}
TWICE = {"quote": "61 of its sailors", "value": "61"}


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "extractor.cli.app", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, check=False)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "d.txt").write_text(TEXT, "utf-8")
    (docs / "e.txt").write_text("Last night 61 sailors died.", "utf-8")
    answers: list[dict[str, Any]] = [{"claims": [RIGHT, WRONG, TWICE]}, {"claims": []}]
    model = ScriptedModel(answers, narrows_schema=False)
    plan = RunPlan(policy=AskingPolicy("free", reasks=0))
    outcome = run_over(tmp_path / "run", docs, model, plan)
    assert (outcome.counts.accepted, outcome.counts.rejected) == (1, 2)
    return tmp_path / "run"


def files(run: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in run.glob("*.jsonl")}


def test_the_same_rules_change_nothing(run: Path, tmp_path: Path) -> None:
    done = command("verify", run, "--out", tmp_path / "again")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ("3 candidates: 1 accepted in the run, 1 by today's rules; 0 flipped\n")
    again = files(tmp_path / "again")
    again.pop("documents.jsonl")
    again.pop("failed.jsonl")
    assert again == files(run)
    done = command("diff", run, tmp_path / "again")
    assert (done.returncode, done.stdout) == (0, "no difference\n")


def test_other_rules_flip_verdicts_and_say_which(run: Path, tmp_path: Path) -> None:
    done = command("verify", run, "--rules", "N", "--out", tmp_path / "lax")
    assert done.returncode == 0, done.stderr
    assert "d: was rejected (E502)" in done.stdout
    assert "1 accepted in the run, 2 by today's rules; 1 flipped" in done.stdout
    rows = [json.loads(line) for line in files(tmp_path / "lax")["numbers.jsonl"].splitlines()]
    assert [row["outcome"] for row in rows if row["document"] == "d"] == ["accepted"] * 2
    for path, flipped in (((run, tmp_path / "lax"), "newly accepted"),):
        done = command("diff", *path)
        assert done.returncode == 1
        assert f"E502: 0 newly rejected, 1 {flipped}" in done.stdout
    done = command("diff", tmp_path / "lax", run, "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    (found,) = [one for one in told if one["what"] != "changed"]  # flags come with rules too
    assert (found["what"], found["codes"], found["document"]) == ("newly rejected", ["E502"], "d")


def test_a_claim_on_a_number_that_has_one_stays_refused(run: Path) -> None:
    """Only asking knows that: no rule would refuse it."""
    told = [json.loads(line) for line in command("verify", run, "--json").stdout.splitlines()]
    (twice,) = [one for one in told if one["candidate"] == TWICE]
    assert twice["accepted"] is False
    assert "S002" in [finding["code"] for finding in twice["findings"]]


def test_documents_that_only_one_run_has(run: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "d.txt").write_text(TEXT + " So they say.", "utf-8")
    run_over(tmp_path / "run2", other, ScriptedModel([{"claims": [RIGHT]}], narrows_schema=False),
             RunPlan(policy=AskingPolicy("free", reasks=0)))  # fmt: skip
    done = command("diff", run, tmp_path / "run2")
    assert done.returncode == 1
    assert "document: d\n  its text differs" in done.stdout
    assert "document: e\n  done in A, not in B" in done.stdout


def test_what_has_no_use_is_refused(run: Path, tmp_path: Path) -> None:
    claims = tmp_path / "claims.jsonl"
    claims.write_text("{}\n", "utf-8")
    for arguments, said in (
        (("verify", run, "--source", tmp_path), "holds its own texts"),
        (("verify", run, "--strict", "--out", tmp_path / "x"), "--strict changes no run"),
        (("verify", claims, "--out", tmp_path / "x"), "--out is for run folders"),
        (("diff", run, tmp_path), "this is no run folder"),
        (("eval", claims, "--run", run), "wanted is a list of gold claims"),
    ):
        done = command(*arguments)
        assert done.returncode == 2, arguments
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_a_newer_ledger_is_left_alone(run: Path) -> None:
    connection = sqlite3.connect(run / "ledger.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    done = command("verify", run)
    assert done.returncode == 2
    assert "version 99" in done.stderr


def gold(quote: str, **fields: Any) -> dict[str, Any]:
    start = TEXT.index(quote)
    place = {"doc": "d", "quote": quote, "start": start, "end": start + len(quote)}
    return {**place, "counted": "sailors", "modality": "asserted", "claimant": "Sylvania"} | fields


GOLD = [
    gold("61 of its sailors", value=61, qualifier="exact", event="killed"),
    gold("more than 340", value=340, qualifier="more_than", event="wounded"),
]


def test_a_run_is_scored_by_field_and_by_rule(run: Path, tmp_path: Path) -> None:
    path = tmp_path / "gold.json"
    path.write_text(json.dumps({"claims": [*GOLD, GOLD[0] | {"doc": "absent"}]}), "utf-8")
    done = command("eval", path, "--run", run, "--min-full", "0.9")
    assert done.returncode == 1, done.stderr
    told = done.stdout
    assert "not in this run by themselves, so not scored: absent" in told
    assert "number   precision 1.000  recall 0.500" in told
    assert "  E502 1 1" in told
    assert "not found d 'more than 340'; 'more than 340' ended as rejected (E502" in told
    record = json.loads(command("eval", path, "--run", run, "--json").stdout)
    assert record["number"]["recall"] == 0.5
    assert record["rules"]["E502"] == {"refused": 1, "of_core_claims": 1}
    assert {miss["miss"] for miss in record["misses"]} >= {"not found"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"start": "0"}, "claim 0, field 'start': wanted is an offset"),
        ({"event": None}, "claim 0, field 'event': wanted is a text"),
        ({"value": "many"}, "claim 0, field 'value': wanted is a number or null"),
        ({"value": None, "low": 20}, "claim 0 has neither a value nor both low and high"),
        ({"qualifier_any": 5}, "field 'qualifier_any': wanted is a list of texts"),
        ({"doc": "\ud800"}, "field 'doc': wanted is a text"),
        ({"start": 40}, "claim 0 ends before it starts"),
        ({"start": -1}, "field 'start': wanted is an offset"),
        ({"value": None}, "claim 0 has neither a value nor both low and high"),
    ],
)
def test_gold_that_cannot_be_used_is_told_by_claim_and_field(
    run: Path, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    path = tmp_path / "gold.json"
    path.write_text(json.dumps([GOLD[0] | change]), "utf-8")
    done = command("eval", path, "--run", run)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_miss_and_a_rule_are_of_the_figure_not_only_of_the_place(
    run: Path, tmp_path: Path
) -> None:
    """Two numbers stand in the quote: one accepted, one refused."""
    both = gold("61 of its sailors were killed and more than 340", value=340)
    path = tmp_path / "gold.json"
    fields = {"qualifier": "more_than", "event": "wounded"}
    path.write_text(json.dumps([both | fields]), "utf-8")
    told = command("eval", path, "--run", run).stdout
    assert "'more than 340' ended as rejected" in told
    assert "  E502 1 1" in told
    path.write_text(json.dumps([both | fields | {"value": 62}]), "utf-8")
    told = command("eval", path, "--run", run).stdout
    assert "the reader has no such number there" in told
    assert "  E502 1 0" in told


def test_failed_and_duplicate_documents_are_told_as_such(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text(TEXT, "utf-8")
    (docs / "d.txt").write_text(TEXT, "utf-8")
    (docs / "f.txt").write_bytes(b"61 \x00")
    plan = RunPlan(policy=AskingPolicy("free", reasks=0))
    run_over(
        tmp_path / "run", docs, ScriptedModel([{"claims": [RIGHT]}], narrows_schema=False), plan
    )
    path = tmp_path / "gold.json"
    path.write_text(json.dumps([GOLD[0], GOLD[0] | {"doc": "f"}]), "utf-8")
    told = command("eval", path, "--run", tmp_path / "run").stdout
    assert "so not scored: d (a duplicate of a)" in told
    assert "core claims 1," in told
    assert "; the document failed: " in told
