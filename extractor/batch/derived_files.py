"""The files of a run folder, made again from its ledger alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from extractor.batch.ledger_rows import FILES, call_line, result_lines, stored_rows
from extractor.files import writing_whole


def rebuild(connection: sqlite3.Connection, folder: Path) -> None:
    """Write the files that grow with a run anew, each whole or not at all.

    Documents stand in the order of the input; calls of unfinished documents come after those of
    the others. The caller holds the folder's lock. Raises OSError when the disk refuses.
    """
    with ExitStack() as stack:
        files = {name: stack.enter_context(writing_whole(folder / name)) for name in FILES}
        for name, line in _lines(connection):
            files[name].write(f"{line}\n".encode())


def _lines(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    done = "SELECT id FROM documents WHERE state = 'done' ORDER BY number"
    for (document,) in connection.execute(done):
        for name, lines in result_lines(document, stored_rows(connection, document)).items():
            yield from ((name, line) for line in lines)
    calls = (
        'SELECT document, calls.start, calls."end", turn, attempts FROM calls '
        "LEFT JOIN documents ON documents.id = document "
        "ORDER BY number IS NULL, number, document, n"
    )
    for row in connection.execute(calls):
        yield "calls.jsonl", call_line(*row)
