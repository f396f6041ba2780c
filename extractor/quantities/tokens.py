"""The text cut into words, digit runs and signs, once, with their original offsets.

Everything the reader does afterwards is looking at a few neighbouring tokens, so the whole stays
linear in the length of the text. The text itself is never changed: a lower-cased copy of exactly
the same length stands beside it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate
from operator import add
from typing import Any

VULGAR = "\u00bc-\u00be\u2150-\u215e\u2189"
SUPERSCRIPT = "\u2070\u00b9\u00b2\u00b3\u2074-\u2079"
# A digit run, one vulgar fraction, a word (with its square or cubic sign: "km²"), or one sign,
# each with the white space behind it. Words of Latin letters are tried first, since they are most.
_LETTER = rf"[^\W\d_{VULGAR}{SUPERSCRIPT}]"
_PIECE = re.compile(
    rf"(?:[a-z\u00df-\u00f6\u00f8-\u024f]++(?!{_LETTER})[\u00b2\u00b3]?"
    rf"|\d+|[{VULGAR}]|{_LETTER}+[\u00b2\u00b3]?|\S)\s*"
)
_MARGIN = 32  # empty tokens behind the last; no rule looks further than that
_NO_WORDS = [""] * _MARGIN
_NOWHERE = [1 << 60] * _MARGIN  # starts that are near to and glued to nothing
_BEFORE = [-2] * _MARGIN
_WIDEST_GAP = 40  # characters of white space that two words of one phrase may have between them
_CJK = 0x2E80  # from here on letters stand beside digits without a space as a matter of course

DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014")
APOSTROPHES = frozenset("'\u2019\u02bc")


class Tokens:
    """The tokens of one text, as parallel lists.

    `words` are in lower case. Behind the last token stand empty words, which negative indices reach
    as well, so that a rule may look a few tokens to either side without asking where the text ends.

    >>> t = Tokens("F-16s fly 1,067 km²")
    >>> t.words[: t.size]
    ['f', '-', '16', 's', 'fly', '1', ',', '067', 'km²']
    >>> t.words[-1], t.words[t.size]
    ('', '')
    """

    __slots__ = (
        "_chunk",
        "addresses",
        "ends",
        "figures",
        "low",
        "numerals",
        "size",
        "starts",
        "text",
        "words",
    )

    def __init__(self, text: str) -> None:
        low = text.lower()
        if len(low) != len(text):  # a few capitals grow when lowered: keep those as they are
            low = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
        lead = len(low) - len(low.lstrip())
        pieces = _PIECE.findall(low, lead)
        self.text = text
        self.low = low
        self.starts: list[int] = list(accumulate(map(len, pieces), initial=lead))
        self.starts.pop()
        self.words = list(map(str.rstrip, pieces))
        self.ends: list[int] = list(map(add, self.starts, map(len, self.words)))
        self.size = len(pieces)
        self.words += _NO_WORDS
        self.starts += _NOWHERE
        self.ends += _BEFORE
        self._chunk = (0, 0)
        # what has been worked out about a token and will be asked again
        self.numerals: dict[int, Any] = {}
        self.figures: dict[int, Any] = {}
        self.addresses: dict[int, Any] = {}

    def raw(self, i: int) -> str:
        """The token as it is written."""
        return self.text[self.starts[i] : self.ends[i]] if 0 <= i < self.size else ""

    def digits(self, i: int) -> bool:
        """Whether token `i` is a run of decimal digits, of any script."""
        return self.words[i].isdecimal()

    def alpha(self, i: int) -> bool:
        """Whether token `i` is a word."""
        return self.words[i][:1].isalpha()

    def lettered(self, i: int) -> bool:
        """Whether token `i` is a word of a script that separates words from digits by a space."""
        return self.alpha(i) and ord(self.words[i][0]) < _CJK

    def capital(self, i: int) -> bool:
        """Whether token `i` begins with a capital letter."""
        return 0 <= i < self.size and self.text[self.starts[i]].isupper()

    def lower(self, i: int) -> bool:
        """Whether token `i` is a word that begins in lower case."""
        return 0 <= i < self.size and self.text[self.starts[i]].islower()

    def glued(self, i: int) -> bool:
        """Whether token `i` follows the one before it without any space."""
        return self.starts[i] == self.ends[i - 1]

    def near(self, i: int) -> bool:
        """Whether tokens `i - 1` and `i` can belong to one phrase: no blank line between them."""
        start, end = self.ends[i - 1], self.starts[i]
        if end - start < 2:
            return start >= 0
        return start >= 0 and end - start <= _WIDEST_GAP and self.text.count("\n", start, end) < 2

    def line_start(self, i: int) -> bool:
        """Whether token `i` is the first of its line."""
        if i == 0:
            return True
        gap = self.text[self.ends[i - 1] : self.starts[i]]
        return "\n" in gap or "\r" in gap

    def matches(self, i: int, phrase: tuple[str, ...]) -> bool:
        """Whether the words of `phrase` stand at `i`, next to one another."""
        end = i + len(phrase)
        if self.words[i] != phrase[0] or i < 0 or tuple(self.words[i:end]) != phrase:
            return False
        return all(self.near(k) for k in range(i + 1, end))

    def at(self, offset: int) -> int:
        """The first token that starts at `offset` or later."""
        return bisect_left(self.starts, offset, 0, self.size)

    def chunk(self, i: int) -> tuple[int, int]:
        """Offsets of the stretch without white space around token `i`.

        Meant to be asked from left to right: the last answer is kept, so that one long stretch is
        measured once, however many tokens it has.
        """
        position = self.starts[i]
        known_start, known_end = self._chunk
        if known_start <= position < known_end:
            return self._chunk
        text = self.text
        start = position
        while start > known_end and not text[start - 1].isspace():
            start -= 1
        end = self.ends[i]
        while end < len(text) and not text[end].isspace():
            end += 1
        self._chunk = (start, end)
        return self._chunk


def phrase(text: str) -> tuple[str, ...]:
    """A phrase of a word table, cut as the text is.

    >>> phrase("km/h"), phrase("no more than")
    (('km', '/', 'h'), ('no', 'more', 'than'))
    """
    tokens = Tokens(text)
    return tuple(tokens.words[: tokens.size])
