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

from extractor.batch.input_document import InputOptions
from extractor.errors import InputError
from extractor.scale.ray_documents import DocumentChoice, known_places
from extractor.scale.ray_uris import uri_dataset, uri_stamps

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
    uris = [f"file://{path}" for path in _tables(tmp_path)]
    ended = subprocess.run(
        [sys.executable, str(script), server.url, *uris],
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

    parquet_rows, json_rows = told["at_uris"]
    assert parquet_rows[0] == {
        "place": "1",
        "document": "1",
        "published": "2026-03-04",
        "text": "Some 12 boats sank.",
        "unreadable": "None",
    }
    assert [row["place"] for row in parquet_rows] == ["1", "3"]
    assert parquet_rows[1]["unreadable"].endswith("t.parquet#3: there is no text in this row.")
    assert [row["place"] for row in json_rows] == ["1", "3"]


def _tables(folder: Path) -> list[Path]:
    texts = ["Some 12 boats sank.", "Some 13 boats sank.", None]
    rows = [{"id": n, "body": text, "day": "2026-03-04"} for n, text in enumerate(texts, 1)]
    parquet.write_table(pa.Table.from_pylist(rows), folder / "t.parquet")
    lines = "".join(f"{json.dumps(row)}\n" for row in rows)
    (folder / "t.jsonl").write_text(lines, encoding="utf-8")
    return [folder / "t.parquet", folder / "t.jsonl"]


@pytest.mark.parametrize(
    ("named", "id_column", "what"),
    [
        (("s3://b/x.parquet", "local.jsonl"), "id", "Paths and URIs do not go together"),
        (("s3://b/x.parquet",), None, "need --id-column"),
        (("s3://b/x.parquet", "s3://b/y.jsonl"), "id", "JSONL and Parquet do not go together"),
    ],
)
def test_what_cannot_be_read_at_uris_is_refused(
    named: tuple[str, ...], id_column: str | None, what: str
) -> None:
    choice = DocumentChoice(".", named, InputOptions(id_column=id_column))
    with pytest.raises(InputError, match=what):
        uri_dataset(choice, known_places([]))


def test_what_is_not_there_at_a_uri_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file, and no folder with files"):
        uri_stamps([f"file://{tmp_path}/none"])
    (file,) = uri_stamps([f"file://{_tables(tmp_path)[0]}"])
    (again,) = uri_stamps([f"file://{_tables(tmp_path)[0]}"])
    assert file != again
