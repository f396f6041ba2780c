"""`extractor eval`: how well a run did against claims that people made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from extractor.batch.ledger_reader import LedgerReader


def eval_run(
    gold: Annotated[Path, typer.Argument(help='Gold claims: a JSON list, or {"claims": [...]}.')],
    run: Annotated[Path, typer.Option("--run", help="The run folder.")],
    against: Annotated[
        Path | None,
        typer.Option("--against", help="Another run: by how much this one is better, if at all."),
    ] = None,
    misses: Annotated[
        bool, typer.Option("--misses/--no-misses", help="List what is wrong.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    least_number: Annotated[
        float | None,
        typer.Option("--min-number", min=0, max=1, help="Exit with 1 where number F1 is below."),
    ] = None,
    least_full: Annotated[
        float | None,
        typer.Option("--min-full", min=0, max=1, help="Exit with 1 where full F1 is below."),
    ] = None,
) -> None:
    """Score a run against gold claims: number and full, by field, and by rule.

    A predicted claim belongs to a gold claim when its number stands in the gold quote and the
    figure is equal; full means that qualifier, event, claimant, counted thing and modality are
    right too. By rule: how many refused claims carried it, and how many of those state the figure
    of a core gold claim that is not right otherwise. With --against: the difference of the two
    runs with an interval, over documents drawn again and again (bootstrap).
    """
    from extractor.batch.evaluation import by_document, evaluate
    from extractor.batch.gold_claims import read_gold
    from extractor.batch.gold_comparison import compare
    from extractor.batch.json_lines import json_line
    from extractor.batch.ledger_reader import open_ledger
    from extractor.cli.console import printable

    claims = read_gold(gold)
    with open_ledger(run) as ledger:
        found = evaluate(ledger, claims)
        spent = _spent(ledger)
    compared = None
    if against is not None:
        with open_ledger(run) as this, open_ledger(against) as other:
            compared = compare(by_document(this, claims), by_document(other, claims))
    if as_json:
        others = {} if compared is None else {"against": compared.to_json()}
        typer.echo(json_line(found.to_json() | {"run": spent} | others))
    else:
        for line in found.lines(misses=misses):
            typer.echo(printable(line))
        typer.echo(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in spent.items()))
        for line in compared.lines() if compared is not None else ():
            typer.echo(line)
    below = False
    for name, reached, least in (
        ("number", found.score.number_f1, least_number),
        ("full", found.score.full_f1, least_full),
    ):
        if least is not None and reached < least:
            typer.echo(f"{name} F1 {reached:.3f} is below {least}", err=True)
            below = True
    if below:
        raise typer.Exit(1)


def _spent(ledger: LedgerReader) -> dict[str, float]:
    """What the run took, by document and by claim, and where its numbers ended."""
    counts, status = ledger.counts(), ledger.status()
    claims = max(1, counts.accepted + counts.rejected)
    return {
        "seconds_a_document": round(counts.seconds / max(1, counts.done), 1),
        "generated_tokens_a_claim": round(status["tokens_out"] / claims, 1),
        "calls": status["calls"],
        "rejected": counts.rejected,
        "dismissed": counts.dismissed,
        "unclaimed": counts.unclaimed,
    }
