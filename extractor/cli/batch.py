"""`extractor batch submit | status | collect`: a run by OpenAI Batch files, at half the price."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

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
from extractor.cli.run_options import BudgetOption, FailuresOption, JsonOption, PricesOption

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Runs by OpenAI Batch files: answers within a day, at half the price.",
)

RunArgument = Annotated[Path, typer.Argument(help="The run folder.")]
LinesOption = Annotated[
    int,
    typer.Option("--lines", min=1, max=50_000, help="Requests in a file at most."),
]


@app.command("submit")
def submit(
    inputs: InputsArgument,
    model: Annotated[str, typer.Option("--model", help="The model's name.")],
    base_url: Annotated[
        str | None,
        typer.Option("--base-url", help="An endpoint with the Batch API, with OPENAI_API_KEY."),
    ] = None,
    prompt: PromptOption = None,
    schema: SchemaOption = None,
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
    budget: BudgetOption = None,
    max_failures: FailuresOption = None,
    lines: LinesOption = 50_000,
) -> None:
    """Begin a run: write what is to be asked into batch files, and submit them.

    `batch collect` takes the answers in and goes on. Whatever ends this command, it does too.
    """
    from extractor.batch.run_folder import new_run_folder
    from extractor.batch.run_recipe import RunRecipe
    from extractor.cli import batch_running
    from extractor.cli.run import refuse_a_key_in, spooled
    from extractor.cli.running import Pace

    refuse_a_key_in(base_url)
    name = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H-%M-%S-%f")
    folder = out or Path("runs") / name
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
        record=None,
        replay=None,
        prices=None if prices is None else str(prices),
        schema=schema,
    )
    pace = Pace(budget=budget, most_failures=max_failures)
    with _kept_if_used(new_run_folder(folder)):
        recipe = replace(recipe, inputs=tuple(spooled(one, folder) for one in inputs))
        options = batch_running.BatchOptions(lines=lines)
        code = batch_running.submit(folder, recipe, pace, options)
    if code:
        raise typer.Exit(code)


@app.command("collect")
def collect(
    run: RunArgument,
    wait: Annotated[
        bool, typer.Option("--wait", help="Look again until every document is done.")
    ] = False,
    every: Annotated[
        float, typer.Option("--every", min=1, help="With --wait: seconds between two looks.")
    ] = 60.0,
    submits: Annotated[
        bool,
        typer.Option("--submit/--no-submit", help="Submit what is to be asked now, or only take."),
    ] = True,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Ask again about the documents that failed.")
    ] = False,
    budget: BudgetOption = None,
    max_failures: FailuresOption = None,
    lines: LinesOption = 50_000,
    as_json: JsonOption = False,
) -> None:
    """Take in what batches have given, judge it, and submit what is left to be asked.

    That is what has no answer, and what goes back with its findings. Batches that an earlier
    command left on the way are found at the server first. Ends with 6 while answers are waited
    for. A budget is that of the whole run.
    """
    from extractor.batch.ledger_reader import open_ledger
    from extractor.cli import batch_running
    from extractor.cli.resume import go_where_it_was_begun
    from extractor.cli.running import Pace

    folder = run.resolve()
    with open_ledger(folder) as ledger:
        plan = ledger.plan
    go_where_it_was_begun(run, plan)
    options = batch_running.BatchOptions(lines, every if wait else None, submits, retry_failed)
    pace = Pace(budget=budget, most_failures=max_failures)
    code = batch_running.collect(folder, pace, options, as_json=as_json)
    if code:
        raise typer.Exit(code)


@app.command("status")
def status(
    run: RunArgument,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """What the server says of each batch, and how far the run has come. It changes nothing."""
    import json

    from extractor.cli.batch_status import batch_status, told

    record = batch_status(run)
    if as_json:
        typer.echo(json.dumps(record))
        return
    for line in told(run, record):
        typer.echo(line)


@contextmanager
def _kept_if_used(folder: Path) -> Iterator[None]:
    """An error before any document, call or batch leaves no folder."""
    from shutil import rmtree

    from extractor.batch.ledger_reader import is_unused
    from extractor.scale.batch_tables import holds_batches

    try:
        yield
    except BaseException:
        if is_unused(folder) and not holds_batches(folder):
            rmtree(folder, ignore_errors=True)
        raise
