"""What a run shows while it goes (stderr) and when it is done (stdout)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from extractor.batch.runner import Failure, RunOutcome, Watcher
from extractor.claims import Claim, ExtractionResult
from extractor.cli.console import cell, err, out, printable


class RunProgress:
    """A live line a run on a terminal; one line a document elsewhere."""

    def __init__(self, documents: int) -> None:
        self._total = documents
        self._done = 0
        self._console = err()
        self._live = self._console.is_terminal
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}", markup=False),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._live,
        )
        self._overall = self._progress.add_task("documents", total=documents, note="")
        self._calls = self._progress.add_task("calls", total=None, note="", visible=False)
        self.watcher = Watcher(self._begins, self._called, self._ends)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def _begins(self, document: str) -> None:
        self._progress.reset(
            self._calls, description="calls", visible=True, note=printable(document)
        )

    def _called(self, done: int, planned: int) -> None:
        self._progress.update(self._calls, completed=done, total=planned)

    def _ends(self, ended: ExtractionResult | Failure) -> None:
        self._done += 1
        self._progress.update(self._overall, completed=self._done)
        if isinstance(ended, Failure):
            self._line(f"failed: {ended.message}")
        elif not self._live:
            self._line(f"{ended.document_id}: {_numbers(ended)}")

    def _line(self, text: str) -> None:
        self._console.print(cell(f"[{self._done}/{self._total}] {text}"))


def print_claims(results: Sequence[ExtractionResult]) -> None:
    """The accepted claims, a table a document."""
    console = out()
    for result in results:
        if not result.accepted:
            continue
        console.print(cell(result.document_id, "bold cyan"))
        table = Table(box=None, pad_edge=False, header_style="dim", expand=True)
        for name, share in (("number", 3), ("counted", 4), ("event", 3), ("claimant", 5)):
            table.add_column(name, ratio=share, overflow="fold")
        table.add_column("told as", ratio=3, overflow="fold")
        for claim in result.accepted:
            table.add_row(*_row(claim))
        console.print(table)
        console.print()


def print_summary(outcome: RunOutcome, folder: Path, seconds: float) -> None:
    """Where every number ended, what it cost, and where it is written."""
    table = Table(
        "document", "accepted", "rejected", "dismissed", "unclaimed", box=None, pad_edge=False
    )
    for result in outcome.results:
        counts = (result.accepted, result.rejected, result.dismissed, result.unclaimed)
        table.add_row(cell(result.document_id), *(cell(len(count)) for count in counts))
    for failure in outcome.failures:
        table.add_row(cell(failure.document), cell("failed", "red"))
    console = err()
    console.print(table)
    calls = sum(result.calls for result in outcome.results)
    tokens = sum(result.usage.completion_tokens for result in outcome.results)
    console.print(cell(f"{calls} calls, {tokens} tokens generated, {seconds:.1f} s"))
    if outcome.interrupted:
        console.print(cell("stopped: what was done until then is kept"))
    print(f"written to {printable(folder)}", file=sys.stderr)  # noqa: T201 - a path is not wrapped


def _row(claim: Claim) -> list[Text]:
    told = claim.modality + "".join(f" !{finding.code}" for finding in claim.warnings)
    shown = (claim.quantity.text, claim.counted, claim.event, claim.claimant, told)
    return [cell(value) for value in shown]


def _numbers(result: ExtractionResult) -> str:
    return (
        f"{len(result.accepted)} accepted, {len(result.rejected)} rejected, "
        f"{len(result.dismissed)} dismissed, {len(result.unclaimed)} unclaimed"
    )
