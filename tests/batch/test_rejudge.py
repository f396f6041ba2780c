"""Judging a run's stored candidates again: what a run promises holds of what comes of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from runs_in_process import run_over
from typer.testing import CliRunner

from extractor.batch.ledger_reader import LedgerReader, open_ledger
from extractor.batch.ledger_rows import FILES
from extractor.batch.rejudge import Bench, write_rejudged
from extractor.batch.run_diff import differences
from extractor.batch.runner import RunPlan
from extractor.claims import Finding, Severity, Verdict
from extractor.cli.app import app
from extractor.extraction import AskingPolicy
from extractor.model import ScriptedModel
from extractor.validator import Source, judge, select_rules
from extractor.validator.registry import Rule

ROOT = Path(__file__).parents[2]
TEXT = "Sylvania said 61 of its sailors were killed and more than 340 wounded."
KILLED = {"quote": "61 of its sailors were killed", "value": "61", "event": "killed"}
BARE = {"quote": "61 of its sailors", "value": "61"}
SWAPPED = KILLED | {"event": "wounded"}
WOUNDED = {"quote": "more than 340 wounded", "value": "340", "event": "wounded"}
WRONG = WOUNDED | {"event": "killed"}


def made(folder: Path, *answers: Sequence[dict[str, Any]], reasks: int = 0) -> Path:
    model = ScriptedModel([{"claims": list(claims)} for claims in answers], narrows_schema=False)
    docs = folder / "docs"
    docs.mkdir()
    (docs / "d.txt").write_text(TEXT, "utf-8")
    run_over(folder / "run", docs, model, RunPlan(policy=AskingPolicy("free", reasks=reasks)))
    return folder / "run"


def again(run: Path, out: Path, codes: Sequence[str] | None = None) -> Path:
    out.mkdir()
    with open_ledger(run) as ledger:
        write_rejudged(ledger, out, Bench(select_rules(codes)))
    return out


def rows(run: Path, query: str) -> list[Any]:
    connection = sqlite3.connect(run / "ledger.sqlite")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def spans(run: Path) -> list[tuple[int, int]]:
    return rows(run, 'SELECT start, "end" FROM verdicts WHERE accepted ORDER BY n')


@pytest.mark.parametrize("recorded", ["seeds", "seeds-all"])
def test_the_seeds_come_out_as_they_went_in(tmp_path: Path, recorded: str) -> None:
    command = ["run", str(ROOT / "seeds"), "--replay", str(ROOT / "cassettes" / recorded)]
    command += ["--out", str(tmp_path / "run"), *(["--ask", "all"] if recorded != "seeds" else [])]
    assert CliRunner().invoke(app, command).exit_code == 0
    unchanged(tmp_path / "run", tmp_path / "again")


@pytest.mark.parametrize(
    ("answers", "reasks"),
    [
        ([[KILLED, WRONG, BARE, SWAPPED]], 0),
        ([[SWAPPED, WRONG], [KILLED, WRONG]], 1),
        ([[WRONG | {"quote": "99 wounded", "value": "99"}, KILLED]], 0),
        ([[WRONG], [WRONG], [WOUNDED]], 2),
    ],
)
def test_wrong_answers_stay_as_they_were(
    tmp_path: Path, answers: list[list[dict[str, Any]]], reasks: int
) -> None:
    unchanged(made(tmp_path, *answers, reasks=reasks), tmp_path / "again")


def unchanged(run: Path, out: Path) -> None:
    again(run, out)
    for name in FILES:
        assert (out / name).read_bytes() == (run / name).read_bytes(), name
    for table in ("candidates", "verdicts", "findings", "numbers", "documents"):
        query = f"SELECT * FROM {table}"  # noqa: S608 - the names above
        assert rows(out, query) == rows(run, query), table
    with open_ledger(run) as one, open_ledger(out) as other:
        assert list(differences(one, other)) == []


def test_a_number_has_one_claim_whatever_the_rules_let_through(tmp_path: Path) -> None:
    lax = again(made(tmp_path, [KILLED, SWAPPED]), tmp_path / "lax", ["N"])
    assert spans(lax) == [(14, 16)]
    assert rows(lax, "SELECT accepted, rejected FROM documents") == [(1, 1)]
    assert "S002" in [code for (code,) in rows(lax, "SELECT code FROM findings")]


def test_the_claims_stand_in_text_order_after_a_flip(tmp_path: Path) -> None:
    run = made(tmp_path, [SWAPPED, WOUNDED])
    assert spans(run) == [(48, 61)]
    lax = again(run, tmp_path / "lax", ["N"])
    assert spans(lax) == [(14, 16), (48, 61)]
    unchanged_back = again(lax, tmp_path / "back")
    for name in FILES:
        assert (unchanged_back / name).read_bytes() == (run / name).read_bytes(), name


def test_a_refusal_by_asking_outlives_stricter_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later package may refuse it by a rule too, and one after that may not."""
    run = made(tmp_path, [KILLED, BARE])

    def stricter(source: Source, candidate: Any, rules: Sequence[Rule], _: None) -> Verdict:
        verdict = judge(source, candidate, rules)
        if candidate.get("event"):
            return verdict
        told = Finding("E999", Severity.ERROR, "event", "there is no event")
        return Verdict(verdict.candidate, None, verdict.quantity, (told,))

    monkeypatch.setattr("extractor.batch.rejudge.judge", stricter)
    strict = again(run, tmp_path / "strict")
    monkeypatch.undo()
    assert spans(again(strict, tmp_path / "back")) == spans(run)


def test_a_document_that_ends_after_the_copy_leaves_no_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = made(tmp_path, [KILLED, WRONG])
    documents = LedgerReader.documents

    def late(ledger: LedgerReader, *states: str) -> Any:
        with sqlite3.connect(run / "ledger.sqlite") as live:
            live.execute("UPDATE documents SET id = 'late'")
            for table in ("candidates", "verdicts", "findings", "numbers"):
                live.execute(f"UPDATE {table} SET document = 'late'")  # noqa: S608 - named above
        live.close()
        return documents(ledger, *states)

    monkeypatch.setattr(LedgerReader, "documents", late)
    copy = again(run, tmp_path / "copy")
    assert rows(copy, "SELECT id FROM documents") == [("d",)]
    assert rows(copy, "SELECT DISTINCT document FROM findings") == [("d",)]


def test_a_rejected_claim_can_fail_the_command(tmp_path: Path) -> None:
    run = made(tmp_path, [KILLED, WRONG])
    assert CliRunner().invoke(app, ["verify", str(run)]).exit_code == 0
    assert CliRunner().invoke(app, ["verify", str(run), "--fail-on-rejected"]).exit_code == 1


def test_other_reasons_for_a_refusal_are_a_difference(tmp_path: Path) -> None:
    run = made(tmp_path, [WRONG])
    copy = again(run, tmp_path / "copy")
    with sqlite3.connect(copy / "ledger.sqlite") as connection:
        connection.execute("UPDATE findings SET code = 'E501' WHERE code = 'E502'")
    connection.close()
    with open_ledger(run) as one, open_ledger(copy) as other:
        (found,) = differences(one, other)
    assert (found.what, found.detail) == ("changed", "refused by: E502 -> E501")
    assert json.dumps(found.to_json())
