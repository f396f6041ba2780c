"""Rows that actors wrote, gathered into a ledger: as a run of one process would have left it."""

from __future__ import annotations

from pathlib import Path

from runs_in_process import Outcome, outcome_of, run_over

from extractor.batch.ledger_rows import ResultRows, rows_of
from extractor.batch.ledger_writer import LedgerWriter, forget_failed, save_plan
from extractor.batch.run_memory import RunMemory
from extractor.model import ScriptedModel
from extractor.scale.dataset_rows import result_of
from extractor.scale.ray_gathering import gather
from extractor.scale.ray_storage import RayStorage
from extractor.text import Document

from .ray_rows import done, extracted, failed, scripted, write

MIXED = (
    "The mayor said on Monday that 61 sailors had been killed, up from 45.\n\n"
    "More than 7,000 people fled; about 12 boats sank \udc80, and 12.5% of the crew was hurt.\n\n"
    "No 40 boats sank."
)


def _gathered(run: Path) -> Outcome:
    if not (run / "ledger.sqlite").exists():
        run.mkdir(exist_ok=True)
        save_plan(run, {})
    with LedgerWriter(run) as ledger, RunMemory(run) as memory:
        gather(RayStorage(str(run / "ray")), ledger, memory)
    return outcome_of(run)


def test_a_row_holds_all_that_the_ledger_has_of_a_result(seeds: Path) -> None:
    documents = [Document.from_path(path) for path in sorted(seeds.glob("*.txt"))]
    for document in (*documents, Document(text=MIXED, id="m")):
        result, calls = extracted(document)
        row = done("0", document.text, document.id)
        assert calls
        rows: ResultRows = result_of(row)
        assert rows == rows_of(result)


def test_the_ledger_is_that_of_a_run_in_one_process(tmp_path: Path) -> None:
    texts = {"a": MIXED, "b": "Some 60 boats sank.", "c": "Nothing.", "d": "Some 60 boats sank."}
    folder = tmp_path / "docs"
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text.replace("\udc80", ""), encoding="utf-8")
    with ScriptedModel(scripted, narrows_schema=False) as model:
        plain = run_over(tmp_path / "plain", folder, model)

    rows = [
        done(str(n), text.replace("\udc80", ""), name)
        for n, (name, text) in enumerate(texts.items())
    ]
    run = tmp_path / "run"
    write(run / "ray", "x_1", rows[2:])  # whichever block was written first
    write(run / "ray", "x_2", rows[:2])
    gathered = _gathered(run)
    assert gathered.claims == plain.claims
    assert gathered.numbers == plain.numbers
    assert gathered.named("duplicate") == plain.named("duplicate") == ["d"]
    assert [row.id for row in gathered.documents] == ["a", "b", "c", "d"]
    for name in ("accepted.jsonl", "rejected.jsonl", "numbers.jsonl", "reasks.jsonl"):
        ours, theirs = (
            (of / name).read_text("utf-8").splitlines() for of in (run, tmp_path / "plain")
        )
        assert sorted(ours) == sorted(theirs)


def test_gathering_again_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path / "ray", "x_1", [done("0", MIXED, "a"), failed("1", "b", "it was refused")])
    first = _gathered(tmp_path)
    second = _gathered(tmp_path)
    assert second == first
    assert first.errors == ["it was refused"]
    assert first.counts.failed == 1


def test_what_failed_and_was_asked_again_takes_its_own_place(tmp_path: Path) -> None:
    write(tmp_path / "ray", "x_1", [done("0", MIXED, "a"), failed("1", "b", "refused", "Some 9.")])
    _gathered(tmp_path)
    storage = RayStorage(str(tmp_path / "ray"))
    storage.forget_failed()
    forget_failed(tmp_path)
    assert list(storage.known()) == [["0"]]
    write(tmp_path / "ray", "x_2", [done("1", "Some 90 boats sank.", "b")])
    again = _gathered(tmp_path)
    assert [(row.number, row.id, row.state) for row in again.documents] == [
        (1, "a", "done"),
        (2, "b", "done"),
    ]
    assert list(again.claims) == ["a", "b"]


def test_two_documents_of_one_id_are_told_apart_as_in_any_run(tmp_path: Path) -> None:
    rows = [done("0", "Some 60 boats sank.", "a"), done("1", "Some 61 boats sank.", "a")]
    write(tmp_path / "ray", "x_1", rows)
    gathered = _gathered(tmp_path)
    assert [(row.id, row.state) for row in gathered.documents] == [("a", "done"), ("a#2", "failed")]
    assert "both called 'a', and differ" in gathered.errors[0]
    assert {name for name, _ in gathered.calls} == {"a", "a#2"}  # both were made


def test_a_row_that_an_orphan_wrote_once_more_changes_nothing(tmp_path: Path) -> None:
    rows = [done("0", "Some 60 boats sank.", "a"), done("0", "Some 61 boats sank.", "a")]
    write(tmp_path / "ray", "x_1", rows)
    gathered = _gathered(tmp_path)
    assert gathered.named("done") == ["a"]


def test_where_nothing_was_written_there_is_nothing(tmp_path: Path) -> None:
    gathered = _gathered(tmp_path)
    assert gathered.documents == []


def test_a_text_that_failed_takes_no_other_s_place(tmp_path: Path) -> None:
    text = "Some 60 boats sank."
    write(tmp_path / "ray", "x_1", [failed("0", "a", "refused", text), done("1", text, "b")])
    gathered = _gathered(tmp_path)
    assert gathered.named("failed") == ["a"]
    assert gathered.named("done") == ["b"]


def test_calls_are_told_once_however_often_failures_are_forgotten(tmp_path: Path) -> None:
    rows = [done("0", "Some 60 boats sank.", "a"), done("1", "Some 61 boats sank.", "a")]
    write(tmp_path / "ray", "x_1", rows)
    calls = len(_gathered(tmp_path).calls)
    for _ in range(2):
        forget_failed(tmp_path)
        assert len(_gathered(tmp_path).calls) == calls
