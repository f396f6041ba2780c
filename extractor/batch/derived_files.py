"""stand-in"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from extractor.batch.ledger_rows import FILES, call_line, result_lines, stored_rows


def rebuild(connection: sqlite3.Connection, folder: Path) -> None:
    lines: dict[str, list[str]] = {name: [] for name in FILES}
    for (doc,) in connection.execute("SELECT id FROM documents WHERE state='done' ORDER BY number"):
        for n, ls in result_lines(doc, stored_rows(connection, doc)).items():
            lines[n] += ls
    for row in connection.execute(
        'SELECT document, start, "end", turn, attempts FROM calls ORDER BY document, n'
    ):
        lines["calls.jsonl"].append(call_line(*row))
    for n, ls in lines.items():
        (folder / n).write_text("".join(f"{x}\n" for x in ls))
