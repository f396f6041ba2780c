"""Regular expressions that are compiled at their first use, so that an import costs nothing."""

from __future__ import annotations

import re


class Pattern:
    """A regular expression to be matched at a place of a text.

    >>> Pattern("[0-9]+").match("in 2022", 3).group()
    '2022'
    """

    __slots__ = ("_compiled", "_source")

    def __init__(self, source: str) -> None:
        self._source = source
        self._compiled: re.Pattern[str] | None = None

    def match(self, text: str, start: int) -> re.Match[str] | None:
        """The match that begins at offset `start`, or None."""
        if self._compiled is None:
            self._compiled = re.compile(self._source)
        return self._compiled.match(text, start)
