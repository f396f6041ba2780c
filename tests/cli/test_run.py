"""`extractor run` end to end over real HTTP: tables, files, recordings, and what goes wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from scripted_server import Scripted, Server, completion

TEXT = "Sylvania said 61 of its sailors were killed and more than 340 wounded."
ANSWERS = [
    {"id": 1, "quote": "61 of its sailors were killed", "counted": "Sylvanian sailors"}
    | {"event": "killed", "claimant": "Sylvania"},
    {"id": 2, "quote": "more than 340 wounded", "event": "killed"},
]
# one of the answers is wrong on purpose, and there is no second one; the documents take turns
OPTIONS = ("--reasks", "0", "--concurrency", "1")
COMMAND = (sys.executable, "-m", "extractor.cli.app", "run", *OPTIONS)
KEY = "sk-test-0123456789abcdef0123"

Run = Callable[..., subprocess.CompletedProcess[str]]


def reply(answers: Any = ANSWERS) -> Scripted:
    return Scripted(completion(json.dumps({"answers": answers}), name="explain_numbers"))


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "d.txt").write_text(TEXT, "utf-8")
    return folder


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(*script: Scripted) -> Server:
        servers.append(Server(script))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def start(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=os.environ | {"OPENAI_API_KEY": KEY, "COLUMNS": "160"},
        )

    return start


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_run_prints_accepted_claims_and_writes_its_folder(
    tmp_path: Path, docs: Path, run: Run, serve: Callable[..., Server]
) -> None:
    server = serve(reply())
    done = run(docs, "--model", "m", "--base-url", server.url, "--out", "out")
    assert done.returncode == 0, done.stderr
    assert "Sylvanian sailors" in done.stdout
    (accepted,) = lines(tmp_path / "out" / "accepted.jsonl")
    assert (accepted["value"], accepted["claimant"]) == ("61", "Sylvania")
    (rejected,) = lines(tmp_path / "out" / "rejected.jsonl")
    errors = [found for found in rejected["findings"] if found["severity"] == "error"]
    assert [found["code"] for found in errors] == ["E502"]
    outcomes = [row["outcome"] for row in lines(tmp_path / "out" / "numbers.jsonl")]
    assert outcomes == ["accepted", "rejected"]
    made = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert (made["model"], made["prompt"], made["complete"]) == ("m", "claims.v2", True)
    assert made["completion_tokens"] == 7
    assert len(made["prompt_sha256"]) == len(made["schema_sha256"]) == 64
    files = list((tmp_path / "out").iterdir())
    assert len(files) > 8
    assert not any(KEY.encode() in path.read_bytes() for path in files)


def test_records_go_to_stdout_and_progress_to_stderr(
    docs: Path, run: Run, serve: Callable[..., Server]
) -> None:
    server = serve(reply())
    done = run(docs, "--model", "m", "--base-url", server.url, "--json")
    (record,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert record["quote"] == "61 of its sailors were killed"
    assert "numbers: 1 accepted, 1 rejected" in done.stderr


def test_a_recording_replays_without_a_server(
    tmp_path: Path, docs: Path, run: Run, serve: Callable[..., Server]
) -> None:
    server = serve(reply())
    run(docs, "--model", "m", "--base-url", server.url, "--record", "tape", "--out", "one")
    server.close()
    done = run(docs, "--replay", "tape", "--out", "two")
    assert done.returncode == 0, done.stderr
    one, two = ((tmp_path / name / "accepted.jsonl").read_bytes() for name in ("one", "two"))
    assert one == two != b""
    assert KEY not in (tmp_path / "tape" / "d.json").read_text("utf-8")


def test_a_changed_prompt_is_stale_and_never_live(
    tmp_path: Path, docs: Path, run: Run, serve: Callable[..., Server]
) -> None:
    server = serve(reply(), reply())
    where = ("--model", "m", "--base-url", server.url)
    run(docs, *where, "--record", "tape")
    prompt = Path(__file__).parents[2] / "prompts" / "claims.v2.md"
    changed = tmp_path / "mine.md"
    changed.write_text(prompt.read_text("utf-8").replace("Passage:", "Text:"), "utf-8")
    done = run(docs, "--replay", "tape", "--prompt", changed, "--out", "stale")
    assert done.returncode == 5
    assert "STALE CASSETTE" in done.stderr
    assert "the prompt changed" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(server.calls) == 1


def test_a_missing_recording_is_an_error(
    docs: Path, run: Run, serve: Callable[..., Server]
) -> None:
    server = serve(reply())
    run(docs, "--model", "m", "--base-url", server.url, "--record", "tape")
    (docs / "e.txt").write_text("Aldor lost 9 ships.", "utf-8")
    done = run(docs, "--replay", "tape")
    assert done.returncode == 5
    assert "NO CASSETTE" in done.stderr


def test_one_bad_document_does_not_stop_the_rest(
    tmp_path: Path, docs: Path, run: Run, serve: Callable[..., Server]
) -> None:
    (docs / "a.txt").write_bytes(b"\xff\xfe broken")
    (docs / "empty.txt").write_bytes(b"")
    server = serve(reply())
    done = run(docs, "--model", "m", "--base-url", server.url, "--out", "out")
    assert done.returncode == 1
    assert "byte order mark says UTF-16" in done.stderr
    made = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert (made["documents"], made["accepted"], made["complete"]) == (2, 1, False)
    assert [failure["document"] for failure in lines(tmp_path / "out" / "failed.jsonl")] == ["a"]


def test_an_unusable_answer_leaves_its_numbers_unclaimed(
    tmp_path: Path, docs: Path, run: Run, serve: Callable[..., Server]
) -> None:
    server = serve(Scripted(completion('{"answers": [', name="explain_numbers", finish="length")))
    done = run(docs, "--model", "m", "--base-url", server.url, "--out", "out")
    assert done.returncode == 0, done.stderr
    outcomes = [row["outcome"] for row in lines(tmp_path / "out" / "numbers.jsonl")]
    assert outcomes == ["unclaimed", "unclaimed"]


def test_a_refused_key_ends_the_run(docs: Path, run: Run, serve: Callable[..., Server]) -> None:
    error = {"error": {"message": f"bad key {KEY}", "code": "invalid_api_key"}}
    server = serve(Scripted(error, 401))
    done = run(docs, "--model", "m", "--base-url", server.url)
    assert done.returncode == 3
    assert KEY not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_run_folder_is_never_mixed_with_an_older_one(
    tmp_path: Path, docs: Path, run: Run, serve: Callable[..., Server]
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "note").write_text("mine", "utf-8")
    server = serve(reply())
    done = run(docs, "--model", "m", "--base-url", server.url, "--out", "out")
    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert server.calls == []


def test_ctrl_c_keeps_what_was_done(
    tmp_path: Path, docs: Path, serve: Callable[..., Server]
) -> None:
    (docs / "e.txt").write_text("Aldor lost 9 ships.", "utf-8")
    server = serve(reply(), Scripted({}, 503, {"retry-after": "30"}))
    command = [*COMMAND, str(docs), "--model", "m"]
    process = subprocess.Popen(
        [*command, "--base-url", server.url, "--out", "out"],
        cwd=tmp_path,
        env=os.environ | {"OPENAI_API_KEY": KEY},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while len(server.calls) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    made = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert (made["accepted"], made["complete"], made["stopped_by"]) == (1, False, "interrupted")


def test_ctrl_c_ends_documents_that_wait_for_another_try(
    tmp_path: Path, docs: Path, serve: Callable[..., Server]
) -> None:
    """Four documents at once, each told to come back in 30 seconds: nobody waits for that."""
    for name in "efg":
        (docs / f"{name}.txt").write_text(f"{TEXT} So {name}.", "utf-8")
    server = serve(*[Scripted({}, 503, {"retry-after": "30"})] * 4)
    command = [sys.executable, "-m", "extractor.cli.app", "run", str(docs), "--model", "m"]
    process = subprocess.Popen(
        [*command, "--base-url", server.url, "--out", "out"],
        cwd=tmp_path,
        env=os.environ | {"OPENAI_API_KEY": KEY},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while len(server.calls) < 4 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert len(server.calls) == 4
