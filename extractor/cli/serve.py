"""`extractor serve`: the gate, the reader, extraction, jobs and the review page over HTTP."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from extractor.errors import InputError

app = typer.Typer(add_completion=False, rich_markup_mode=None)
key_app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)
app.add_typer(key_app, name="key", help="Keys that callers of the service send.")


@app.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    host: Annotated[
        str, typer.Option("--host", help="Where to listen; other than loopback needs --keys.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any free one.")] = 8080,
    runs: Annotated[
        Path, typer.Option("--runs", help="The folder of run folders; jobs become runs in it.")
    ] = Path("runs"),
    keys: Annotated[
        Path | None,
        typer.Option("--keys", help="The file of keys; or lines of it in EXTRACTOR_SERVE_KEYS."),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="A model's name (default: the embedded model).")
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option("--base-url", help="An OpenAI-compatible endpoint, with OPENAI_API_KEY."),
    ] = None,
    without_model: Annotated[
        bool, typer.Option("--without-model", help="Verify, numbers and review alone.")
    ] = False,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help="Processes beside each other.")
    ] = 1,
    max_body: Annotated[
        int, typer.Option("--max-body", min=1_000, help="Bytes that a body may have.")
    ] = 4 * 2**20,
    max_at_once: Annotated[
        int, typer.Option("--max-at-once", min=1, help="Requests under way, a process.")
    ] = 64,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, help="Seconds for judging one request.")
    ] = 30.0,
    drain: Annotated[
        int, typer.Option("--drain", min=0, help="Seconds that requests may take after SIGTERM.")
    ] = 30,
    access_log: Annotated[
        bool, typer.Option("--access-log", help="A JSON line an answer on stderr, without texts.")
    ] = False,
) -> None:
    """Answer over HTTP; /review is a page to look through refused and flagged claims.

    It listens on this machine alone, without keys. SIGTERM or Ctrl-C lets what is under way end;
    jobs go on when it is started again.
    """
    if context.invoked_subcommand is not None:
        return
    if without_model and (model or base_url):
        raise InputError("--without-model excludes --model and --base-url: leave one out.")
    if base_url is not None and not model:
        raise InputError("--base-url needs a model too: name one with --model.")
    try:
        from extractor.serve.server import run_server
    except ModuleNotFoundError as error:
        raise InputError(
            f"The service needs {error.name}; install it with pip install 'claim-extractor[serve]'."
        ) from error
    from extractor.model import ModelChoice
    from extractor.serve.keys import load_keys
    from extractor.serve.settings import Limits, ServiceSettings

    run_server(
        ServiceSettings(
            host=host,
            port=port,
            runs=runs.resolve(),
            model=None if without_model else ModelChoice(model, base_url),
            keys=load_keys(keys, os.environ),
            limits=Limits(body_bytes=max_body, judging_seconds=timeout, at_once=max_at_once),
            workers=workers,
            drain_seconds=drain,
            access_log=access_log,
        )
    )


@key_app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="Whose key it is; reviews are signed with it.")],
    keys: Annotated[
        Path | None, typer.Option("--keys", help="The file of keys to add it to.")
    ] = None,
) -> None:
    """Make a key. It is shown once; what is kept is its hash.

    Without --keys the line for the file, or for EXTRACTOR_SERVE_KEYS, goes to stderr.
    """
    from extractor.serve.keys import add_key, new_key

    key, line = new_key(name)
    if keys is not None:
        add_key(keys, line)
    typer.echo(key)
    note = f"added to {keys}: {line.split()[0]}" if keys is not None else line
    typer.echo(note, err=True)
