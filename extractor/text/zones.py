"""What of a page is not its article: navigation, related links, comment forms, timestamps.

A heading such as "Articles You May Like" opens a block of furniture that lasts until a line of
prose; other lines (a timestamp, a copyright notice) are furniture by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources

from extractor.text.spans import Span

_LONGEST_LINE = 200  # characters; a longer one is prose or data
_MENU_WORDS = 4  # of an entry in a menu
_PROSE = 60  # characters from which a line with a full stop is prose
_STOPS = (".", "!", "?", "\u201d", '"')


def furniture(text: str) -> tuple[Span, ...]:
    r"""The lines of a page that do not belong to its article, in order.

    >>> text = "Ten died.\n\nArticles You May Like\n\n40 dead in Orle\n"
    >>> [span.of(text) for span in furniture(text)]
    ['Articles You May Like', '40 dead in Orle']
    """
    return tuple(_furniture(text))


def _furniture(text: str) -> Iterator[Span]:
    inside = ""
    for match in _LINE.finditer(text):
        line = match.group()
        if len(line) > _LONGEST_LINE:
            inside = ""
            continue
        opened = next((kind for kind in _ENDS if _patterns(kind).fullmatch(line)), "")
        if opened:
            inside = opened
        elif inside and _ENDS[inside](line):
            inside = ""
        if inside or _patterns("line").search(line):
            yield Span(match.start(), match.end())


_LINE = re.compile(r"[^\s](?:[^\r\n]*[^\s])?")


def _is_prose(line: str) -> bool:
    return len(line) >= _PROSE and line.endswith(_STOPS)


def _is_title(line: str) -> bool:
    """Whether a line is longer than an entry of a menu."""
    return len(line.split()) > _MENU_WORDS


# what ends a block of each kind
_ENDS = {"block": _is_prose, "menu": _is_title}


@lru_cache(maxsize=3)
def _patterns(kind: str) -> re.Pattern[str]:
    """The patterns of furniture.txt of one kind, as one."""
    source = resources.files("extractor.text").joinpath("furniture.txt")
    lines = (line.strip() for line in source.read_text(encoding="utf-8").splitlines())
    rows = (line.partition(":") for line in lines if line and not line.startswith("#"))
    chosen = [f"(?:{pattern.strip()})" for name, _, pattern in rows if name == kind]
    return re.compile("|".join(chosen), re.IGNORECASE)
