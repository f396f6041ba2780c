"""`extractor models`: the embedded model, and fetching it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from extractor.model import ChatModel

app = typer.Typer(
    help="The embedded model, and what an endpoint can do.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

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


@app.command("check")
def check(
    model: Annotated[
        str | None, typer.Option("--model", help="A model's name (default: the embedded model).")
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option("--base-url", help="An OpenAI-compatible endpoint, with OPENAI_API_KEY."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a model a tiny question, and say what its endpoint takes; it is remembered."""
    from extractor.cli.fetching import fetch_bar
    from extractor.model import ModelChoice, open_model

    with fetch_bar() as watcher:
        opened = open_model(ModelChoice(model, base_url), watcher=watcher)
    with opened:
        record = _checked(opened)
    if as_json:
        typer.echo(json.dumps(record))
        return
    from rich.table import Table

    from extractor.cli.console import cell, out

    table = Table(show_header=False, box=None)
    for name, value in _as_told(record):
        table.add_row(cell(name, "bold"), cell(value))
    out().print(table)


def _checked(opened: ChatModel) -> dict[str, Any]:
    found = opened.learn()
    return {
        "model": opened.name,
        "host": opened.endpoint.host,
        **found.capabilities.to_json(),
        "holds_schema": found.holds_schema,
        "tells_usage": found.tells_usage,
        "calls": len(found.attempts),
        "seconds": round(sum(attempt.seconds for attempt in found.attempts), 2),
    }


def _as_told(record: dict[str, Any]) -> list[tuple[str, str]]:
    forms = {
        "named": "by name",
        "required": 'as the one tool ("required")',
        "json_schema": "not taken; answers by JSON schema",
    }
    schema = "is held to" if record["holds_schema"] else "is not held to"
    schema += ", and made for each call" if record["narrows_schema"] else ", and stays the same"
    return [
        ("model", record["model"]),
        ("endpoint", record["host"]),
        ("forced tool call", forms[record["form"]]),
        ("schema", schema),
        ("token limit", record["limit"] or "not taken"),
        ("temperature", "taken" if record["takes_temperature"] else "not taken"),
        ("seed", "taken" if record["takes_seed"] else "not taken"),
        ("tokens", "counted" if record["tells_usage"] else "not counted"),
        ("asked", f"{record['calls']} calls, {record['seconds']} s"),
    ]


def _record(where: Path | None) -> dict[str, object]:
    from extractor.model import QWEN

    return {
        "name": QWEN.name,
        "size": QWEN.size,
        "licence": QWEN.licence,
        "sha256": QWEN.sha256,
        "path": str(where) if where else None,
    }
