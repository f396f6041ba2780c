"""A run in Ray: the body of `run --engine ray`, and of `resume` for such a run.

Documents are asked about in many processes, which write Parquet files; when all are done, the rows
are gathered into the run's ledger.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from secrets import token_hex
from threading import Thread
from types import FrameType
from typing import Any

from extractor.batch import ledger_reader
from extractor.batch.ledger_reader import LedgerReader, stored_plan
from extractor.batch.ledger_writer import LedgerWriter, RunEvent, forget_failed
from extractor.batch.run_memory import RunMemory
from extractor.batch.run_recipe import RunRecipe
from extractor.batch.stopping import Stopping
from extractor.cli.console import printable
from extractor.cli.ray_progress import RayProgress
from extractor.cli.running import Pace, RunModel, Running
from extractor.errors import ExtractorError, InputError
from extractor.model import ModelChoice, RateCeilings
from extractor.model.prices import Price
from extractor.scale.ray_documents import DocumentChoice
from extractor.scale.ray_gathering import gather
from extractor.scale.ray_job import RayJob, cluster, inputs_sha256, run_job
from extractor.scale.ray_plan import RayPlan, actors_for
from extractor.scale.ray_storage import storage_of
from extractor.scale.row_extractor import Asked


@dataclass(frozen=True, slots=True)
class RayOptions:
    """Where Ray runs (None: here, started for the run) and where rows go (None: the run folder)."""

    address: str | None = None
    storage: str | None = None


def begin(
    folder: Path, recipe: RunRecipe, pace: Pace, options: RayOptions, *, as_json: bool
) -> int:
    """A new run in an empty folder; the exit code.

    Raises ExtractorError, InputError for an option that a run in Ray has not.
    """
    running = _RayRunning(folder, recipe, pace, options)
    running.refuse_without_documents()
    return running.go(is_new=True, as_json=as_json)


def is_unused(folder: Path) -> bool:
    """Whether a run's folder holds nothing yet, and no row was written for it elsewhere."""
    if not ledger_reader.is_unused(folder):
        return False
    try:
        plan = stored_plan(folder)
        return not storage_of(folder, plan["ray"]["storage"]).has_rows
    except InputError:
        return True  # it was never begun
    except ExtractorError:
        return False  # nobody can say


def go_on(
    folder: Path, pace: Pace, address: str | None, *, retry_failed: bool, as_json: bool
) -> int:
    """Go on with a run, in another Ray where an address is given; the exit code.

    Raises InputError when it is not to be gone on with.
    """
    plan = stored_plan(folder)
    kept: Mapping[str, Any] = plan["ray"]
    options = RayOptions(address or kept["address"], kept["storage"])
    running = _RayRunning(folder, RunRecipe.from_json(plan["recipe"]), pace, options, plan)
    return running.go(is_new=False, as_json=as_json, retry_failed=retry_failed)


class _RayRunning(Running):
    def __init__(
        self,
        folder: Path,
        recipe: RunRecipe,
        pace: Pace,
        options: RayOptions,
        plan: dict[str, Any] | None = None,
    ) -> None:
        for name, given in (
            ("--record", recipe.record),
            ("--replay", recipe.replay),
            ("--limit", recipe.limit),
            ("--budget", pace.budget),
        ):
            if given is not None:
                raise InputError(f"{name} does not go with --engine ray: leave one of them out.")
        super().__init__(folder, recipe, pace, plan)
        self._options = options
        self._storage = storage_of(folder, options.storage)
        self._choice = DocumentChoice(recipe.cwd, recipe.inputs, self.options, recipe.sample)
        self._actors = 0
        self._inputs = ""

    def refuse_without_documents(self) -> None:
        """Look for them all: a wrong name is told before a model is opened."""
        self._inputs = inputs_sha256(self._choice)

    def _more_plan(self, _: RunModel) -> dict[str, Any]:
        name = token_hex(16)
        self._storage.claim(name)
        return {"ray": {"name": name, "inputs_sha256": self._inputs, **asdict(self._options)}}

    def _run(
        self, model: RunModel, price: Price | None, *, is_new: bool, retry_failed: bool
    ) -> float:
        del price
        model.close()  # it is asked elsewhere; here it was wanted to know what it is
        self.stopping.on_stop = lambda: None
        if not is_new:
            self._refuse_what_has_changed()
        with LedgerWriter(self.folder) as ledger:
            ledger.put(RunEvent("begun" if is_new else "resumed", "in Ray"))
        if retry_failed:
            self._storage.tidy()
            forget_failed(self.folder)  # before the rows: those that stay are gathered again
            self._storage.forget_failed()
        try:
            with _broken_off_by_signals(self.stopping) as listen:
                self._extract(listen)
        except _BrokenOffError:
            pass
        except ExtractorError as error:
            self.stopping.stop(error)
        return self._gather()

    def _refuse_what_has_changed(self) -> None:
        assert self.plan is not None  # noqa: S101 - read by the caller
        self._storage.refuse_other(self.plan["ray"]["name"])
        if inputs_sha256(self._choice) != self.plan["ray"]["inputs_sha256"]:
            raise InputError(
                "The input has changed since the run began: files have come or gone, or were "
                "written again; restore it, or begin a new run."
            )

    def _extract(self, listen: Callable[[], None]) -> None:
        """Have every document asked about that has no row."""
        with (
            RayProgress(self._storage) as progress,
            cluster(self._options.address) as cpus,
        ):
            listen()  # again: Ray puts a handler of its own
            Thread(target=self._count, args=(progress,), daemon=True).start()
            most = RateCeilings(self.width, self.pace.rpm, self.pace.tpm)
            self._actors = actors_for(most, cpus)
            plan = RayPlan(
                actors=self._actors, concurrency=self.width, rpm=self.pace.rpm, tpm=self.pace.tpm
            )
            asked = Asked(
                ModelChoice(self.recipe.model, self.recipe.base_url),
                self.template,
                replace(self.policy, schema=None),
                self.recipe.schema,
                self.recipe.cwd,
            )
            run_job(RayJob(self._choice, asked, plan, self._storage))

    def _gather(self) -> float:
        """Take the rows into the ledger, once all are there; the CPU seconds that it took."""
        with LedgerWriter(self.folder) as ledger, RunMemory(self.folder) as memory:
            if not self.stopping.is_set:
                _tell("gathering the documents into the ledger")
                gather(self._storage, ledger, memory)
            elif self._storage.has_rows:
                _tell(
                    f"{self._storage.count({}):,} documents are written to {self._storage.uri}; "
                    "they are counted and shown once all are there"
                )
            ledger.put(RunEvent(*self._end()))
            ledger.close()
            return ledger.seconds

    def _is_unused(self, ledger: LedgerReader) -> bool:
        return super()._is_unused(ledger) and not self._storage.has_rows

    def _more_summary(self) -> dict[str, Any]:
        where = {"storage": self._storage.uri, "actors": self._actors}
        return {"ray": where | {"gathered": not self.stopping.is_set}}


class _BrokenOffError(BaseException):
    """A signal has come; what is under way is done again when the run is gone on with."""


@contextmanager
def _broken_off_by_signals(stopping: Stopping) -> Iterator[Callable[[], None]]:
    """Within it, the first signal breaks off what is under way, and the second ends the process.

    What it gives makes it so anew, where somebody else has put handlers of their own.
    """

    def heard(number: int, _: FrameType | None) -> None:
        if stopping.signal is not None:
            os._exit(128 + number)
        stopping.signal = number
        stopping.stop()
        raise _BrokenOffError

    def listen() -> None:
        for one in before:
            signal.signal(one, heard)

    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    listen()
    try:
        yield listen
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _tell(line: str) -> None:
    print(printable(line), file=sys.stderr, flush=True)  # noqa: T201
