"""The commands by name: each is imported when it is typed, and `--help` imports none of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, cast

import typer
from typer.core import TyperGroup


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """Where a command is, "module:attribute" (a function, or a Typer of further commands).

    `summary` is its line in `--help`.
    """

    at: str
    summary: str


COMMANDS = {
    "run": CommandEntry("run:run", "Extract numeric claims, and accept what stands in the text."),
    "resume": CommandEntry("resume:resume", "Go on with a run that was broken off."),
    "batch": CommandEntry("batch:app", "Runs by OpenAI Batch files, at half the price."),
    "status": CommandEntry("status:status", "How far a run has come."),
    "report": CommandEntry("report_page:report_page", "A run as one page to read."),
    "show": CommandEntry("show:show", "One number of a run, and all that was said of it."),
    "export": CommandEntry("export:export", "Write a run's verdicts as a table."),
    "eval": CommandEntry("eval:eval_run", "Score a run against gold claims."),
    "gold": CommandEntry("gold:app", "Gold claims: made of a run, and checked."),
    "diff": CommandEntry("diff:diff_runs", "What one run judges otherwise than another."),
    "reconcile": CommandEntry("reconcile:reconcile", "Competing figures of runs, side by side."),
    "verify": CommandEntry("verify:verify_claims", "Judge claims made elsewhere, or a run anew."),
    "serve": CommandEntry("serve:app", "The service: gate, jobs and review page over HTTP."),
    "numbers": CommandEntry("numbers:numbers", "Show a text with every number marked and read."),
    "rules": CommandEntry("rules:app", "The validator's rules."),
    "plugins": CommandEntry("plugins:app", "What other packages add, and whether it works."),
    "prompts": CommandEntry("prompts:app", "The templates that models are asked with."),
    "schema": CommandEntry("schema:show_schema", "A schema of your own, and how it is checked."),
    "models": CommandEntry("models:app", "The embedded model, and what an endpoint can do."),
    "cassettes": CommandEntry("cassettes:app", "Recordings: are they in order, record again."),
}


class LateCommands(TyperGroup):
    """A group of COMMANDS, in their order."""

    def __init__(self, **attrs: Any) -> None:  # noqa: ANN401
        super().__init__(**attrs)
        # what is typed wrongly is held against these names, to suggest one
        self.commands = cast("Any", dict.fromkeys(COMMANDS))

    def list_commands(self, _: Any) -> list[str]:  # noqa: ANN401 - click's context, or typer's own
        """The names of the commands."""
        return list(COMMANDS)

    def get_command(self, _: Any, cmd_name: str) -> Any:  # noqa: ANN401
        """The command of this name, if there is one."""
        entry = COMMANDS.get(cmd_name)
        return None if entry is None else _loaded(cmd_name, entry)

    def format_commands(self, _: Any, formatter: Any) -> None:  # noqa: ANN401
        """The list of commands in `--help`."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


@lru_cache(maxsize=1)
def _loaded(name: str, entry: CommandEntry) -> Any:  # noqa: ANN401 - click's command, or typer's
    module, attribute = entry.at.split(":")
    found = getattr(import_module(f"extractor.cli.{module}"), attribute)
    if not isinstance(found, typer.Typer):
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(name)(found)
        found = alone
    command = typer.main.get_command(found)
    command.name = name
    return command
