"""Formats that other packages bring along (entry points of the group `claim_extractor.exporters`).

An exporter makes pieces of the rows, text or bytes; where they go, and that a file is whole or not
there, is this package's matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from extractor.batch.exports import Row
from extractor.errors import ExtractorError, InputError
from extractor.plugins import Plugin, PluginGroup, UnfitError, told

FORMATS: Final = ("jsonl", "csv", "parquet", "sqlite")
"""The formats of this package."""

Export = Callable[[Iterable[Row]], Iterable[str | bytes]]
"""Of the rows, as `export_rows` gives them, the pieces of a file in order."""

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.+-]*")


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format of a plugin."""

    plugin: Plugin
    export: Export

    def pieces(self, rows: Iterable[Row]) -> Iterator[str | bytes]:
        """The pieces of the file. Raises ExtractorError when the plugin breaks."""
        try:
            for piece in self.export(rows):
                if not isinstance(piece, str | bytes):
                    break
                yield piece
            else:
                return
        except (ExtractorError, KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:
            raise ExtractorError(f"The plugin {self.plugin} broke ({told(error)}).") from error
        kind = type(piece).__name__
        raise ExtractorError(f"The plugin {self.plugin} broke: {kind} is neither text nor bytes.")


def _name_fault(name: str) -> str | None:
    if name in FORMATS:
        return "its name is that of a format that there is already"
    if not _NAME.fullmatch(name):
        return "its name is none for a format: small letters and digits are wanted"
    return None


def _fitted(plugin: Plugin, given: object, _: Sequence[Exporter]) -> Exporter:
    if not callable(given):
        raise UnfitError(f"it gives no function that exports ({type(given).__name__})")
    return Exporter(plugin, given)


EXPORT_PLUGINS: Final[PluginGroup[Exporter]] = PluginGroup(
    "claim_extractor.exporters", _fitted, _name_fault
)


def exporter(name: str) -> Exporter:
    """The exporter of a format; only its plugin is imported.

    Raises InputError where there is no such format, or its plugin is broken.
    """
    outcome = EXPORT_PLUGINS.find(name)
    if outcome is None:
        known = ", ".join((*FORMATS, *sorted(EXPORT_PLUGINS.names())))
        raise InputError(f"--format {name}: there is no such format; there are {known}.")
    if outcome.thing is None:
        raise InputError(f"--format {name}: {outcome.sentence}")
    return outcome.thing
