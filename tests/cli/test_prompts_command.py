"""`extractor prompts`: what comes along is in order, and what is not is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from extractor.cli.app import app
from extractor.prompts import load_prompt, prompt_folder

TEXT = "Norland said 40 sailors died. Orle lost 3 boats."


def prompts(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["prompts", *map(str, arguments)], env={"COLUMNS": "140"})


def test_what_comes_along_is_in_order() -> None:
    assert prompts("check").output == "4 templates, 0 faults\n"
    listed = prompts("list").output
    for path in prompt_folder().glob("*.md"):
        assert path.stem in listed
        assert load_prompt(path.stem).sha256[:12] in listed


@pytest.mark.parametrize("schema", ["claims", "free"])
def test_a_new_one_works_as_it_is(schema: str, tmp_path: Path) -> None:
    assert prompts("new", "mine", "--schema", schema, "--out", tmp_path).exit_code == 0
    path = tmp_path / "mine.v1.md"
    template = load_prompt(str(path))
    assert template.label == "mine.v1"
    assert template.front.answer_schema == schema
    assert prompts("check", path).output == "1 templates, 0 faults\n"
    assert "already" in str(prompts("new", "mine", "--out", tmp_path).exception)
    assert "letters" in str(prompts("new", "../mine", "--out", tmp_path).exception)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('number: "61"', 'number: "62"', "example 1: its numbers are 61, two"),
        ("counted: frigates", "counted: sailors", "example 1: two: U40"),
        ("event: killed", "event: captured", "example 1: 61: E50"),
        ("dismissed: name", "dismissed: dull", "is no reason to dismiss"),
        ("counted: rent", "counts: rent", "there is no field 'counts'"),
        ("name: mine", "name: claims", "claims.v1: this version is published, and not"),
    ],
)
def test_what_an_example_teaches_wrongly_is_told(
    old: str, new: str, told: str, tmp_path: Path
) -> None:
    prompts("new", "mine", "--out", tmp_path)
    path = tmp_path / "mine.v1.md"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    done = prompts("check", path)
    assert told in done.output
    assert done.exit_code == 1


def test_what_would_be_sent_is_shown(tmp_path: Path) -> None:
    document = tmp_path / "a.txt"
    document.write_text(TEXT + "\x1b[2J", "utf-8")
    shown = prompts("render", document).output
    assert "call 1 of 1" in shown
    assert "Numbers: 1) 40; 2) 3" in shown
    assert "\x1b" not in shown
    free = prompts("render", document, "--ask", "free").output
    assert TEXT in free


def test_what_two_versions_say_otherwise() -> None:
    assert prompts("diff", "claims.v2", "claims.v2").exit_code == 0
    done = prompts("diff", "claims.v1", "claims.v2")
    assert done.exit_code == 1
    assert done.output.startswith("--- claims.v1\n+++ claims.v2\n")
