"""A run that is asked by batch files: the body of `batch submit` and `batch collect`.

It goes in rounds. Each takes in what batches have given, extracts from every document that is not
done as a live run does, and submits what that leaves to be asked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from extractor.batch.budget import Budget, BudgetReachedError
from extractor.batch.ledger_reader import LedgerReader, open_ledger, stored_plan
from extractor.batch.ledger_writer import LedgerError, LedgerWriter, RunEvent, forget_failed
from extractor.batch.run_memory import RunMemory
from extractor.batch.run_recipe import RunRecipe
from extractor.batch.runner import RunParts, RunPlan, run_documents
from extractor.batch.spending import add_up
from extractor.claims import Usage
from extractor.cli.console import printable
from extractor.cli.progress import RunPrice, RunProgress
from extractor.cli.resume import is_by_batches
from extractor.cli.running import Pace, RunModel, Running
from extractor.cli.signals import draining
from extractor.errors import InputError, ModelError
from extractor.model import ChatModel, ModelChoice, RetryPolicy, UnavailableError, open_model
from extractor.model.batch_files import BatchClient
from extractor.model.batch_lines import Asked
from extractor.model.capabilities import read_capabilities
from extractor.model.endpoint_store import recall
from extractor.model.prices import Price, in_a_batch
from extractor.scale.batch_exchange import BatchExchange, Collected, many
from extractor.scale.batch_model import CollectedModel
from extractor.scale.batch_store import BatchStore
from extractor.scale.batch_tables import RequestCounts, holds_batches
from extractor.scale.request_files import MOST_REQUESTS, FileLimits, RequestFiles

WAITING = 6
"""The exit code of a run whose batches have not all given their answers."""


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How a run goes on: `wait` is the seconds between two looks at the server, None for one look.

    `submits` says whether what is to be asked is submitted; `lines` how many requests a file has at
    most; `retries` how calls to the Batch API are tried again (None: as `BatchClient` does).
    """

    lines: int = MOST_REQUESTS
    wait: float | None = None
    submits: bool = True
    retry_failed: bool = False
    retries: RetryPolicy | None = None


def submit(folder: Path, recipe: RunRecipe, pace: Pace, options: BatchOptions) -> int:
    """Begin a run in an empty folder, and submit its first requests; the exit code.

    Raises ExtractorError.
    """
    running = _BatchRunning(folder, recipe, pace, options)
    running.refuse_without_documents()
    return running.go(is_new=True, as_json=False)


def collect(folder: Path, pace: Pace, options: BatchOptions, *, as_json: bool) -> int:
    """Take in what has come, and go on; the exit code.

    Raises InputError when the run is not asked by batch files, or is not to be gone on with.
    """
    plan = stored_plan(folder)
    if not is_by_batches(plan):
        raise InputError(
            f"{folder}: this run is not asked by batch files; go on with it with "
            f"`extractor resume {folder}`."
        )
    recipe = RunRecipe.from_json(plan["recipe"])
    running = _BatchRunning(folder, recipe, pace, options, plan)
    return running.go(is_new=False, as_json=as_json, retry_failed=options.retry_failed)


def _chat(model: RunModel) -> ChatModel:
    """The model of a run by batches: `_opened` opens no other."""
    assert isinstance(model, ChatModel)  # noqa: S101 - told by `_opened`
    return model


class _BatchRunning(Running):
    def __init__(
        self,
        folder: Path,
        recipe: RunRecipe,
        pace: Pace,
        options: BatchOptions,
        plan: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(folder, recipe, pace, plan)
        self.width = 1  # nobody is waited for: more threads would only share one core
        self._options = options
        self._is_new = False
        self._left = RequestCounts(0, 0, 0, 0)
        self._open_batches = 0
        self._cpu_seconds = 0.0
        self._is_begun = False
        self._progress: RunProgress | None = None

    @contextmanager
    def _opened(self) -> Iterator[ChatModel]:
        """The model by its name; nothing is asked of it, unless what it takes is not known yet."""
        choice = ModelChoice(self.recipe.model, self.recipe.base_url)
        if choice.is_embedded:
            raise InputError(
                "Batch files go to an endpoint that has the Batch API: name a model with --model."
            )
        able = None
        if self.plan is not None:
            able = read_capabilities(self.plan["batch"]["capabilities"])
        with open_model(choice, able=able) as model:
            if able is None and recall(model.endpoint, model.name) is None:
                # a batch cannot find out in its course which form is taken, as a live run does
                _tell("asking the endpoint once, live, in which form it takes questions")
                model.learn()
            yield model

    def _more_plan(self, model: RunModel) -> dict[str, Any]:
        # what is remembered of the endpoint may change; the requests of this run must not
        return {"batch": {"capabilities": _chat(model).capabilities.to_json()}}

    def _price(self, model: RunModel) -> Price | None:
        price = super()._price(model)
        return None if price is None else in_a_batch(price)

    def _run(
        self, model: RunModel, price: Price | None, *, is_new: bool, retry_failed: bool
    ) -> float:
        self._is_new = is_new
        chat = _chat(model)
        with ExitStack() as stack:
            stack.enter_context(draining(self.stopping, self._tell_signal))
            if retry_failed:
                forget_failed(self.folder)
            store = stack.enter_context(BatchStore(self.folder))
            if retry_failed:
                store.forget_failed()
            client = stack.enter_context(
                BatchClient(chat.endpoint, chat.name, self._options.retries)
            )
            self.stopping.on_stop = client.finish
            exchange = BatchExchange(store, client, _tell)
            try:
                self._rounds(_Parts(chat, price, store, exchange))
            except (ModelError, LedgerError) as error:
                self.stopping.stop(error)
            self._left = store.counts()
            self._open_batches = sum(row.is_open for row in store.batches())
            kind, why = self._end()
            if kind == "waiting":
                _tell(why)
            with LedgerWriter(self.folder) as ledger:
                ledger.put(RunEvent(kind, why))
        return self._cpu_seconds

    def _rounds(self, parts: _Parts) -> None:
        parts.exchange.tidy()
        parts.exchange.adopt()
        self._round(parts, parts.exchange.collect())
        every, told = self._options.wait, 0
        while every is not None and (left := sum(r.is_open for r in parts.store.batches())):
            if left != told:
                _tell(f"waiting; open batches: {left:,}; looked at every {every:g} s")
                told = left
            if self.stopping.wait(every):
                return
            try:
                collected = parts.exchange.collect()
            except UnavailableError as error:  # it may be back at the next look
                _tell(str(error))
                continue
            if collected:
                self._round(parts, collected)

    def _round(self, parts: _Parts, collected: Sequence[Collected]) -> None:
        """Extract with what is there, and submit what is not."""
        with RequestFiles(parts.store, FileLimits(requests=self._options.lines)) as files:
            is_spent = self._extract(parts, files)
            whole = files.whole()
            if self.stopping.is_set:
                return
            files.is_all()
            troubles = [one.trouble for one in collected if one.trouble is not None]
            if troubles:
                raise ModelError(
                    f"{' '.join(troubles)} Nothing was submitted now; mend that, then "
                    f"`extractor batch collect {self.folder}`."
                )
            if not self._options.submits:
                return
            parts.exchange.submit(whole)
        if is_spent:
            left = parts.store.counts().to_submit
            self.stopping.stop(
                BudgetReachedError(
                    f"The budget is reached: {many(left, 'request')} not submitted, which may cost "
                    "more than is left of it."
                )
            )

    def _extract(self, parts: _Parts, files: RequestFiles) -> bool:
        """The round over the documents; whether the budget kept any request back."""
        budget = Budget(self.ceiling, parts.price, parts.store.committed())
        model = parts.model
        asked = Asked(model.name, model.capabilities, model.endpoint)
        answers = CollectedModel(asked, parts.store, files, budget)
        with ExitStack() as stack:
            ledger = stack.enter_context(LedgerWriter(self.folder))
            if not self._is_begun:
                ledger.put(RunEvent("begun" if self._is_new else "resumed", "by batch files"))
                self._is_begun = True
            reader = stack.enter_context(open_ledger(self.folder))
            usage = add_up(reader.calls(), parts.price).usage
            progress = RunProgress(reader.counts(), RunPrice(parts.price, usage), None)
            memory = stack.enter_context(RunMemory(self.folder))
            no_ceiling = Budget(None, None, Usage())  # it is held where requests are submitted
            run = RunParts(answers, answers.document, ledger, memory, no_ceiling, self.stopping)
            plan = RunPlan(self.template, self.policy, self.width, self.pace.most_failures, None)
            self._progress = progress
            with progress:
                run_documents(self.documents(), run, plan, progress.watcher)
                ledger.close()
            self._cpu_seconds += ledger.seconds
        return answers.is_spent

    def _end(self) -> tuple[str, str]:
        kind, why = super()._end()
        if kind != "ended" or not self._is_waiting:
            return kind, why
        left = self._left
        return "waiting", (
            f"requests: {left.answered:,} answered, {left.pending:,} pending (open batches: "
            f"{self._open_batches:,}), {left.to_submit:,} to be submitted"
        )

    @property
    def _is_waiting(self) -> bool:
        return bool(self._open_batches or self._left.to_submit)

    def _exit_code(self, failed: int) -> int:
        code = super()._exit_code(failed)
        if self.stopping.reason is not None or code > 1 or not self._is_waiting:
            return code
        # what was to be done by `submit` is done
        return 0 if self._is_new else WAITING

    def _next(self, what: str, failed: int) -> str:
        if isinstance(self.stopping.reason, BudgetReachedError):
            return f"extractor batch collect {self.folder} --budget MORE"
        if what != "ended":
            return f"extractor batch collect {self.folder}"
        if failed:
            return f"extractor batch collect {self.folder} --retry-failed"
        return super()._next(what, failed)

    def _is_unused(self, ledger: LedgerReader) -> bool:
        return super()._is_unused(ledger) and not holds_batches(self.folder)

    def _more_summary(self) -> dict[str, Any]:
        return {"batch": {"open_batches": self._open_batches, **asdict(self._left)}}

    def _tell_signal(self, note: str) -> None:
        if self._progress is not None:
            self._progress.tell(note)
        else:
            os.write(sys.stderr.fileno(), f"{note}\n".encode())


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the rounds of a run share."""

    model: ChatModel
    price: Price | None
    store: BatchStore
    exchange: BatchExchange


def _tell(line: str) -> None:
    print(printable(line), file=sys.stderr, flush=True)  # noqa: T201
