"""What the README says of the code is counted in the code."""

from __future__ import annotations

from pathlib import Path

from extractor.validator import all_rules

REPOSITORY = Path(__file__).parent.parent
COUNTS = {
    15: "fifteen",
    16: "sixteen",
    17: "seventeen",
    18: "eighteen",
    19: "nineteen",
    20: "twenty",
}


def test_the_readme_counts_the_rules() -> None:
    assert f"{COUNTS[len(all_rules())]} rules" in (REPOSITORY / "README.md").read_text("utf-8")


def test_the_readme_opens_with_the_two_commands() -> None:
    blocks = (REPOSITORY / "README.md").read_text("utf-8").split("```sh\n")[1:]
    first, second = (block.split("```")[0] for block in blocks)
    assert "extractor run seeds/" in first
    assert "pytest" in second
