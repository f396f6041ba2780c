"""The run folder: accepted and rejected claims, where each number ended, how the run was made.

Each file is written whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from extractor.batch.json_lines import json_lines
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


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises InputError when the disk refuses."""
    try:
        write_whole(path, text)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error}).") from error
