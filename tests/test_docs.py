"""What the README says of the code is counted in the code."""

from __future__ import annotations

from pathlib import Path

from extractor.claims import Severity
from extractor.validator import all_rules

REPOSITORY = Path(__file__).parent.parent
COUNTS = {29: "twenty-nine", 30: "thirty", 31: "thirty-one", 32: "thirty-two"}


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
