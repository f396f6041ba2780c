"""Every rule by its own example and by its case file: what it must refuse and what let pass."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from extractor.claims import Severity
from extractor.text import Document
from extractor.validator import Rule, all_rules, verify

CASES = Path(__file__).parent.parent / "cases"
RULES = {rule.code: rule for rule in all_rules()}
EXPECTED = {Severity.ERROR: "reject", Severity.WARNING: "flag"}


def _cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        cases = yaml.safe_load(path.read_text("utf-8"))
        found += [pytest.param(path.stem, c, id=f"{path.stem}-{c['name']}") for c in cases]
    return found


def _judged(
    code: str, text: str, candidates: Sequence[dict[str, Any]]
) -> list[dict[str, Severity]]:
    judged = []
    make = RULES[code].schema
    schema = None if make is None else make()
    for verdict in verify(Document(text=text), candidates, schema=schema):
        assert verdict.accepted is all(f.severity is Severity.WARNING for f in verdict.findings)
        judged.append({finding.code: finding.severity for finding in verdict.findings})
    return judged


@pytest.mark.parametrize(("code", "case"), _cases())
def test_case(code: str, case: dict[str, Any]) -> None:
    (*_, findings) = _judged(code, case["text"], [*case.get("beside", ()), case["candidate"]])
    if case["expect"] == "pass":
        assert code not in findings, case["why"]
        assert Severity.ERROR not in findings.values(), case["why"]
    else:
        assert findings.get(code) is RULES[code].severity, case["why"]
        assert case["expect"] == EXPECTED[RULES[code].severity]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_docstring_example(rule: Rule) -> None:
    refused = _judged(rule.code, rule.text, rule.rejected)
    assert rule.severity in (findings.get(rule.code) for findings in refused)
    for findings in _judged(rule.code, rule.text, rule.accepted):
        assert Severity.ERROR not in findings.values()
        assert rule.code not in findings


def test_every_rule_has_three_cases_of_each_kind() -> None:
    for code, rule in RULES.items():
        cases = yaml.safe_load((CASES / f"{code}.yaml").read_text("utf-8"))
        for kind in (EXPECTED[rule.severity], "pass"):
            assert sum(case["expect"] == kind for case in cases) >= 3, (code, kind)


def test_there_is_no_case_file_without_a_rule() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} == set(RULES)
