"""The run folder: accepted and rejected claims, where each number ended, how the run was made.

Each file is written whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from extractor.claims import CallRecord, ExtractionResult
from extractor.claims.records import (
    Record,
    call_record,
    claim_record,
    number_records,
    reask_record,
    verdict_record,
)
from extractor.errors import InputError
from extractor.files import write_whole

_FEW = 16  # kinds of characters to be escaped in one record


def new_run_folder(folder: Path) -> Path:
    """Make the folder of a new run.

    Raises InputError when it holds something already or cannot be made: a run is never mixed with
    an older one.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError(f"{folder}: this folder is not empty; name another with --out.")
    except OSError as error:
        raise InputError(f"{folder}: cannot be made ({error.strerror or error}).") from error
    return folder


def write_run(
    folder: Path,
    results: Sequence[ExtractionResult],
    calls: Iterable[tuple[str, CallRecord]],
    run: Record,
) -> None:
    """Write the files of a run into `folder`.

    They are accepted.jsonl, rejected.jsonl, numbers.jsonl, reasks.jsonl, calls.jsonl and run.json.

    `calls` are all that the run made, each with its document's id.
    Raises InputError when the disk refuses; no file is left half-written.
    """
    accepted = (claim_record(claim) for result in results for claim in result.accepted)
    rejected = (
        verdict_record(verdict, result.document_id)
        for result in results
        for verdict in result.rejected
    )
    numbers = (row for result in results for row in number_records(result))
    write_text(folder / "accepted.jsonl", json_lines(accepted))
    write_text(folder / "rejected.jsonl", json_lines(rejected))
    write_text(folder / "numbers.jsonl", json_lines(numbers))
    reasks = (
        reask_record(reask, result.document_id) for result in results for reask in result.reasks
    )
    write_text(folder / "reasks.jsonl", json_lines(reasks))
    asked = (call_record(call, document) for document, call in calls)
    write_text(folder / "calls.jsonl", json_lines(asked))
    write_text(folder / "run.json", json.dumps(run, ensure_ascii=False, indent=2) + "\n")


def json_lines(records: Iterable[Any]) -> str:
    """One JSON object a line, in what every reader takes for one line."""
    return "".join(json_line(record) + "\n" for record in records)


def json_line(record: object) -> str:
    r"""A record as JSON on one line; separators and lone surrogates of a document are escaped.

    >>> print(json_line({"text": "7\u00a0000 – Zürich"}))
    {"text": "7\u00a0000 – Zürich"}
    """
    text = json.dumps(record, ensure_ascii=False)
    if text.isprintable():
        return text
    odd = {char: json.dumps(char)[1:-1] for char in set(text) if not char.isprintable()}
    if len(odd) > _FEW:
        return text.translate({ord(char): escape for char, escape in odd.items()})
    for char, escape in odd.items():  # many times faster, as long as they are few
        text = text.replace(char, escape)
    return text


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises InputError when the disk refuses."""
    try:
        write_whole(path, text)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error}).") from error
