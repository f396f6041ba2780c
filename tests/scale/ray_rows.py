"""Rows as actors write them, made in this process of scripted answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from batch_server import explained
from pyarrow import parquet

from extractor.batch.budget import Budget
from extractor.batch.document_rows import Failure
from extractor.batch.export_files import arrow_schema
from extractor.batch.ledger_writer import CallEnded
from extractor.batch.recorded_calls import CallDesk, RecordedModel, StoredCalls
from extractor.batch.stopping import Stopping
from extractor.claims import ExtractionResult, Usage
from extractor.extraction import extract_with
from extractor.model import ModelRequest, ScriptedModel
from extractor.scale.dataset_rows import COLUMNS, done_row, failed_row
from extractor.scale.ray_documents import SCHEMA
from extractor.text import Document

Row = dict[str, Any]


class Calls:
    """Where the calls of a document go."""

    def __init__(self) -> None:
        self.rows: list[Mapping[str, Any]] = []

    def put(self, entry: CallEnded) -> None:
        self.rows.append(entry.row)


def scripted(request: ModelRequest[Any]) -> dict[str, Any]:
    """What the scripted servers answer: about a third of it is wrong at first."""
    messages = (*request.messages, *request.turns)
    answer = explained(
        {"messages": [{"role": one.role, "content": one.content} for one in messages]}
    )
    (call,) = answer["choices"][0]["message"]["tool_calls"]
    arguments: dict[str, Any] = json.loads(call["function"]["arguments"])
    return arguments


def extracted(document: Document) -> tuple[ExtractionResult, list[Mapping[str, Any]]]:
    """What comes of a document, and its calls."""
    calls = Calls()
    desk = CallDesk(calls, Budget(None, None, Usage()), Stopping(), lambda _: None)
    with ScriptedModel(scripted, narrows_schema=False) as model:
        recorded = RecordedModel(model, document.id, desk, StoredCalls({}, 0))
        return extract_with(recorded, document), calls.rows


def done(key: str, text: str, name: str) -> Row:
    """The row of a document that has a result."""
    result, calls = extracted(Document(text=text, id=name))
    return _given(key, name, text) | done_row(result, Document(text=text).sha256, calls)


def failed(key: str, name: str, why: str, text: str | None = None) -> Row:
    """The row of a document that has none."""
    sha256 = None if text is None else Document(text=text).sha256
    return _given(key, name, text) | failed_row(Failure(name, why, "refused"), sha256, [])


def _given(key: str, name: str, text: str | None) -> Row:
    given: Row = dict.fromkeys(SCHEMA.names)
    encoded = None if text is None else text.encode("utf-8", "surrogatepass")
    return given | {"place": key, "document": name, "source": f"t.csv:{name}", "text": encoded}


def write(folder: Path, name: str, rows: Sequence[Row]) -> None:
    """Rows, and their keys, as Ray writes them."""
    schema = pa.unify_schemas([SCHEMA, arrow_schema(COLUMNS)])
    table = pa.Table.from_pylist(rows, schema)
    for part, written in (("documents", table), ("checkpoint", table.select(["place"]))):
        (folder / part).mkdir(parents=True, exist_ok=True)
        parquet.write_table(written, folder / part / f"{name}.parquet")
