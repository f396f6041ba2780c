"""`extractor export`: the verdicts of a run as a table, or its files made again."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import typer

from extractor.errors import InputError


def export(
    run: Annotated[Path, typer.Argument(help="The run folder; the run may be under way.")],
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="jsonl|csv|parquet|sqlite|…",
            help="What to write; plugins may bring more.",
        ),
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
    from extractor.batch.export_plugins import FORMATS, exporter
    from extractor.batch.exports import columns_of, export_rows
    from extractor.batch.ledger_reader import open_ledger

    made = exporter(form) if form not in FORMATS else None
    if rebuild:
        _rebuild(run, out)
        return
    out = _target(out, form, run)
    with open_ledger(run) as ledger:
        rows, columns = export_rows(ledger, where), columns_of(ledger)
        if form == "parquet" and out is not None:
            write_parquet(out, rows, columns)
        elif form == "sqlite" and out is not None:
            write_sqlite(out, rows, columns)
        elif made is not None:
            _write(out, made.pieces(rows), form)
        else:
            _write(out, csv_export(rows, columns) if form == "csv" else json_export(rows), form)


def _write(out: Path | None, pieces: Iterable[str | bytes], form: str) -> None:
    from extractor.files import writing_whole

    if out is None:
        for piece in pieces:
            _print(piece, form)
        return
    try:
        with writing_whole(out) as file:
            for piece in pieces:
                file.write(_encoded(piece))
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror or error}).") from error


def _encoded(piece: str | bytes) -> bytes:
    # a plugin may pass on a lone surrogate of a document, which no file in UTF-8 holds
    return piece.encode("utf-8", "backslashreplace") if isinstance(piece, str) else piece


def _print(piece: str | bytes, form: str) -> None:
    """Write to stdout; on a terminal nothing of it is to steer that."""
    is_terminal = sys.stdout.isatty()
    if isinstance(piece, str):
        sys.stdout.write(_harmless(piece) if is_terminal else piece)
        return
    if is_terminal:
        raise InputError(f"--format {form} writes bytes, not text: name a file with --out.")
    sys.stdout.flush()
    sys.stdout.buffer.write(piece)


def _harmless(text: str) -> str:
    lines = text.replace("\r\n", "\n")
    return "".join(char if char.isprintable() or char in "\n\t" else " " for char in lines)


def _target(out: Path | None, form: str, run: Path) -> Path | None:
    """The file that is written, None for stdout; never one of the run's own, a device or a pipe."""
    if out is None:
        if form in ("parquet", "sqlite"):
            raise InputError(f"--format {form} needs a file: name it with --out.")
        return None
    if out.exists() and not out.is_file():
        raise InputError(f"{out}: this is no file; name one with --out, or leave it out.")
    target = out.resolve()  # a link stays, and what it leads to is written
    if target.is_relative_to(run.resolve()):
        raise InputError(f"{out}: the run's own folder is not written to; name a file elsewhere.")
    return target


def _rebuild(run: Path, out: Path | None) -> None:
    if out is not None:
        raise InputError("--rebuild writes the run's own files; leave out --out.")
    from extractor.batch.ledger_reader import open_ledger
    from extractor.batch.ledger_writer import LedgerWriter
    from extractor.batch.run_folder import write_documents
    from extractor.batch.run_lock import locked

    with open_ledger(run) as ledger:
        with locked(run), LedgerWriter(run) as writer:
            writer.rebuild_files()
        write_documents(run, ledger)
