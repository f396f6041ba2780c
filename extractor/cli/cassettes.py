"""`extractor cassettes`: whether recordings are in order, and recording again what is not."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.asking_options import (
    AskOption,
    PassageOption,
    PromptOption,
    ReasksOption,
    SchemaOption,
)
from extractor.cli.schemas import named_schema

if TYPE_CHECKING:
    from extractor.batch.cassette_replay import CassetteSet, Extraction
    from extractor.batch.cassette_update import Done, Plan
    from extractor.extraction import AskingPolicy
    from extractor.model import ModelChoice

app = typer.Typer(
    help="Recordings of model calls: are they in order, and record again what is not.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

_WRONG = 5

AgainstOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--against",
        help="The documents recorded, or their folder; may be given again. "
        "Default for cassettes/NAME: the folder NAME beside cassettes.",
    ),
]
ModelOption = Annotated[
    str | None, typer.Option("--model", help="A model's name (default: as recorded).")
]


@app.command("check")
def check(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FOLDER]...", help="Folders of cassettes (default: cassettes/)."),
    ] = None,
    against: AgainstOption = None,
    model: ModelOption = None,
    prompt: PromptOption = None,
    passage: PassageOption = None,
    ask: AskOption = "anchored",
    reasks: ReasksOption = 1,
    schema: SchemaOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a problem.")] = False,
) -> None:
    """Check recordings, offline: each file by itself, and replayed against its documents."""
    from extractor.batch.cassette_replay import check_set, find_sets
    from extractor.cli.console import err, printable
    from extractor.extraction import AskingPolicy
    from extractor.model import ModelChoice
    from extractor.model.secret_scan import environment_keys

    sets = find_sets(folders or [Path("cassettes")], against or ())
    extract = _extraction(AskingPolicy(ask, passage, reasks, schema=named_schema(schema)), prompt)
    keys = environment_keys(os.environ)
    problems = warnings = 0
    for one in sets:
        for problem in check_set(one, extract, ModelChoice(model), keys):
            warnings += problem.is_warning
            problems += not problem.is_warning
            record = json.dumps(problem.to_json(), ensure_ascii=False)
            typer.echo(record if as_json else printable(problem.message))
    files = sum(len(one.files) for one in sets)
    documents = sum(len(one.documents or ()) for one in sets)
    said = [f"{files} files checked", f"{documents} documents replayed", f"{problems} problems"]
    if warnings:
        said.append(f"{warnings} warnings")
    err().print(", ".join(said), soft_wrap=True)
    if problems:
        raise typer.Exit(_WRONG)


@app.command("update")
def update(
    folder: Annotated[Path, typer.Argument(help="A folder of cassettes, one a document.")],
    against: AgainstOption = None,
    model: ModelOption = None,
    base_url: Annotated[
        str | None,
        typer.Option("--base-url", help="An OpenAI-compatible endpoint, with OPENAI_API_KEY."),
    ] = None,
    prompt: PromptOption = None,
    passage: PassageOption = None,
    ask: AskOption = "anchored",
    reasks: ReasksOption = 1,
    schema: SchemaOption = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove cassettes that have no document.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
) -> None:
    """Record again just what is stale, missing or left over; the rest stays, and costs nothing."""
    from extractor.batch.cassette_replay import one_set, opened_for_replay
    from extractor.batch.cassette_update import plan_update, remove_orphans, trim
    from extractor.cli.console import err
    from extractor.errors import InputError
    from extractor.extraction import AskingPolicy
    from extractor.model import ModelChoice

    cassettes = one_set(folder, against or ())
    if cassettes.documents is None:
        raise InputError(f"{folder}: it is not known which documents these are: name --against.")
    extract = _extraction(AskingPolicy(ask, passage, reasks, schema=named_schema(schema)), prompt)
    with opened_for_replay(cassettes, ModelChoice(model)) as replay:
        plan = plan_update(cassettes, replay, extract)
        _tell_plan(plan, prune=prune)
        if dry_run:
            err().print(f"nothing was done; {plan.kept} files would stay as they are")
            return
        done = [*_told(trim(plan, folder, replay, extract))]
        choice = ModelChoice(model or replay.name, base_url)
    if plan.needs_model:
        done += _record(plan, cassettes, choice, extract)
    if prune:
        done += _told(remove_orphans(plan))
    _tell_sum(plan, done)


def _extraction(policy: AskingPolicy, prompt: str | None) -> Extraction:
    from extractor.extraction import extract_with, prompt_for

    template = prompt_for(policy, prompt)
    return lambda model, document: extract_with(model, document, prompt=template, policy=policy)


def _record(
    plan: Plan, cassettes: CassetteSet, choice: ModelChoice, extract: Extraction
) -> list[Done]:
    from extractor.batch.cassette_replay import recorded_capabilities
    from extractor.batch.cassette_update import record_again
    from extractor.cli.console import err
    from extractor.cli.fetching import fetch_bar
    from extractor.model import open_model

    today = dt.datetime.now(dt.UTC).date().isoformat()
    # as the recordings were asked: what is remembered on this machine may differ, and replay goes
    # by the recordings
    able = recorded_capabilities(cassettes, choice.name) if choice.name else None
    with fetch_bar() as watcher:
        opened = open_model(choice, watcher=watcher, able=able)
    with opened:
        err().print(f"asking {opened.name} at {opened.endpoint.host}", soft_wrap=True)
        again = record_again(plan, cassettes.folder, opened, opened.origin, extract, today)
        return _told(again)


def _tell_plan(plan: Plan, *, prune: bool) -> None:
    from extractor.cli.console import printable

    words = {"record": "record", "trim": "trim  ", "remove": "remove" if prune else "leave "}
    for step in plan.steps:
        typer.echo(f"{words[step.what]} {printable(step.why)}")


def _told(steps: Iterable[Done]) -> list[Done]:
    from extractor.cli.console import err, printable

    done = []
    for one in steps:
        done.append(one)
        what = f"{one.sent} calls sent, {one.reused} recordings kept"
        said = "removed" if one.step.what == "remove" else what
        err().print(f"{printable(one.step.path)}: {said}", soft_wrap=True, markup=False)
    return done


def _tell_sum(plan: Plan, done: list[Done]) -> None:
    from extractor.cli.console import err

    counts = {what: sum(one.step.what == what for one in done) for what in ("record", "trim")}
    sent = sum(one.sent for one in done)
    left = sum(step.what == "remove" for step in plan.steps) - sum(
        one.step.what == "remove" for one in done
    )
    said = f"{plan.kept} files as they were, {counts['record']} recorded again ({sent} calls), "
    said += f"{counts['trim']} trimmed"
    err().print(said + (f"; {left} orphans left: --prune removes them" if left else ""))
