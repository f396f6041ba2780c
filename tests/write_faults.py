"""Write what is made of the fault table anew: docs/faults.md and the recordings of its rows.

    python tests/write_faults.py

Needs no network and no key: the faults are played by the scripted server, on loopback.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path

from model.conftest import make_request
from model.fault_page import MARK, tables
from model.fault_rows import MODEL, ROWS, Row
from model.test_faults import asked

from extractor.errors import ExtractorError
from extractor.model import Origin, recording

REPOSITORY = Path(__file__).parent.parent
RECORDINGS = REPOSITORY / "cassettes" / "faults"
ORIGIN = Origin(MODEL, "the project's scripted fault server")


def record(row: Row, folder: Path, date: str) -> None:
    """Play the row once and keep what the server said."""
    with (
        asked(row) as (model, _, _),
        recording(folder / row.file, ORIGIN, date),
        suppress(ExtractorError),  # what it comes to is the tests' business
    ):
        model.ask(make_request())


def main() -> None:
    path = REPOSITORY / "docs" / "faults.md"
    prose, mark, _ = path.read_text("utf-8").partition(MARK)
    path.write_text(prose + mark + "\n" + tables(), "utf-8")
    rows = [row for row in ROWS if row.is_recorded]
    today = dt.datetime.now(dt.UTC).date().isoformat()
    for row in rows:
        record(row, RECORDINGS, today)
    names = {row.file for row in rows}
    for path in RECORDINGS.glob("*.json"):
        if path.name not in names:
            path.unlink()


if __name__ == "__main__":
    main()
