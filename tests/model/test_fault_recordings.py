"""The page and the recordings say the same as the rows: neither can be left behind."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from extractor.model import replaying

from .conftest import KEY, Answer, make_request
from .fault_page import MARK, tables
from .fault_rows import ROWS, Row
from .test_faults import asked, failure_of, outcomes

REPOSITORY = Path(__file__).parents[2]
RECORDINGS = REPOSITORY / "cassettes" / "faults"
RECORDED = [row for row in ROWS if row.is_recorded]


def test_the_page_is_what_the_rows_say() -> None:
    written = (REPOSITORY / "docs" / "faults.md").read_text("utf-8").partition(MARK)[2]
    assert written == "\n" + tables(), "write it anew: python tests/write_faults.py"


def test_every_row_has_a_name_of_its_own() -> None:
    assert len({row.file for row in ROWS}) == len({row.name for row in ROWS}) == len(ROWS)


def test_there_is_a_recording_for_each_row_and_no_other() -> None:
    assert {path.name for path in RECORDINGS.iterdir()} == {row.file for row in RECORDED}


def test_most_rows_can_be_recorded() -> None:
    """What cannot: no answer at all, or one that is too large, packed or names the key."""
    assert len(RECORDED) > len(ROWS) / 2


@pytest.mark.parametrize("row", RECORDED, ids=lambda row: row.name)
def test_a_recorded_fault_is_met_again_with_the_server_gone(row: Row) -> None:
    gone = replace(row, script=())
    path = RECORDINGS / row.file
    with asked(gone) as (model, server, waits), replaying(path) as tape:
        if row.error is None:
            reply = model.ask(make_request())
            assert reply.arguments == Answer(event="killed")
            attempts = reply.attempts
        else:
            error = failure_of(model)
            attempts = error.attempts
            assert (type(error), error.reason) == (row.error, row.reason)
            assert str(error) == row.told.replace("{host}", server.host)
        assert tape.unplayed == 0
    assert outcomes(attempts) == row.outcomes
    assert waits == []
    assert server.calls == []
    text = path.read_text("utf-8")
    assert KEY not in text
    assert len(json.loads(text)["interactions"]) == len(row.outcomes)
