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


def gather(storage: RayStorage, ledger: LedgerWriter, memory: RunMemory) -> int:
    """Put every row that the ledger does not hold into it, in the order of their keys.

    A document with the text or the id of an earlier one ends as it does in a run without Ray, but
    its calls were made. May be broken off, and begun again. Gives the number of rows that were left
    out since another has their key. Raises LedgerError when the ledger cannot be written,
    InputError when it holds other documents.
    """
    left_out = 0
    for number, row in _numbered(storage):
        if row is None:
            left_out += 1
            continue
        source = InputDocument(
            row["document"],
            row["source"],
            None if row["path"] is None else Path(row["path"]),
            partial(_document, row),
        )
        task = memory.begins(number, source)
        if task is not None:
            ledger.put(_ended(task, row, memory))
    return left_out


def _numbered(storage: RayStorage) -> Iterator[tuple[int, Row | None]]:
    """Every row, with its place among all from 1; files in the order of their first rows.

    A further row of the same key is None.
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
            yield int(rank) + 1, None if told[rank] else row
            told[rank] = True


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
    if document is not None:
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
    """The calls of a document, behind those that the ledger holds of an attempt that failed."""
    before = memory.stored_calls(task.name).rows
    return [
        {**call, "document": task.name, "n": before + n} for n, call in enumerate(calls_of(row))
    ]
