"""`extractor run --dry-run`: what the run would ask, cost and take, without a call."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import typer

from extractor.batch.estimate import CHARACTERS_A_TOKEN, Estimate, Expectation
from extractor.claims.records import plain
from extractor.model.prices import Price

SECONDS_A_CALL = 2.0
"""Assumed where nobody knows better; told beside the time."""


def show_estimate(found: Estimate, price: Price | None, *, as_json: bool) -> None:
    """The estimate on stdout."""
    if as_json:
        assumed = {
            "currency": price.currency if price is not None else None,
            "characters_a_token": CHARACTERS_A_TOKEN,
            "seconds_a_call": SECONDS_A_CALL,
        }
        sys.stdout.write(json.dumps(found.to_json() | assumed) + "\n")
        return
    for line in _lines(found, price):
        typer.echo(line)


def _lines(found: Estimate, price: Price | None) -> Iterator[str]:
    yield "dry run: nothing was asked"
    more = "".join(
        f"; {count:,} more {what}"
        for count, what in ((found.duplicates, "have a text again"), (found.unreadable, "fail"))
        if count
    )
    yield (
        f"{found.documents:,} documents, {found.characters:,} characters, {found.numbers:,} "
        f"numbers{more}"
    )
    for name, one in (("low", found.low), ("expected", found.expected), ("high", found.high)):
        yield f"{name:9}{_told(one, price)}"
    yield (
        f"no bounds: a token is taken for {CHARACTERS_A_TOKEN} characters, a call for "
        f"{SECONDS_A_CALL:g} s under the ceilings given"
    )


def _told(one: Expectation, price: Price | None) -> str:
    money = "cost unknown" if price is None else f"{plain(one.cost)} {price.currency}"
    return (
        f"{one.calls:,} calls, {one.usage.prompt_tokens:,} tokens in, "
        f"{one.usage.completion_tokens:,} out, {money}, {one.seconds:,.0f} s"
    )
