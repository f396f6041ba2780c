"""Runs in Ray, with the real Ray and the real command line, over HTTP to a scripted server."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from batch_server import BatchServer, Err, explained

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
    serve: Callable[..., BatchServer],
) -> None:
    server = serve(explained)
    script = Path(__file__).with_name("own_dataset.py")
    done = subprocess.run(
        [sys.executable, str(script), server.url], capture_output=True, check=True, text=True
    )
    rows = json.loads(done.stdout)
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
