"""The run folder: accepted and rejected claims, where each number ended, how the run was made.

Each file is written whole or not at all.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from extractor.claims import ExtractionResult
from extractor.claims.records import Record, claim_record, number_records, verdict_record
from extractor.errors import InputError


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


def write_run(folder: Path, results: Sequence[ExtractionResult], run: Record) -> None:
    """Write accepted.jsonl, rejected.jsonl, numbers.jsonl and run.json into `folder`.

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
    write_text(folder / "run.json", json.dumps(run, ensure_ascii=False, indent=2) + "\n")


def json_lines(records: Iterable[Any]) -> str:
    """One JSON object a line."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises InputError when the disk refuses."""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            # surrogatepass: a lone surrogate of a document must not cost the whole file
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8", "surrogatepass"))
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink()
            raise
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error}).") from error
