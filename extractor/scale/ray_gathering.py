"""The rows of a run in Ray, gathered into a ledger: from then on it is a run as any other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from extractor.batch.document_rows import (
    Duplicate,
    Failure,
    document_row,
    not_to_be_asked,
    without_result,
)
from extractor.batch.exports import Row
from extractor.batch.input_document import InputDocument
from extractor.batch.ledger_reader import deflated
from extractor.batch.ledger_writer import DocumentEnded, LedgerWriter
from extractor.batch.run_memory import RunMemory, Task
from extractor.claims.records import Record
from extractor.errors import InputError
from extractor.scale.dataset_rows import calls_of, result_of
from extractor.scale.ray_storage import RayStorage
from extractor.text import Document


def gather(storage: RayStorage, ledger: LedgerWriter, memory: RunMemory) -> None:
    """Put every row that the ledger does not hold into it, in the order of their keys.

    A document with the text or the id of an earlier one ends as it does in a run without Ray, but
    its calls were made. May be broken off, and begun again. Raises LedgerError when the ledger
    cannot be written, InputError when it holds other documents.
    """
    for number, row in _numbered(storage):
        source = InputDocument(
            row["document"],
            row["source"],
            None if row["path"] is None else Path(row["path"]),
            partial(_document, row),
        )
        task = memory.begins(number, source)
        if task is not None:
            ledger.put(_ended(task, row, memory))


def _numbered(storage: RayStorage) -> Iterator[tuple[int, Row]]:
    """Every document's row, with its place among all from 1; files in the order of their first.

    A process that outlives its run may write a row once more, of which one is told.
    """
    files, keys = [], []
    for path, of_file in storage.places():
        if of_file:
            files.append(path)
            keys.append(np.array(of_file, dtype="S"))
    if not files:
        return
    every, ranks = np.unique(np.concatenate(keys), return_inverse=True)
    numbers = np.split(ranks, np.cumsum([len(one) for one in keys])[:-1])
    told = np.zeros(len(every), dtype=bool)
    for place in sorted(range(len(files)), key=lambda place: int(numbers[place].min())):
        for rank, row in zip(numbers[place], storage.rows(files[place]), strict=True):
            if not told[rank]:
                told[rank] = True
                yield int(rank) + 1, row


def _document(row: Row) -> Document:
    """The document of a row. Raises InputError where there was none."""
    if row["text"] is None:
        raise InputError(row["error"])
    text = row["text"].decode("utf-8", "surrogatepass")
    return Document(
        text=text,
        id=row["document"],
        source=row["source"],
        published=row["published"],
        title=row["title"],
    )


def _ended(task: Task, row: Row, memory: RunMemory) -> DocumentEnded:
    """What the ledger is told of a row."""
    document = None if row["text"] is None else _document(row)
    calls = _calls(task, row, memory)
    instead: Failure | Duplicate | None = None
    # the text of one that has failed takes no other's place
    if document is not None and (row["state"] == "done" or task.rival is not None):
        instead = not_to_be_asked(task, document, memory)
    if instead is None and row["state"] == "failed":
        instead = Failure(task.name, row["error"], row["reason"])
    acknowledge = partial(
        memory.ended, task, document.sha256 if document else None, is_done=instead is None
    )
    columns = document_row(task, document) | {"stamp": row["stamp"]}
    if instead is not None:
        return DocumentEnded(columns | without_result(instead), None, acknowledge, calls)
    assert document is not None  # noqa: S101 - what has no text has failed
    result = result_of(row)
    outcomes = [outcome for _, outcome, _ in result.numbers]
    columns |= {
        "state": "done",
        "text": deflated(document.text),
        "accepted": len(row["accepted"]),
        "by_text": row["by_text"],
        "rejected": len(row["rejected"]),
        "dismissed": outcomes.count("dismissed"),
        "unclaimed": outcomes.count("unclaimed"),
        "seconds": row["seconds"],
    }
    return DocumentEnded(columns, result, acknowledge, calls)


def _calls(task: Task, row: Row, memory: RunMemory) -> list[Record]:
    """The calls of a document that the ledger does not hold, behind those that it does.

    It holds some where the document had failed: those of the attempts before, and these again
    where it was not asked since (another has its id).
    """
    before = memory.known_calls(task.name)
    new = [call for call in calls_of(row) if (call["fingerprint"], call["attempts"]) not in before]
    return [{**call, "document": task.name, "n": len(before) + n} for n, call in enumerate(new)]
