"""What the README and the pages say of the code and of each other is held against them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from extractor.claims import Severity
from extractor.validator import all_rules

REPOSITORY = Path(__file__).parent.parent
DOCS = REPOSITORY / "docs"
PAGES = [*REPOSITORY.glob("*.md"), *DOCS.rglob("*.md")]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[\w-]+)?\)")
COUNTS = {37: "thirty-seven"}


def test_the_readme_counts_the_rules() -> None:
    assert f"{COUNTS[len(all_rules())]} rules" in (REPOSITORY / "README.md").read_text("utf-8")


def test_the_readme_opens_with_the_two_commands() -> None:
    blocks = (REPOSITORY / "README.md").read_text("utf-8").split("```sh\n")[1:]
    first, second = (block.split("```")[0] for block in blocks)
    assert "extractor run seeds/" in first
    assert "pytest" in second


def test_the_page_on_rules_lists_each_as_it_stands() -> None:
    page = (REPOSITORY / "docs" / "rules.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and line[2:3].isupper()]
    does = {Severity.ERROR: "rejects", Severity.WARNING: "flags"}
    assert rows == [f"| {r.code} | {does[r.severity]} | {r.summary} |" for r in all_rules()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_a_link_to_a_file_leads_to_one(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("folder", [DOCS, DOCS / "decisions"], ids=lambda folder: str(folder.name))
def test_every_page_is_in_the_list_that_the_site_is_ordered_by(folder: Path) -> None:
    listed = re.findall(
        r"^- \[.+?\]\((.+?)\)", (folder / "index.md").read_text("utf-8"), re.MULTILINE
    )
    pages = {page.name for page in folder.glob("*.md")} - {"index.md"}
    assert {link for link in listed if "/" not in link} == pages
    assert len(listed) == len(set(listed))
