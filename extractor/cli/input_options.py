"""The options of which documents a run takes, alike for every command that begins one."""

from __future__ import annotations

from typing import Annotated

import typer

InputsArgument = Annotated[
    list[str],
    typer.Argument(help="Documents, folders of them, patterns, @LIST of names, or - (stdin)."),
]
TextColumnOption = Annotated[
    str, typer.Option("--text-column", help="Of JSONL, CSV, Parquet: the column of the text.")
]
IdColumnOption = Annotated[
    str | None, typer.Option("--id-column", help="The column of the id (default: the row).")
]
DateColumnOption = Annotated[
    str | None, typer.Option("--date-column", help="The column of the date.")
]
IgnoreOption = Annotated[
    list[str] | None, typer.Option("--ignore", help="Leave out files of this pattern.")
]
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, help="The first so many documents only.")
]
SampleOption = Annotated[
    float | None,
    typer.Option("--sample", min=0, max=1, help="This share of the documents (0.01), by ids."),
]
