"""`extractor status`: how far a run has come, while it is under way or afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def status(
    run: Annotated[Path, typer.Argument(help="The run folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """How far a run has come. It only reads, and does not disturb the run."""
    import json

    from extractor.batch.ledger_reader import open_ledger
    from extractor.batch.run_lock import is_locked
    from extractor.cli.console import printable
    from extractor.cli.resume import is_in_ray, refuse_without_ray

    with open_ledger(run) as ledger:
        under_way = is_locked(run)
        record = ledger.status() | {"under_way": under_way}
        plan = ledger.plan
    if is_in_ray(plan):
        refuse_without_ray()
        from extractor.scale.ray_storage import storage_of

        record["written"] = storage_of(run, plan["ray"]["storage"]).count({})
    if as_json:
        typer.echo(json.dumps(record))
        return
    state = "under way" if under_way else f"not under way; last event: {record['last_event']}"
    typer.echo(f"{printable(run)}: {state}, at {record['at']}")
    for names in (
        ("done", "failed", "duplicates"),
        ("accepted", "rejected", "dismissed", "unclaimed"),
        ("calls", "tokens_in", "tokens_out"),
    ):
        typer.echo("  " + ", ".join(f"{record[name]:,} {name.replace('_', ' ')}" for name in names))
    if "written" in record:
        typer.echo(f"  {record['written']:,} documents written by Ray, done or failed")
    if not under_way and record["last_event"] != "ended":
        typer.echo(f"go on with it: extractor resume {printable(run)}")
