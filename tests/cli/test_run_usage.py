"""What `extractor run` says of tokens and cost: on the screen, in run.json, in calls.jsonl."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from scripted_server import Scripted, Server, completion

ANSWERS = [{"id": 1, "quote": "61 of its sailors were killed", "event": "killed"}]
PRICES = "as_of: 2026-11-02\nmodels: {m: {input: 1.00, cached_input: 0.10, output: 10}}\n"

Run = Callable[..., subprocess.CompletedProcess[str]]


def reply(*, tells_usage: bool = True) -> Scripted:
    body = completion(json.dumps({"answers": ANSWERS}), name="explain_numbers")
    return Scripted(body if tells_usage else {k: v for k, v in body.items() if k != "usage"})


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
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "d.txt").write_text(
        "Sylvania said 61 of its sailors were killed.", "utf-8"
    )
    (tmp_path / "prices.yaml").write_text(PRICES, "utf-8")
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI", "EXTRACTOR"))}
    plain |= {"COLUMNS": "300", "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}

    def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "extractor.cli.app", "run", "docs", "--out", "out"]
        command += ["--concurrency", "1"]  # the script answers in the order of the documents
        return subprocess.run(
            [*command, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=plain | environment,
        )

    return start


def usage_block(tmp_path: Path, folder: str = "out") -> dict[str, Any]:
    made = json.loads((tmp_path / folder / "run.json").read_text("utf-8"))
    block: dict[str, Any] = made["usage"]
    for name in ("calls", "prompt_tokens", "completion_tokens", "cached_tokens"):
        assert made[name] == block[name]
    return block


def test_a_run_tells_what_every_attempt_cost(
    tmp_path: Path, run: Run, serve: Callable[..., Server]
) -> None:
    server = serve(Scripted({}, 429, {"retry-after": "0"}), reply())
    done = run("--model", "m", "--base-url", server.url, "--prices", "prices.yaml")
    assert done.returncode == 0, done.stderr
    block = usage_block(tmp_path)
    assert block["failed_attempts"] == {"http 429": 1}
    assert (block["calls"], block["attempts"], block["usage_complete"]) == (1, 2, True)
    tokens = (block["prompt_tokens"], block["cached_tokens"], block["completion_tokens"])
    assert tokens == (11, 5, 7)
    assert (block["cost"], block["currency"]) == ("0.0000765", "USD")
    assert block["price"]["as_of"] == "2026-11-02"
    (call,) = (tmp_path / "out" / "calls.jsonl").read_text("utf-8").splitlines()
    record = json.loads(call)
    assert {name: record[name] for name in ("document", "start", "end", "turn")} == {
        "document": "d",
        "start": 0,
        "end": 44,
        "turn": 0,
    }
    assert [attempt["outcome"] for attempt in record["attempts"]] == ["http 429", "ok"]
    assert record["attempts"][0]["usage"] is None
    assert record["attempts"][1]["usage"] == {
        "prompt_tokens": 11,
        "cached_tokens": 5,
        "completion_tokens": 7,
    }
    header, row = (line.split() for line in done.stderr.splitlines()[0:2])
    assert header[-4:] == ["calls", "tokens", "in", "out"]
    assert row[0] == "d"
    assert row[-3:] == ["1", "11", "7"]
    assert (
        "total: 1 call, 2 attempts (1 http 429), tokens 11 in (5 cached) and 7 out, "
        "cost 0.0000765 USD (price of 2026-11-02); "
    ) in done.stderr


def test_tokens_that_nobody_counts_make_the_total_a_lower_bound(
    tmp_path: Path, run: Run, serve: Callable[..., Server]
) -> None:
    server = serve(reply(tells_usage=False))
    prices = str(tmp_path / "prices.yaml")
    done = run("--model", "m", "--base-url", server.url, EXTRACTOR_PRICES=prices)
    assert done.returncode == 0, done.stderr
    block = usage_block(tmp_path)
    assert (block["unmetered"], block["usage_complete"], block["cost"]) == (1, False, "0")
    assert "tokens at least 0 in" in done.stderr
    assert "cost at least 0 USD" in done.stderr


def test_a_server_on_this_machine_and_a_replay_cost_nothing(
    tmp_path: Path, run: Run, serve: Callable[..., Server]
) -> None:
    server = serve(reply())
    done = run("--model", "m", "--base-url", server.url, "--record", "tape")
    assert "cost 0 (a server on this machine" in done.stderr
    assert usage_block(tmp_path)["cost"] == "0"
    prices = ("--prices", "prices.yaml")
    done = run("--replay", "tape", "--out", "again", *prices)
    assert done.returncode == 0, done.stderr
    assert "cost 0 (replayed: nothing was sent)" in done.stderr
    again = usage_block(tmp_path, "again")
    assert (again["prompt_tokens"], again["cost"]) == (11, "0")


@pytest.mark.parametrize(
    ("table", "said"),
    [(None, "cannot be read"), ("models: {m: {input: x, output: 1}}", "in the row of 'm'")],
)
def test_a_bad_table_ends_the_run_before_anything_is_asked(
    tmp_path: Path, run: Run, serve: Callable[..., Server], table: str | None, said: str
) -> None:
    if table is not None:
        (tmp_path / "mine.yaml").write_text(table, "utf-8")
    server = serve(reply())
    done = run("--model", "m", "--base-url", server.url, "--prices", "mine.yaml")
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert server.calls == []
    assert not (tmp_path / "out").exists()


def test_calls_of_a_document_without_a_result_are_in_the_account(
    tmp_path: Path, run: Run, serve: Callable[..., Server]
) -> None:
    (tmp_path / "docs" / "e.txt").write_text("Aldor lost 9 ships.", "utf-8")
    server = serve(reply(), Scripted({"error": {"message": "no"}}, 401))
    done = run("--model", "m", "--base-url", server.url)
    assert done.returncode == 3
    rows = (tmp_path / "out" / "calls.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(row) for row in rows]
    assert [record["document"] for record in records] == ["d", "e"]
    assert [attempt["outcome"] for attempt in records[1]["attempts"]] == ["http 401"]
    block = usage_block(tmp_path)
    assert (block["attempts"], block["failed_attempts"]) == (2, {"http 401": 1})
