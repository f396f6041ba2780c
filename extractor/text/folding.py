"""The only tolerance the gate has: a listed folding, with a map back to the original offsets.

Folded are white space (any run, including U+00A0 and U+202F, becomes one space, or one line break
where it holds an empty line, so that no headline is glued to what follows), quote marks, dashes,
zero-width characters (dropped) and letter case. Never folded are digits, signs (U+2212 is a minus,
not a dash), separators and scale words: what a figure says is always read from the original text,
at the offsets that the map gives back.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.text.spans import Span

_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u02bc\u0060\u00b4"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015"
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"  # spaces, joiners and the soft hyphen
_DIRECTION = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

_TABLE: dict[int, str] = {
    **dict.fromkeys(map(ord, _SINGLE_QUOTES), "'"),
    **dict.fromkeys(map(ord, _DOUBLE_QUOTES), '"'),
    **dict.fromkeys(map(ord, _DASHES), "-"),
}
_LISTED = re.compile(f"[{''.join(map(chr, _TABLE))}]")
DROPPED = frozenset(_ZERO_WIDTH + _DIRECTION)
"""The characters that folding leaves out."""


# white space that is not one plain space, and what is dropped: everything else folds one to one
_IRREGULAR = re.compile(f"[\\s{_ZERO_WIDTH}{_DIRECTION}]{{2,}}|[^\\S ]|[{_ZERO_WIDTH}{_DIRECTION}]")
_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text after folding, with the way back.

    It is made of stretches that fold one to one; `starts` are where they begin in `text`,
    `origins` where in the original.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]

    def original(self, start: int, end: int) -> Span:
        """The original stretch behind folded characters `start` to `end` (not empty)."""
        return Span(self._origin(start), self._origin(end - 1) + 1)

    def _origin(self, place: int) -> int:
        stretch = bisect_right(self.starts, place) - 1
        return self.origins[stretch] + place - self.starts[stretch]


def fold(text: str) -> Folded:
    r"""Fold `text`, one pass, linear.

    >>> fold("“More\u00a0 than 7,000” – Troops").text
    '"more than 7,000" - troops'
    """
    pieces: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    length = position = 0
    for run in _IRREGULAR.finditer(text):
        if run.start() > position:
            starts.append(length)
            origins.append(position)
            pieces.append(_one_to_one(text[position : run.start()]))
            length += run.start() - position
        space = _SPACE.search(text, run.start(), run.end())
        if space is not None:
            starts.append(length)
            origins.append(space.start())
            pieces.append("\n" if run.group().count("\n") > 1 else " ")
            length += 1
        position = run.end()
    if position < len(text):
        starts.append(length)
        origins.append(position)
        pieces.append(_one_to_one(text[position:]))
    return Folded("".join(pieces), tuple(starts), tuple(origins))


def _one_to_one(piece: str) -> str:
    """Each character folded by itself: a capital that grows when lowered stays as it is."""
    lowered = piece.lower()
    if len(lowered) != len(piece) or "\u03a3" in piece:  # a sigma looks at its neighbours
        each = ((char, char.lower()) for char in piece)
        lowered = "".join(low if len(low) == 1 else char for char, low in each)
    return _LISTED.sub(lambda found: _TABLE[ord(found.group())], lowered)


def occurrences(folded: Folded, quote: str) -> Iterator[Span]:
    """Every place of `quote` in the folded document, as original spans, in order.

    Overlapping places count. White space around the quote is ignored; an empty quote is nowhere.
    """
    needle = fold(quote).text.strip(" \n")
    if not needle:
        return
    place = folded.text.find(needle)
    while place >= 0:
        yield folded.original(place, place + len(needle))
        place = folded.text.find(needle, place + 1)
