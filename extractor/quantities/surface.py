r"""A text as a person sees it on a page, with the way back to the original offsets.

What a page does not show is left out: soft hyphens, zero-width and direction marks, terminal
colours. What stands for one character is that character: HTML entities, full-width signs, the
many minus signs. The reader reads the surface; every span that it reports is then mapped back.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import Final

from extractor.text.folding import DROPPED
from extractor.text.spans import Span

_MINUS = "\u2212"
# One character for one, so that no offset moves.
_SAME_LENGTH: Final = str.maketrans(
    {
        **{0xFF01 + k: chr(0x21 + k) for k in range(15)},  # full-width ! to /
        0xFF1A: ":",
        0xFF5E: "~",
        0x066A: "%",  # the Arabic per cent sign
        0xFFE0: "\u00a2",
        0xFFE1: "\u00a3",
        0xFFE5: "\u00a5",
        0xFF0D: _MINUS,
        0xFE63: _MINUS,  # small hyphen-minus
        0x2796: _MINUS,  # heavy minus
        0x207B: _MINUS,  # superscript minus
        0x2043: "-",  # hyphen bullet
    }
)
_FULL_WIDTH = re.compile(
    "[\u066a\u207b\uff01-\uff0f\uff1a\uff5e\uffe0\uffe1\uffe5\ufe63\u2796\u2043]"
)
_UNSEEN_CHARS = "".join(sorted(DROPPED)) + "\u034f\u061c\u180e\u2061-\u2064\ufe0e\ufe0f"
_ENTITY = r"&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_CHANGED = re.compile(
    rf"(?P<unseen>[{_UNSEEN_CHARS}]+|\x1b\[[0-9;]{{0,20}}[A-Za-z])|(?P<entity>{_ENTITY})"
)
_MAY_CHANGE = re.compile(rf"[{_UNSEEN_CHARS}\x1b&]")
_ZERO_WIDTH_SPACE = "\u200b"


class Surface:
    """The text that is seen, and where each stretch of it stands in the original."""

    __slots__ = ("_ends", "_kept", "_origins", "_starts", "text")

    def __init__(self, text: str, pieces: list[tuple[str, int, int]]) -> None:
        self.text = text
        self._starts: list[int] = []
        self._origins: list[int] = []
        self._ends: list[int] = []
        self._kept: list[bool] = []
        at = 0
        for piece, start, end in pieces:
            self._starts.append(at)
            self._origins.append(start)
            self._ends.append(end)
            self._kept.append(len(piece) == end - start)
            at += len(piece)

    def original(self, span: Span) -> Span:
        """The stretch of the original behind a stretch of the surface (not empty)."""
        first = bisect_right(self._starts, span.start) - 1
        last = bisect_right(self._starts, span.end - 1) - 1
        start, end = self._origins[first], self._ends[last]
        if self._kept[first]:
            start += span.start - self._starts[first]
        if self._kept[last]:
            end = self._origins[last] + span.end - self._starts[last]
        return Span(start, end)


def surface_of(text: str) -> Surface | None:
    r"""What is seen of `text`, or None where that is the text itself.

    >>> seen = surface_of("12,\u200b870 and &pound;5m")
    >>> seen.text, seen.original(Span(11, 12))
    ('12,870 and £5m', Span(start=12, end=19))
    >>> surface_of("12,870") is None
    True
    """
    if text.isascii() and "&" not in text and "\x1b" not in text:
        return None
    wide = _FULL_WIDTH.search(text) is not None
    if _MAY_CHANGE.search(text) is None:
        return _whole(text.translate(_SAME_LENGTH)) if wide else None
    shown = text.translate(_SAME_LENGTH) if wide else text
    pieces: list[tuple[str, int, int]] = []
    at = 0
    for match in _CHANGED.finditer(shown):
        instead = _instead(shown, match)
        if instead is None:
            continue
        if at < match.start():
            pieces.append((shown[at : match.start()], at, match.start()))
        if instead:
            pieces.append((instead, match.start(), match.end()))
        at = match.end()
    if not pieces and at == 0:
        return _whole(shown) if wide else None
    if at < len(shown):
        pieces.append((shown[at:], at, len(shown)))
    return Surface("".join(piece for piece, _, _ in pieces), pieces)


def _whole(text: str) -> Surface:
    return Surface(text, [(text, 0, len(text))])


def _instead(text: str, match: re.Match[str]) -> str | None:
    """What is seen in place of a match: nothing, a character, a space; None to leave it."""
    if match["entity"] is not None:
        return _entity(match["entity"])
    if match["unseen"][0] == _ZERO_WIDTH_SPACE:
        # a break opportunity between a word and a figure parts them, as a space would
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if (before.isalpha() and after.isdigit()) or (before.isdigit() and after.isalpha()):
            return " "
    return ""


@lru_cache(maxsize=512)
def _entity(written: str) -> str | None:
    """The characters of an HTML entity; None for one that does not exist."""
    import html  # its table of entities is large, and few texts need it

    meant = html.unescape(written)
    if meant == written or len(meant) > 2 or "\ufffd" in meant:
        return None
    return "" if all(c in DROPPED for c in meant) else meant.translate(_SAME_LENGTH)
