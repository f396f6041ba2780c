"""`extractor resume`: go on with a run that was broken off, where it was."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from extractor.cli.run_options import (
    BudgetOption,
    ConcurrencyOption,
    FailuresOption,
    JsonOption,
    RayAddressOption,
    RpmOption,
    TpmOption,
)
from extractor.errors import InputError


def is_by_batches(plan: Mapping[str, Any]) -> bool:
    """Whether a run is asked by batch files."""
    return "batch" in plan


def is_in_ray(plan: Mapping[str, Any]) -> bool:
    """Whether a run is one of `run --engine ray`."""
    return "ray" in plan


def refuse_without_ray() -> None:
    """Raise InputError where Ray is not installed."""
    from importlib.util import find_spec

    if find_spec("ray") is None or find_spec("pyarrow") is None:
        raise InputError(
            "--engine ray needs Ray; install it with pip install 'claim-extractor[ray]'."
        )


def go_where_it_was_begun(run: Path, plan: Mapping[str, Any]) -> None:
    """Change to the folder from which the inputs of a run are named. Raises InputError."""
    where = Path(plan["recipe"]["cwd"])
    try:
        os.chdir(where)
    except OSError as error:
        raise InputError(
            f"{run}: the run was begun in {where}, which is not there ({error.strerror or error})."
        ) from error


def resume(
    run: Annotated[Path, typer.Argument(help="The run folder.")],
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Ask again about the documents that failed.")
    ] = False,
    concurrency: ConcurrencyOption = None,
    rpm: RpmOption = None,
    tpm: TpmOption = None,
    budget: BudgetOption = None,
    max_failures: FailuresOption = None,
    ray_address: RayAddressOption = None,
    as_json: JsonOption = False,
) -> None:
    """Go on with a run after a crash, Ctrl-C, a full disk or a budget that was reached.

    Documents that have ended are not asked about again, and answers that had come for the others
    are used. Refused when the prompt, the schema, the model or an input has changed since. A
    budget is that of the whole run. A run by batch files goes on as `batch collect` does.
    """
    from extractor.batch.ledger_reader import stored_plan
    from extractor.cli.running import Pace, go_on

    folder = run.resolve()
    plan = stored_plan(folder)
    go_where_it_was_begun(run, plan)
    pace = Pace(concurrency, rpm, tpm, budget, max_failures)
    if is_in_ray(plan):
        refuse_without_ray()
        from extractor.cli import ray_running

        code = ray_running.go_on(
            folder, pace, ray_address, retry_failed=retry_failed, as_json=as_json
        )
    elif is_by_batches(plan):
        from extractor.cli.batch_running import BatchOptions, collect

        code = collect(folder, pace, BatchOptions(retry_failed=retry_failed), as_json=as_json)
    else:
        code = go_on(folder, pace, retry_failed=retry_failed, as_json=as_json)
    if code:
        raise typer.Exit(code)
