"""`extractor reconcile`: competing figures of runs side by side."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from extractor.errors import InputError

if TYPE_CHECKING:
    from rich.table import Table

    from extractor.reconcile import FigureGroup

Form = Literal["table", "json", "csv", "md"]


def reconcile(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Run folders.")],
    form: Annotated[Form, typer.Option("--format", help="What to write.")] = "table",
    aliases: Annotated[
        Path | None,
        typer.Option("--aliases", help="Names that mean the same: a YAML file, see the docs."),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of each figure why it is in its group.")
    ] = False,
    every: Annotated[
        bool,
        typer.Option("--all", help="In table and md: figures that stand alone too."),
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", help="The file (default: stdout).")] = None,
) -> None:
    """Show who says what of the same thing, and how far apart they are.

    Accepted claims of one event, one counted thing of one side, and one place where it is given
    stand together. Nothing is averaged, and nothing is called true.
    """
    from extractor.files import writing_whole
    from extractor.reconcile import Aliases, reconcile_runs
    from extractor.reconcile.tables import csv_table, markdown_table

    groups = reconcile_runs(runs, Aliases.load(aliases))
    competing = groups if every else [group for group in groups if _competes(group)]
    match form:
        case "json":
            pieces = _json(groups)
        case "csv":
            pieces = csv_table(groups)
        case "md":
            pieces = markdown_table(competing, explained=explain)
        case "table" if out is None:
            _show(competing, left_out=len(groups) - len(competing), explained=explain)
            return
        case "table":
            raise InputError("--out needs --format json, csv or md; the table is for a terminal.")
    if out is None:
        for piece in pieces:
            sys.stdout.write(piece)
        return
    try:
        with writing_whole(out) as file:
            for piece in pieces:
                file.write(piece.encode("utf-8", "replace"))
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror or error}).") from error


def _competes(group: FigureGroup) -> bool:
    """Whether there is something to lay side by side: two figures, or one in two places."""
    return len(group.figures) > 1 or any(len(figure.places) > 1 for figure in group.figures)


def _json(groups: Iterable[FigureGroup]) -> Iterator[str]:
    """One JSON object a group, each on a line of its own."""
    from extractor.batch.json_lines import json_line
    from extractor.reconcile import group_record

    for group in groups:
        yield f"{json_line(group_record(group))}\n"


def _show(groups: list[FigureGroup], *, left_out: int, explained: bool) -> None:
    from extractor.cli.console import out, printable

    console = out()
    for group in groups:
        console.print(_table(group, explained=explained))
        for one in group.disagreements:
            console.print(f"  {one.kind}: {printable(one.sentence)}", markup=False)
        console.print()
    alone = f"; {left_out} that stand alone are left out (--all shows them)" if left_out else ""
    console.print(f"{len(groups)} groups{alone}", markup=False)


def _table(group: FigureGroup, *, explained: bool) -> Table:
    from rich.table import Table

    from extractor.cli.console import cell, printable
    from extractor.reconcile.tables import documents_of, notes_of, summary

    table = Table(
        title=cell(group.title, "bold"), title_justify="left", caption_justify="left",
        caption=cell(summary(group)),
    )  # fmt: skip
    for name in ("figure", "", "claimant", "as of", "documents", *(["why"] if explained else [])):
        table.add_column(name, justify="right" if name == "figure" else "left")
    for at, figure in enumerate(group.figures):
        documents = documents_of(figure)
        shown = ", ".join(map(printable, documents[:3]))
        more = f" and {len(documents) - 3} more" if documents[3:] else ""
        table.add_row(
            cell(figure.places[0].number),
            cell(", ".join(notes_of(group, at))),
            cell(figure.claimant),
            cell(figure.as_of),
            cell(shown + more),
            *([cell("\n".join(figure.why))] if explained else []),
        )
    return table
