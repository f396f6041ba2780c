"""Runs over a ledger without the command line: what came of them, read back from the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractor.batch.budget import Budget, Ceiling
from extractor.batch.input_document import InputDocument, InputOptions
from extractor.batch.input_stream import stream_documents
from extractor.batch.ledger_reader import DocumentRow, RunCounts, open_ledger
from extractor.batch.ledger_writer import LedgerWriter, save_plan
from extractor.batch.run_memory import RunMemory
from extractor.batch.runner import Ended, RunParts, RunPlan, Watcher, run_documents
from extractor.batch.stopping import Stopping
from extractor.claims import CallRecord, Usage
from extractor.model import Model


@dataclass(frozen=True)
class Outcome:
    """What the ledger holds after a run, and what ended it."""

    documents: list[DocumentRow]
    claims: dict[str, list[dict[str, Any]]]
    numbers: dict[str, list[dict[str, Any]]]
    calls: list[tuple[str, CallRecord]]
    counts: RunCounts
    stopped_by: BaseException | None
    ended: list[Ended] = field(default_factory=list)

    def named(self, state: str) -> list[str]:
        """The documents in this state, in the order of the input."""
        return [row.id for row in self.documents if row.state == state]

    @property
    def errors(self) -> list[str]:
        """Why documents failed."""
        return [row.error or "" for row in self.documents if row.state == "failed"]


def run_over(
    run: Path,
    documents: Path | Iterable[InputDocument],
    model: Model,
    plan: RunPlan | None = None,
    *,
    tape: Callable[[str], AbstractContextManager[object]] = lambda _: nullcontext(),
    ceiling: Ceiling | None = None,
    stopping: Stopping | None = None,
) -> Outcome:
    """A run, begun or gone on with, in the folder `run`."""
    if not (run / "ledger.sqlite").exists():
        run.mkdir(exist_ok=True)
        save_plan(run, {})
    stopping = stopping or Stopping()
    ended: list[Ended] = []
    if isinstance(documents, Path):
        documents = stream_documents([str(documents)], InputOptions())
    with LedgerWriter(run) as ledger, RunMemory(run) as memory:
        parts = RunParts(model, tape, ledger, memory, Budget(ceiling, None, Usage()), stopping)
        run_documents(documents, parts, plan or RunPlan(), Watcher(ends=ended.append))
    return outcome_of(run, stopping.reason, ended)


def outcome_of(
    run: Path, stopped_by: BaseException | None = None, ended: Sequence[Ended] = ()
) -> Outcome:
    """What the ledger of a run holds."""
    with open_ledger(run) as ledger:
        calls = ledger.connection.execute("SELECT document FROM calls").fetchall()
        numbers: dict[str, list[dict[str, Any]]] = {}
        query = "SELECT document, row FROM numbers ORDER BY document, n"
        for document, row in ledger.connection.execute(query):
            numbers.setdefault(document, []).append(json.loads(row))
        return Outcome(
            documents=list(ledger.documents()),
            claims={name: [json.loads(line) for line in lines] for name, lines in ledger.claims()},
            numbers=numbers,
            calls=[(name, call) for (name,), call in zip(calls, ledger.calls(), strict=True)],
            counts=ledger.counts(),
            stopped_by=stopped_by,
            ended=list(ended),
        )
