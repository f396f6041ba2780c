"""`extractor batch` as a user types it: what is shown, exit codes, and what a signal leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from batch_runs import write_texts
from batch_server import BatchServer, Fault, Plan, explained, live_too

EXTRACTOR = (sys.executable, "-m", "extractor.cli.app")
TEXTS = {"a": "Last night 61 sailors died.", "b": "Some 4,200 students marched in Orle."}

Done = subprocess.CompletedProcess[str]
Command = Callable[..., Done]


@pytest.fixture
def server() -> Iterator[BatchServer]:
    made = BatchServer(live_too(explained))
    yield made
    made.close()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    write_texts(tmp_path / "docs", TEXTS)
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    return os.environ | {"OPENAI_API_KEY": "sk-test-0123456789", "COLUMNS": "200"} | cache


@pytest.fixture
def command(tmp_path: Path, environment: dict[str, str]) -> Command:
    def start(*arguments: str, where: Path = tmp_path) -> Done:
        return subprocess.run(
            [*EXTRACTOR, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=where,
            env=environment,
        )

    return start


def submit(server: BatchServer, *more: str) -> list[str]:
    asked = ["--model", "m", "--base-url", server.url, "--out", "out"]
    return ["batch", "submit", "docs", *asked, *more]


def test_submit_status_collect(tmp_path: Path, command: Command, server: BatchServer) -> None:
    server.plans.append(Plan(looks=1))
    done = command(*submit(server, "--reasks", "0"))
    assert done.returncode == 0, done.stderr
    assert "batch_0: 2 requests submitted, validating" in done.stderr
    assert "next: extractor batch collect out" in done.stderr
    done = command("batch", "status", "out")
    assert done.returncode == 0
    assert "batch_0: 2 requests, in_progress" in done.stdout
    assert "0 answered, 2 pending, 0 to be submitted, 0 failed" in done.stdout
    assert "go on with it: extractor batch collect out" in done.stdout
    done = command("batch", "collect", "../out", "--json", where=tmp_path / "docs")
    assert done.returncode == 0, done.stderr
    claims = [json.loads(line) for line in done.stdout.splitlines()]
    assert [claim["document"] for claim in claims] == [
        json.loads(line)["document"]
        for line in (tmp_path / "out" / "accepted.jsonl").read_text("utf-8").splitlines()
    ]
    record = json.loads(command("batch", "status", "out", "--json").stdout)
    assert record["requests"] == {"answered": 2, "pending": 0, "to_submit": 0, "failed": 0}
    assert record["batches"][0]["collected"] is not None


def test_the_other_commands_work_on_such_a_run(command: Command, server: BatchServer) -> None:
    command(*submit(server, "--reasks", "0"))
    done = command("resume", "out")
    assert done.returncode == 0, "resume goes on as collect does"
    assert "batch_0: completed, 2 answered" in done.stderr
    assert "2 done" in command("status", "out").stdout
    for others in (
        ("export", "out", "--format", "csv"),
        ("report", "out", "--format", "md"),
        ("verify", "out"),
    ):
        done = command(*others)
        assert done.returncode == 0, done.stderr
    assert set(server.paid.values()) == {1}


def test_a_budget_keeps_requests_for_later(command: Command, server: BatchServer) -> None:
    done = command(*submit(server, "--budget", "5000 tokens"))
    assert done.returncode == 4
    assert "The budget is reached" in done.stderr
    assert "next: extractor batch collect out --budget MORE" in done.stderr
    assert "1 to be submitted" in command("batch", "status", "out").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["batch", "submit", "docs"], "--model"),
        (["batch", "submit", "nowhere", "--model", "m", "--out", "out"], "nowhere"),
        (
            ["batch", "submit", "docs", "--model", "m", "--base-url", "https://me:pw@x/v1"],
            "holds a name or a key",
        ),
        (["batch", "collect", "docs"], "no run folder"),
        (["batch", "status", "docs"], "no run folder"),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_leaves_nothing(
    tmp_path: Path, command: Command, arguments: list[str], said: str
) -> None:
    done = command(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_plain_run_is_told_apart(command: Command, server: BatchServer) -> None:
    asked = ["--model", "m", "--base-url", server.url, "--out", "plain"]
    assert command("run", "docs", *asked).returncode == 0
    for name in ("collect", "status"):
        done = command("batch", name, "plain")
        assert done.returncode == 2
        assert "not asked by batch files" in done.stderr


def test_an_endpoint_that_refuses_the_key_leaves_no_folder(
    tmp_path: Path, command: Command, server: BatchServer
) -> None:
    server.faults.append(Fault("POST", "/chat/completions", status=401))
    done = command(*submit(server))
    assert done.returncode == 3
    assert "does not accept the API key" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_is_kept_where_the_server_may_have_a_batch(
    tmp_path: Path, command: Command, server: BatchServer
) -> None:
    server.faults.append(Fault("POST", "/batches", "say", 200, b"<html>"))
    done = command(*submit(server))
    assert done.returncode == 3
    assert "is not a batch" in done.stderr
    assert (tmp_path / "out" / "ledger.sqlite").exists()
    assert command("batch", "collect", "out").returncode in (0, 6)
    assert len({batch.metadata["extractor_batch"] for batch in server.batches.values()}) == len(
        server.batches
    )


def test_ctrl_c_ends_the_wait_and_nothing_is_lost(
    tmp_path: Path, command: Command, server: BatchServer, environment: dict[str, str]
) -> None:
    server.plans.append(Plan(looks=1))
    command(*submit(server))
    waiting = subprocess.Popen(
        [*EXTRACTOR, "batch", "collect", "out", "--wait", "--every", "3600"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        cwd=tmp_path,
        env=environment,
    )
    assert waiting.stderr is not None
    # said once it has looked and goes on to wait
    assert any("waiting" in line for line in waiting.stderr)
    waiting.send_signal(signal.SIGINT)
    rest = waiting.communicate()[1]
    assert waiting.returncode == 130
    assert "next: extractor batch collect" in rest
    assert command("batch", "collect", "out").returncode in (0, 6)
    assert set(server.paid.values()) == {1}


def test_two_commands_at_once_are_refused(
    tmp_path: Path, command: Command, server: BatchServer
) -> None:
    import fcntl

    command(*submit(server))
    with (tmp_path / "out" / ".lock").open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        done = command("batch", "collect", "out")
        assert done.returncode == 2
        assert "another process" in done.stderr
        assert "a command is working on this run" in command("batch", "status", "out").stdout
