"""`extractor rules`: what the validator demands, with a sentence that each rule refuses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extractor.errors import InputError

if TYPE_CHECKING:
    from extractor.validator import Rule

app = typer.Typer(
    help="The validator's rules.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]

_UNFOLDED = 240  # columns of a list that goes into a pipe: a line a rule, for grep
_FAMILIES = {
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


@app.command("list")
def list_rules(as_json: JsonOption = False) -> None:
    """Every rule by family: its code, what it does (reject or flag), and what it demands."""
    from rich.table import Table

    from extractor.cli.console import cell, out
    from extractor.validator import all_rules

    if as_json:
        for rule in all_rules():
            typer.echo(_as_json(_heading(rule)))
        return
    table = Table("code", "does", "demands", box=None)
    for letter, rules in groupby(all_rules(), key=lambda rule: rule.code[0]):
        family = list(rules)
        table.add_row(cell(letter, "bold cyan"), "", cell(_family(letter, family), "bold cyan"))
        for rule in family:
            does = cell("flags", "yellow") if _flags(rule) else cell("rejects")
            table.add_row(cell(rule.code, "bold"), does, cell(rule.summary))
    console = out()
    if not console.is_terminal:
        console.width = _UNFOLDED
    console.print(table)


@app.command("show")
def show(
    code: Annotated[str, typer.Argument(help="A rule's code, like N202.")],
    as_json: JsonOption = False,
) -> None:
    """One rule: what it demands, a candidate that it refuses or flags, one that it lets pass."""
    from extractor.text import Document
    from extractor.validator import all_rules, verify

    rule = next((rule for rule in all_rules() if rule.code == code.upper()), None)
    if rule is None:
        known = " ".join(rule.code for rule in all_rules())
        raise InputError(f"there is no rule {code!r}; the rules are {known}.")
    schema = None if rule.schema is None else rule.schema()
    verdicts = verify(Document(text=rule.text), rule.rejected, schema=schema)
    if as_json:
        record = _heading(rule) | {
            "text": rule.text,
            "rejected": rule.rejected,
            "accepted": rule.accepted,
            "verdicts": [verdict.to_json() for verdict in verdicts],
        }
        typer.echo(_as_json(record))
        return
    said = [
        verdict.explain()
        for verdict in verdicts
        if any(finding.code == rule.code for finding in verdict.findings)
    ]
    lines = [
        f"{rule.code}  {rule.summary}",
        *([f"      from the plugin {rule.plugin}"] if rule.plugin is not None else []),
        "",
        *_aligned("text", rule.text.splitlines()),
        *_aligned("flags" if _flags(rule) else "refuses", map(_as_json, rule.rejected)),
        *_aligned("passes", map(_as_json, rule.accepted)),
        "",
        "What it says:",
        *said,
    ]
    typer.echo("\n".join(lines))


def _aligned(name: str, lines: Iterable[str]) -> Iterator[str]:
    """A name and its lines, one under the other."""
    for line in lines:
        yield f"  {name:<8}  {line}".rstrip()
        name = ""


def _as_json(record: object) -> str:
    return json.dumps(record, ensure_ascii=False)


def _heading(rule: Rule) -> dict[str, Any]:
    heading = {
        "code": rule.code,
        "family": _family(rule.code[0], [rule]),
        "severity": rule.severity.value,
        "summary": rule.summary,
    }
    return heading if rule.plugin is None else heading | {"plugin": rule.plugin}


def _family(letter: str, rules: Sequence[Rule]) -> str:
    """What a family is called; those of plugins by who brings them."""
    plugins = dict.fromkeys(rule.plugin for rule in rules if rule.plugin is not None)
    return f"plugin {', '.join(plugins)}" if plugins else _FAMILIES.get(letter, letter)


def _flags(rule: Rule) -> bool:
    return rule.severity == "warning"
