"""Records go to stdout, everything else to stderr; text of a document is never markup here."""

from __future__ import annotations

from typing import NoReturn

from rich.console import Console
from rich.text import Text


class _Console(Console):
    """A console that leaves a closed pipe to the command, as every other output does."""

    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError


def printable(text: object) -> str:
    r"""`text` on one line without control characters: a document must not steer the terminal.

    >>> printable("two\nlines \x1b[2J")
    'two lines  [2J'
    """
    return "".join(char if char.isprintable() else " " for char in str(text))


def cell(text: object, style: str = "") -> Text:
    """A table cell that shows `text` as it is; None is a dash."""
    return Text("–" if text is None else printable(text), style=style)


def out() -> Console:
    """Where records go."""
    return _Console(highlight=False, soft_wrap=False)


def err() -> Console:
    """Where progress and messages go."""
    return _Console(stderr=True, highlight=False)
