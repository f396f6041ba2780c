"""`extractor rules`: what the validator demands, with a sentence that each rule refuses."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from extractor.errors import InputError

app = typer.Typer(help="The validator's rules.", no_args_is_help=True, rich_markup_mode=None)

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.command("list")
def list_rules(as_json: JsonOption = False) -> None:
    """Every rule with its code and what it demands."""
    from rich.table import Table

    from extractor.cli.console import cell, out
    from extractor.validator import all_rules

    if as_json:
        for rule in all_rules():
            typer.echo(json.dumps({"code": rule.code, "summary": rule.summary}, ensure_ascii=False))
        return
    table = Table("code", "demands", box=None)
    for rule in all_rules():
        table.add_row(cell(rule.code, "bold"), cell(rule.summary))
    out().print(table)


@app.command("show")
def show(
    code: Annotated[str, typer.Argument(help="A rule's code, like N202.")],
    as_json: JsonOption = False,
) -> None:
    """One rule: what it demands, a candidate that it refuses, one that it lets pass."""
    from extractor.text import Document
    from extractor.validator import all_rules, verify

    rule = next((rule for rule in all_rules() if rule.code == code.upper()), None)
    if rule is None:
        known = " ".join(rule.code for rule in all_rules())
        raise InputError(f"there is no rule {code!r}; the rules are {known}.")
    if as_json:
        record = {
            "code": rule.code,
            "summary": rule.summary,
            "text": rule.text,
            "rejected": rule.rejected,
            "accepted": rule.accepted,
        }
        typer.echo(json.dumps(record, ensure_ascii=False))
        return
    verdict = verify(Document(text=rule.text), [rule.rejected])[0]
    shown = (json.dumps(claim, ensure_ascii=False) for claim in (rule.rejected, rule.accepted))
    refused, passed = shown
    typer.echo(
        f"{rule.code}  {rule.summary}\n\n  text      {rule.text}\n  refuses   {refused}\n"
        f"  passes    {passed}\n\nWhat it says of the first:\n{verdict.explain()}"
    )
