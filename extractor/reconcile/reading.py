"""Accepted claims out of the ledgers of runs, document by document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from extractor.batch.ledger_reader import LedgerReader, open_ledger
from extractor.quantities.types import Kind
from extractor.reconcile.aliases import Aliases
from extractor.reconcile.grouping import grouped
from extractor.reconcile.groups import FigureGroup
from extractor.reconcile.statements import Reading, Statement


def reconcile_runs(runs: Sequence[Path], aliases: Aliases | None = None) -> list[FigureGroup]:
    """The accepted claims of these runs, those of the same thing side by side.

    A document that stands in two runs, with the same name and text, counts once, as in the first.
    Raises InputError when a folder holds no run.

    >>> reconcile_runs([])
    []
    """
    return grouped(_statements(runs, aliases or Aliases.load()))


def _statements(runs: Sequence[Path], aliases: Aliases) -> Iterator[Statement]:
    reading = Reading(aliases)
    seen: set[tuple[str, str | None]] = set()
    for place, run in enumerate(runs):
        with ExitStack() as stack:
            ledger = stack.enter_context(open_ledger(run))
            for row in ledger.documents("done"):
                if (row.id, row.sha256) not in seen:
                    seen.add((row.id, row.sha256))
                    yield from _of_document(reading, ledger, place, row.id)


def _of_document(
    reading: Reading, ledger: LedgerReader, run: int, document: str
) -> Iterator[Statement]:
    claims = [
        json.loads(line)
        for (line,) in ledger.connection.execute(
            "SELECT claim FROM verdicts WHERE document = ? AND accepted ORDER BY n", (document,)
        )
    ]
    if not claims:
        return
    kinds: dict[tuple[int, int], Kind] = {}
    for (line,) in ledger.connection.execute(
        "SELECT row FROM numbers WHERE document = ?", (document,)
    ):
        number = json.loads(line)
        kinds[number["span"][0], number["span"][1]] = Kind(number["kind"])
    yield from reading.statements(run, ledger.document(document), claims, kinds)
