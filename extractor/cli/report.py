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
from extractor.batch.spending import Spending
from extractor.claims import Claim, ExtractionResult
from extractor.claims.records import plain
from extractor.cli.console import cell, err, out, printable


class RunProgress:
    """A live line a run on a terminal; one line a document elsewhere.

    The calls of a document have a line too, as long as one document is under way at a time.
    """

    def __init__(self, documents: int, concurrency: int = 1) -> None:
        self._total = documents
        self._is_alone = concurrency == 1
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
        if self._is_alone:
            self._progress.reset(
                self._calls, description="calls", visible=True, note=printable(document)
            )

    def _called(self, done: int, planned: int) -> None:
        if self._is_alone:
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


def print_summary(outcome: RunOutcome, spent: Spending, model: str, seconds: float) -> None:
    """Where every number ended, and what it cost."""
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    table.add_column("document", overflow="fold")
    for name in ("accepted", "rejected", "dismissed", "unclaimed", "calls", "tokens in", "out"):
        table.add_column(name, justify="right")
    for result in outcome.results:
        usage = result.usage
        counts = (len(numbers) for numbers in _numbers_of(result))
        spending = (result.calls, usage.prompt_tokens, usage.completion_tokens)
        table.add_row(cell(result.document_id), *(cell(f"{n:,}") for n in (*counts, *spending)))
    for failure in outcome.failures:
        table.add_row(cell(failure.document), cell("failed", "red"))
    console = err()
    console.print(table)
    console.print(cell(f"total: {told(spent, model)}; {seconds:.1f} s"))
    claims = [claim for result in outcome.results for claim in result.accepted]
    by_text = sum(claim.is_by_text for claim in claims)
    if by_text:
        console.print(cell(f"of {len(claims)} claims the text alone decided {by_text}, unasked"))
    if outcome.interrupted:
        console.print(cell("stopped: what was done until then is kept"))


def print_place(folder: Path) -> None:
    """Where the run is written."""
    print(f"written to {printable(folder)}", file=sys.stderr)  # noqa: T201 - a path is not wrapped


def told(spent: Spending, model: str) -> str:
    """What a run cost, in one line.

    >>> from extractor.batch.spending import add_up
    >>> from extractor.claims import Attempt, CallRecord, Usage
    >>> call = CallRecord(0, 9, 0, (Attempt("timeout"), Attempt("ok", 1.0, Usage(1200, 80))))
    >>> print(told(add_up([call], None), "some-model"))
    1 call, 2 attempts (1 timeout), tokens at least 1,200 in (0 cached) and 80 out,
    cost unknown: no price for some-model; give one with --prices
    """
    attempts = _many(spent.attempts, "attempt")
    if spent.failed:
        failed = ", ".join(f"{count} {outcome}" for outcome, count in sorted(spent.failed.items()))
        attempts += f" ({failed})"
    usage = spent.usage
    least = "" if spent.is_complete else "at least "
    tokens = (
        f"tokens {least}{usage.prompt_tokens:,} in ({usage.cached_tokens:,} cached) "
        f"and {usage.completion_tokens:,} out"
    )
    return f"{_many(spent.calls, 'call')}, {attempts}, {tokens}, {_cost(spent, model)}"


def _cost(spent: Spending, model: str) -> str:
    cost, price = spent.cost, spent.price
    if cost is None or price is None:
        return f"cost unknown: no price for {model}; give one with --prices"
    if price.is_nothing:
        return f"cost 0 ({price.source})"
    least = "" if spent.is_complete else "at least "
    dated = f"price of {price.as_of}" if price.as_of else f"price from {price.source}"
    return f"cost {least}{plain(cost)} {price.currency} ({dated})"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _row(claim: Claim) -> list[Text]:
    told = claim.modality + "".join(f" !{finding.code}" for finding in claim.warnings)
    shown = (claim.quantity.text, claim.counted, claim.event, claim.claimant, told)
    return [cell(value) for value in shown]


def _numbers(result: ExtractionResult) -> str:
    names = ("accepted", "rejected", "dismissed", "unclaimed")
    counted = zip(_numbers_of(result), names, strict=True)
    return ", ".join(f"{len(numbers)} {name}" for numbers, name in counted)


def _numbers_of(result: ExtractionResult) -> tuple[Sequence[object], ...]:
    return result.accepted, result.rejected, result.dismissed, result.unclaimed
