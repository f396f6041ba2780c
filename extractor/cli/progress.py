"""How far a run has come: a live panel on a terminal, a JSON line every ten seconds elsewhere."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Lock, Thread
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from rich.console import Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from extractor.batch.document_rows import Duplicate, Failure
from extractor.batch.ledger_reader import RunCounts
from extractor.batch.runner import Ended, Watcher
from extractor.claims import CallRecord, Usage
from extractor.claims.records import plain
from extractor.cli.console import cell, err
from extractor.model.prices import Price, cost_of

if TYPE_CHECKING:
    from extractor.model import RateGate

_EVERY = 10.0  # seconds between two lines
_NAMES = ("accepted", "rejected", "dismissed", "unclaimed")


@dataclass(frozen=True, slots=True)
class RunPrice:
    """What the run's calls cost: the price (None: unknown), and the tokens spent before."""

    price: Price | None
    spent: Usage


class CountsDocuments(Protocol):
    """What shows how far a run has come; None until it is known how many documents there are."""

    total: int | None


class RunProgress:
    """Counts what the run tells its `watcher`, and shows it on stderr.

    `before` is what a run that goes on had done already. `total`, the number of documents, may be
    set when it is known. `gate` tells of the calls in flight, where there is one.
    """

    def __init__(self, before: RunCounts, cost: RunPrice, gate: RateGate | None) -> None:
        self.total: int | None = None
        self._cost = cost
        self._gate = gate
        self._lock = Lock()
        self._documents = Counter(
            done=before.done, failed=before.failed, duplicates=before.duplicates
        )
        self._numbers = Counter({name: getattr(before, name) for name in _NAMES})
        self._usage = cost.spent
        self._before = sum(self._documents.values())
        self._under_way = 0
        self._limited = 0
        self._note = ""
        self._began = monotonic()
        self._console = err()
        self._is_live = self._console.is_terminal
        self._live = Live(
            get_renderable=self._panel,
            console=self._console,
            refresh_per_second=4,
            transient=True,
            auto_refresh=self._is_live,
        )
        self._closing = Event()
        self._ticker = Thread(target=self._tick, name="progress", daemon=True)
        self.watcher = Watcher(self._begins, self._called, self._ends)

    def __enter__(self) -> Self:
        if self._is_live:
            self._live.start()
        else:
            self._ticker.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        if self._is_live:
            self._live.stop()
        else:
            self._ticker.join()

    def tell(self, note: str) -> None:
        """A message that stands from now on; it may come from a signal handler, so no lock."""
        self._note = note
        if not self._is_live:
            with suppress(OSError):  # past the stream's buffer: a handler may have broken into it
                os.write(sys.stderr.fileno(), f"{note}\n".encode())

    def record(self) -> dict[str, Any]:
        """The state as plain JSON values; None is what is not known."""
        with self._lock:
            seconds = monotonic() - self._began
            ended = sum(self._documents.values())
            rate = (ended - self._before) / seconds if seconds > 0 else 0.0
            left = None if self.total is None else max(0, self.total - ended)
            cost = cost_of(self._usage, self._cost.price)
            projected = cost * self.total / ended if cost and self.total and ended else None
            state = self._gate.state() if self._gate else None
            return {
                "documents": ended,
                "total": self.total,
                **self._documents,
                **self._numbers,
                "seconds": round(seconds, 1),
                "documents_per_second": round(rate, 2),
                "eta_seconds": round(left / rate) if left is not None and rate > 0 else None,
                "under_way": self._under_way,
                "calls_in_flight": state.in_flight if state else None,
                "ceiling": state.ceiling if state else None,
                "limited_429": self._limited,
                "tokens_in": self._usage.prompt_tokens,
                "tokens_out": self._usage.completion_tokens,
                "cost": plain(cost),
                "cost_projected": plain(projected.quantize(cost)) if projected and cost else None,
            }

    def _begins(self, _: str) -> None:
        with self._lock:
            self._under_way += 1

    def _called(self, call: CallRecord) -> None:
        with self._lock:
            self._usage += call.usage
            self._limited += sum(attempt.outcome == "http 429" for attempt in call.attempts)

    def _ends(self, ended: Ended) -> None:
        with self._lock:
            self._under_way -= 1
            if isinstance(ended, Failure):
                self._documents["failed"] += 1
            elif isinstance(ended, Duplicate):
                self._documents["duplicates"] += 1
            else:
                self._documents["done"] += 1
                for name in _NAMES:
                    self._numbers[name] += len(getattr(ended, name))
        if isinstance(ended, Failure):
            with suppress(OSError):  # nobody reads it any more; that is no matter of the ledger's
                self._console.print(cell(f"failed: {ended.message}"))

    def _tick(self) -> None:
        while not self._closing.wait(_EVERY):
            self._line()

    def _line(self) -> None:
        print(json.dumps(self.record()), file=sys.stderr, flush=True)  # noqa: T201

    def _panel(self) -> RenderableType:
        told = self.record()
        total = told["total"]
        of = "" if total is None else f"/{total:,}"
        eta = told["eta_seconds"]
        spent = "cost unknown" if told["cost"] is None else f"cost {told['cost']}"
        projected = told["cost_projected"]
        flight = told["calls_in_flight"]
        lines = [
            f"{told['documents']:,}{of} documents, {told['documents_per_second']}/s"
            + ("" if eta is None else f", {_duration(eta)} to go"),
            ", ".join(f"{told[name]:,} {name}" for name in (*_NAMES, "failed")),
            f"{told['under_way']} under way"
            + ("" if flight is None else f", {flight} of {told['ceiling']} calls in flight")
            + f", {told['limited_429']} x 429",
            f"{told['tokens_in']:,} tokens in, {told['tokens_out']:,} out, {spent}"
            + (f", about {projected} in all" if projected else ""),
        ]
        if self._note:
            lines.append(self._note)
        table = Table.grid()
        table.add_row(ProgressBar(total=total, completed=told["documents"], width=48))
        return Group(table, *(cell(line) for line in lines))


def _duration(seconds: int) -> str:
    """Seconds for a person.

    >>> [_duration(n) for n in (42, 192, 7_800)]
    ['42 s', '3 min', '2 h 10 min']
    """
    minutes = seconds // 60
    if minutes < 1:
        return f"{seconds} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
