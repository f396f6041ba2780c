"""`extractor rules`: every rule is listed under its family and shown with what it says."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from extractor.claims import Severity
from extractor.cli.app import app
from extractor.errors import InputError
from extractor.validator import Rule, all_rules

FAMILIES = {
    "Q": "quote",
    "N": "number",
    "H": "hedge",
    "U": "unit and counted thing",
    "E": "event",
    "A": "claimant",
    "T": "time and place",
    "F": "fields of a schema",
    "D": "document",
}


def shown(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["rules", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_a_pipe_gets_a_line_for_each_rule_under_its_family() -> None:
    lines = [line.rstrip().split(maxsplit=2) for line in shown("list").splitlines()]
    assert lines.pop(0) == ["code", "does", "demands"]
    family = ""
    listed = []
    for line in lines:
        if line[0] in FAMILIES:
            family = line[0]
            assert " ".join(line[1:]) == FAMILIES[family]
        else:
            assert line[0][0] == family
            listed.append((line[0], line[1], line[2]))
    does = {Severity.ERROR: "rejects", Severity.WARNING: "flags"}
    assert listed == [(rule.code, does[rule.severity], rule.summary) for rule in all_rules()]


def test_json_gives_an_object_a_rule() -> None:
    records = [json.loads(line) for line in shown("list", "--json").splitlines()]
    assert records == [
        {
            "code": rule.code,
            "family": FAMILIES[rule.code[0]],
            "severity": rule.severity.value,
            "summary": rule.summary,
        }
        for rule in all_rules()
    ]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_rule_is_shown_with_what_it_refuses_and_what_it_says(rule: Rule) -> None:
    lines = shown("show", rule.code.lower()).splitlines()
    assert lines[0] == f"{rule.code}  {rule.summary}"
    end = lines.index("What it says:")
    example, said = lines[2 : end - 1], lines[end + 1 :]
    flags = rule.severity is Severity.WARNING
    refused = len(rule.text.splitlines())
    passed = refused + len(rule.rejected)
    assert [line[12:] for line in example[:refused]] == rule.text.splitlines()
    assert [json.loads(line[12:]) for line in example[refused:passed]] == list(rule.rejected)
    assert [json.loads(line[12:]) for line in example[passed:]] == list(rule.accepted)
    names = [example[place][:12].strip() for place in (0, refused, passed)]
    assert names == ["text", "flags" if flags else "refuses", "passes"]
    outcome = "flagged" if flags else "rejected"
    assert any(line.startswith(f"{outcome}: {rule.code} ") for line in said)
    record = json.loads(shown("show", rule.code, "--json"))
    assert (record["text"], record["rejected"]) == (rule.text, list(rule.rejected))
    findings = [finding for one in record["verdicts"] for finding in one["findings"]]
    assert rule.code in {finding["code"] for finding in findings}


def test_an_unknown_rule_is_told_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match=r"no rule .N999.*; the rules are .*N202 "):
        CliRunner().invoke(app, ["rules", "show", "N999"], catch_exceptions=False)
    command = [sys.executable, "-m", "extractor.cli.app", "rules", "show", "N\x1b"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("extractor: there is no rule ")
    assert "\x1b" not in done.stderr
