"""Runs that end before their time, and `extractor resume`: exit codes, refusals, nothing twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from scripted_server import Call, Reply, Scripted, Server, Wire, completion

EXTRACTOR = (sys.executable, "-m", "extractor.cli.app")
DOCUMENTS = 6

Done = subprocess.CompletedProcess[str]
Command = Callable[..., Done]
Serve = Callable[..., Server]


def answer(call: Call) -> Scripted:
    number = call.body["messages"][-1]["content"].split("Numbers: 1) ")[1].split()[0]
    one = {"id": 1, "quote": number, "counted": "sailors", "event": "died"}
    return Scripted(completion(json.dumps({"answers": [one]}), name="explain_numbers"))


@dataclass
class Late:
    """A reply that is held back until it may come; nothing waits with it but its own call."""

    reply: Scripted
    may_come: Event

    def play(self, wire: Wire) -> bool:
        self.may_come.wait(60)
        return self.reply.play(wire)


def first(count: int, then: Callable[[Call], Reply]) -> Callable[[Call], Reply]:
    """Answers so many calls, and does something else with the rest."""
    left = count

    def script(call: Call) -> Reply:
        nonlocal left
        left -= 1
        return answer(call) if left >= 0 else then(call)

    return script


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[Server] = []

    def start(script: Callable[[Call], Reply]) -> Server:
        servers.append(Server(script))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(DOCUMENTS):
        text = f"Last night {number + 60} sailors died."
        (docs / f"{number}.txt").write_text(text, "utf-8")
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    return os.environ | {"OPENAI_API_KEY": "sk-test", "COLUMNS": "200"} | cache


@pytest.fixture
def command(tmp_path: Path, environment: dict[str, str]) -> Command:
    def start(*arguments: str | Path, where: Path = tmp_path) -> Done:
        return subprocess.run(
            [*EXTRACTOR, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd=where,
            env=environment,
        )

    return start


def run_of(server: Server, *more: str) -> list[str]:
    options = ["--concurrency", "1", "--out", "out", "--reasks", "0", *more]
    return ["run", "docs", "--model", "m", "--base-url", server.url, *options]


def summary(tmp_path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    return read


def accepted(tmp_path: Path) -> list[str]:
    lines = (tmp_path / "out" / "accepted.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["document"] for line in lines]


ALL = [str(number) for number in range(DOCUMENTS)]
REFUSED = Scripted({"error": {"message": "no"}}, 401)
AWAY = Scripted({"error": {"message": "no"}}, 503, {"x-should-retry": "false"})


def test_a_run_that_an_error_ended_goes_on_where_it_was(
    tmp_path: Path, command: Command, serve: Serve
) -> None:
    server = serve(first(2, lambda call: REFUSED if len(server.calls) == 3 else answer(call)))
    done = command(*run_of(server))
    assert done.returncode == 3
    assert "next: extractor resume out" in done.stderr
    assert accepted(tmp_path) == ["0", "1"]
    done = command("resume", "out", "--concurrency", "1", where=tmp_path)
    assert done.returncode == 0, done.stderr
    assert accepted(tmp_path) == ALL
    assert len(server.calls) == DOCUMENTS + 1, "only the call that was refused is made again"
    assert summary(tmp_path)["calls"] == DOCUMENTS + 1
    done = command("resume", "out")
    assert done.returncode == 0
    assert len(server.calls) == DOCUMENTS + 1


def test_answers_of_an_unfinished_document_are_not_paid_for_again(
    tmp_path: Path, command: Command, serve: Serve
) -> None:
    for path in (tmp_path / "docs").iterdir():
        path.unlink()
    text = "\n\n".join(f"Last night {number} sailors died." for number in range(61, 66))
    (tmp_path / "docs" / "long.txt").write_text(text, "utf-8")
    server = serve(first(3, lambda call: REFUSED if len(server.calls) == 4 else answer(call)))
    assert command(*run_of(server, "--passage", "sentence")).returncode == 3
    assert accepted(tmp_path) == []
    assert command("resume", "out", "--concurrency", "1").returncode == 0
    assert accepted(tmp_path) == ["long"] * 5
    assert len(server.calls) == 6
    calls = (tmp_path / "out" / "calls.jsonl").read_text("utf-8").splitlines()
    assert len(calls) == 6


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_signal_lets_calls_end_and_says_how_to_go_on(
    tmp_path: Path,
    command: Command,
    serve: Serve,
    environment: dict[str, str],
    number: signal.Signals,
    code: int,
) -> None:
    may_end = Event()

    server = serve(first(2, lambda call: Late(answer(call), may_end)))
    process = subprocess.Popen(
        [*EXTRACTOR, *run_of(server)],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    server.await_calls(3)
    status = command("status", "out", "--json")
    assert json.loads(status.stdout)["under_way"] is True
    second = command("resume", "out")
    assert second.returncode == 2
    assert "another process" in second.stderr
    process.send_signal(number)
    time.sleep(0.3)
    may_end.set()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code, errors
    assert "Traceback" not in errors
    assert "next: extractor resume out" in errors
    assert accepted(tmp_path) == ["0", "1", "2"], "the call under way was let end"
    assert command("status", "out").stdout.endswith("go on with it: extractor resume out\n")
    assert command("resume", "out", "--concurrency", "1").returncode == 0
    assert accepted(tmp_path) == ALL
    assert len(server.calls) == DOCUMENTS


def test_the_second_signal_ends_at_once(
    tmp_path: Path, command: Command, serve: Serve, environment: dict[str, str]
) -> None:
    never = Event()

    server = serve(first(2, lambda call: Late(answer(call), never)))
    process = subprocess.Popen(
        [*EXTRACTOR, *run_of(server)], cwd=tmp_path, env=environment, stderr=subprocess.PIPE
    )
    server.await_calls(3)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    assert b"once more ends at once" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    never.set()
    assert command("resume", "out", "--concurrency", "1").returncode == 0
    assert accepted(tmp_path) == ALL


def test_what_changed_is_named_and_refused(tmp_path: Path, command: Command, serve: Serve) -> None:
    shipped = (Path(__file__).parents[2] / "prompts" / "claims.v2.md").read_text("utf-8")
    prompt = tmp_path / "mine.md"
    prompt.write_text(shipped, "utf-8")
    server = serve(first(2, lambda call: REFUSED if len(server.calls) == 3 else answer(call)))
    assert command(*run_of(server, "--prompt", "mine.md")).returncode == 3

    prompt.write_text(shipped.replace("Passage:", "Text:"), "utf-8")
    done = command("resume", "out")
    assert done.returncode == 2
    assert "the prompt claims.v2 has changed since it began" in done.stderr
    prompt.write_text(shipped, "utf-8")

    document = tmp_path / "docs" / "0.txt"
    text = document.read_text("utf-8")
    document.write_text("Last night 99 sailors died.", "utf-8")
    done = command("resume", "out")
    assert done.returncode == 2
    assert "docs/0.txt holds another text now" in done.stderr
    document.write_text(text, "utf-8")  # another time, the same text

    (tmp_path / "docs" / "0a.txt").write_text("Orle lost 5 carts.", "utf-8")
    done = command("resume", "out")
    assert done.returncode == 2
    assert "document 2 was docs/1.txt, and now it is docs/0a.txt" in done.stderr
    (tmp_path / "docs" / "0a.txt").unlink()

    assert len(server.calls) == 3
    assert command("resume", tmp_path / "out", where=tmp_path.parent).returncode == 0
    assert sorted(accepted(tmp_path)) == ALL


def test_failed_documents_are_tried_again_when_asked(
    tmp_path: Path, command: Command, serve: Serve
) -> None:
    server = serve(first(2, lambda call: AWAY if len(server.calls) == 3 else answer(call)))
    done = command(*run_of(server))
    assert done.returncode == 1
    assert "next: extractor resume out --retry-failed" in done.stderr
    assert command("resume", "out").returncode == 1
    assert len(server.calls) == DOCUMENTS
    done = command("resume", "out", "--retry-failed")
    assert done.returncode == 0, done.stderr
    assert sorted(accepted(tmp_path)) == ALL
    assert (tmp_path / "out" / "failed.jsonl").read_text("utf-8") == ""


def test_few_failures_may_be_no_failure_of_the_run(command: Command, serve: Serve) -> None:
    server = serve(first(2, lambda call: AWAY if len(server.calls) == 3 else answer(call)))
    assert command(*run_of(server, "--max-failures", "1")).returncode == 0


def test_too_many_failures_end_it(tmp_path: Path, command: Command, serve: Serve) -> None:
    server: Server
    server = serve(lambda call: AWAY if len(server.calls) % 2 else answer(call))
    done = command(*run_of(server, "--max-failures", "1"))
    assert done.returncode == 1
    assert "2 documents failed, and --max-failures is 1" in done.stderr
    assert len(server.calls) == 3
    assert summary(tmp_path)["failed"] == 2


def test_a_budget_ends_the_run_before_it_is_overspent(
    tmp_path: Path, command: Command, serve: Serve
) -> None:
    server = serve(answer)  # each call is told to have taken 18 tokens
    done = command(*run_of(server, "--budget", "3200 tokens"))
    assert done.returncode == 4, done.stderr
    assert "The budget of 3,200 tokens is reached" in done.stderr
    assert "next: extractor resume out --budget MORE" in done.stderr
    spent = summary(tmp_path)
    assert spent["prompt_tokens"] + spent["completion_tokens"] <= 3200
    assert command("resume", "out", "--budget", "3200 tokens").returncode == 4
    assert command("resume", "out", "--budget", "1M tokens").returncode == 0
    assert accepted(tmp_path) == ALL


def test_a_budget_in_money_needs_a_price(command: Command, serve: Serve, tmp_path: Path) -> None:
    server = serve(answer)
    for amount, said in (("free", "give an amount"), ("-1", "give an amount")):
        done = command(*run_of(server, "--budget", amount))
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert server.calls == []
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_no_run(command: Command, tmp_path: Path) -> None:
    for verb in ("resume", "status"):
        done = command(verb, "docs")
        assert done.returncode == 2
        assert "this is no run folder" in done.stderr
    (tmp_path / "docs" / "ledger.sqlite").write_bytes(b"no database at all" * 100)
    for verb in ("resume", "status"):
        done = command(verb, "docs")
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_equal_texts_are_asked_once_and_equal_names_are_told(
    tmp_path: Path, command: Command, serve: Serve
) -> None:
    docs = tmp_path / "docs"
    (docs / "again.txt").write_bytes((docs / "0.txt").read_bytes())
    other = tmp_path / "other"
    other.mkdir()
    (other / "1.txt").write_bytes((docs / "1.txt").read_bytes())
    (other / "2.txt").write_text("Orle lost 5 carts.", "utf-8")
    server = serve(answer)
    arguments = run_of(server)
    done = command(*arguments[:2], "other", *arguments[2:])
    assert done.returncode == 1
    assert len(server.calls) == DOCUMENTS
    told = (tmp_path / "out" / "documents.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in told]
    odd = {row["document"]: (row["state"], row["why"]) for row in rows if row["state"] != "done"}
    assert odd["again"] == ("duplicate", "0")
    assert odd["1#8"] == ("duplicate", "1")
    assert odd["2#9"][0] == "failed"
    assert "both called '2', and differ" in odd["2#9"][1]


def test_a_key_in_the_base_url_is_refused_and_another_endpoint_is_named(
    command: Command, serve: Serve, environment: dict[str, str]
) -> None:
    done = command("run", "docs", "--model", "m", "--base-url", "http://me:sk-secret@localhost/v1")
    assert done.returncode == 2
    assert "holds a name or a key" in done.stderr
    assert "sk-secret" not in done.stderr

    first_server, other = serve(first(2, lambda _: REFUSED)), serve(answer)
    environment["OPENAI_BASE_URL"] = first_server.url
    assert (
        command("run", "docs", "--model", "m", "--concurrency", "1", "--out", "out").returncode == 3
    )
    environment["OPENAI_BASE_URL"] = other.url
    done = command("resume", "out")
    assert done.returncode == 2
    assert f"the endpoint was {first_server.host}, and is {other.host}" in done.stderr
    assert other.calls == []
