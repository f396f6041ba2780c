"""`extractor run` against servers that fail: one sentence, an exit code, nothing lost or half."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fault_server import refusing
from scripted_server import Call, Reply, Scripted, Server, completion

KEY = "sk-test-0123456789abcdef0123"
TEXT = "Sylvania said 61 of its sailors were killed."
ANSWER = {"id": 1, "quote": "61 of its sailors were killed", "event": "killed"}
FINE = Scripted(completion(json.dumps({"answers": [ANSWER]}), name="explain_numbers"))


def error(
    status: int, code: str | None = None, text: str = "no", headers: dict[str, str] | None = None
) -> Scripted:
    return Scripted({"error": {"message": text, "code": code}}, status, headers or {})


AT_ONCE = {"x-should-retry": "false"}
AWAY = error(503, headers=AT_ONCE)
HTML = Scripted("<html><body>Sign in to the guest network</body></html>")

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]
Serve = Callable[..., Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[Server] = []

    def start(script: list[Reply] | Callable[[Call], Reply]) -> Server:
        servers.append(Server(script))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def start(url: str, *arguments: str | Path, key: str = KEY, documents: int = 1) -> Done:
        docs = tmp_path / "docs"
        docs.mkdir()
        for number in range(documents):
            again = f"{TEXT} It said so{' again' * number}."
            (docs / f"{number}.txt").write_text(again, "utf-8")
        command = [sys.executable, "-m", "extractor.cli.app", "run", str(docs), "--out", "out"]
        command += ["--concurrency", "1"]  # the script answers in the order of the documents
        return subprocess.run(
            [*command, "--model", "scripted", "--base-url", url, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=os.environ
            | {"OPENAI_API_KEY": key, "COLUMNS": "250", "XDG_CACHE_HOME": str(tmp_path / "cache")},
        )

    return start


def assert_told(done: Done, code: int, sentence: str) -> None:
    assert done.returncode == code, done.stderr
    assert sentence in done.stderr
    for never in ("Traceback", KEY, "secret"):
        assert never not in done.stderr + done.stdout


def record_of(tmp_path: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    return made


def dead_letter(tmp_path: Path) -> list[dict[str, Any]]:
    lines = (tmp_path / "out" / "failed.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


REFUSED: dict[str, tuple[Scripted, str]] = {
    "a key that is not accepted": (
        error(401, text=f"Incorrect API key provided: {KEY}"),
        "does not accept the API key (401); check OPENAI_API_KEY.",
    ),
    "an unknown model": (
        error(404, "model_not_found"),
        "has no model 'scripted', or no chat completions there (404); "
        "check --model and --base-url.",
    ),
    "no quota": (error(429, "insufficient_quota"), "is used up (429); check billing."),
    "a redirect": (
        Scripted("", 307, {"location": "http://127.0.0.1:9/v1/chat/completions"}),
        "give the final address with --base-url.",
    ),
    "a schema that no form makes acceptable": (
        error(400, "invalid_schema", "Invalid schema for function 'explain_numbers': sk-secret-1"),
        "The endpoint takes none of the forms in which an answer can be forced",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_meet_every_document_ends_the_run_in_one_sentence(
    case: str, serve: Serve, run: Run, tmp_path: Path
) -> None:
    reply, sentence = REFUSED[case]
    server = serve(lambda _: reply)
    done = run(server.url, documents=2)
    assert_told(done, 3, sentence)
    (line,) = done.stderr.splitlines()
    assert line.startswith("extractor: ")
    assert done.stdout == ""
    assert not (tmp_path / "out").exists()
    assert len(server.calls) == 1 or "schema" in case


def test_a_server_that_is_not_there(run: Run) -> None:
    with refusing() as host:
        done = run(f"http://{host}/v1", documents=2)
    assert_told(done, 3, f"extractor: {host} cannot be reached (3 attempts); check --base-url")


@pytest.mark.parametrize("key", ["sk-one\nsk-two", "sk-secret\r\nX-Injected: 1"])
def test_a_key_with_a_newline_is_never_sent_nor_shown(serve: Serve, run: Run, key: str) -> None:
    server = serve([FINE])
    done = run(server.url, key=key)
    assert_told(done, 3, "OPENAI_API_KEY holds a line break")
    assert "sk-one" not in done.stderr
    assert server.calls == []


UNANSWERED: dict[str, tuple[Scripted, str]] = {
    "a fault": (AWAY, "fails on its side (503); try again later."),
    "a proxy's page": (HTML, "check that --base-url names an OpenAI-compatible API."),
}


@pytest.mark.parametrize("case", UNANSWERED)
def test_a_document_without_an_answer_is_told_and_the_rest_is_written(
    case: str, serve: Serve, run: Run, tmp_path: Path
) -> None:
    reply, sentence = UNANSWERED[case]
    server = serve([FINE, reply, FINE])
    done = run(server.url, documents=3)
    assert_told(done, 1, f"failed: {server.host}")
    assert sentence in done.stderr
    made = record_of(tmp_path)
    assert (made["documents"], made["accepted"], made["complete"]) == (2, 2, False)
    (failed,) = dead_letter(tmp_path)
    assert failed["document"] == "1"
    assert sentence in failed["why"]
    assert "next: extractor resume out --retry-failed" in done.stderr
    assert len(server.calls) == 3


def test_three_in_a_row_end_the_run_and_what_was_done_is_kept(
    serve: Serve, run: Run, tmp_path: Path
) -> None:
    server = serve([FINE, AWAY, AWAY, AWAY])
    done = run(server.url, documents=6)
    assert_told(done, 3, "extractor: 3 documents in a row got no answer, so the run ends here: ")
    made = record_of(tmp_path)
    assert (made["documents"], made["accepted"], made["failed"]) == (1, 1, 3)
    assert [failed["document"] for failed in dead_letter(tmp_path)] == ["1", "2", "3"]
    assert made["stopped_by"].endswith("try again later.")
    assert len((tmp_path / "out" / "accepted.jsonl").read_text("utf-8").splitlines()) == 1
    assert len(server.calls) == 4


def test_arguments_without_end_cost_their_passage_only(
    serve: Serve, run: Run, tmp_path: Path
) -> None:
    server = serve([Scripted(completion("x" * 10 * 2**20, name="explain_numbers")), FINE])
    done = run(server.url, documents=2)
    assert_told(done, 0, "1 unclaimed")
    assert record_of(tmp_path)["accepted"] == 1
    first, _ = (tmp_path / "out" / "numbers.jsonl").read_text("utf-8").splitlines()
    assert json.loads(first)["why"] == "The answer is larger than 4 MB and was not read on."


def test_a_prompt_with_an_unknown_variable(serve: Serve, run: Run, tmp_path: Path) -> None:
    shipped = (Path(__file__).parents[2] / "prompts" / "claims.v1.md").read_text("utf-8")
    mine = tmp_path / "mine.md"
    mine.write_text(shipped.replace("{{ passage }}", "{{ pasage }}"), "utf-8")
    assert mine.read_text("utf-8") != shipped
    server = serve([FINE])
    done = run(server.url, "--prompt", mine)
    assert_told(done, 2, "the user part asks for the variable 'pasage', which is not there")
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()
    assert server.calls == []
