"""What `extractor batch status` says: the server's word on each batch, and where requests are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from extractor.batch.ledger_reader import LedgerReader, open_ledger
from extractor.batch.run_lock import is_locked
from extractor.cli.console import printable
from extractor.cli.resume import is_by_batches
from extractor.errors import InputError
from extractor.model.batch_files import BatchClient
from extractor.model.endpoints import resolve_endpoint
from extractor.scale.batch_exchange import many
from extractor.scale.batch_tables import BatchRow, batch_rows, has_tables, request_counts

Record = dict[str, Any]


def batch_status(run: Path) -> Record:
    """The state of a run by batch files, as plain JSON values; open batches are asked about.

    Raises InputError where the run is none, and ModelError where the server does not answer.
    """
    with open_ledger(run) as ledger:
        plan = ledger.plan
        if not is_by_batches(plan):
            raise InputError(
                f"{run}: this run is not asked by batch files; look at it with "
                f"`extractor status {run}`."
            )
        record = ledger.status() | {"under_way": is_locked(run)}
        rows, counts = _stored(ledger)
    endpoint = resolve_endpoint(plan["recipe"]["base_url"], os.environ)
    with BatchClient(endpoint, plan["recipe"]["model"]) as client:
        batches = [_batch(row, client) for row in rows]
    return record | {"requests": counts, "batches": batches}


def told(run: Path, record: Record) -> Iterator[str]:
    """The state for a person, line by line."""
    for batch in record["batches"]:
        name = batch["id"] or "not submitted yet"
        line = f"{name}: {many(batch['requests'], 'request')}, {batch['status']}"
        if batch["total"]:
            line += f", {batch['completed']:,} completed and {batch['failed']:,} failed there"
        if batch["why"]:
            line += f" ({batch['why']})"
        yield printable(f"{line}, {'collected' if batch['collected'] else 'open'}")
    requests = record["requests"]
    yield (
        f"requests: {requests['answered']:,} answered, {requests['pending']:,} pending, "
        f"{requests['to_submit']:,} to be submitted, {requests['failed']:,} failed"
    )
    yield (
        f"documents: {record['done']:,} done, {record['failed']:,} failed, "
        f"{record['duplicates']:,} duplicates"
    )
    if record["under_way"]:
        yield "a command is working on this run now"
    elif requests["to_submit"] or any(not batch["collected"] for batch in record["batches"]):
        yield f"go on with it: extractor batch collect {printable(run)}"


def _stored(ledger: LedgerReader) -> tuple[list[BatchRow], Record]:
    if not has_tables(ledger.connection):
        return [], dict.fromkeys(("answered", "pending", "to_submit", "failed"), 0)
    return batch_rows(ledger.connection), asdict(request_counts(ledger.connection))


def _batch(row: BatchRow, client: BatchClient) -> Record:
    """A batch with the server's word of now; that of one that was collected does not change."""
    told: Record = {"total": 0, "completed": 0, "failed": 0}
    status, why = row.status or "not submitted yet", row.why or ""
    if row.id is not None and row.is_open:
        state = client.retrieve(row.id)
        status, why = state.status, state.why
        told = {"total": state.total, "completed": state.completed, "failed": state.failed}
    return {
        "key": row.key,
        "id": row.id,
        "status": status,
        "why": why,
        "requests": row.requests,
        **told,
        "submitted": row.sent,
        "collected": row.collected,
    }
