"""`extractor run`: documents in, checked claims out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from extractor.cli.asking_options import (
    AskOption,
    PassageOption,
    PromptOption,
    ReasksOption,
    SchemaOption,
)
from extractor.cli.input_options import (
    DateColumnOption,
    IdColumnOption,
    IgnoreOption,
    InputsArgument,
    LimitOption,
    SampleOption,
    TextColumnOption,
)
from extractor.cli.resume import refuse_without_ray
from extractor.cli.run_options import (
    BudgetOption,
    ConcurrencyOption,
    FailuresOption,
    JsonOption,
    PricesOption,
    RayAddressOption,
    RpmOption,
    TpmOption,
)
from extractor.errors import InputError


def run(
    inputs: InputsArgument,
    model: Annotated[
        str | None, typer.Option("--model", help="A model's name (default: the embedded model).")
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option("--base-url", help="An OpenAI-compatible endpoint, with OPENAI_API_KEY."),
    ] = None,
    prompt: PromptOption = None,
    schema: SchemaOption = None,
    record: Annotated[
        Path | None, typer.Option("--record", help="Record the calls into this folder.")
    ] = None,
    replay: Annotated[
        Path | None, typer.Option("--replay", help="Answer from recordings; never goes live.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The run folder (default: runs/<time>).")
    ] = None,
    prices: PricesOption = None,
    passage: PassageOption = None,
    ask: AskOption = "anchored",
    reasks: ReasksOption = 1,
    text_column: TextColumnOption = "text",
    id_column: IdColumnOption = None,
    date_column: DateColumnOption = None,
    ignore: IgnoreOption = None,
    limit: LimitOption = None,
    sample: SampleOption = None,
    concurrency: ConcurrencyOption = None,
    rpm: RpmOption = None,
    tpm: TpmOption = None,
    budget: BudgetOption = None,
    max_failures: FailuresOption = None,
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            metavar="[local|ray]",
            help="This process, or many (Ray, here or a cluster).",
        ),
    ] = "local",
    ray_address: RayAddressOption = None,
    ray_storage: Annotated[
        str | None,
        typer.Option(
            "--ray-storage", help="With --engine ray: rows go there (a folder, s3://…), for all."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would ask and cost; no call is made.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Extract numeric claims and accept only those that stand in the text.

    Whatever ends a run, `extractor resume` goes on with it.
    """
    from extractor.batch.ledger_reader import is_unused
    from extractor.batch.run_folder import new_run_folder
    from extractor.batch.run_recipe import RunRecipe
    from extractor.cli.running import Pace, begin, foresee

    if record is not None and replay is not None:
        raise InputError("--record and --replay exclude each other: choose one.")
    refuse_a_key_in(base_url)
    now = dt.datetime.now(dt.UTC)
    pace = Pace(concurrency, rpm, tpm, budget, max_failures)
    folder = out or Path("runs") / now.strftime("%Y-%m-%dT%H-%M-%S-%f")
    recipe = RunRecipe(
        cwd=str(Path.cwd()),
        inputs=tuple(inputs),
        text_column=text_column,
        id_column=id_column,
        date_column=date_column,
        ignore=tuple(ignore or ()),
        limit=limit,
        sample=sample,
        model=model,
        base_url=base_url,
        prompt=prompt,
        ask=ask,
        passage=passage,
        reasks=reasks,
        record=_text(record),
        replay=_text(replay),
        prices=_text(prices),
        schema=schema,
    )
    if dry_run:
        foresee(recipe, pace, as_json=as_json)
        return
    if engine not in ("local", "ray"):
        raise InputError(f"--engine {engine[:40]!r}: wanted is local or ray.")
    in_ray = engine == "ray"
    if in_ray:
        refuse_without_ray()
        from extractor.cli.ray_running import is_unused
    elif ray_address is not None or ray_storage is not None:
        raise InputError("--ray-address and --ray-storage are of --engine ray: name that too.")
    with _kept_if_used(new_run_folder(folder), is_unused):
        recipe = replace(recipe, inputs=tuple(spooled(name, folder) for name in inputs))
        if in_ray:
            from extractor.cli import ray_running

            options = ray_running.RayOptions(ray_address, ray_storage)
            code = ray_running.begin(folder, recipe, pace, options, as_json=as_json)
        else:
            code = begin(folder, recipe, pace, as_json=as_json)
    if code:
        raise typer.Exit(code)


def refuse_a_key_in(base_url: str | None) -> None:
    """Raise InputError where the URL holds what a run folder must not."""
    if base_url is not None and "@" in urlsplit(base_url).netloc:
        raise InputError(
            "--base-url holds a name or a key, which would be written to the run folder; leave it "
            "out there, and give the key in OPENAI_API_KEY."
        )


@contextmanager
def _kept_if_used(folder: Path, is_unused: Callable[[Path], bool]) -> Iterator[None]:
    """An error before any document or call leaves no folder."""
    from shutil import rmtree

    try:
        yield
    except BaseException:
        if is_unused(folder):
            rmtree(folder, ignore_errors=True)
        raise


def spooled(name: str, folder: Path) -> str:
    """Standard input as a file of the run, so that the run can be gone on with."""
    import shutil
    import sys

    if name != "-":
        return name
    start = sys.stdin.buffer.peek(1) if hasattr(sys.stdin.buffer, "peek") else b""
    # rows of JSON, or one text
    path = folder.resolve() / ("stdin.jsonl" if start.lstrip().startswith(b"{") else "stdin.txt")
    try:
        with path.open("xb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error}).") from error
    return str(path)


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
