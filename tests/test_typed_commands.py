"""Commands that the pages name without running them exist, and so do their options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from extractor.cli.app import app

REPOSITORY = Path(__file__).parent.parent
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"^(?:\.venv/bin/)?extractor ([a-z].*?)(?:\s+#.*)?$", re.MULTILINE)

WHOLE = get_command(app)
CONTEXT = typer.Context(WHOLE)


def typed(page: str) -> list[str]:
    """What stands behind `extractor` in the blocks of a page that are not run."""
    blocks = [block[2] for block in FENCE.finditer(page) if block[1] in ("", "sh")]
    return [line[1] for block in blocks for line in TYPED.finditer(block)]


def faults(line: str) -> Iterator[str]:
    """What of a line does not exist. Names may be alternatives: `list | show N202`."""
    words = line.split()
    others = [after for bar, after in pairwise(words) if bar == "|"]
    first = WHOLE.get_command(CONTEXT, words[0])  # type: ignore[attr-defined] # a group
    below = getattr(first, "commands", None)
    stands_alone = getattr(first, "invoke_without_command", False)
    if below is None or (stands_alone and words[1:2] and words[1].startswith("-")):
        found = {name: WHOLE.get_command(CONTEXT, name) for name in (words[0], *others)}  # type: ignore[attr-defined]
    elif stands_alone and len(words) == 1:
        found = {words[0]: first}
    else:
        found = {name: below.get(name) for name in (words[1], *others)}
        deeper = getattr(found[words[1]], "commands", None)
        if deeper is not None:
            found[words[1]] = deeper.get(words[2]) if len(words) > 2 else None
    yield from (f"no command {name!r}" for name, command in found.items() if command is None)
    known = {
        name for command in found.values() if command for p in command.params for name in p.opts
    }
    yield from (
        f"no option {word}" for word in words if word.startswith("--") and word not in known
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.stem))
def test_what_a_page_names_exists(page: Path) -> None:
    lines = typed(page.read_text("utf-8"))
    assert [(line, list(faults(line))) for line in lines if list(faults(line))] == []


def test_the_pages_name_many() -> None:
    assert sum(len(typed(page.read_text("utf-8"))) for page in PAGES) > 60


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("rum docs/", "no command 'rum'"),
        ("run docs/ --modle NAME", "no option --modle"),
        ("gold new | czech", "no command 'czech'"),
        ("status | exprot …", "no command 'exprot'"),
        ("rules show N202 --strict", "no option --strict"),
    ],
)
def test_what_does_not_exist_is_noticed(line: str, fault: str) -> None:
    assert list(faults(line)) == [fault]
