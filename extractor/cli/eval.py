"""`extractor eval`: how well a run did against claims that people made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from extractor.batch.ledger_reader import LedgerReader


def eval_run(
    gold: Annotated[Path, typer.Argument(help='Gold claims: a JSON list, or {"claims": [...]}.')],
    run: Annotated[Path, typer.Option("--run", help="The run folder.")],
    misses: Annotated[
        bool, typer.Option("--misses/--no-misses", help="List what is wrong.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    least_full: Annotated[
        float | None, typer.Option("--min-full", help="Exit with 1 where full F1 is below this.")
    ] = None,
) -> None:
    """Score a run against gold claims: number and full, by field, and by rule.

    A predicted claim belongs to a gold claim when its number stands in the gold quote and the
    figure is equal; full means that qualifier, event, claimant, counted thing and modality are
    right too. By rule: how many refused claims carried it, and how many of those were of a core
    gold number that has no right claim otherwise.
    """
    from extractor.batch.evaluation import evaluate
    from extractor.batch.gold_claims import read_gold
    from extractor.batch.ledger_reader import open_ledger
    from extractor.cli.console import printable

    claims = read_gold(gold)
    with open_ledger(run) as ledger:
        found = evaluate(ledger, claims)
        cost = _cost(ledger)
    if as_json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False))
    else:
        for line in found.lines(misses=misses):
            typer.echo(printable(line))
        typer.echo(cost)
    if least_full is not None and found.score.full_f1 < least_full:
        typer.echo(f"full F1 {found.score.full_f1:.3f} is below {least_full}", err=True)
        raise typer.Exit(1)


def _cost(ledger: LedgerReader) -> str:
    """What the run took, by document and by claim."""
    counts, status = ledger.counts(), ledger.status()
    claims = max(1, counts.accepted + counts.rejected)
    return (
        f"seconds a document {counts.seconds / max(1, counts.done):.1f}, generated tokens a claim "
        f"{status['tokens_out'] / claims:.1f}, calls {status['calls']}, rejected "
        f"{counts.rejected}, dismissed {counts.dismissed}, unclaimed {counts.unclaimed}"
    )
