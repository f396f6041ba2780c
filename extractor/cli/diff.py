"""`extractor diff`: the verdicts in which two runs differ, and the rules that made them flip."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer


def diff_runs(
    one: Annotated[Path, typer.Argument(metavar="A", help="A run folder.")],
    other: Annotated[Path, typer.Argument(metavar="B", help="Another one.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a difference.")] = False,
) -> None:
    """What run B judges otherwise than run A: flipped verdicts by rule, changed fields, the rest.

    Exit codes: 0 they do not differ, 1 they do, 2 one of them cannot be read.
    """
    from extractor.batch.ledger_reader import open_ledger
    from extractor.batch.run_diff import by_rule, differences
    from extractor.cli.console import printable

    kinds: Counter[str] = Counter()
    rules: Counter[tuple[str, str]] = Counter()
    with open_ledger(one) as left, open_ledger(other) as right:
        for found in differences(left, right):
            kinds[found.what] += 1
            if found.what.startswith("newly"):
                rules.update((code, found.what) for code in found.codes)
            if as_json:
                typer.echo(json.dumps(found.to_json()))
            else:
                place = f"{found.what}: {found.document}"
                told = [place, repr(found.quote) if found.quote else "", found.number]
                typer.echo(printable(" ".join(part for part in told if part)))
                typer.echo(printable(f"  {' '.join((*found.codes, found.detail))}"))
    for line in by_rule(rules):
        typer.echo(line, err=as_json)
    total = ", ".join(f"{count} {what}" for what, count in kinds.items()) or "no difference"
    typer.echo(total, err=as_json)
    if kinds:
        raise typer.Exit(1)
