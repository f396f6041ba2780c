"""`extractor gold`: gold claims made of a run, and what is inconsistent in a file of them."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.asking_options import SchemaOption
from extractor.cli.schemas import named_schema
from extractor.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from extractor.text import Document

app = typer.Typer(
    help="Claims made by hand, to score runs against.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.command("new")
def new(
    run: Annotated[Path, typer.Argument(help="The run folder.")],
    out: Annotated[Path | None, typer.Option("--out", help="The file (default: stdout).")] = None,
) -> None:
    """Turn a run's accepted claims into gold claims, to be corrected by hand.

    A file that is there already is not replaced: somebody may have corrected it.
    """
    from extractor.batch.gold_new import new_gold
    from extractor.batch.ledger_reader import open_ledger
    from extractor.files import writing_whole

    with open_ledger(run) as ledger:
        text = json.dumps(new_gold(ledger), ensure_ascii=False, indent=1) + "\n"
    if out is None:
        sys.stdout.write(text)
        return
    if out.exists():
        raise InputError(f"{out}: this is there already, and may be corrected; name another file.")
    try:
        with writing_whole(out) as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror or error}).") from error


@app.command("check")
def check(
    gold: Annotated[Path, typer.Argument(help="Gold claims, as `eval` reads them.")],
    source: Annotated[
        Path | None, typer.Option("--source", help="The folder of the documents, NAME.txt each.")
    ] = None,
    run: Annotated[
        Path | None, typer.Option("--run", help="A run that holds the documents, instead.")
    ] = None,
    schema: SchemaOption = None,
) -> None:
    """Say what is inconsistent in gold claims.

    Errors: a quote that is not at its offsets, or holds no number of the figure; a claim that is
    there twice; a document that is not there. To look at: what the gate would refuse, and numbers
    that are neither claimed nor under "skipped". Exit codes: 0 no error, 1 errors, 2 unreadable.
    """
    from extractor.batch.gold_check import check_gold
    from extractor.batch.gold_claims import read_gold_file
    from extractor.batch.ledger_reader import open_ledger
    from extractor.cli.console import printable

    if (source is None) == (run is None):
        raise InputError("name the documents: either --source FOLDER or --run RUN.")
    errors = looks = 0
    with ExitStack() as stack:
        document_of = (
            _in_folder(source)
            if source is not None
            else _found(stack.enter_context(open_ledger(run or Path())).document)
        )
        claims, skipped = read_gold_file(gold)
        for fault in check_gold(claims, skipped, document_of, named_schema(schema)):
            errors += fault.is_error
            looks += not fault.is_error
            typer.echo(printable(fault.told()))
    typer.echo(f"{errors} errors, {looks} to look at")
    if errors:
        raise typer.Exit(1)


def _in_folder(folder: Path) -> Callable[[str], Document | None]:
    from extractor.text import Document

    def document_of(name: str) -> Document | None:
        path = folder / f"{name}.txt"
        try:
            return Document.from_path(path) if path.is_file() else None
        except (OSError, ValueError):  # no file can be called this
            return None

    return document_of


def _found(document: Callable[[str], Document]) -> Callable[[str], Document | None]:
    def document_of(name: str) -> Document | None:
        try:
            return document(name)
        except InputError:
            return None

    return document_of
