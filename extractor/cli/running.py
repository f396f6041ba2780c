"""A run from its folder to its end, begun anew or gone on with: the body of `run` and `resume`."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any, cast

from extractor.batch.budget import Budget, BudgetReachedError, Ceiling
from extractor.batch.estimate import Terms, estimate
from extractor.batch.input_document import InputDocument, InputOptions
from extractor.batch.input_stream import count_documents, stream_documents
from extractor.batch.ledger_reader import LedgerReader, open_ledger, stored_plan
from extractor.batch.ledger_writer import LedgerWriter, RunEvent, forget_failed, save_plan
from extractor.batch.run_folder import write_documents, write_record
from extractor.batch.run_lock import locked
from extractor.batch.run_memory import RunMemory
from extractor.batch.run_plugins import judging_plugins, refuse_without_plugin
from extractor.batch.run_recipe import Identity, RunRecipe
from extractor.batch.runner import RunParts, RunPlan, Tape, run_documents
from extractor.batch.sampling import sampled
from extractor.batch.spending import add_up
from extractor.batch.stopping import Stopping
from extractor.cli.dry_run import SECONDS_A_CALL, show_estimate
from extractor.cli.progress import CountsDocuments, RunPrice, RunProgress
from extractor.cli.report import print_claims, print_json, print_place, print_summary
from extractor.cli.schemas import named_schema
from extractor.cli.signals import draining
from extractor.errors import ExtractorError
from extractor.extraction import AskingPolicy, prompt_for
from extractor.extraction.answers import schema_sha256
from extractor.extraction.policy import Asking, PassageSize
from extractor.model import (
    ChatModel,
    ModelChoice,
    PluginModel,
    RateCeilings,
    open_any_model,
    open_for_replay,
)
from extractor.model.endpoint_store import recall
from extractor.model.endpoints import resolve_endpoint
from extractor.model.plugin_models import plugin_for, refuse_plugin
from extractor.model.prices import Price, load_prices, unpaid

RunModel = ChatModel | PluginModel


_CONCURRENCY = 8  # documents; the gate finds out how many calls the server takes


@dataclass(frozen=True, slots=True)
class Pace:
    """What may differ when a run goes on: how fast, and what may be spent and may fail."""

    concurrency: int | None = None
    rpm: float | None = None
    tpm: float | None = None
    budget: str | None = None
    most_failures: int | None = None

    def width(self, recipe: RunRecipe) -> int:
        """Calls under way at once."""
        is_alone = ModelChoice(recipe.model, recipe.base_url).is_embedded or recipe.replay
        return self.concurrency or (1 if is_alone else _CONCURRENCY)


def begin(folder: Path, recipe: RunRecipe, pace: Pace, *, as_json: bool) -> int:
    """A new run in an empty folder; the exit code. Raises ExtractorError."""
    running = Running(folder, recipe, pace)
    running.refuse_without_documents()
    return running.go(is_new=True, as_json=as_json)


def go_on(folder: Path, pace: Pace, *, retry_failed: bool, as_json: bool) -> int:
    """Go on with a run; the exit code. Raises InputError when it is not to be gone on with."""
    plan = stored_plan(folder)
    recipe = RunRecipe.from_json(plan["recipe"])
    running = Running(folder, recipe, pace, plan)
    return running.go(is_new=False, as_json=as_json, retry_failed=retry_failed)


def foresee(recipe: RunRecipe, pace: Pace, *, as_json: bool) -> None:
    """Show what a run would ask and cost; no model is opened, and nothing is written.

    Raises InputError when the run could not begin.
    """
    running = Running(Path(), recipe, pace)
    choice = ModelChoice(recipe.model, recipe.base_url)
    price: Price | None
    narrows = choice.is_embedded
    if choice.is_embedded or recipe.replay is not None:
        price = unpaid("nothing is sent")
    elif plugin_for(recipe.model, recipe.base_url) is not None:
        price = running.prices.price_of(recipe.model or "", host="", is_local=False)
    else:
        endpoint = resolve_endpoint(recipe.base_url, os.environ)
        able = recall(endpoint, choice.name or "")
        narrows = able.narrows_schema if able is not None else False
        price = running.prices.price_of(
            choice.name or "", host=endpoint.host, is_local=endpoint.is_loopback
        )
    terms = Terms(price, RateCeilings(running.width, pace.rpm, pace.tpm), SECONDS_A_CALL)
    found = estimate(running.documents(), running.template, running.policy, terms, narrows=narrows)
    show_estimate(found, price, as_json=as_json)


class Running:
    """A run that is under way; `batch_running` has the one that is asked by batch files."""

    def __init__(
        self, folder: Path, recipe: RunRecipe, pace: Pace, plan: dict[str, Any] | None = None
    ) -> None:
        self.folder = folder
        self.recipe = recipe
        self.pace = pace
        self.plan = plan
        self.policy = AskingPolicy(
            cast("Asking", recipe.ask),
            cast("PassageSize | None", recipe.passage),
            recipe.reasks,
            schema=named_schema(recipe.schema),
        )
        self.template = prompt_for(self.policy, recipe.prompt)
        self.prices = load_prices(None if recipe.prices is None else Path(recipe.prices))
        self.ceiling = None if pace.budget is None else Ceiling.parse(pace.budget)
        self.width = pace.width(recipe)
        self.options = InputOptions(
            recipe.text_column, recipe.id_column, recipe.date_column, recipe.ignore
        )
        self.stopping = Stopping()
        self.began = dt.datetime.now(dt.UTC)

    def documents(self) -> Iterator[InputDocument]:
        """The documents of the run, one after the other."""
        found = stream_documents(self.recipe.inputs, self.options)
        return sampled(found, self.recipe.sample, self.recipe.limit)

    def refuse_without_documents(self) -> None:
        """Look for the first document: a wrong name is told before a model is fetched or opened."""
        next(self.documents(), None)

    def go(self, *, is_new: bool, as_json: bool, retry_failed: bool = False) -> int:
        """From the lock of the folder to the summary; the exit code."""
        with ExitStack() as stack:
            stack.enter_context(locked(self.folder))
            model = stack.enter_context(self._opened())
            identity = self._identity(model)
            made = _described(model, identity, self.recipe) | {
                "ask": self.policy.ask,
                "passage": self.policy.size(narrows=model.narrows_schema),
                "reasks": self.policy.reasks,
            }
            if self.policy.own_schema is not None:
                own = self.policy.own_schema
                made["fields"] = [field.name for field in own.fields]
                made["named"] = {"quote": own.quote, "value": own.number.name}
            if is_new:
                started = self.began.isoformat(timespec="seconds")
                self.plan = {
                    "recipe": self.recipe.to_json(),
                    "identity": identity.to_json(),
                    "made": {"started": started} | made,
                    **self._more_plan(model),
                }
                save_plan(self.folder, self.plan)
            else:
                assert self.plan is not None  # noqa: S101 - read by the caller
                identity.refuse_if_changed(self.plan["identity"])
            self.stopping.on_stop = model.finish
            price = self._price(model)
            spent = self._run(model, price, is_new=is_new, retry_failed=retry_failed)
        return self._close(spent, price, is_new=is_new, as_json=as_json)

    def _more_plan(self, _: RunModel) -> dict[str, Any]:
        """What else is to be the same when the run goes on."""
        return {}

    def _is_unused(self, ledger: LedgerReader) -> bool:
        """Whether nothing has come of the run yet."""
        return ledger.is_empty()

    def _more_summary(self) -> dict[str, Any]:
        """What else summary.json says."""
        return {}

    def _run(
        self, model: RunModel, price: Price | None, *, is_new: bool, retry_failed: bool
    ) -> float:
        """Ask about all documents that are left; the CPU seconds that the ledger took."""
        with ExitStack() as stack:
            if retry_failed:
                forget_failed(self.folder)
            ledger = stack.enter_context(LedgerWriter(self.folder))
            ledger.put(RunEvent("begun" if is_new else "resumed", f"concurrency {self.width}"))
            reader = stack.enter_context(open_ledger(self.folder))
            usage = add_up(reader.calls(), price).usage
            budget = Budget(self.ceiling, price, usage)
            progress = RunProgress(reader.counts(), RunPrice(price, usage), model.gate)
            memory = stack.enter_context(RunMemory(self.folder))
            tape = stack.enter_context(self._tapes(model))
            parts = RunParts(
                model, tape, ledger, memory, budget, self.stopping, self.recipe.record is None
            )
            plan = RunPlan(self.template, self.policy, self.width, self.pace.most_failures)
            with draining(self.stopping, progress.tell), progress:
                Thread(target=self._count, args=(progress,), daemon=True).start()
                run_documents(self.documents(), parts, plan, progress.watcher)
                ledger.put(RunEvent(*self._end()))
                ledger.close()  # what is acknowledged now is counted still
        return ledger.seconds

    def _count(self, progress: CountsDocuments) -> None:
        """The total, found out beside the run."""
        with suppress(ExtractorError, OSError):
            total = count_documents(self.recipe.inputs, self.options)
            if self.recipe.sample is not None:
                total = round(total * self.recipe.sample)
            most = self.recipe.limit
            progress.total = total if most is None else min(total, most)

    def _end(self) -> tuple[str, str]:
        reason = self.stopping.reason
        if self.stopping.signal is not None:
            return "interrupted", f"signal {self.stopping.signal}"
        return ("stopped", str(reason)) if reason is not None else ("ended", "")

    def _close(
        self, ledger_seconds: float, price: Price | None, *, is_new: bool, as_json: bool
    ) -> int:
        """Write what is made at the end, show it, and say with which code the process ends."""
        with open_ledger(self.folder) as ledger:
            counts = ledger.counts()
            spent = add_up(ledger.calls(), price)
            if is_new and self._is_unused(ledger):
                self._raise_reason()
            wall = (dt.datetime.now(dt.UTC) - self.began).total_seconds()
            code = self._exit_code(counts.failed)
            what, why = self._end()
            is_whole = what == "ended"
            following = self._next(what, counts.failed)
            summary = {
                "complete": is_whole and not counts.failed,
                "stopped_by": None if is_whole else (what if what == "interrupted" else why),
                "exit_code": code,
                "documents": counts.done,
                "failed": counts.failed,
                "duplicates": counts.duplicates,
                "accepted": counts.accepted,
                "accepted_by_text": counts.by_text,
                "rejected": counts.rejected,
                "dismissed": counts.dismissed,
                "unclaimed": counts.unclaimed,
                "calls": spent.calls,
                "prompt_tokens": spent.usage.prompt_tokens,
                "completion_tokens": spent.usage.completion_tokens,
                "cached_tokens": spent.usage.cached_tokens,
                "usage": spent.to_json(),
                "model_seconds": round(counts.seconds, 2),
                "wall_seconds": round(wall, 2),
                "ledger_cpu_seconds": round(ledger_seconds, 3),
                "next": following,
                **self._more_summary(),
            }
            write_documents(self.folder, ledger)
            write_record(self.folder / "summary.json", summary)
            assert self.plan is not None  # noqa: S101 - set before anything was run
            made = self.plan["made"]
            write_record(self.folder / "run.json", {**made, "concurrency": self.width, **summary})
            if as_json:
                print_json(ledger)
            else:
                print_claims(ledger)
            print_summary(ledger, counts, spent, made["model"], wall)
        print_place(self.folder, following)
        if not is_whole and what != "interrupted":
            self._raise_reason()
        return code

    def _raise_reason(self) -> None:
        if self.stopping.reason is not None:
            raise self.stopping.reason

    def _exit_code(self, failed: int) -> int:
        if self.stopping.signal is not None:
            return 128 + self.stopping.signal
        if isinstance(self.stopping.reason, ExtractorError):
            return self.stopping.reason.exit_code
        return 1 if failed > (self.pace.most_failures or 0) else 0

    def _next(self, what: str, failed: int) -> str:
        """The command that a user is likely to type next."""
        if isinstance(self.stopping.reason, BudgetReachedError):
            return f"extractor resume {self.folder} --budget MORE"
        if what != "ended":
            return f"extractor resume {self.folder}"
        if failed:
            return f"extractor resume {self.folder} --retry-failed"
        return f"extractor export {self.folder} --format csv"

    @property
    def _is_in_process(self) -> bool:
        """Whether answers come from the embedded model or from recordings."""
        choice = ModelChoice(self.recipe.model, self.recipe.base_url)
        return choice.is_embedded or self.recipe.replay is not None

    @contextmanager
    def _opened(self) -> Iterator[RunModel]:
        from extractor.cli.fetching import fetch_bar

        choice = ModelChoice(self.recipe.model, self.recipe.base_url)
        if self.plan is not None:
            refuse_without_plugin(choice, self.plan["identity"])
        if self.recipe.record is not None:
            refuse_plugin(choice.name, choice.base_url)  # its calls are none that are recorded
        if self.recipe.replay is not None:
            with open_for_replay(choice, Path(self.recipe.replay)) as replayed:
                yield replayed
            return
        ceilings = RateCeilings(self.width, self.pace.rpm, self.pace.tpm)
        with fetch_bar() as watcher:
            model = open_any_model(choice, watcher=watcher, ceilings=ceilings)
        with model:
            yield model

    @contextmanager
    def _tapes(self, model: RunModel) -> Iterator[Tape]:
        from extractor.model import recording_deck, replaying_deck

        if self.recipe.replay is not None:
            with replaying_deck(Path(self.recipe.replay)) as deck:
                yield deck.tape
        elif self.recipe.record is not None:
            today = self.began.date().isoformat()
            with recording_deck(Path(self.recipe.record), model.origin, today) as deck:
                yield deck.tape
        else:
            yield lambda _: nullcontext()

    def _price(self, model: RunModel) -> Price | None:
        if self.recipe.replay is not None:
            return unpaid("replayed: nothing was sent")
        if isinstance(model, PluginModel):  # only its user can know
            return self.prices.price_of(model.name, host="", is_local=False)
        endpoint = model.endpoint
        return self.prices.price_of(model.name, host=endpoint.host, is_local=endpoint.is_loopback)

    def _identity(self, model: RunModel) -> Identity:
        return Identity(
            prompt=self.template.label,
            prompt_sha256=self.template.sha256,
            schema_sha256=schema_sha256(self.policy.own_schema),
            model=model.name,
            host=None if self._is_in_process else _host(model),
            weights_sha256=model.origin.weights_sha256,
            version=_version("claim-extractor") or "unknown",
            plugins=judging_plugins(model),
        )


def _host(model: RunModel) -> str | None:
    return None if isinstance(model, PluginModel) else model.endpoint.host


def _described(model: RunModel, identity: Identity, recipe: RunRecipe) -> dict[str, Any]:
    """How the run was made: the model, what it was asked with, and the versions."""
    versions = {"python": platform.python_version()}
    for package in ("claim-extractor", "openai", "instructor", "pydantic", "vcrpy", "xllamacpp"):
        version = _version(package)
        if version is not None:  # the embedded model's runtime is optional
            versions[package] = version
    return {
        "model": model.name,
        "server": model.origin.server,
        "host": None if recipe.replay else _host(model),
        "weights_sha256": model.origin.weights_sha256,
        "prompt": identity.prompt,
        "prompt_sha256": identity.prompt_sha256,
        "schema": recipe.schema,
        "schema_sha256": identity.schema_sha256,
        "recorded_to": recipe.record,
        "replayed_from": recipe.replay,
        "versions": versions,
        "plugins": list(judging_plugins(model)),
    }


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None
