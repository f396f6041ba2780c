"""The options of how fast a run goes and what it may cost, alike for `run` and `resume`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConcurrencyOption = Annotated[
    int | None,
    typer.Option(
        "--concurrency",
        min=1,
        max=256,
        help="Calls in flight at most (default: 8; 1 for the embedded model).",
    ),
]
RpmOption = Annotated[float | None, typer.Option("--rpm", min=1, help="Calls a minute, at most.")]
TpmOption = Annotated[float | None, typer.Option("--tpm", min=1, help="Tokens a minute, at most.")]
BudgetOption = Annotated[
    str | None,
    typer.Option(
        "--budget",
        metavar="AMOUNT",
        help="End before the run has cost more: 5 (money) or '200k tokens'.",
    ),
]
PricesOption = Annotated[
    Path | None,
    typer.Option(
        "--prices",
        envvar="EXTRACTOR_PRICES",
        help="Your own prices of tokens (YAML), before those that come with the package.",
    ),
]
FailuresOption = Annotated[
    int | None,
    typer.Option(
        "--max-failures",
        min=0,
        help="End when more documents failed than this; fewer are no failure of the run.",
    ),
]
RayAddressOption = Annotated[
    str | None,
    typer.Option("--ray-address", help="With --engine ray: a Ray to join (default: one here)."),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Accepted claims as JSON lines instead of a table.")
]
