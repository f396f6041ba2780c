"""`extractor models`: where the embedded model is, and fetching it, without fetching it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extractor.cli import models
from extractor.cli.fetching import fetch_bar
from extractor.errors import ModelError
from extractor.model import QWEN


@pytest.fixture(autouse=True)
def _nothing_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("EXTRACTOR_LOCAL_MODEL", raising=False)


def test_list_as_json() -> None:
    done = CliRunner().invoke(models.app, ["list", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "name": QWEN.name,
        "size": QWEN.size,
        "licence": "Apache-2.0",
        "sha256": QWEN.sha256,
        "path": None,
    }


def test_list_as_a_table() -> None:
    done = CliRunner().invoke(models.app, ["list"])
    for text in (QWEN.name, "1.12 GB", "Apache-2.0", QWEN.sha256[:12], "extractor models pull"):
        assert text in done.stdout


@pytest.mark.parametrize("command", ["list", "pull"])
def test_a_given_path_that_is_not_there(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACTOR_LOCAL_MODEL", "/nowhere/model.gguf")
    done = CliRunner().invoke(models.app, [command])
    assert isinstance(done.exception, ModelError)
    assert done.stdout == ""


def test_the_bar_is_on_stderr_and_only_when_bytes_come(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with fetch_bar() as bar:
        bar.advanced(0, 100, "one place")
    assert capsys.readouterr() == ("", "")
    with fetch_bar() as bar:
        bar.advanced(0, 100, "one place")
        bar.noted("one place: not [there].")
        bar.advanced(50, 100, "another place")
        bar.advanced(100, 100, "another place")
    out, err = capsys.readouterr()
    assert out == ""
    assert "not [there]." in err
    assert "another place" in err
