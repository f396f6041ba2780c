"""`extractor run --dry-run`: what the run would ask, cost and take, without a call."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import typer

from extractor.batch.estimate import Estimate, Expectation
from extractor.claims.records import plain
from extractor.model.prices import Price

SECONDS_A_CALL = 2.0
"""Assumed where nobody knows better; told beside the time."""


def show_estimate(found: Estimate, price: Price | None, *, as_json: bool) -> None:
    """The estimate on stdout."""
    if as_json:
        sys.stdout.write(json.dumps(found.to_json()) + "\n")
        return
    for line in _lines(found, price):
        typer.echo(line)


def _lines(found: Estimate, price: Price | None) -> Iterator[str]:
    yield "dry run: nothing was asked"
    unreadable = f" ({found.unreadable:,} more cannot be read)" if found.unreadable else ""
    yield (
        f"{found.documents:,} documents{unreadable}, {found.characters:,} characters, "
        f"{found.numbers:,} numbers"
    )
    for name, one in (("low", found.low), ("expected", found.expected), ("high", found.high)):
        yield f"{name:9}{_told(one, price)}"
    yield (
        "tokens are characters by four; time is that of the ceilings given, with "
        f"{SECONDS_A_CALL:g} s a call"
    )


def _told(one: Expectation, price: Price | None) -> str:
    money = "cost unknown" if price is None else f"{plain(one.cost)} {price.currency}"
    return (
        f"{one.calls:,} calls, {one.usage.prompt_tokens:,} tokens in, "
        f"{one.usage.completion_tokens:,} out, {money}, {one.seconds:,.0f} s"
    )
