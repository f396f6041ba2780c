"""The Python of the pages that is no doctest: what it imports is there, and some of it runs."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from extractor.cli.app import app

REPOSITORY = Path(__file__).parent.parent
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [
    (page.stem, number, block)
    for page in [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
    for number, block in enumerate(BLOCK.findall(page.read_text("utf-8")), 1)
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample articles, extracted from their recordings."""
    folder = tmp_path_factory.mktemp("run") / "run"
    paths = [REPOSITORY / "seeds", "--replay", REPOSITORY / "cassettes" / "seeds", "--out", folder]
    done = CliRunner().invoke(app, ["run", *map(str, paths)])
    assert done.exit_code == 0, done.output
    return folder


def _is_of_the_page(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and str(node.module).startswith("acme_")


@pytest.mark.parametrize(("page", "number", "block"), BLOCKS)
def test_what_a_block_imports_is_there(page: str, number: int, block: str) -> None:
    tree = ast.parse(block, f"{page}, block {number}")
    imports: list[ast.stmt] = [
        node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert imports
    # a package that the page itself makes, and whose test installs it (tests/test_plugins.py)
    imports = [node for node in imports if not _is_of_the_page(node)]
    exec(compile(ast.Module(imports, []), page, "exec"), {})  # noqa: S102 - our own pages


@pytest.mark.parametrize(("page", "place"), [("reconcile", "runs/NAME"), ("report", "RUN")])
def test_a_block_about_a_run_runs(
    page: str, place: str, run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [block] = [block for name, _, block in BLOCKS if name == page]
    assert f'Path("{place}")' in block
    found: dict[str, Any] = {}
    exec(block.replace(place, str(run)), found)  # noqa: S102 - our own pages
    if page == "reconcile":
        assert "Russian soldiers killed" in capsys.readouterr().out
    else:
        assert "<!doctype html>" in "".join(found["pieces"]).lower()
