"""The `extractor` command: arguments in, exit codes out.

Exit codes: 0 done, 1 some documents failed (or, on request, some claims were rejected), 2 the
input cannot be used, 3 the model cannot be asked, 5 a recording is missing or stale, 130 stopped
by Ctrl-C.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from extractor.cli import models, numbers, rules, run, verify
from extractor.errors import ExtractorError

app = typer.Typer(
    name="extractor",
    help="Numeric claims from text, each checked against the text before it is accepted.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("run")(run.run)
app.command("verify")(verify.verify_claims)
app.command("numbers")(numbers.numbers)
app.add_typer(rules.app, name="rules")
app.add_typer(models.app, name="models")


def _version(*, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("claim-extractor"))
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda wanted: _version(wanted=wanted),
            is_eager=True,
            help="Print the version and exit.",
        ),
    ] = False,
) -> None:
    """Numeric claims from text, each checked against the text before it is accepted."""


def main() -> None:
    """The console script: every error that is foreseen is one sentence and an exit code."""
    from extractor.cli.console import printable

    try:
        app()
    except ExtractorError as error:
        print(f"extractor: {printable(error)}", file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_code)
    except OSError as error:  # a name that is too long, a folder that cannot be read
        where = f"{error.filename}: " if error.filename else ""
        print(f"extractor: {printable(where)}{error.strerror or error}.", file=sys.stderr)  # noqa: T201
        sys.exit(2)


if __name__ == "__main__":
    main()
