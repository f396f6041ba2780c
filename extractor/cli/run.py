"""`extractor run`: documents in, checked claims out."""

from __future__ import annotations

import datetime as dt
import platform
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extractor.cli.asking_options import AskOption, PassageOption, PromptOption, ReasksOption
from extractor.errors import InputError

if TYPE_CHECKING:
    from extractor.batch.runner import RunOutcome, Tape
    from extractor.batch.spending import Spending
    from extractor.model import ChatModel, ModelChoice, RateCeilings
    from extractor.model.prices import Price, PriceTable
    from extractor.prompts import PromptTemplate


_CONCURRENCY = 8  # documents; the gate finds out how many calls the server takes


@dataclass(frozen=True, slots=True)
class _Cassettes:
    """Where calls are recorded to, or replayed from; neither by default."""

    record: Path | None
    replay: Path | None


def run(
    inputs: Annotated[list[Path], typer.Argument(help="Documents, or folders of documents.")],
    model: Annotated[
        str | None, typer.Option("--model", help="A model's name (default: the embedded model).")
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option("--base-url", help="An OpenAI-compatible endpoint, with OPENAI_API_KEY."),
    ] = None,
    prompt: PromptOption = None,
    record: Annotated[
        Path | None, typer.Option("--record", help="Record the calls into this folder.")
    ] = None,
    replay: Annotated[
        Path | None, typer.Option("--replay", help="Answer from recordings; never goes live.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The run folder (default: runs/<time>).")
    ] = None,
    prices: Annotated[
        Path | None,
        typer.Option(
            "--prices",
            envvar="EXTRACTOR_PRICES",
            help="Your own prices of tokens (YAML), before those that come with the package.",
        ),
    ] = None,
    passage: PassageOption = None,
    ask: AskOption = "anchored",
    reasks: ReasksOption = 1,
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency",
            min=1,
            max=256,
            help="Documents under way at once, and calls in flight at most (default: 8; 1 for the "
            "embedded model).",
        ),
    ] = None,
    rpm: Annotated[
        float | None, typer.Option("--rpm", min=1, help="Calls a minute, at most.")
    ] = None,
    tpm: Annotated[
        float | None, typer.Option("--tpm", min=1, help="Tokens a minute, at most.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Accepted claims as JSON lines instead of a table.")
    ] = False,
) -> None:
    """Extract numeric claims and accept only those that stand in the text."""
    from extractor.batch.inputs import find_documents
    from extractor.batch.json_lines import json_line
    from extractor.batch.run_folder import new_run_folder, write_run
    from extractor.batch.runner import RunPlan, run_documents
    from extractor.batch.spending import add_up
    from extractor.cli.report import RunProgress, print_claims, print_place, print_summary
    from extractor.extraction import AskingPolicy, prompt_for
    from extractor.model import ModelChoice, RateCeilings
    from extractor.model.prices import load_prices

    if record is not None and replay is not None:
        raise InputError("--record and --replay exclude each other: choose one.")
    documents = find_documents(inputs)
    policy = AskingPolicy(ask, passage, reasks)
    template = prompt_for(policy, prompt)
    table = load_prices(prices)
    started = dt.datetime.now(dt.UTC)
    choice = ModelChoice(model, base_url)
    cassettes = _Cassettes(record, replay)
    folder = new_run_folder(out or Path("runs") / started.strftime("%Y-%m-%dT%H-%M-%S-%f"))
    width = concurrency or (1 if choice.is_embedded or replay else _CONCURRENCY)
    ceilings = RateCeilings(width, rpm, tpm)
    with _kept_if_used(folder), _opened(choice, replay, ceilings) as opened:
        today = started.date().isoformat()
        progress = RunProgress(len(documents), width)
        with progress, _tapes(cassettes, opened, today) as tape:
            plan = RunPlan(template, policy, width)
            outcome = run_documents(documents, opened, plan, tape, progress.watcher)
        seconds = (dt.datetime.now(dt.UTC) - started).total_seconds()
        described = _describe(opened, template, cassettes) | {
            "ask": policy.ask,
            "passage": policy.size(narrows=opened.narrows_schema),
            "reasks": policy.reasks,
            "concurrency": width,
        }
        price = _price(table, opened, cassettes)
        if outcome.stopped_by is not None and not outcome.results:
            raise outcome.stopped_by
    spent = add_up((call for _, call in outcome.calls()), price)
    counts = _counts(outcome, spent) | {"wall_seconds": round(seconds, 2)}
    made = {"started": started.isoformat(timespec="seconds"), "documents_named": len(documents)}
    write_run(folder, outcome.results, outcome.calls(), made | counts | described)
    if as_json:
        from extractor.claims.records import claim_record

        for result in outcome.results:
            for claim in result.accepted:
                typer.echo(json_line(claim_record(claim)))
    else:
        print_claims(outcome.results)
    print_summary(outcome, spent, described["model"], seconds)
    print_place(folder)
    if outcome.stopped_by is not None:
        raise outcome.stopped_by
    if outcome.interrupted:
        raise typer.Exit(130)
    if outcome.failures:
        raise typer.Exit(1)


@contextmanager
def _kept_if_used(folder: Path) -> Iterator[None]:
    """An error that leaves nothing to write leaves no empty folder either."""
    try:
        yield
    except BaseException:
        if not any(folder.iterdir()):
            folder.rmdir()
        raise


@contextmanager
def _opened(
    choice: ModelChoice, replay: Path | None, ceilings: RateCeilings
) -> Iterator[ChatModel]:
    from extractor.cli.fetching import fetch_bar
    from extractor.model import open_for_replay, open_model

    if replay is not None:
        with open_for_replay(choice, replay) as model:
            yield model
        return
    with fetch_bar() as watcher:
        model = open_model(choice, watcher=watcher, ceilings=ceilings)
    with model:
        yield model


@contextmanager
def _tapes(cassettes: _Cassettes, model: ChatModel, today: str) -> Iterator[Tape]:
    from extractor.model import recording_deck, replaying_deck

    if cassettes.replay is not None:
        with replaying_deck(cassettes.replay) as deck:
            yield deck.tape
    elif cassettes.record is not None:
        with recording_deck(cassettes.record, model.origin, today) as deck:
            yield deck.tape
    else:
        yield lambda _: nullcontext()


def _price(table: PriceTable, model: ChatModel, cassettes: _Cassettes) -> Price | None:
    if cassettes.replay is not None:
        from extractor.model.prices import unpaid

        return unpaid("replayed: nothing was sent")
    endpoint = model.endpoint
    return table.price_of(model.name, host=endpoint.host, is_local=endpoint.is_loopback)


def _describe(model: ChatModel, prompt: PromptTemplate, cassettes: _Cassettes) -> dict[str, Any]:
    """How the run was made: the model, what it was asked with, and the versions."""
    from importlib.metadata import PackageNotFoundError, version

    versions = {"python": platform.python_version()}
    for package in ("claim-extractor", "openai", "instructor", "pydantic", "vcrpy", "xllamacpp"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:  # the embedded model's runtime is optional
            continue
    from extractor.extraction.answers import schema_sha256

    return {
        "model": model.name,
        "server": model.origin.server,
        "host": None if cassettes.replay else model.endpoint.host,
        "weights_sha256": model.origin.weights_sha256,
        "prompt": prompt.label,
        "prompt_sha256": prompt.sha256,
        "schema_sha256": schema_sha256(),
        "recorded_to": str(cassettes.record) if cassettes.record else None,
        "replayed_from": str(cassettes.replay) if cassettes.replay else None,
        "versions": versions,
    }


def _stopped_by(outcome: RunOutcome) -> str | None:
    if outcome.interrupted:
        return "interrupted"
    return str(outcome.stopped_by) if outcome.stopped_by else None


def _counts(outcome: RunOutcome, spent: Spending) -> dict[str, Any]:
    results = outcome.results
    return {
        "complete": not (outcome.interrupted or outcome.failures or outcome.stopped_by),
        "stopped_by": _stopped_by(outcome),
        "documents": len(results),
        "document_sha256": {result.document_id: result.document_sha256 for result in results},
        "failed": [{"document": f.document, "why": f.message} for f in outcome.failures],
        "accepted": sum(len(result.accepted) for result in results),
        "accepted_by_text": sum(claim.is_by_text for one in results for claim in one.accepted),
        "rejected": sum(len(result.rejected) for result in results),
        "dismissed": sum(len(result.dismissed) for result in results),
        "unclaimed": sum(len(result.unclaimed) for result in results),
        "calls": spent.calls,
        "prompt_tokens": spent.usage.prompt_tokens,
        "completion_tokens": spent.usage.completion_tokens,
        "cached_tokens": spent.usage.cached_tokens,
        "usage": spent.to_json(),
        "model_seconds": round(sum(result.seconds for result in results), 2),
    }
