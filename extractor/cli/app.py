"""The `extractor` command: arguments in, exit codes out.

Exit codes: 0 done, 1 some documents failed (or, on request, some claims were rejected), 2 the
input cannot be used, 3 the model cannot be asked, 5 a recording is missing or stale, 6 batches are
waited for, 130 stopped by Ctrl-C, 141 nobody reads the output any more (`extractor … | head`).
"""

from __future__ import annotations

import codecs
import json
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import Annotated

import typer

from extractor.cli.command_group import LateCommands
from extractor.errors import ExtractorError

_CLOSED_PIPE = 128 + 13  # as a shell reports SIGPIPE
_AS_ESCAPES = "extractor.escapes"

app = typer.Typer(
    name="extractor",
    cls=LateCommands,
    help="Numeric claims from text, each checked against the text before it is accepted.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


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
    codecs.register_error(_AS_ESCAPES, _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what its encoding lacks is escaped, as JSON does
            stream.reconfigure(errors=_AS_ESCAPES)
    code = _settled(app)
    # what is still in the buffer meets a closed pipe or a full disk only now
    flushed = _settled(_flush)
    sys.exit(code or flushed)


def _settled(step: Callable[[], object]) -> int:
    """The exit code of one step; what went wrong is told in one sentence."""
    from extractor.cli.console import printable

    code = 0
    try:
        step()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 0
        if isinstance(stop.__context__, BrokenPipeError):  # typer makes 1 of it
            code = _CLOSED_PIPE
    except BrokenPipeError:
        code = _CLOSED_PIPE
    except KeyboardInterrupt:
        code = 130
    except ExtractorError as error:
        print(f"extractor: {printable(error)}", file=sys.stderr)  # noqa: T201
        code = error.exit_code
    except OSError as error:  # a name that is too long, a folder that cannot be read
        where = f"{error.filename}: " if error.filename else ""
        print(f"extractor: {printable(where)}{error.strerror or error}.", file=sys.stderr)  # noqa: T201
        code = 2
    return code


def _flush() -> None:
    if sys.stdout is None:  # it was closed before we began
        return
    try:
        sys.stdout.flush()
    except OSError:
        # nothing more can be written, and the interpreter is not to try again when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


if __name__ == "__main__":
    main()
