"""What the documentation shows of a terminal is what a terminal shows: offline, from recordings."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from console_pages import Exchange, exchanges, outputs
from model.particular_server import Particular, ParticularServer
from scripted_server import completion

REPOSITORY = Path(__file__).parent.parent
PAGES = sorted(
    p for p in (REPOSITORY / "docs").rglob("*.md") if "```console" in p.read_text("utf-8")
)
NEEDED = (
    "seeds",
    "cassettes/seeds",
    "cassettes/seeds-all",
    "examples",
    "tests/data/gold_seeds.json",
)
WRITTEN_HOST = "localhost:8000"  # of docs/own-endpoint.md

A_MODELS_ANSWER = [
    {
        "id": 1,
        "quote": "12 boats were lost",
        "counted": "boats",
        "event": "lost",
        "claimant": "Aldor’s navy",
        "modality": "asserted",
    },
    {
        "id": 2,
        "quote": "more than 340 sailors saved",
        "counted": "sailors",
        "event": "lost",
        "claimant": "Aldor’s navy",
        "modality": "asserted",
    },
]


class HouseModel(Particular):
    """A server that takes what vLLM takes, and whose model errs in one event."""

    def answer(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        tools = body.get("tools") or [{"function": {"name": ""}}]
        if tools[0]["function"]["name"] != "explain_numbers":
            return super().answer(body)
        return 200, completion(json.dumps({"answers": A_MODELS_ANSWER}), name="explain_numbers")


@pytest.fixture
def host() -> Iterator[str]:
    server = ParticularServer(HouseModel())
    yield server.url.removeprefix("http://").removesuffix("/v1")
    server.close()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What of the project the pages are about, to write beside."""
    folder = tmp_path / "checkout"
    for name in NEEDED:
        source, copy = REPOSITORY / name, folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy)
        else:
            shutil.copy(source, copy)
    return folder


def _environment(home: Path) -> dict[str, str]:
    """A user's shell: the program, no key, no model, an output of 80 columns, and no way out."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    nowhere = "http://127.0.0.1:9"
    return {
        "PATH": path,
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "COLUMNS": "80",
        "PYTHONUNBUFFERED": "1",  # both streams in the order in which they are written
        "HTTPS_PROXY": nowhere,
        "HTTP_PROXY": nowhere,
        "NO_PROXY": "127.0.0.1",
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.stem))
def test_a_page_shows_what_is_answered(
    page: Path, checkout: Path, host: str, tmp_path: Path
) -> None:
    shown = list(exchanges(page.read_text("utf-8")))
    typed = [exchange.typed.replace(WRITTEN_HOST, host) for exchange in shown]
    answers = outputs(typed, checkout, _environment(tmp_path))
    assert len(answers) == len(shown), "the shell ended early"
    wrong = [
        f"{page.name}:{exchange.line}: $ {exchange.typed}\n{answer}"
        for exchange, answer in zip(shown, answers, strict=True)
        if exchange.shown == "...\n"  # which would let anything pass
        or not exchange.is_answered_by(answer.replace(host, WRITTEN_HOST))
    ]
    assert not wrong, "\n".join(["", *wrong])


def test_the_pages_for_beginners_are_among_them() -> None:
    assert {"tutorial", "own-endpoint", "verifying", "comparing"} <= {page.stem for page in PAGES}


def test_a_wrong_answer_is_noticed() -> None:
    [first, second] = exchanges(
        "# A\n\n```console\n$ echo 1,597\n1,579\n$ cat <<E\n> 7\n> E\n7\n```\n"
    )
    assert first == Exchange(4, "echo 1,597", "1,579\n")
    assert not first.is_answered_by("1,597\n")
    assert second.typed == "cat <<E\n7\nE"
    assert second.is_answered_by("7  \n\n")
    assert not second.is_answered_by("7\n8\n")


def test_dots_stand_for_anything() -> None:
    [exchange] = exchanges("```console\n$ wc\none\n...\nten in ... s\n```\n")
    assert exchange.is_answered_by("one\ntwo\nthree\nten in 1.5 s\n")
    assert not exchange.is_answered_by("one\ntwo\nten in 1.5 m\n")


def test_a_block_begins_with_a_command() -> None:
    with pytest.raises(ValueError, match="line 2: a console block begins"):
        list(exchanges("```console\nextractor run\n```\n"))


def test_a_command_finds_what_an_earlier_one_left(tmp_path: Path) -> None:
    typed = ["cd /", "X=7", "false", "echo $? $X $PWD"]
    assert outputs(typed, tmp_path, {"PATH": os.environ["PATH"]})[-1] == "1 7 /\n"
