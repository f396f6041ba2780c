"""What documents are called, by the names of files, and which names are those of documents."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from pathlib import PurePath

from extractor.batch.input_kinds import KINDS, PACKED
from extractor.batch.loader_plugins import is_loaded_kind, loaded_kinds


def kinds_sentence() -> str:
    """Which files are documents, without a stop."""
    kinds = (*KINDS, *loaded_kinds())
    return f"documents are {', '.join(kinds[:-1])} and {kinds[-1]} files, or {PACKED} of them"


def is_packed(name: str) -> bool:
    """Whether the name is that of a gzip file."""
    return name.lower().endswith(PACKED)


def kind_of(name: str) -> str:
    """The kind of document that a file of this name holds; "" where it is none that is read.

    >>> kind_of("news/Article.HTML.gz"), kind_of("photo.png")
    ('.html', '')
    """
    suffix = PurePath(_unpacked(name)).suffix.lower()
    return suffix if suffix in KINDS or is_loaded_kind(suffix) else ""


def id_of(names: Iterable[str]) -> str:
    r"""The id of a document by the folders that it is in and its own name, without its suffixes.

    >>> id_of(["news", "2021.05.txt.gz"]), id_of(["two\nlines.md"])
    ('news/2021.05', 'two\\nlines')
    """
    *folders, name = names
    bare = _unpacked(name)
    if kind_of(name):
        bare = bare[: -len(kind_of(name))]
    return told("/".join((*folders, bare)))


def told(name: object) -> str:
    r"""A name on one line that every output can hold: what cannot be shown is escaped.

    Control characters, line separators, marks that turn the direction of writing, and bytes of a
    file name that are no UTF-8 become escapes; spaces of every kind stay.

    >>> told("a\nb\u202e\udcff")
    'a\\nb\\u202e\\udcff'
    """
    text = str(name)
    if text.isprintable():
        return text
    return "".join(char if _shown(char) else json.dumps(char)[1:-1] for char in text)


def _shown(char: str) -> bool:
    return char.isprintable() or unicodedata.category(char) == "Zs"


def _unpacked(name: str) -> str:
    return name[: -len(PACKED)] if is_packed(name) else name
