"""Templates are checked files; documents are data in them; what they teach passes the gate."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.errors import InputError
from extractor.extraction.prompt_lint import lint_prompt
from extractor.prompts import load_prompt, prompt_folder

TEMPLATES = sorted(path.stem for path in prompt_folder().glob("*.md"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_a_shipped_template_teaches_passes_the_gate(name: str) -> None:
    assert list(lint_prompt(load_prompt(name))) == []


def test_the_examples_keep_sides_name_full_claimants_and_dismiss_something() -> None:
    answers = [a for example in load_prompt().examples for a in example.answers]
    assert any("Freedonian" in (answer.get("counted") or "") for answer in answers)
    assert any("ministry" in (answer.get("claimant") or "") for answer in answers)
    assert any("dismissed" in answer for answer in answers)


def test_a_document_cannot_act_as_a_template() -> None:
    hostile = "{{ 7 * 7 }} {% include 'x' %} {# gone #} {{ passage }}"
    shown = load_prompt().render_user(hostile, ["7"], ["{{ sources }}"])
    assert hostile in shown
    assert "{{ sources }}" in shown


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("no front matter", "front matter"),
        ("---\nname: x\n---\n=== system\ns\n=== user\nu", "front matter: version"),
        ("---\nname: x\nversion: one\n---\n=== system\ns\n=== user\nu", "valid integer"),
        ("---\n: : :\n---\n=== system\ns\n=== user\nu", "front matter"),
        ("---\nname: x\n---\nno parts", "front matter"),
    ],
)
def test_a_broken_template_is_told(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "mine.md"
    path.write_text(content, "utf-8")
    with pytest.raises(InputError, match=reason):
        load_prompt(str(path))


@pytest.mark.parametrize(
    "part", ["{{ unknown }}", "{% if %}", "{{ 1 / 0 }}", "{{ passage.__class__.mro() }}"]
)
def test_a_template_that_asks_for_more_than_it_gets_is_told(tmp_path: Path, part: str) -> None:
    path = tmp_path / "mine.md"
    front = "name: mine\nversion: 1\nschema: claims\nwhy_changed: a test\nexamples: []"
    path.write_text(f"---\n{front}\n---\n=== system\ns\n=== user\n{part}\n", "utf-8")
    with pytest.raises(InputError, match=r"mine\.v1"):
        load_prompt(str(path)).render_user("p", ["1"], [])
