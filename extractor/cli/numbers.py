"""`extractor numbers`: what the number reader sees in a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from extractor.claims.records import Record
    from extractor.cli.numbers_source import Block


def numbers(
    file: Annotated[Path, typer.Argument(help="A .txt or .md file, or - for standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a number.")] = False,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Also how each was read, and the numbers that are no quantities."
        ),
    ] = False,
) -> None:
    """Show a text with every number marked, and its value, hedge and unit; no model is asked."""
    from extractor.cli.console import err, out
    from extractor.cli.numbers_source import read_in_blocks, text_of

    text = text_of(file)
    blocks = read_in_blocks(text)
    console = out()
    if as_json:
        from extractor.batch.json_lines import json_line

        for block in blocks:
            for record in _records(block, text, explain=explain):
                console.file.write(json_line(record) + "\n")
            console.file.flush()
        return
    from extractor.cli.numbers_page import NumbersScreen

    shown = NumbersScreen(console, text, explain=explain).show(blocks)
    err().print(f"{shown.quantities} numbers, {shown.masked} set aside")


def _records(block: Block, text: str, *, explain: bool) -> Iterator[Record]:
    from extractor.claims.records import masked_record, read_number_record
    from extractor.quantities import Quantity

    for found in block.found if explain else block.quantities:
        if isinstance(found, Quantity):
            yield read_number_record(found, text)
        else:
            yield masked_record(found)
