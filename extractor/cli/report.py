"""What a run shows when it is done: claims on stdout, the summary on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from extractor.batch.ledger_reader import LedgerReader, RunCounts
from extractor.batch.spending import Spending
from extractor.claims.records import plain
from extractor.cli.console import cell, err, out, printable

_NAMES = ("accepted", "rejected", "dismissed", "unclaimed")
_SHOWN = 20  # documents; of more, the files tell


def print_json(ledger: LedgerReader) -> None:
    """The accepted claims, one JSON object a line."""
    for _, claims in ledger.claims():
        for line in claims:
            print(line)  # noqa: T201 - records


def print_claims(ledger: LedgerReader) -> None:
    """The accepted claims, a table a document, of the first documents that have any."""
    console = out()
    for document, claims in islice(ledger.claims(), _SHOWN):
        console.print(cell(document, "bold cyan"))
        table = Table(box=None, pad_edge=False, header_style="dim", expand=True)
        found = [json.loads(line) for line in claims]
        own = list(dict.fromkeys(name for claim in found for name in claim.get("fields", ())))
        told = [("number", 3), ("counted", 4), ("event", 3), ("claimant", 5)]
        if own:  # of a user's schema, and beside its own those fields alone that are said
            told = [one for one in told if any(claim[one[0]] is not None for claim in found)]
        for name, share in (*told, *((name, 4) for name in own)):
            table.add_column(cell(name), ratio=share, overflow="fold")
        table.add_column("told as", ratio=3, overflow="fold")
        for claim in found:
            table.add_row(*_row(claim, [name for name, _ in told], own))
        console.print(table)
        console.print()


def print_summary(
    ledger: LedgerReader, counts: RunCounts, spent: Spending, model: str, seconds: float
) -> None:
    """Where every number ended, and what it cost."""
    console = err()
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    table.add_column("document", overflow="fold")
    for name in ("accepted", "rejected", "dismissed", "unclaimed", "calls", "tokens in", "out"):
        table.add_column(name, justify="right")
    for name, state, *numbers in ledger.table(_SHOWN):
        if state == "done":
            table.add_row(cell(name), *(cell(f"{n:,}") for n in numbers))
        else:
            table.add_row(cell(name), cell(state, "red" if state == "failed" else ""))
    console.print(table)
    documents = counts.done + counts.failed + counts.duplicates
    if documents > _SHOWN:
        console.print(cell(f"and {documents - _SHOWN:,} documents more: documents.jsonl"))
    ended = ", ".join(f"{getattr(counts, name):,} {name}" for name in _NAMES)
    ends = f"{counts.done:,} done, {counts.failed:,} failed, {counts.duplicates:,} duplicates"
    console.print(cell(f"documents: {ends}"))
    console.print(cell(f"numbers: {ended}"))
    console.print(cell(f"total: {told(spent, model)}; {seconds:.1f} s"))
    if counts.by_text:
        console.print(
            cell(f"of {counts.accepted} claims the text alone decided {counts.by_text}, unasked")
        )


def print_place(folder: Path, following: str) -> None:
    """Where the run is written, and the command that is likely to be typed next."""
    # a path is not wrapped
    print(f"written to {printable(folder)}", file=sys.stderr)  # noqa: T201
    print(f"next: {printable(following)}", file=sys.stderr)  # noqa: T201


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
    halved = ", half of it for batch files" if price.is_halved else ""
    return f"cost {least}{plain(cost)} {price.currency} ({dated}{halved})"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _row(claim: dict[str, Any], names: Sequence[str], own: Sequence[str]) -> list[Text]:
    told = claim["modality"] + "".join(f" !{finding['code']}" for finding in claim["warnings"])
    fields = claim.get("fields", {})  # numbers as the text writes them
    values = {one: fields[one].get("text") or fields[one]["value"] for one in fields}
    shown = (*(claim[name] for name in names), *(values.get(name) for name in own), told)
    return [cell(value) for value in shown]
