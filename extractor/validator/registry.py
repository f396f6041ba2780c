"""A rule is one small function with a code and a docstring that shows what it refuses.

The docstring's first line says what the rule demands. Three lines after it are executed by the
tests and printed by `extractor rules show`:

    Text: <a sentence>
    Rejected: <a candidate as JSON>
    Accepted: <a candidate as JSON>
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from extractor.claims import Finding
from extractor.validator.case import Case

Check = Callable[[Case], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule: its code, its function, and the example of its docstring."""

    code: str
    check: Check
    summary: str
    text: str
    rejected: dict[str, Any]
    accepted: dict[str, Any]


_FAMILIES = "QNHUEATD"
_RULES: dict[str, Rule] = {}


def rule(code: str) -> Callable[[Check], Check]:
    """Register a function as the rule `code`; its docstring must hold the three example lines."""

    def register(check: Check) -> Check:
        doc = (check.__doc__ or "").strip().splitlines()
        example = dict(
            line.strip().split(": ", 1)
            for line in doc
            if line.strip().startswith(("Text: ", "Rejected: ", "Accepted: "))
        )
        if code in _RULES or len(example) != 3:
            raise ValueError(f"rule {code}: a new code and Text, Rejected, Accepted are wanted")
        _RULES[code] = Rule(
            code=code,
            check=check,
            summary=doc[0],
            text=example["Text"],
            rejected=json.loads(example["Rejected"]),
            accepted=json.loads(example["Accepted"]),
        )
        return check

    return register


def registered() -> tuple[Rule, ...]:
    """All rules: quote, number, hedge, unit, event, claimant, time and place, by code in each."""
    return tuple(sorted(_RULES.values(), key=lambda one: (_FAMILIES.index(one.code[0]), one.code)))
