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


@pytest.mark.parametrize(
    "command", [[], ["run"], ["verify"], ["numbers"], ["rules"], ["models"], ["cassettes"]]
)
def test_every_command_has_help(command: list[str]) -> None:
    done = extractor(*command, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


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
    told(extractor("run", tmp_path, cwd=tmp_path), 2, "there is no document in this folder")
    told(extractor("run", tmp_path / "none", cwd=tmp_path), 2, "no such file or folder")
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    told(extractor("run", tmp_path / "a.pdf", cwd=tmp_path), 2, "documents are .txt, .md, .html")


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
    told(done, 2, "claims.v99", "claims.v2")
