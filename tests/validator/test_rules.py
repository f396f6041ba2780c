"""Every rule by its own example and by its case file: what it must refuse and what let pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from extractor.claims import Severity
from extractor.text import Document
from extractor.validator import Rule, all_rules, verify

CASES = Path(__file__).parent.parent / "cases"
RULES = {rule.code: rule for rule in all_rules()}


def _cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        cases = yaml.safe_load(path.read_text("utf-8"))
        found += [pytest.param(path.stem, c, id=f"{path.stem}-{c['name']}") for c in cases]
    return found


def _codes(text: str, candidate: dict[str, Any]) -> set[str]:
    (verdict,) = verify(Document(text=text), [candidate])
    return {finding.code for finding in verdict.findings if finding.severity is Severity.ERROR}


@pytest.mark.parametrize(("code", "case"), _cases())
def test_case(code: str, case: dict[str, Any]) -> None:
    codes = _codes(case["text"], case["candidate"])
    if case["expect"] == "reject":
        assert code in codes, case["why"]
    else:
        assert codes == set(), case["why"]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_docstring_example(rule: Rule) -> None:
    assert rule.code in _codes(rule.text, rule.rejected)
    assert _codes(rule.text, rule.accepted) == set()


def test_every_rule_has_three_cases_of_each_kind() -> None:
    for code in RULES:
        cases = yaml.safe_load((CASES / f"{code}.yaml").read_text("utf-8"))
        for kind in ("reject", "pass"):
            assert sum(case["expect"] == kind for case in cases) >= 3, (code, kind)


def test_there_is_no_case_file_without_a_rule() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} == set(RULES)
