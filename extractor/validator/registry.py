"""A rule is one small function with a code and a docstring that shows what it refuses.

The docstring's first line says what the rule demands. Three lines after it are executed by the
tests and printed by `extractor rules show`:

    Text: <a sentence>
    Rejected: <a candidate as JSON>
    Accepted: <a candidate as JSON>

A rule that flags instead of rejecting writes `Flagged:` for `Rejected:`; one that compares claims
gives a list of candidates.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from extractor.claims import Finding, Severity, Verdict
from extractor.claims.verdicts import FAMILIES
from extractor.validator.case import Case
from extractor.validator.source import Source

if TYPE_CHECKING:
    from pydantic import BaseModel

Check = Callable[[Case], Iterator[Finding]]
Compare = Callable[[Source, Sequence[Verdict]], Iterator[tuple[int, Finding]]]
"""Looks at the accepted verdicts of one document; yields findings with their verdict's place."""

Example = dict[str, Any]

SchemaMaker = Callable[[], "type[BaseModel]"]
"""Gives the schema of a rule's example; called when it is shown."""

RESERVED = frozenset(FAMILIES)
"""The letters with which codes of this package begin; those of plugins begin with others."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule: its code, its function, and the example of its docstring.

    Most rules `check` a candidate by itself, a few `compare` those of a document. `severity` is
    that of its findings; `rejected` is the example that it rejects or flags, `schema` makes the
    schema of the example's candidates where they have one. `plugin` names the distribution that
    brings it, None for the rules of this package.
    """

    code: str
    severity: Severity
    summary: str
    text: str
    rejected: tuple[Example, ...]
    accepted: tuple[Example, ...]
    check: Check | None = None
    compare: Compare | None = None
    schema: SchemaMaker | None = None
    plugin: str | None = None


class RuleFamily:
    """Rules that are registered together: those of this package, or those of a plugin."""

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {}

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in the order of their codes."""
        return tuple(self._rules[code] for code in sorted(self._rules))

    def rule(
        self,
        code: str,
        severity: Severity = Severity.ERROR,
        *,
        schema: SchemaMaker | None = None,
    ) -> Callable[[Check], Check]:
        """Register a function as the rule `code`; its docstring must hold three example lines.

        `schema` makes the schema of the example's candidates, where they are a user's own.
        """

        def register(check: Check) -> Check:
            described = _described(code, severity, check.__doc__ or "", check=check)
            self._add(replace(described, schema=schema))
            return check

        return register

    def comparing_rule(self, code: str, severity: Severity) -> Callable[[Compare], Compare]:
        """Register a function that looks at all accepted claims of a document as a rule."""

        def register(compare: Compare) -> Compare:
            self._add(_described(code, severity, compare.__doc__ or "", compare=compare))
            return compare

        return register

    def _add(self, rule: Rule) -> None:
        if rule.code in self._rules:
            raise ValueError(f"rule {rule.code}: there is one of this code already")
        self._rules[rule.code] = rule


_OURS = RuleFamily()
rule = _OURS.rule
comparing_rule = _OURS.comparing_rule


def _described(
    code: str,
    severity: Severity,
    doc: str,
    *,
    check: Check | None = None,
    compare: Compare | None = None,
) -> Rule:
    refusal = "Rejected" if severity is Severity.ERROR else "Flagged"
    lines = doc.strip().splitlines()
    example = _example(lines, ("Text", refusal, "Accepted"))
    if len(example) != 3:
        raise ValueError(f"rule {code}: Text, {refusal} and Accepted are wanted in its docstring")
    return Rule(
        code=code,
        severity=severity,
        summary=lines[0],
        text=example["Text"].replace("\\n", "\n"),
        rejected=_candidates(example[refusal]),
        accepted=_candidates(example["Accepted"]),
        check=check,
        compare=compare,
    )


def _example(lines: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """The named parts of a docstring's example; a line without a name goes on with the last."""
    example: dict[str, str] = {}
    for line in map(str.strip, lines):
        name, _, rest = line.partition(": ")
        if name in names:
            example[name] = rest
        elif example and line:
            example[list(example)[-1]] += f" {line}"
    return example


def _candidates(example: str) -> tuple[Example, ...]:
    """One candidate, or several that are judged together."""
    found = json.loads(example)
    return tuple(found) if isinstance(found, list) else (found,)


def registered() -> tuple[Rule, ...]:
    """The rules of this package, by family as they are told, then by code."""
    return tuple(sorted(_OURS.rules, key=lambda one: (FAMILIES.index(one.code[0]), one.code)))
