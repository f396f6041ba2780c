"""Templates are checked files; documents are data in them; what they teach passes the gate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from extractor.claims.records import plain
from extractor.errors import InputError
from extractor.extraction.answers import DISMISSALS, Answer
from extractor.extraction.free import FreeClaim
from extractor.extraction.passages import set_aside
from extractor.prompts import Example, load_prompt, prompt_folder
from extractor.quantities import read
from extractor.text import Document
from extractor.validator import verify

TEMPLATES = sorted(path.stem for path in prompt_folder().glob("*.md"))


def _examples(schema: str) -> list[Any]:
    return [
        pytest.param(example, id=f"{name}-{place}")
        for name in TEMPLATES
        if load_prompt(name).front.answer_schema == schema
        for place, example in enumerate(load_prompt(name).examples, 1)
    ]


@pytest.mark.parametrize("example", _examples("claims"))
def test_every_example_passes_the_validator_against_its_own_text(example: Example) -> None:
    text = example.passage
    quantities = read(text).quantities
    assert [answer["number"] for answer in example.answers] == [
        quantity.text for quantity in quantities
    ]
    for answer, quantity in zip(example.answers, quantities, strict=True):
        fields: dict[str, Any] = {key: value for key, value in answer.items() if key != "number"}
        Answer.model_validate(fields)
        if "dismissed" in fields:
            assert fields["dismissed"] in DISMISSALS
            continue
        figure = {"value": plain(quantity.value), "position": quantity.span.start}
        (verdict,) = verify(Document(text=text), [fields | figure])
        assert verdict.accepted, verdict.explain()
        assert verdict.quantity == quantity


@pytest.mark.parametrize("example", _examples("free"))
def test_every_claim_of_a_free_example_passes_the_validator(example: Example) -> None:
    verdicts = verify(Document(text=example.passage), example.answers)
    for verdict in verdicts:
        assert verdict.accepted, verdict.explain()
    asked = [q for q in read(example.passage).quantities if set_aside(q) is None]
    assert [verdict.quantity for verdict in verdicts] == asked  # each number, in order, once
    assert {name for answer in example.answers for name in answer} <= set(FreeClaim.model_fields)


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
