r"""A text with its numbers marked, as rows of styled pieces; nothing in the text steers the screen.

Taking the marks away gives the text back: white space other than line breaks is shown as a space,
each other character without a shape of its own as its escape (`\u202e`), and so is a character
that is one of our own marks, so that a document can neither steer the terminal nor mark itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells

from extractor.quantities import Kind, Masked, Qualifier, Quantity
from extractor.text import Span

Piece = tuple[str, str]  # what is shown, and its style

_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_ATOM = re.compile(r"\s+|\S+")
# A line that is longer, or holds more numbers, goes on in the next row.
_LONGEST = 4_000
_MOST = 80
QUIET = "dim"
KIND_STYLES = {
    Kind.COUNT: "bold cyan",
    Kind.CURRENCY: "bold green",
    Kind.PERCENT: "bold magenta",
    Kind.PERCENTAGE_POINT: "bold magenta",
    Kind.FRACTION: "bold magenta",
    Kind.MULTIPLE: "bold magenta",
    Kind.MEASURE: "bold bright_blue",
    Kind.AGE: "bold bright_blue",
    Kind.ORDINAL: "bold",
}
OPEN_ENDED = "bold yellow"
_WIDE = frozenset({Qualifier.RANGE, Qualifier.VAGUE})


@dataclass(frozen=True, slots=True)
class Signs:
    """The marks of one character set: opening and closing signs, labels, the rule at the left."""

    quantity: tuple[str, str]
    hedge: tuple[str, str]
    masked: tuple[str, str]
    digits: str
    label: str
    other: str
    rule: str

    def number(self, index: int, *, masked: bool = False) -> str:
        """The small number behind a mark, the same that its line in the table has.

        >>> UNICODE.number(12), UNICODE.number(3, masked=True), ASCII.number(12)
        ('₁₂', 'ₓ₃', '#12')
        """
        counted = "".join(self.digits[int(digit)] for digit in str(index))
        return self.label + (self.other if masked else "") + counted


UNICODE = Signs(("⟦", "⟧"), ("‹", "›"), ("⟪", "⟫"), "₀₁₂₃₄₅₆₇₈₉", "", "ₓ", "│")
ASCII = Signs(("[", "]"), ("<", ">"), ("{", "}"), "0123456789", "#", "x", "|")


@dataclass(frozen=True, slots=True)
class Mark:
    """One number to be marked; `index` counts quantities and masked numbers apart, from 1."""

    found: Quantity | Masked
    index: int

    @property
    def style(self) -> str:
        """The colour of what it is."""
        return QUIET if isinstance(self.found, Masked) else style_of(self.found)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line of the text (None where it goes on with one), pieces, and what begins."""

    line: int | None
    pieces: list[Piece]
    marks: list[Mark]

    @property
    def blank(self) -> bool:
        """Whether nothing is seen in it."""
        return not any(shown.strip() for shown, _ in self.pieces)


def signs_for(encoding: str) -> Signs:
    """The signs that an output can show."""
    pairs = (*UNICODE.quantity, *UNICODE.hedge, *UNICODE.masked)
    every = "".join((*pairs, UNICODE.digits, UNICODE.other, UNICODE.rule))
    try:
        every.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE


def style_of(quantity: Quantity) -> str:
    """One colour for counts, money, shares, measures, ordinals; one for all that has no figure."""
    if quantity.qualifier in _WIDE:
        return OPEN_ENDED
    return KIND_STYLES.get(quantity.kind, OPEN_ENDED)


def visible(text: str, escaped: str = "") -> str:
    r"""`text` as it may be shown on one row; the characters of `escaped` are escaped as well.

    >>> print(visible("7\u00a0000 \u202e\x1b[2J 世界", escaped="["))
    7 000 \u202e\x1b\x5b2J 世界
    """
    if text.isprintable() and not any(char in text for char in escaped):
        return text
    return "".join(_shown(char, escaped) for char in text)


def wrap(pieces: Sequence[Piece], width: int) -> list[list[Piece]]:
    """`pieces` over as many rows of `width` cells as they take, broken between words.

    The white space at a break is dropped; a word that is wider than a row is cut.
    """
    rows = _Wrapped(max(width, 2))
    for text, style in pieces:
        for atom in _ATOM.findall(text):
            if atom.isspace():
                rows.space(atom, style)
            else:
                rows.word.append((atom, style))
    rows.end_word()
    return rows.done


class MarkedText:
    """The rows of a text, stretch after stretch, with line numbers that go on."""

    def __init__(self, text: str, signs: Signs) -> None:
        self._text = text
        self._signs = signs
        self._line = 1
        self._begun = False  # whether the line has a row already
        self._pieces: list[Piece] = []
        self._marks: list[Mark] = []
        self._length = 0

    def rows(self, stretch: Span, marks: Sequence[Mark]) -> Iterator[Row]:
        """The rows of `stretch`; `marks` are those in it, in text order and not overlapping."""
        own = "".join(self._signs.quantity + self._signs.masked)
        at, label = stretch.start, ""
        for mark in marks:
            yield from self._put(Span(at, mark.found.span.start), "", own, label)
            if self._length > _LONGEST or len(self._marks) >= _MOST:
                yield self._row()
            yield from self._marked(mark, own + "".join(self._signs.hedge))
            at, label = mark.found.span.end, self._signs.digits
        yield from self._put(Span(at, stretch.end), "", own, label)
        if self._pieces:
            yield self._end_line()

    def _marked(self, mark: Mark, own: str) -> Iterator[Row]:
        self._marks.append(mark)
        masked = isinstance(mark.found, Masked)
        opening, closing = self._signs.masked if masked else self._signs.quantity
        self._append(opening, QUIET)
        span, hedge = mark.found.span, _hedge(mark.found)
        if hedge is None:
            yield from self._put(span, mark.style, own)
        else:
            yield from self._put(Span(span.start, hedge.start), mark.style, own)
            self._append(self._signs.hedge[0], QUIET)
            yield from self._put(hedge, f"{mark.style} not bold italic underline", own)
            self._append(self._signs.hedge[1], QUIET)
            yield from self._put(Span(hedge.end, span.end), mark.style, own)
        self._append(closing + self._signs.number(mark.index, masked=masked), QUIET)

    def _put(self, span: Span, style: str, escaped: str, label: str = "") -> Iterator[Row]:
        """Characters of the text; where they follow a label, its digits are not for them."""
        if not span:
            return
        for k, part in enumerate(_LINE_BREAK.split(span.of(self._text))):
            if k:
                yield self._end_line()
            first = visible(part[:1], escaped + ("" if k else label))
            shown = first + visible(part[1:], escaped)
            for start in range(0, len(shown), _LONGEST):
                if start:
                    yield self._row()
                self._append(shown[start : start + _LONGEST], style)

    def _append(self, shown: str, style: str) -> None:
        self._pieces.append((shown, style))
        self._length += len(shown)

    def _row(self) -> Row:
        row = Row(None if self._begun else self._line, self._pieces, self._marks)
        self._pieces, self._marks, self._length = [], [], 0
        self._begun = True
        return row

    def _end_line(self) -> Row:
        row = self._row()
        self._line += 1
        self._begun = False
        return row


class _Wrapped:
    """Rows that are being filled: the last of `done` is open, `word` waits for its end."""

    def __init__(self, width: int) -> None:
        self.done: list[list[Piece]] = [[]]
        self.word: list[Piece] = []
        self._width = width
        self._used = 0

    def space(self, atom: str, style: str) -> None:
        self.end_word()
        if self._used + len(atom) <= self._width:
            self._add(atom, style, len(atom))
        else:
            self._break()

    def end_word(self) -> None:
        cells = sum(cell_len(text) for text, _ in self.word)
        if self._used and self._used + cells > self._width:
            self._break()
        for text, style in self.word:
            self._add_cut(text, style)
        self.word = []

    def _add_cut(self, text: str, style: str) -> None:
        if self._used + (cells := cell_len(text)) <= self._width:
            self._add(text, style, cells)
            return
        for part in chop_cells(text, self._width):
            if self._used:
                self._break()
            self._add(part, style, cell_len(part))

    def _add(self, text: str, style: str, cells: int) -> None:
        row = self.done[-1]
        if row and row[-1][1] == style:
            row[-1] = (row[-1][0] + text, style)
        else:
            row.append((text, style))
        self._used += cells

    def _break(self) -> None:
        self.done.append([])
        self._used = 0


def _hedge(found: Quantity | Masked) -> Span | None:
    hedge = found.hedge if isinstance(found, Quantity) else None
    return hedge if hedge is not None and found.span.contains(hedge) else None


def _shown(char: str, escaped: str) -> str:
    if char in escaped:
        return _escape(char)
    if char.isprintable():
        return char
    if char == "\t" or unicodedata.category(char) == "Zs":
        return " "
    return _escape(char)


def _escape(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
