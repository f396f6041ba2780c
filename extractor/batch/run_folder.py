"""The run folder: what is made of the ledger at the end, and how the run was made.

Each file is written whole or not at all.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from extractor.batch.json_lines import json_line
from extractor.batch.ledger_reader import LedgerReader
from extractor.errors import InputError
from extractor.files import write_whole, writing_whole


def new_run_folder(folder: Path) -> Path:
    """Make the folder of a new run.

    Raises InputError when it holds something already or cannot be made: a run is never mixed with
    an older one.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError(
                f"{folder}: this folder is not empty; name another with --out, or go on with the "
                f"run in it: extractor resume {folder}."
            )
    except OSError as error:
        raise InputError(f"{folder}: cannot be made ({error.strerror or error}).") from error
    return folder


def write_documents(folder: Path, ledger: LedgerReader) -> None:
    """Write documents.jsonl (every document that has ended) and failed.jsonl (why some failed).

    Raises InputError when the disk refuses.
    """
    for name, states in (("documents.jsonl", ()), ("failed.jsonl", ("failed",))):
        path = folder / name
        try:
            with writing_whole(path) as file:
                for row in ledger.documents(*states):
                    record = {
                        "document": row.id,
                        "source": row.source,
                        "state": row.state,
                        "sha256": row.sha256,
                        "why": row.error or row.same_as,
                    }
                    file.write(f"{json_line(record)}\n".encode())
        except OSError as error:
            raise InputError(f"{path}: cannot be written ({error.strerror or error}).") from error


def write_record(path: Path, record: dict[str, Any]) -> None:
    """Write a record as indented JSON. Raises InputError when the disk refuses."""
    try:
        write_whole(path, json.dumps(record, ensure_ascii=False, indent=2) + "\n")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error}).") from error
