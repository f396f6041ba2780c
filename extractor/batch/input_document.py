"""One document of a run before it is read, and how the documents of tables are named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

from extractor.batch.input_names import told
from extractor.errors import InputError
from extractor.text import Document


@dataclass(frozen=True, slots=True)
class InputOptions:
    """Which columns of a table (JSONL, CSV, Parquet) are what, and what is left out.

    `text_column` holds the text; `id_column` names the document (default: the table's name and the
    row, `articles:12`); `date_column` holds its date, kept as it is written. `ignore` are patterns
    as in .gitignore: one without a slash is matched with every name on the way, one with a slash
    with the path below the folder named, and one that ends with a slash with folders only. What is
    named itself is never ignored.
    """

    text_column: str = "text"
    id_column: str | None = None
    date_column: str | None = None
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputDocument:
    """A document that a run came upon, good or bad.

    `id` and `source` are on one line and can be stored anywhere: `source` is the path of its file
    and, for a row of a table, its line (in Parquet, its row). `path` is the file, and None for
    standard input. `read` gives the document, each time it is called, from any thread; it raises
    InputError, and nothing else, when there is no document to be had.
    """

    id: str
    source: str
    path: Path | None
    read: Callable[[], Document]


def refused(name: str, path: Path | None, why: str, line: int | None = None) -> InputDocument:
    """A document that cannot be read; `why` is a sentence without its stop.

    >>> refused("a", Path("docs/a.txt"), "it is empty").source
    'docs/a.txt'
    """
    source = source_of(path, line)
    return InputDocument(name, source, path, partial(_refuse, f"{source}: {why}."))


def source_of(path: Path | None, line: int | None = None) -> str:
    """Where a document comes from, in one line."""
    source = "standard input" if path is None else told(path)
    return source if line is None else f"{source}:{line}"


def _refuse(message: str) -> NoReturn:
    raise InputError(message)
