"""`extractor plugins`: what other packages add to this one, and whether it works."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from extractor.plugins import Outcome

app = typer.Typer(
    help="What other packages add, and whether it works.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

_UNFOLDED = 240  # columns of a list that goes into a pipe: a line a plugin, for grep


@app.callback()
def _group() -> None:
    """What other packages add, and whether it works."""


@app.command("list")
def list_plugins(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Every plugin that is installed: its group, name and distribution, and why not, if broken.

    All of them are imported for it.
    """
    from rich.table import Table

    from extractor.cli.console import cell, err, out

    outcomes = list(_outcomes())
    if as_json:
        for outcome in outcomes:
            typer.echo(json.dumps(_record(outcome)))
        return
    if not outcomes:
        err().print("No plugins are installed.")
        return
    table = Table("group", "name", "from", "works", box=None)
    for outcome in outcomes:
        plugin = outcome.plugin
        table.add_row(
            cell(plugin.group.removeprefix("claim_extractor."), "bold cyan"),
            cell(plugin.name, "bold"),
            cell(f"{plugin.distribution} {plugin.version}"),
            cell("yes") if outcome.why is None else cell(f"no: {outcome.why}", "yellow"),
        )
    console = out()
    if not console.is_terminal:
        console.width = _UNFOLDED
    console.print(table)


def _outcomes() -> Iterator[Outcome[Any]]:
    from extractor.batch.export_plugins import EXPORT_PLUGINS
    from extractor.batch.loader_plugins import LOADER_PLUGINS
    from extractor.model.plugin_models import MODEL_PLUGINS
    from extractor.validator.rule_plugins import RULE_PLUGINS

    yield from MODEL_PLUGINS.outcomes()
    yield from LOADER_PLUGINS.outcomes()
    yield from RULE_PLUGINS.outcomes()
    yield from EXPORT_PLUGINS.outcomes()


def _record(outcome: Outcome[Any]) -> dict[str, Any]:
    plugin = outcome.plugin
    return {
        "group": plugin.group,
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "value": plugin.value,
        "works": outcome.why is None,
        "why": outcome.why,
    }
