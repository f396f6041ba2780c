"""The page of faults, made of the rows that are tested; `tests/write_faults.py` writes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractor.batch.runner import MOST_UNANSWERED
from extractor.cli.console import printable
from extractor.model import RetryPolicy
from extractor.model.transport import LARGEST_BODY

from .fault_rows import GROUPS, SHEET_TEXT, SHEETS, Row, Sheet, Wait

MARK = "<!-- from here on written by tests/write_faults.py -->\n"


def policy_line() -> str:
    """The standing policy in figures."""
    policy, size = RetryPolicy(), LARGEST_BODY // 2**20
    return (
        f"The standing policy: {policy.attempts} calls at most, {policy.refused_attempts} where "
        f"nothing listens; waits double from {policy.first_wait} s, with as much jitter, and none "
        f"is longer than {policy.longest_wait:g} s; a call with its waits ends within "
        f"{policy.deadline:g} s; an answer has {size} MB at most; {MOST_UNANSWERED} documents in a "
        "row without an answer end the run.\n"
    )


SHEETS_INTRO = f"""\
## Answers about other numbers than were asked

The answer has the right shape. Asked was about 61 and 340 in “{SHEET_TEXT}” One call each;
nothing is asked again.

| the answer | 61 ends as | 340 ends as |
|---|---|---|
"""


def tables() -> str:
    """What follows the mark on the page, as Markdown."""
    parts = [policy_line(), *(_table(group, rows) for group, rows in GROUPS.items())]
    return "\n".join((*parts, SHEETS_INTRO + "".join(map(_sheet, SHEETS))))


def _table(group: str, rows: Sequence[Row]) -> str:
    head = "| fault | calls | waits (s) | error, reason | what the user reads | exit code |\n"
    return f"## {group}\n\n{head}|---|---|---|---|---|---|\n{''.join(map(_row, rows))}"


def _row(row: Row) -> str:
    kind = f"`{row.error.__name__}`, {row.reason}" if row.error else "none"
    told = printable(row.told.replace("{host}", "HOST")) or "nothing"
    waits = ", ".join(_waits(row.waits)) or "none"
    cells = (row.name, len(row.outcomes), waits, kind, told, row.exit_code)
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |\n"


def _waits(waits: Sequence[Wait]) -> Iterator[str]:
    return (f"{low:g} to {high:g}" for low, high in waits)


def _sheet(sheet: Sheet) -> str:
    return f"| {sheet.name} | {sheet.ends[0]} | {sheet.ends[1]} |\n"
