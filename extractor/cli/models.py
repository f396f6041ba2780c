"""`extractor models`: the embedded model, and fetching it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The embedded model.", no_args_is_help=True, rich_markup_mode=None)

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.command("list")
def list_models(as_json: JsonOption = False) -> None:
    """The embedded model: its size, licence and hash, and where it lies."""
    from extractor.model import QWEN, find_weights

    where = find_weights()
    if as_json:
        typer.echo(json.dumps(_record(where)))
        return
    from rich.table import Table

    from extractor.cli.console import cell, out

    table = Table(show_header=False, box=None)
    for name, value in (
        ("name", QWEN.name),
        ("size", f"{QWEN.size / 1e9:.2f} GB"),
        ("licence", QWEN.licence),
        ("sha256", f"{QWEN.sha256[:12]}…"),
        ("where", where or "not here yet: extractor models pull"),
    ):
        table.add_row(cell(name, "bold"), cell(value))
    out().print(table)


@app.command("pull")
def pull(as_json: JsonOption = False) -> None:
    """Fetch the embedded model once: 1.1 GB, checked against its pinned SHA-256."""
    from extractor.cli.console import err
    from extractor.cli.fetching import fetch_bar
    from extractor.model import QWEN, ensure_weights

    with fetch_bar() as watcher:
        where = ensure_weights(watcher=watcher)
    err().print(QWEN.notice, soft_wrap=True)
    typer.echo(json.dumps(_record(where)) if as_json else str(where))


def _record(where: Path | None) -> dict[str, object]:
    from extractor.model import QWEN

    return {
        "name": QWEN.name,
        "size": QWEN.size,
        "licence": QWEN.licence,
        "sha256": QWEN.sha256,
        "path": str(where) if where else None,
    }
