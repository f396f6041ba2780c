"""The ledger's row of a document that has ended, and what ends one before it is asked about."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.batch.input_stream import stamp_if_there
from extractor.batch.ledger_rows import storable
from extractor.batch.ledger_writer import now
from extractor.batch.run_memory import Rival, RunMemory, Task
from extractor.text import Document


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that gave no result, and why: a sentence, and a short code."""

    document: str
    message: str
    reason: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A document with the text, or the id, of another of the run, which is asked in its place."""

    document: str
    same_as: str


def not_to_be_asked(
    task: Task, document: Document, memory: RunMemory
) -> Failure | Duplicate | None:
    """What becomes of a document whose id or text another one has; None where neither is so."""
    if task.rival is not None:
        if task.rival.has_text(document.sha256):
            return Duplicate(task.name, task.rival.name)
        return Failure(task.name, _two_of_one_name(task, task.rival), "same_id")
    same = memory.same_text(task, document.sha256)
    return None if same is None else Duplicate(task.name, same)


def document_row(task: Task, document: Document | None) -> dict[str, object]:
    """The columns of a document's row that say which one it is."""
    source = task.document
    return {
        "number": task.number,
        "id": task.name,
        "source": storable(source.source),
        "path": None if source.path is None else storable(str(source.path)),
        "stamp": None if source.path is None else stamp_if_there(source.path),
        "sha256": document.sha256 if document else None,
        "title": storable(document.title) if document and document.title else None,
        "published": storable(document.published) if document and document.published else None,
        "error": None,
        "reason": None,
        "same_as": None,
        "text": None,
        "ended": now(),
    }


def without_result(ended: Failure | Duplicate) -> dict[str, object]:
    """The columns that say why it has no result."""
    if isinstance(ended, Duplicate):
        return {"state": "duplicate", "same_as": ended.same_as}
    return {"state": "failed", "error": storable(ended.message), "reason": ended.reason}


def _two_of_one_name(task: Task, rival: Rival) -> str:
    return (
        f"{task.document.source} and {rival.source} are both called {rival.name!r}, and differ; "
        "rename one of them."
    )
