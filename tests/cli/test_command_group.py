"""Commands are imported when they are typed; what `--help` says of them is true."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from extractor.cli.app import app
from extractor.cli.command_group import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_where_the_table_says(name: str) -> None:
    done = CliRunner().invoke(app, [name, "--help"])
    assert done.exit_code == 0
    assert f"extractor {name} " in done.output.replace("root ", "extractor ")


def test_each_command_has_a_line_of_help() -> None:
    done = CliRunner().invoke(app, ["--help"], terminal_width=80)
    for name, entry in COMMANDS.items():
        assert f"  {name:<9}  {entry.summary}\n" in done.output


def test_help_imports_no_command() -> None:
    asked = (
        "import sys; from extractor.cli.app import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith('extractor.cli')])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1]
    assert loaded == "['extractor.cli', 'extractor.cli.command_group', 'extractor.cli.app']"


def test_a_command_that_is_none_is_told() -> None:
    done = CliRunner().invoke(app, ["nope"])
    assert done.exit_code == 2
    assert "No such command 'nope'" in done.output
    assert "Did you mean 'export'" in CliRunner().invoke(app, ["exprt"]).output
