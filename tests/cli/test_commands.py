"""The commands as a user types them, in a process of their own; bad input of every kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TEXT = "Sylvania said 61 of its sailors were killed and more than 340 wounded."


def extractor(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI", "EXTRACTOR"))}
    return subprocess.run(
        [sys.executable, "-m", "extractor.cli.app", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=environment | {"COLUMNS": "160"},
    )


def told(done: subprocess.CompletedProcess[str], code: int, *parts: str) -> None:
    """One sentence on stderr, the documented exit code, no traceback."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("extractor: ")]
    assert len(lines) == 1, done.stderr
    for part in parts:
        assert part in lines[0]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "d.txt").write_text(TEXT, "utf-8")
    return folder


def _claims(tmp_path: Path, *records: object) -> Path:
    path = tmp_path / "claims.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


@pytest.mark.parametrize("command", [[], ["run"], ["verify"], ["numbers"], ["rules"], ["models"]])
def test_every_command_has_help(command: list[str]) -> None:
    done = extractor(*command, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


def test_verify_judges_claims_of_any_tool(tmp_path: Path, source: Path) -> None:
    claims = _claims(
        tmp_path,
        {"document": "d", "quote": "61 of its sailors", "value": 61},
        {"document": "d", "quote": "61 of its sailors", "value": 16},
        {"document": "d", "value": 61},
    )
    done = extractor("verify", claims, "--source", source)
    assert done.returncode == 0
    assert "line 2, d:" in done.stdout
    assert "N201 the value differs: 16 is claimed, and '61' is 61" in done.stdout
    assert "S001" in done.stdout
    assert "1 accepted, 2 rejected" in done.stdout
    failing = extractor("verify", claims, "--source", source, "--fail-on-rejected")
    assert failing.returncode == 1


def test_verify_prints_json_lines(tmp_path: Path, source: Path) -> None:
    claims = _claims(tmp_path, {"doc": "d", "quote": "61 of its sailors", "value": "61"})
    done = extractor("verify", claims, "--source", source / "d.txt", "--json")
    (record,) = map(json.loads, done.stdout.splitlines())
    assert record["accepted"] is True
    assert record["number_span"] == [14, 16]


def test_verify_takes_some_rules_only(tmp_path: Path, source: Path) -> None:
    claims = _claims(
        tmp_path, {"document": "d", "quote": "61 of its", "value": 61, "event": "sang"}
    )
    assert "1 rejected" in extractor("verify", claims, "--source", source).stdout
    limited = extractor("verify", claims, "--source", source, "--rules", "Q,n201")
    assert "1 accepted, 0 rejected" in limited.stdout
    told(extractor("verify", claims, "--source", source, "--rules", "Z9"), 2, "Z9", "rules list")


def test_verify_tells_what_is_wrong_with_its_input(tmp_path: Path, source: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"quote": \n', "utf-8")
    told(extractor("verify", broken, "--source", source), 2, "broken.jsonl, line 1", "not JSON")
    unnamed = _claims(tmp_path, {"quote": "61 of its sailors", "value": 61})
    told(extractor("verify", unnamed, "--source", source), 2, "line 1", "'document'")
    (tmp_path / "secret.txt").write_text("7 keys", "utf-8")
    outside = _claims(tmp_path, {"document": "../secret", "quote": "7 keys", "value": 7})
    told(extractor("verify", outside, "--source", source), 2, "no document '../secret'")
    told(extractor("verify", tmp_path / "none.jsonl", "--source", source), 2, "cannot be read")


def test_numbers_shows_what_the_reader_sees(tmp_path: Path) -> None:
    path = tmp_path / "d.txt"
    path.write_text("On March 12 more than 340 sailors left.", "utf-8")
    shown = extractor("numbers", path, "--explain")
    assert "more_than" in shown.stdout
    assert "March 12" in shown.stdout
    records = [
        json.loads(line) for line in extractor("numbers", path, "--json").stdout.splitlines()
    ]
    assert [(record["text"], record["value"]) for record in records] == [("more than 340", "340")]


def test_rules_are_listed_and_shown() -> None:
    assert "N202" in extractor("rules", "list").stdout
    shown = extractor("rules", "show", "n202").stdout
    assert "refuses" in shown
    assert "rejected: N202" in shown
    told(extractor("rules", "show", "N999"), 2, "N999", "N202")


BAD_FILES = {
    "binary.txt": (b"\x00\x01\x02", "not a text file"),
    "latin.txt": ("Zürich: 40 Tote".encode("latin-1"), "not UTF-8"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_text_is_told(tmp_path: Path, name: str) -> None:
    content, reason = BAD_FILES[name]
    (tmp_path / name).write_bytes(content)
    told(extractor("numbers", tmp_path / name), 2, name, reason)


def test_a_run_needs_documents(tmp_path: Path) -> None:
    told(extractor("run", tmp_path, cwd=tmp_path), 2, "no .txt or .md file")
    told(extractor("run", tmp_path / "none", cwd=tmp_path), 2, "no such file or folder")
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    told(extractor("run", tmp_path / "a.pdf", cwd=tmp_path), 2, ".txt or .md")


def test_a_missing_key_is_told(source: Path, tmp_path: Path) -> None:
    done = extractor("run", source, "--model", "gpt-x", cwd=tmp_path)
    told(done, 3, "OPENAI_API_KEY")


def test_an_unreachable_server_is_told(source: Path, tmp_path: Path) -> None:
    done = extractor(
        "run", source, "--model", "m", "--base-url", "http://127.0.0.1:9/v1", cwd=tmp_path
    )
    told(done, 3, "127.0.0.1:9")
    assert not list((tmp_path / "runs").glob("*/*")), "nothing half-written"


def test_record_and_replay_exclude_each_other(source: Path, tmp_path: Path) -> None:
    done = extractor("run", source, "--record", "a", "--replay", "b", cwd=tmp_path)
    told(done, 2, "--record", "--replay")


def test_an_unknown_prompt_is_told(source: Path, tmp_path: Path) -> None:
    done = extractor("run", source, "--prompt", "claims.v99", cwd=tmp_path)
    told(done, 2, "claims.v99", "claims.v1")
