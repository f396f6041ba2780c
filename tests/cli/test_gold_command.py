"""`extractor gold` and `eval --against`: from a run to gold, its faults, and two runs on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from runs_in_process import run_over
from typer.testing import CliRunner, Result

from extractor.batch.runner import RunPlan
from extractor.cli.app import app
from extractor.extraction import AskingPolicy
from extractor.model import ModelRequest, ScriptedModel

TEXTS = {
    "a": "Norland said more than 40 sailors died.\n\nDozens of boats burnt.",
    "b": "Orle lost 12 boats. The first of 3 trains left.",
}


def extractor(*arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


def answers(counted: str) -> Callable[[ModelRequest[Any]], dict[str, Any]]:
    """A model that says of each number what is counted, and of "3" nothing."""

    def said(request: ModelRequest[Any]) -> dict[str, Any]:
        numbers = request.messages[-1].content.split("Numbers: ")[1].splitlines()[0].split("; ")
        told = []
        for place, number in enumerate(numbers, 1):
            figure = number.split(") ")[1]
            what = {"more than 40": "sailors", "Dozens": "boats", "12": counted}.get(figure)
            if what is not None:
                told.append({"id": place, "quote": f"{figure}", "counted": what})
        return {"answers": told}

    return said


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return made(tmp_path, "run", "boats")


def made(folder: Path, name: str, counted: str) -> Path:
    documents = folder / "documents"
    documents.mkdir(exist_ok=True)
    for file, text in TEXTS.items():
        (documents / f"{file}.txt").write_text(text, "utf-8")
    model = ScriptedModel(answers(counted), narrows_schema=False)
    run_over(folder / name, documents, model, RunPlan(policy=AskingPolicy(reasks=0)))
    return folder / name


def test_gold_of_a_run_scores_the_run_as_perfect(run: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.json"
    assert extractor("gold", "new", run, "--out", gold).exit_code == 0
    made_of = json.loads(gold.read_text("utf-8"))
    figures = [(one["value"], one["low"], one["high"]) for one in made_of["claims"]]
    assert figures == [(40, None, None), (None, 24, 99), (12, None, None)]
    assert [one["text"] for one in made_of["skipped"]] == ["first", "3"]
    assert extractor("gold", "check", gold, "--run", run).output == "0 errors, 0 to look at\n"
    folder = tmp_path / "documents"
    assert extractor("gold", "check", gold, "--source", folder).output.startswith("0 errors, 0")
    told = extractor("eval", gold, "--run", run, "--json").output
    assert json.loads(told)["full"]["f1"] == 1.0


def test_a_file_that_is_there_is_not_replaced(run: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.json"
    gold.write_text("corrected by hand", "utf-8")
    done = extractor("gold", "new", run, "--out", gold)
    assert "may be corrected" in str(done.exception)
    assert gold.read_text("utf-8") == "corrected by hand"


@pytest.mark.parametrize(
    ("change", "told", "code"),
    [
        ({"start": 1}, "error: claim 0 (a): the quote is not what stands at its offsets", 1),
        ({"value": 41}, "error: claim 0 (a): its quote holds no number of this figure", 1),
        ({"doc": "z"}, "error: z: there is no such document", 1),
        ({"qualifier": "exact"}, "look: claim 0 (a): the gate would refuse it: H302", 0),
        ({"counted": "boats"}, "look: claim 0 (a): the gate would refuse it: U40", 0),
    ],
)
def test_what_is_inconsistent(
    change: dict[str, Any], told: str, code: int, run: Path, tmp_path: Path
) -> None:
    gold = tmp_path / "gold.json"
    extractor("gold", "new", run, "--out", gold)
    made_of = json.loads(gold.read_text("utf-8"))
    made_of["claims"][0] |= change
    gold.write_text(json.dumps(made_of), "utf-8")
    done = extractor("gold", "check", gold, "--run", run)
    assert told in done.output
    assert done.exit_code == code


def test_twice_and_forgotten(run: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.json"
    extractor("gold", "new", run, "--out", gold)
    made_of = json.loads(gold.read_text("utf-8"))
    first, *others = made_of["claims"]
    gold.write_text(json.dumps([first, first, *others[1:]]), "utf-8")
    done = extractor("gold", "check", gold, "--run", run)
    assert "error: claim 1 (a): the same quote and figure stand in the file before" in done.output
    assert "look: a: 'Dozens' at character 41 is neither claimed nor skipped" in done.output


def test_the_documents_have_to_be_named(run: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.json"
    extractor("gold", "new", run, "--out", gold)
    assert "either --source FOLDER or --run RUN" in str(extractor("gold", "check", gold).exception)


def test_a_run_against_another(run: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.json"
    extractor("gold", "new", run, "--out", gold)
    worse = made(tmp_path, "worse", "trains")
    done = extractor("eval", gold, "--run", run, "--against", worse, "--no-misses")
    assert "against the other run, over 2 documents; fewer than 10" in done.output
    assert "no difference shown" in done.output
    told = json.loads(extractor("eval", gold, "--run", run, "--against", worse, "--json").output)
    assert told["against"]["number"]["this"] == 1.0
    assert told["against"]["number"]["other"] < 1.0
