"""`extractor numbers`: what the number reader sees in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from extractor.quantities.types import Quantity, Reading


def numbers(
    file: Annotated[Path, typer.Argument(help="A .txt or .md file.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a number.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also show the numbers that are no quantities.")
    ] = False,
) -> None:
    """Show every number of a file with its value, hedge and unit; no model is asked."""
    from extractor.batch.run_folder import json_line
    from extractor.claims.records import quantity_record
    from extractor.quantities import read
    from extractor.text import Document

    reading = read(Document.from_path(file).text)
    if as_json:
        for quantity in reading.quantities:
            typer.echo(json_line(quantity_record(quantity)))
        if explain:
            for masked in reading.masked:
                span = [masked.span.start, masked.span.end]
                record = {
                    "text": masked.text,
                    "span": span,
                    "masked": masked.kind,
                    "why": masked.why,
                }
                typer.echo(json_line(record))
        return
    _show(reading, explain=explain)


def _show(reading: Reading, *, explain: bool) -> None:
    from rich.table import Table

    from extractor.cli.console import cell, err, out

    table = Table("at", "text", "value", "hedge", "kind", "unit", box=None)
    for quantity in reading.quantities:
        table.add_row(
            cell(quantity.span.start),
            cell(quantity.text, "bold"),
            cell(_value(quantity)),
            cell(quantity.qualifier.value),
            cell(quantity.kind.value),
            cell(quantity.unit),
        )
    out().print(table)
    if explain:
        masks = Table("at", "no quantity", "what it is", "why", box=None)
        for masked in reading.masked:
            masks.add_row(
                cell(masked.span.start),
                cell(masked.text, "dim"),
                cell(masked.kind),
                cell(masked.why),
            )
        out().print(masks)
    err().print(f"{len(reading.quantities)} numbers, {len(reading.masked)} set aside")


def _value(quantity: Quantity) -> str:
    from extractor.claims.records import plain

    if quantity.value is not None:
        return str(plain(quantity.value))
    return f"{plain(quantity.low) or '…'} to {plain(quantity.high) or '…'}"
