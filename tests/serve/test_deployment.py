"""The files for a container and for systemd: what can be held of them without either."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from extractor.cli.app import app

REPOSITORY = Path(__file__).parents[2]
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((REPOSITORY / "compose.yaml").read_text("utf-8"))
UNIT = REPOSITORY / "deploy" / "extractor-serve.service"


def test_every_option_they_give_is_one() -> None:
    known = set(re.findall(r"--[a-z-]+", CliRunner().invoke(app, ["serve", "--help"]).output))
    command = next(line for line in UNIT.read_text().splitlines() if line.startswith("ExecStart="))
    entry = "\n".join(line for line in DOCKERFILE.splitlines() if line.startswith(("ENTRY", "CMD")))
    given = " ".join([command, entry, *COMPOSE["services"]["extractor"]["command"]])
    options = set(re.findall(r"--[a-z-]+", given))
    assert options
    assert options <= known


def test_what_is_copied_is_there_and_is_not_ignored() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    names = [name for line in copied for name in line.split()]
    kept = {
        line[1:]
        for line in (REPOSITORY / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    assert kept == set(names)
    assert all((REPOSITORY / name).exists() for name in names)


def test_nothing_runs_as_root_and_nothing_is_open_to_all() -> None:
    service = COMPOSE["services"]["extractor"]
    assert re.search(r"^USER 10001$", DOCKERFILE, re.MULTILINE)
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]


ANALYZE = shutil.which("systemd-analyze")


@pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    there = shutil.which("true")
    unit.write_text(UNIT.read_text().replace("/opt/extractor/bin/extractor", str(there)))
    done = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if UNIT.name in line] == []
