"""`extractor report` and `extractor show` as they are typed: files, pipes, exit codes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import webbrowser
from pathlib import Path
from typing import Any

import pytest
from report_runs import HOSTILE_ID, sailors_groups, ugly_run
from typer.testing import CliRunner, Result

from extractor.cli.app import app
from extractor.errors import InputError
from extractor.report import json_report, markdown_report
from extractor.report.markdown import cell


def extractor(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


def refused(*arguments: str | Path) -> str:
    done = extractor(*arguments)
    assert isinstance(done.exception, InputError)
    message = str(done.exception)
    assert message.endswith(".")
    return message


@pytest.fixture(scope="module")
def ugly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ugly_run(tmp_path_factory.mktemp("ugly"))


@pytest.fixture
def run(ugly: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ugly, tmp_path / "run"))


def test_the_page_goes_into_the_run_and_is_written_whole(run: Path) -> None:
    done = extractor("report", run)
    assert done.exit_code == 0
    assert done.stdout == ""
    page = (run / "report.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
    assert not [name for name in run.iterdir() if name.name.startswith(".report")]


def test_a_failure_leaves_the_old_page(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (run / "report.html").write_text("old", "utf-8")

    def failing(*_: object) -> Any:
        yield "<!doctype"
        raise InputError("it breaks off.")

    monkeypatch.setattr("extractor.report.html_report", failing)
    assert refused("report", run) == "it breaks off."
    assert (run / "report.html").read_text("utf-8") == "old"


def test_the_page_goes_where_it_is_told(run: Path, tmp_path: Path) -> None:
    assert extractor("report", run, "--out", tmp_path / "page.html").exit_code == 0
    assert (tmp_path / "page.html").stat().st_size > 10_000
    assert not (run / "report.html").exists()


def test_open_opens_it(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def opens(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(webbrowser, "open", opens)
    assert extractor("report", run, "--open").exit_code == 0
    assert opened == [(run / "report.html").resolve().as_uri()]


@pytest.mark.parametrize("form", ["md", "json"])
def test_md_and_json_go_to_stdout_or_a_file(run: Path, tmp_path: Path, form: str) -> None:
    shown = extractor("report", run, "--format", form)
    assert shown.exit_code == 0
    assert extractor("report", run, "--format", form, "--out", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out").read_text("utf-8") == shown.stdout


def test_what_cannot_be_is_told(run: Path, tmp_path: Path) -> None:
    assert "no run folder" in refused("report", tmp_path)
    assert "no run folder" in refused("report", tmp_path / "none")
    assert "takes no file but report.html" in refused("report", run, "--out", run / "ledger.sqlite")
    assert "this is no file" in refused("report", run, "--out", tmp_path)
    assert "cannot be written" in refused("report", run, "--out", tmp_path / "no" / "page.html")
    assert "leave it out" in refused("report", run, "--format", "md", "--open")
    (tmp_path / "ledger.sqlite").write_bytes(b"no database" * 100)
    assert "cannot be read" in refused("report", tmp_path)
    (run / "summary.json").write_text("{", "utf-8")
    assert "summary.json: cannot be read" in refused("report", run)


def test_json_tells_everything(ugly: Path) -> None:
    text = "".join(json_report(ugly, sailors_groups()))
    assert text.isascii()
    report = json.loads(text)
    assert report["overview"]["documents"] == {"done": 3, "failed": 1, "duplicate": 1}
    assert report["overview"]["numbers"]["accepted"] == 2
    assert report["groups"][0]["title"] == "killed sailors"
    sailors, hostile, *_ = report["documents"]
    assert [number["n"] for number in sailors["numbers"]] == [1, 2, 3, 4, 5, 6, 7]
    assert {number["outcome"] for number in sailors["numbers"]} == {
        "accepted",
        "rejected",
        "dismissed",
        "unclaimed",
    }
    assert hostile["document"] == HOSTILE_ID
    reasons = [finding["code"] for claim in sailors["claims"] for finding in claim["findings"]]
    assert {"N201", "A601"} <= set(reasons)


def test_markdown_shows_hostile_text_as_text(ugly: Path) -> None:
    text = "".join(markdown_report(ugly, sailors_groups()))
    text.encode()
    assert not re.search("(?<!\\\\)<|[\x00\u202e\u2028]", text)
    assert "### killed sailors" in text
    assert "N201 the value differs" in text
    tables = [line for line in text.splitlines() if line.startswith("| ")]
    widths = {line.replace("\\|", "").count("|") for line in tables}
    assert widths <= {3, 5, 6, 8}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a | b", "a \\| b"),
        ("two\nlines", "two lines"),
        ("- no list", "\\- no list"),
        ("12. no list", "12\\. no list"),
        ("# no heading", "\\# no heading"),
        ("<b>&amp;", "\\<b\\>\\&amp;"),
        ("http://x.org a@b.c", "http&#58;//x.org a&#64;b.c"),
        (None, ""),
    ],
)
def test_a_cell_is_text(text: str | None, shown: str) -> None:
    assert cell(text) == shown


def test_show_tells_one_number(ugly: Path) -> None:
    shown = extractor("show", ugly, "sailors#2").stdout
    assert shown.startswith("sailors#2: rejected\n")
    assert "were killed and ⟦more than 340⟧₂ wounded." in shown
    assert "refused by  N201 the value differs: 341 is claimed" in shown
    assert "quote       more than 340 wounded" in shown


def test_show_tells_an_accepted_and_a_dismissed_one(ugly: Path) -> None:
    accepted = extractor("show", ugly, "sailors#1").stdout
    assert "claimant    Sylvania" in accepted
    assert "it passed every rule that refuses; nothing is flagged" in accepted
    dismissed = extractor("show", ugly, "sailors#3").stdout
    assert "an ordinal: it says which, not how many" in dismissed


def test_show_marks_a_whole_document(ugly: Path) -> None:
    shown = extractor("show", ugly, "sailors").stdout
    assert "Sylvania said ⟦61⟧₁ of its sailors" in shown
    assert "   5  unclaimed   between 300 and 400  no claim speaks of it" in shown
    assert "no number was found" in extractor("show", ugly, "quiet").stdout


def test_nothing_of_a_document_steers_the_terminal(ugly: Path) -> None:
    whole = extractor("show", ugly, HOSTILE_ID).stdout
    assert "\\x1b[2J" in whole
    many = [extractor("show", ugly, f"{HOSTILE_ID}#{n}").stdout for n in range(1, 10)]
    assert all(many)
    for shown in (whole, *many):
        assert all(char.isprintable() or char == "\n" for char in shown)


@pytest.mark.parametrize(
    ("which", "why"),
    [
        ("nobody", "holds no document 'nobody'"),
        ("nobody#1", "holds no document 'nobody#1'"),
        ("sailors#0", "there is no 0"),
        ("sailors#8", "there is no 8"),
        ("sailors#99999999999999999999", "has 7 numbers"),
        ("sailors#²", "holds no document"),
        ("sailors#-1", "holds no document"),
        ("", "holds no document"),
        ("#", "holds no document"),
        ("unanswered", "it is failed: the host <refuses> the request"),
        ("sailors-again#1", "it is duplicate: the same text as sailors"),
        ("\ud800", "holds no document"),
    ],
)
def test_show_tells_what_is_not_there(ugly: Path, which: str, why: str) -> None:
    assert why in refused("show", ugly, which)


def test_the_report_of_the_seeds_as_it_stands(tmp_path: Path) -> None:
    """What was found, not how it was made: look at what changes before it is made again."""
    run = str(tmp_path / "run")
    program = (sys.executable, "-m", "extractor.cli.app")
    replay = (*program, "run", "seeds/", "--replay", "cassettes/seeds", "--out", run)
    subprocess.run(replay, check=True, capture_output=True)
    shown = subprocess.run(
        (*program, "report", run, "--format", "md"), check=True, capture_output=True
    )
    told = shown.stdout.decode("utf-8")
    snapshot = Path("tests/data/report/seeds.md").read_text("utf-8")
    assert told[told.index("## Figures") :] == snapshot
