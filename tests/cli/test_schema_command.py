"""A schema of one's own on the command line: shown, asked for, judged, exported, scored."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from extractor.cli.app import app

REPOSITORY = Path(__file__).parent.parent.parent
EXAMPLE = REPOSITORY / "examples" / "election_results"
SCHEMA = """
from typing import Annotated
from pydantic import BaseModel, Field
from extractor import Evidence, NameInText, NumberInQuote, UnitOf

class Seats(BaseModel):
    '''Seats of a party {{ with braces }}.'''
    evidence: Annotated[str, Evidence()]
    seats: Annotated[int, NumberInQuote(), UnitOf("seats")]
    party: Annotated[str, NameInText()] = Field(description="who won them")
"""
TEXT = "The Meadow Party won 41 seats, and the Harbour Union 17."


def typed(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], env={"COLUMNS": "140"})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "seats.py").write_text(SCHEMA, "utf-8")
    (tmp_path / "d.txt").write_text(TEXT, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Path:
    """A run that asks nothing, since the text decides all."""
    # what is replayed is never asked for, and the recordings of the example are read for the model
    replay = ("--replay", EXAMPLE / "cassettes")
    done = typed("run", "d.txt", "--schema", "seats.py", *replay, "--out", "r")
    assert done.exit_code == 0, done.output
    return folder / "r"


@pytest.mark.usefixtures("folder")
def test_a_schema_is_shown_with_its_checks() -> None:
    shown = typed("schema", "seats.py").output
    assert "Seats: Seats of a party {{ with braces }}." in shown
    assert "its quote is 'evidence', its number 'seats'" in shown
    assert "NumberInQuote, seats" in shown
    sent = json.loads(typed("schema", "seats.py:Seats", "--json").output)
    assert sent["name"] == "explain_numbers"
    assert "party" in sent["parameters"]["$defs"]["SeatsAnswer"]["properties"]
    rules = typed("schema", EXAMPLE / "schema.py").output
    assert "rule PR101: A share of the votes is 100 per cent at most." in rules


@pytest.mark.usefixtures("folder")
def test_a_prompt_for_it_is_written_checked_and_used() -> None:
    assert typed("prompts", "new", "mine", "--schema", "seats.py").exit_code == 0
    assert typed("prompts", "check", "mine.v1.md", "--schema", "seats.py").exit_code == 0
    text = Path("mine.v1.md").read_text("utf-8")
    assert "party: who won them; a name of the passage, copied." in text
    rendered = typed("prompts", "render", "d.txt", "--prompt", "mine.v1.md", "--schema", "seats.py")
    assert "Seats of a party {{ with braces }}." in rendered.output
    assert "Numbers: 1) 41; 2) 17" in rendered.output
    example = """examples:
  - passage: The Sea Party won 3 seats.
    answers:
      - {number: "3", quote: won 3 seats, party: Sea League}
"""
    Path("mine.v1.md").write_text(text.replace("examples: []\n", example), "utf-8")
    done = typed("prompts", "check", "mine.v1.md", "--schema", "seats.py")
    assert done.exit_code == 1
    assert "example 1: 3: F901 'Sea League' is not in the document" in done.output
    other = typed("prompts", "check", "claims.v2", "--schema", "seats.py")
    assert "it asks for 'claims', not for Seats" in other.output


def test_a_run_shows_judges_and_exports_the_fields(run: Path) -> None:
    lines = (run / "accepted.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["fields"]["party"]["value"] for line in lines] == [
        "Meadow Party",
        "Harbour Union",
    ]
    assert "2 accepted in the run, 2 by today's rules; 0 flipped" in typed("verify", run).output
    table = list(csv.DictReader(typed("export", run, "--format", "csv").output.splitlines()))
    assert [row["field_party"] for row in table] == ["Meadow Party", "Harbour Union"]
    assert "Harbour Union" in typed("show", run, "d#2").output
    assert "Harbour Union" in typed("report", run, "--format", "md").output


def test_further_numbers_go_where_their_claim_goes(folder: Path) -> None:
    text = (EXAMPLE / "schema.py").read_text("utf-8")
    (folder / "party.py").write_text(text, "utf-8")
    (folder / "d.txt").write_text("The Meadow Party won 41 seats, up from 7.", "utf-8")
    replay = ("--replay", EXAMPLE / "cassettes")
    assert typed("run", "d.txt", "--schema", "party.py", *replay, "--out", "r").exit_code == 0
    refusing = """

@own_rule(PartyResult, "PR102")
def never(claim, document):
    yield "party", "no party is good enough"
"""
    (folder / "party.py").write_text(text + refusing, "utf-8")
    assert typed("verify", "r", "--out", "anew").exit_code == 0
    ends = {}
    for name in ("r", "anew"):
        rows = map(json.loads, (folder / name / "numbers.jsonl").read_text("utf-8").splitlines())
        ends[name] = [(row["text"], row["outcome"]) for row in rows]
    assert ends["r"] == [("41", "accepted"), ("7", "accepted")]
    assert ends["anew"] == [("41", "rejected"), ("7", "unclaimed")]


def test_a_refused_claim_is_exported_with_its_quote_and_figure(folder: Path) -> None:
    text = (
        SCHEMA
        + """
from extractor import own_rule

@own_rule(Seats, "SX101")
def never(claim, document):
    yield "party", "no party is good enough"
"""
    )
    (folder / "seats.py").write_text(text, "utf-8")
    replay = ("--replay", EXAMPLE / "cassettes")
    assert typed("run", "d.txt", "--schema", "seats.py", *replay, "--out", "r").exit_code == 0
    done = typed("export", "r", "--format", "csv", "--where", "rejected")
    table = list(csv.DictReader(done.output.splitlines()))
    assert [(row["accepted"], row["value"], row["codes"]) for row in table] == [
        ("false", "41", "SX101"),
        ("false", "17", "SX101"),
    ]
    assert table[0]["quote"] == "The Meadow Party won 41 seats"


def test_a_run_names_its_schema_and_refuses_a_changed_one(run: Path, folder: Path) -> None:
    assert "names its own schema" in str(typed("verify", run, "--schema", "seats.py").exception)
    made = json.loads((run / "run.json").read_text("utf-8"))
    assert made["schema"] == "seats.py"
    (folder / "seats.py").write_text(SCHEMA.replace('UnitOf("seats")', 'UnitOf("votes")'), "utf-8")
    done = typed("resume", run)
    assert "the schema of the answers has changed since it began" in str(done.exception)


def test_claims_of_another_tool_are_judged_by_it(folder: Path) -> None:
    claims: list[dict[str, Any]] = [
        {"text": "won 41 seats", "seats": 41, "party": "Meadow Party"},
        {"text": "the Harbour Union 17", "seats": 17, "party": "Meadow Party"},
    ]
    lines = "".join(json.dumps(claim) + "\n" for claim in claims)
    (folder / "claims.jsonl").write_text(lines, "utf-8")
    of = ("--source", "d.txt", "--schema", "seats.py", "--map", "evidence=text", "--json")
    done = typed("verify", "claims.jsonl", *of)
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["accepted"] for one in verdicts] == [True, False]
    assert verdicts[1]["findings"][0]["code"] == "F902"
    wrong = typed("verify", "claims.jsonl", *of, "--map", "value=n")
    assert "a claim has no field 'value', but evidence seats party" in str(wrong.exception)


def test_a_gold_of_it_is_made_checked_and_scored(run: Path) -> None:
    assert typed("gold", "new", run, "--out", "gold.json").exit_code == 0
    gold = json.loads(Path("gold.json").read_text("utf-8"))
    gold["claims"][1]["fields"]["party"] = "Meadow Party"
    Path("gold.json").write_text(json.dumps(gold), "utf-8")
    checked = typed("gold", "check", "gold.json", "--run", run, "--schema", "seats.py")
    assert "look: claim 1 (d): the gate would refuse it: F902" in checked.output
    scored = typed("eval", "gold.json", "--run", run).output
    assert "number   precision 1.000  recall 1.000  F1 1.000" in scored
    assert "full     precision 0.500  recall 0.500  F1 0.500" in scored
    assert "party      0.500 of the 2 found" in scored
    assert "'Harbour Union', gold 'Meadow Party'" in scored


@pytest.mark.usefixtures("folder")
def test_what_cannot_be_used_is_told_in_a_sentence() -> None:
    (Path("bad.py")).write_text(SCHEMA + "    votes: int\n", "utf-8")
    for command in (("schema", "bad.py"), ("run", "d.txt", "--schema", "bad.py")):
        done = typed(*command)
        assert "Seats.votes cannot be checked: it is a number that nothing checks" in str(
            done.exception
        )
    assert "cannot be read" in str(typed("run", "d.txt", "--schema", "no.py").exception)
    free = typed("run", "d.txt", "--schema", "seats.py", "--ask", "free")
    assert "Seats is asked for number by number" in str(free.exception)
    assert not list(Path("runs").glob("*"))
