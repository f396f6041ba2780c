"""What `extractor numbers` shows: pages of marked text, each with the table of its numbers.

A page ends at a paragraph's end after some forty numbers or a few screens of text, so that a
number and its line in the table are never far apart, and of a long text one page is held at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rich.console import Console
from rich.text import Text

from extractor.cli.marked_text import (
    KIND_STYLES,
    OPEN_ENDED,
    Mark,
    MarkedText,
    Piece,
    Row,
    signs_for,
    wrap,
)
from extractor.cli.numbers_source import Block
from extractor.cli.numbers_table import masked_lines, quantity_lines
from extractor.quantities import Kind, Quantity

_NUMBERS = 40
_CHARACTERS = 8_000


@dataclass(slots=True)
class Page:
    """Some rows of the text and the marks that begin in them."""

    rows: list[Row] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    characters: int = 0

    def add(self, row: Row) -> None:
        """One row more."""
        self.rows.append(row)
        self.marks += row.marks
        self.characters += 1 + sum(len(shown) for shown, _ in row.pieces)

    def full(self, times: int = 1) -> bool:
        """Whether it holds `times` as much as a page should."""
        return len(self.marks) >= times * _NUMBERS or self.characters >= times * _CHARACTERS


@dataclass(slots=True)
class Shown:
    """How many numbers have been shown, and how many of them set aside."""

    quantities: int = 0
    masked: int = 0


class NumbersScreen:
    """Writes pages to a console: styled on a terminal, bare lines elsewhere."""

    def __init__(self, console: Console, text: str, *, explain: bool) -> None:
        self._console = console
        self._text = text
        self._explain = explain
        self._signs = signs_for("ascii" if console.legacy_windows else console.encoding)
        self._width = console.width if console.is_terminal else None
        self._gutter = len(str(text.count("\n") + 1))

    def show(self, blocks: Iterable[Block]) -> Shown:
        """Print the text with its numbers, page after page as they are read."""
        shown = Shown()
        for page in self._pages(blocks, shown):
            self._print(line for row in page.rows for line in self._lined(row))
            tables = [quantity_lines(page.marks, self._text, self._width, explain=self._explain)]
            tables += [masked_lines(page.marks, self._width)] if self._explain else []
            for table in tables:
                lines = list(table)
                if lines:
                    self._print([[], *lines])
            self._print([[]])
            self._console.file.flush()
        if shown.quantities or shown.masked:
            self._print(self._legend())
        return shown

    def _pages(self, blocks: Iterable[Block], shown: Shown) -> Iterator[Page]:
        marked = MarkedText(self._text, self._signs)
        page = Page()
        for block in blocks:
            for row in marked.rows(block.span, self._marks(block, shown)):
                page.add(row)
                if page.full(2) or (page.full() and row.blank):
                    yield page
                    page = Page()
        if page.rows:
            yield page

    def _marks(self, block: Block, shown: Shown) -> list[Mark]:
        marks: list[Mark] = []
        for found in block.found:
            if isinstance(found, Quantity):
                shown.quantities += 1
                marks.append(Mark(found, shown.quantities))
            else:
                shown.masked += 1
                if self._explain:
                    marks.append(Mark(found, shown.masked))
        return marks

    def _lined(self, row: Row) -> Iterator[list[Piece]]:
        """The row behind its line number and a rule: no line of a document can pass for ours."""
        number = "" if row.line is None else str(row.line)
        lines = [row.pieces]
        if self._width is not None:
            lines = wrap(row.pieces, self._width - self._gutter - 3)
        for pieces in lines:
            yield [(f"{number:>{self._gutter}} {self._signs.rule} ", "dim"), *pieces]
            number = ""

    def _legend(self) -> Iterator[list[Piece]]:
        signs = self._signs
        opening, closing = signs.quantity
        pieces = [(f"{opening}{signs.hedge[0]}hedge{signs.hedge[1]} quantity{closing}", "bold")]
        pieces.append((f"{signs.number(1)} is line 1 of the table, ", ""))
        if self._explain:
            opening, closing = signs.masked
            label = signs.number(1, masked=True)
            pieces += [(f"{opening}set aside{closing}{label}", "dim"), (" is line x1, ", "")]
        pieces.append(("at counts the characters before it.", ""))
        if not self._explain:
            pieces.append((" --explain: what was set aside, and how each number was read.", "dim"))
        yield from [pieces] if self._width is None else wrap(pieces, self._width)
        if self._console.color_system is not None and not self._console.no_color:
            yield _colours()

    def _print(self, lines: Iterable[list[Piece]]) -> None:
        if self._width is None:
            for line in lines:
                self._console.file.write("".join(shown for shown, _ in line) + "\n")
            return
        text = Text(end="")
        for line in lines:
            for shown, style in line:
                text.append(shown, style)
            text.append("\n")
        self._console.print(text, soft_wrap=True, end="")


def _colours() -> list[Piece]:
    """Which colour is what; the same for all shares, and for all that has no one figure."""
    kinds = (Kind.COUNT, Kind.CURRENCY, Kind.PERCENT, Kind.MEASURE, Kind.ORDINAL)
    names = ("count", "money", "per cent and shares", "measure and age", "ordinal")
    pieces: list[Piece] = []
    for kind, name in zip(kinds, names, strict=True):
        pieces += [(name, KIND_STYLES[kind]), (" · ", "dim")]
    return [*pieces, ("range or vague", OPEN_ENDED)]
