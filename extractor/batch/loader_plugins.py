"""Loaders that other packages bring along (entry points of the group `claim_extractor.loaders`).

An entry point's name is the suffix that it reads, without the dot ("eml"), so that nothing is
imported to know which files are documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import isgeneratorfunction
from pathlib import Path
from typing import Any, Final

from extractor.batch.input_kinds import KINDS, PACKED
from extractor.plugins import Plugin, PluginGroup, UnfitError

_SUFFIX: Final = re.compile(r"[a-z0-9_+-]+")

Load = Callable[[bytes, Path], Any]
"""Of the bytes of a file (unpacked, where it is a .gz) and its path: a text, or a Document. A
generator function yields as many as the file holds."""


@dataclass(frozen=True, slots=True)
class Loader:
    """A plugin's function, and whether a file is many documents to it."""

    plugin: Plugin
    load: Load
    gives_many: bool


def _name_fault(name: str) -> str | None:
    if not _SUFFIX.fullmatch(name):
        return "its name is no suffix: small letters and digits without a dot are wanted"
    if f".{name}" in (*KINDS, PACKED):
        return "its name is the suffix of files that are read already"
    return None


def _fitted(plugin: Plugin, given: object, _: Sequence[Loader]) -> Loader:
    if not callable(given):
        raise UnfitError(f"it gives no function that loads a document ({type(given).__name__})")
    call = getattr(given, "__call__", None)  # noqa: B004 - an object may be called by a generator
    return Loader(plugin, given, isgeneratorfunction(given) or isgeneratorfunction(call))


LOADER_PLUGINS: Final[PluginGroup[Loader]] = PluginGroup(
    "claim_extractor.loaders", _fitted, _name_fault
)


def is_loaded_kind(kind: str) -> bool:
    """Whether a plugin reads files with this suffix (with its dot); nothing is imported."""
    return kind[1:] in LOADER_PLUGINS.names()


def loaded_kinds() -> tuple[str, ...]:
    """The suffixes that plugins read, with their dots, sorted."""
    return tuple(sorted(f".{name}" for name in LOADER_PLUGINS.names()))
