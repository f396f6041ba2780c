"""`extractor export`: the verdicts of a run as a table, or its files made again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from extractor.errors import InputError


def export(
    run: Annotated[Path, typer.Argument(help="The run folder; the run may be under way.")],
    form: Annotated[
        Literal["jsonl", "csv", "parquet", "sqlite"],
        typer.Option("--format", help="What to write."),
    ] = "jsonl",
    where: Annotated[
        Literal["accepted", "rejected", "all"], typer.Option("--where", help="Which verdicts.")
    ] = "accepted",
    out: Annotated[
        Path | None, typer.Option("--out", help="The file (default: stdout, for jsonl and csv).")
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the run's own files again from its ledger.")
    ] = False,
) -> None:
    """Write the verdicts of a run as a table: one row each, the columns always the same."""
    from extractor.batch.export_files import csv_export, json_export, write_parquet, write_sqlite
    from extractor.batch.exports import export_rows
    from extractor.batch.ledger_reader import open_ledger
    from extractor.files import writing_whole

    if rebuild:
        _rebuild(run)
        return
    if out is None and form in ("parquet", "sqlite"):
        raise InputError(f"--format {form} needs a file: name it with --out.")
    with open_ledger(run) as ledger:
        rows = export_rows(ledger, where)
        if form == "parquet" and out is not None:
            write_parquet(out, rows)
        elif form == "sqlite" and out is not None:
            write_sqlite(out, rows)
        else:
            pieces = csv_export(rows) if form == "csv" else json_export(rows)
            if out is None:
                for piece in pieces:
                    sys.stdout.write(piece)
                return
            try:
                with writing_whole(out) as file:
                    for piece in pieces:
                        file.write(piece.encode())
            except OSError as error:
                raise InputError(
                    f"{out}: cannot be written ({error.strerror or error})."
                ) from error


def _rebuild(run: Path) -> None:
    from extractor.batch.ledger_reader import open_ledger
    from extractor.batch.ledger_writer import LedgerWriter
    from extractor.batch.run_folder import write_documents
    from extractor.batch.run_lock import locked

    with open_ledger(run) as ledger:
        with locked(run), LedgerWriter(run) as writer:
            writer.rebuild_files()
        write_documents(run, ledger)
