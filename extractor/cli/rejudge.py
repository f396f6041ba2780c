"""`extractor verify RUN`: the stored candidates of a run under the rules of today."""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path

import typer

from extractor.errors import InputError


def rejudge_run(
    run: Path,
    codes: Collection[str] | None,
    out: Path | None,
    *,
    strict: bool,
    as_json: bool,
) -> int:
    """Judge what a run stored, show what flipped, and write a new run folder where one is named.

    Returns how many candidates are rejected now. Raises InputError when the folder is none, or the
    new one cannot be written.
    """
    from extractor.batch.json_lines import json_line
    from extractor.batch.ledger_reader import open_ledger
    from extractor.batch.rejudge import Bench, rejudge_document, write_rejudged
    from extractor.batch.run_folder import new_run_folder, write_documents
    from extractor.cli.console import printable
    from extractor.cli.schemas import named_schema
    from extractor.validator import select_rules

    if out is not None and strict:
        raise InputError("--strict changes no run: leave it out, or leave out --out.")
    rules = select_rules(codes)
    before = after = judged = flips = 0
    with open_ledger(run) as ledger:
        recipe = ledger.plan.get("recipe", {})
        schema = named_schema(recipe.get("schema"), Path(recipe.get("cwd", "")))
        bench = Bench(rules, schema, strict)
        for row in ledger.documents("done"):
            for one in rejudge_document(ledger, row.id, bench):
                judged += 1
                before += one.was_accepted
                after += one.verdict.accepted
                flips += one.flipped
                if as_json:
                    told = {"document": one.document, "n": one.n, "was_accepted": one.was_accepted}
                    sys.stdout.write(json_line(told | one.verdict.to_json()) + "\n")
                elif one.flipped:
                    was = "accepted" if one.was_accepted else f"rejected ({' '.join(one.codes)})"
                    typer.echo(f"{printable(one.document)}: was {was}")
                    typer.echo(one.verdict.explain())
        if out is not None:
            write_rejudged(ledger, new_run_folder(out), bench)
            with open_ledger(out) as anew:
                write_documents(out, anew)
    line = f"{judged:,} candidates: {before:,} accepted in the run, {after:,} by today's rules"
    typer.echo(f"{line}; {flips:,} flipped", err=as_json)
    if out is not None:
        typer.echo(f"written to {printable(out)}", err=True)
    return judged - after
