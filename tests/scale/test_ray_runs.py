"""Runs in Ray, with the real Ray and the real command line, over HTTP to a scripted server."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from batch_server import BatchServer, Err, explained
from pyarrow import parquet

from .kill_ray import RayHarness

DOCUMENTS = 150


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[RayHarness]:
    with RayHarness(tmp_path, DOCUMENTS) as made:
        yield made


def test_nothing_is_lost_or_doubled_whatever_ends_a_run(harness: RayHarness) -> None:
    """The short form of kill_ray.py, with a signal; going on when all is done makes no call."""
    found = harness.ended_in_every_way(random.Random(1))  # noqa: S311 - when is no secret
    assert found.faults == []
    assert found.kills == 2
    # what two actors had under way, and what was not written yet, three times
    assert found.needed <= found.made <= 4 * found.needed


def test_what_would_meet_every_document_ends_the_run_in_one_sentence(
    serve: Callable[..., BatchServer], tmp_path: Path
) -> None:
    server = serve(lambda _: Err(401, message="no such key"))
    (tmp_path / "a.txt").write_text("Some 12 boats sank.", encoding="utf-8")
    program = "from extractor.cli.app import main; main()"
    run = ["run", tmp_path / "a.txt", "--out", tmp_path / "ray", "--engine", "ray"]
    ray = subprocess.run(
        [sys.executable, "-c", program, *map(str, run), "--model", "m", "--base-url", server.url],
        capture_output=True,
        check=False,
        text=True,
    )
    assert ray.returncode == 3
    said = [line for line in ray.stderr.splitlines() if not line.startswith("{")]
    assert said == [
        f"extractor: {server.url[7:-3]} does not accept the API key (401); check OPENAI_API_KEY."
    ]
    assert not (tmp_path / "ray").exists()


def test_a_dataset_of_ones_own_gets_the_columns_of_the_outcome(
    serve: Callable[..., BatchServer], tmp_path: Path
) -> None:
    """And what lies in object storage is read by Ray; here the storage is the disk."""
    server = serve(explained)
    script = Path(__file__).with_name("own_dataset.py")
    uri = _folder(tmp_path)
    ended = subprocess.run(
        [sys.executable, str(script), server.url, uri],
        capture_output=True,
        check=True,
        text=True,
    )
    told = json.loads(ended.stdout.splitlines()[-1])  # behind what Ray says
    rows = told["rows"]
    assert [row["id"] for row in rows] == [1, 2, 3]
    assert [row["document"] for row in rows] == ["1", "2", "3"]
    assert [row["state"] for row in rows] == ["done", "done", "failed"]
    assert [row["lang"] for row in rows] == ["en", "en", "en"]
    (claim,) = map(json.loads, rows[0]["accepted"])
    assert claim["document"] == "1"
    assert (claim["number"], claim["counted"], claim["value"]) == ("Some 12", "boats", "12")
    assert rows[0]["prompt_tokens"] > 0
    assert rows[2]["error"] == "there is no text in this row"
    assert rows[2]["accepted"] == []

    at_uris = sorted(told["at_uris"], key=lambda row: str(row["place"]))
    assert [row["document"] for row in at_uris] == ["bad", "t:1", "t:3", "u:1", "u:3"]
    assert [row["text"] for row in at_uris[1:4]] == ["Some 12 boats sank.", None, None]
    sources = [row["source"].removeprefix(f"file://{tmp_path}/") for row in at_uris]
    assert sources == ["bad.txt", "t.parquet:1", "t.parquet:3", "u.jsonl:1", "u.jsonl:3"]
    assert at_uris[0]["unreadable"].startswith(f"file://{tmp_path}/bad.txt: ")
    assert at_uris[1]["published"] == "2026-03-04"


def _folder(folder: Path) -> str:
    """A table, a broken text, and what is no document."""
    texts = ["Some 12 boats sank.", "Some 13 boats sank.", None]
    rows = [{"id": f"n{n}", "body": text, "day": "2026-03-04"} for n, text in enumerate(texts, 1)]
    parquet.write_table(pa.Table.from_pylist(rows), folder / "t.parquet")
    (folder / "u.jsonl").write_text('{"body": 1}\n{"body": "Some 14 boats sank."}\n{]\n')
    (folder / "bad.txt").write_bytes(b"\x00\x01")
    (folder / "photo.png").write_bytes(b"\x89PNG")
    return f"file://{folder}"
