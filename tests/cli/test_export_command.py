"""`extractor export`: each format says what the ledger says, and hostile text stays text."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet
from runs_in_process import run_over

from extractor.batch.export_files import csv_export, json_export, write_parquet, write_sqlite
from extractor.batch.exports import COLUMNS
from extractor.batch.input_document import InputOptions
from extractor.batch.input_stream import stream_documents
from extractor.batch.runner import RunPlan
from extractor.errors import InputError
from extractor.extraction import AskingPolicy
from extractor.model import ScriptedModel

NAMES = [column.name for column in COLUMNS]
TEXTS = {
    "a": "Sylvania said 61 of its sailors were killed and more than 340 wounded.",
    "b": "=cmd said\u2028 -5 degrees; \u202e12 ships\x07 \ud800 lost.",
}
FREE = [
    {"quote": "61 of its sailors", "value": "61", "event": "killed", "claimant": "Sylvania"},
    {"quote": "more than 340 wounded", "value": "341", "event": "=HYPERLINK(1)"},
]
ODD = [{"quote": "\u202e12 ships", "value": "12", "counted": "-2+3", "event": "\tlost"}]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    docs.mkdir()
    rows = [
        json.dumps({"id": name, "text": text, "day": "2026-03-04"}) for name, text in TEXTS.items()
    ]
    (docs / "d.jsonl").write_text("\n".join(rows), "utf-8")
    stream = stream_documents([str(docs)], InputOptions(id_column="id", date_column="day"))
    model = ScriptedModel([{"claims": FREE}, {"claims": ODD}], narrows_schema=False)
    plan = RunPlan(policy=AskingPolicy("free", reasks=0))
    outcome = run_over(tmp_path / "run", stream, model, plan)
    assert outcome.named("done") == ["a", "b"]
    return tmp_path / "run"


def export(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "extractor.cli.app", "export", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def json_rows(run: Path, where: str = "all") -> list[dict[str, Any]]:
    done = export(run, "--where", where)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_row_a_verdict_with_the_same_columns_always(run: Path) -> None:
    rows = json_rows(run)
    assert all(list(row) == NAMES for row in rows)
    assert [(row["document"], row["accepted"]) for row in rows][:2] == [("a", True), ("a", False)]
    first, second = rows[:2]
    assert (first["value"], first["value_double"], first["claimant"]) == ("61", 61.0, "Sylvania")
    text = TEXTS["a"]
    assert text[first["number_start"] : first["number_end"]] == "61"
    assert text[first["quote_start"] : first["quote_end"]] == first["quote"]
    assert "N201" in second["codes"]
    assert second["value"] == "341"
    assert len(json_rows(run, "accepted")) + len(json_rows(run, "rejected")) == len(rows)


def test_every_format_says_the_same(run: Path, tmp_path: Path) -> None:
    rows = json_rows(run)
    targets = {form: tmp_path / f"all.{form}" for form in ("csv", "parquet", "sqlite")}
    for form, path in targets.items():
        done = export(run, "--where", "all", "--format", form, "--out", path)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    typed = parquet.read_table(targets["parquet"]).to_pylist()
    assert [row["value_double"] for row in typed] == [row["value_double"] for row in rows]
    assert typed[0]["published_at"].isoformat() == "2026-03-04T00:00:00+00:00"
    assert [row["codes"] for row in typed] == [row["codes"] for row in rows]
    with targets["csv"].open(newline="", encoding="utf-8") as file:
        told = list(csv.DictReader(file))
    assert [row["value"] for row in told] == [row["value"] for row in rows]
    connection = sqlite3.connect(targets["sqlite"])
    count = connection.execute("SELECT COUNT(*) FROM claims").fetchone()[0]
    connection.close()
    assert count == len(json_rows(run, "accepted"))
    with duckdb.connect() as duck:
        found = duck.read_parquet(str(targets["parquet"])).filter("accepted")
        assert len(found) == count


def test_formulas_are_defused_in_csv_and_stay_elsewhere(run: Path) -> None:
    (odd,) = [row for row in json_rows(run) if row["event"] == "=HYPERLINK(1)"]
    assert odd["accepted"] is False
    told = export(run, "--format", "csv", "--where", "all").stdout
    assert "'=HYPERLINK(1)" in told
    assert "'-2+3" in told
    assert "'\tlost" in told
    assert ",=" not in told


def test_what_cannot_be_exported_is_told(run: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.sqlite"
    there.write_bytes(b"mine")
    for arguments, said in (
        ((run, "--format", "parquet"), "needs a file"),
        ((tmp_path,), "this is no run folder"),
        ((run, "--out", tmp_path / "no" / "x.jsonl"), "cannot be written"),
        ((run, "--out", tmp_path), "this is no file"),
        ((run, "--rebuild", "--out", tmp_path / "x.jsonl"), "leave out --out"),
        ((run, "--format", "sqlite", "--out", there), "there is a file already"),
    ):
        done = export(*arguments)
        assert done.returncode == 2
        assert said in done.stderr
        assert "Traceback" not in done.stderr

    assert there.read_bytes() == b"mine"


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "sqlite"])
@pytest.mark.parametrize("name", ["ledger.sqlite", "accepted.jsonl", "new.csv"])
def test_no_export_is_written_into_the_run(run: Path, tmp_path: Path, form: str, name: str) -> None:
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    link = tmp_path / "link"
    link.symlink_to(run / name)
    for out in (run / name, link):
        done = export(run, "--format", form, "--out", out)
        assert done.returncode == 2
        assert "the run's own folder" in done.stderr
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before


def test_a_pipe_is_not_replaced_by_a_file(run: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done = export(run, "--format", "csv", "--out", pipe)
    assert (done.returncode, pipe.is_fifo()) == (2, True)


def test_a_sqlite_export_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[dict[str, Any]]:
        yield dict.fromkeys(NAMES)
        raise InputError("the ledger went away")

    with pytest.raises(InputError, match="went away"):
        write_sqlite(tmp_path / "x.sqlite", broken())
    assert list(tmp_path.iterdir()) == []


def test_parquet_without_pyarrow_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"pip install 'claim-extractor\[parquet\]'"):
        write_parquet(tmp_path / "x.parquet", [])
    assert list(tmp_path.iterdir()) == []


TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00")
)  # csv takes NUL as an escape


@given(st.lists(st.tuples(TEXT, TEXT, st.lists(TEXT))))
def test_csv_and_json_lines_give_back_what_they_were_given(
    given_rows: list[tuple[str, str, list[str]]],
) -> None:
    rows = [
        dict.fromkeys(NAMES) | {"quote": quote, "event": event, "codes": codes}
        for quote, event, codes in given_rows
    ]
    assert [json.loads(line) for line in json_export(rows)] == rows
    file = io.StringIO("".join(csv_export(rows)), newline="")
    told = list(csv.DictReader(file))
    assert [list(row) for row in told] == [NAMES] * len(rows)
    for row, read in zip(rows, told, strict=True):
        for name in ("quote", "event"):
            assert read[name] in (row[name], f"'{row[name]}")
            assert not re.match(r"[=@\t\r]", read[name])


def test_an_empty_run_gives_empty_tables(tmp_path: Path) -> None:
    (tmp_path / "d.txt").write_text("Nothing is counted here.", "utf-8")
    stream = stream_documents([str(tmp_path / "d.txt")], InputOptions())
    run_over(tmp_path / "empty", stream, ScriptedModel([]), RunPlan())
    assert json_rows(tmp_path / "empty") == []
    assert export(tmp_path / "empty", "--format", "csv").stdout.split("\n")[1:] == [""]
    out = tmp_path / "e.parquet"
    assert export(tmp_path / "empty", "--format", "parquet", "--out", out).returncode == 0
    assert parquet.read_table(out).num_rows == 0


def test_the_files_of_a_run_are_made_again(run: Path) -> None:
    names = ("accepted.jsonl", "rejected.jsonl", "numbers.jsonl", "calls.jsonl")
    before = {name: (run / name).read_bytes() for name in names}
    for name in names:
        (run / name).unlink()
    done = export(run, "--rebuild")
    assert done.returncode == 0, done.stderr
    assert {name: (run / name).read_bytes() for name in names} == before


def test_the_page_names_the_columns_and_its_examples_run(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "exports.md").read_text("utf-8")
    told = page.split("in this order:")[1].split("Figures are")[0]
    assert re.findall(r"`(\w+)`", told) == NAMES
    done = export(run, "--format", "parquet", "--out", tmp_path / "claims.parquet")
    assert done.returncode == 0
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        assert len([line for line in example.splitlines() if line]) == 3
        exec(example, {})  # noqa: S102 - the page's own
    assert capsys.readouterr().out.count("killed") == 2
