"""The options of how to ask, alike for every command that asks."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

# as the asking policy has them, whose module takes too long for --help
PassageSize = Literal["sentence", "paragraph", "document"]
Asking = Literal["anchored", "all", "free"]

PromptOption = Annotated[
    str | None,
    typer.Option(
        "--prompt",
        help="A prompt's name or file (default: claims.v2; free.v1 with --ask free, own.v1 with "
        "--schema).",
    ),
]
PassageOption = Annotated[
    PassageSize | None,
    typer.Option(
        "--passage",
        help="How much text a call is about (default: a sentence for small models that are "
        "held to a schema, else a paragraph).",
    ),
]
AskOption = Annotated[
    Asking,
    typer.Option(
        "--ask",
        help="Ask about what the text leaves open of each number, about all numbers, "
        "or let the model find the claims (free).",
    ),
]
SchemaOption = Annotated[
    str | None,
    typer.Option(
        "--schema",
        metavar="MODULE:CLASS",
        help="A schema of your own: package.module:Class, FILE.py:Class or FILE.py.",
    ),
]
ReasksOption = Annotated[
    int, typer.Option("--reasks", min=0, max=5, help="How often refused answers go back.")
]
