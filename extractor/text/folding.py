"""The only tolerance the gate has: a listed folding, with a map back to the original offsets.

Folded are white space (any run, including U+00A0 and U+202F, becomes one space, or one line break
where it holds an empty line, so that no headline is glued to what follows), quote marks, dashes,
zero-width characters (dropped) and letter case. Never folded are digits, signs (U+2212 is a minus,
not a dash), separators and scale words: what a figure says is always read from the original text,
at the offsets that the map gives back.
"""

from __future__ import annotations

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
DROPPED = frozenset(_ZERO_WIDTH + _DIRECTION)
"""The characters that folding leaves out."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text after folding; `origins[i]` is the original offset of folded character `i`."""

    text: str
    origins: tuple[int, ...]

    def original(self, start: int, end: int) -> Span:
        """The original stretch behind folded characters `start` to `end` (not empty)."""
        return Span(self.origins[start], self.origins[end - 1] + 1)


def fold(text: str) -> Folded:
    r"""Fold `text`, one pass, linear.

    >>> fold("“More\u00a0 than 7,000” – Troops").text
    '"more than 7,000" - troops'
    """
    out: list[str] = []
    origins: list[int] = []
    breaks = 0  # line feeds in the run of white space that is being read
    for offset, char in enumerate(text):
        if char in DROPPED:
            continue
        if char.isspace():
            breaks += char == "\n"
            if out and out[-1] in " \n":
                out[-1] = "\n" if breaks > 1 else " "
                continue
            folded = " "
        else:
            folded = _TABLE.get(ord(char)) or char.lower()
            if len(folded) != 1:  # a few capitals grow when lowered; the map stays one to one
                folded = char
        breaks = breaks if folded == " " else 0
        out.append(folded)
        origins.append(offset)
    return Folded("".join(out), tuple(origins))


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
