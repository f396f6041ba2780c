"""`extractor report`: a run as a page to read, as Markdown, or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer

from extractor.errors import InputError

_PAGE = "report.html"


def report_page(
    run: Annotated[Path, typer.Argument(help="The run folder; the run may be under way.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The file (default: RUN/report.html; stdout for md and json)."),
    ] = None,
    form: Annotated[
        Literal["html", "md", "json"], typer.Option("--format", help="What to write.")
    ] = "html",
    aliases: Annotated[
        Path | None,
        typer.Option("--aliases", help="Names that mean the same: a YAML file, see reconcile."),
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Write a run as one page: its figures side by side, and every number of every document."""
    from extractor.batch.ledger_reader import open_ledger
    from extractor.cli.console import printable

    if show and form != "html":
        raise InputError(f"--open shows a page in a browser; leave it out with --format {form}.")
    with open_ledger(run):  # what is no run is told before anything else is done
        target = _target(out, form, run)
    pieces = _pieces(run, form, aliases)
    if target is None:
        for piece in pieces:
            sys.stdout.write(piece)
        return
    _write(target, pieces)
    if show:
        _open(target)
    if form == "html":
        typer.echo(f"written to {printable(target)}", err=True)


def _pieces(run: Path, form: str, aliases: Path | None) -> Iterator[str]:
    from extractor import report
    from extractor.reconcile import Aliases, reconcile_runs

    groups = reconcile_runs([run], Aliases.load(aliases))
    if form == "md":
        return report.markdown_report(run, groups)
    if form == "json":
        return report.json_report(run, groups)
    return report.html_report(run, groups)


def _target(out: Path | None, form: str, run: Path) -> Path | None:
    """The file that is written, None for stdout; never one of the run's own, a device or a pipe."""
    if out is None:
        return run / _PAGE if form == "html" else None
    if out.exists() and not out.is_file():
        raise InputError(f"{out}: this is no file; name one with --out, or leave it out.")
    target = out.resolve()  # a link stays, and what it leads to is written
    if target.is_relative_to(run.resolve()) and target.name != _PAGE:
        raise InputError(
            f"{out}: the run's own folder takes no file but {_PAGE}; name a file elsewhere."
        )
    return target


def _write(target: Path, pieces: Iterator[str]) -> None:
    from extractor.files import writing_whole

    try:
        with writing_whole(target) as file:
            for piece in pieces:
                file.write(piece.encode())
    except OSError as error:
        raise InputError(f"{target}: cannot be written ({error.strerror or error}).") from error


def _open(page: Path) -> None:
    import webbrowser

    from extractor.cli.console import printable

    if not webbrowser.open(page.resolve().as_uri()):
        typer.echo(f"extractor: no browser could be opened; it is {printable(page)}.", err=True)
