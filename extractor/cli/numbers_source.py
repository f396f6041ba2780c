"""The text that `extractor numbers` reads, and reading it piece by piece."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from extractor.errors import InputError
from extractor.quantities import Masked, Part, Quantity, read
from extractor.text import Document, Span
from extractor.text.paragraphs import paragraphs

_PIECE = 262_144  # characters; a shorter text is read in one go


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text with all that was read in it; every span is into the whole text."""

    span: Span
    quantities: tuple[Quantity, ...]
    masked: tuple[Masked, ...]

    @property
    def found(self) -> list[Quantity | Masked]:
        """Quantities and masked numbers together, in text order."""
        return sorted((*self.quantities, *self.masked), key=lambda one: one.span)


def text_of(file: Path) -> str:
    """The text of a UTF-8 file, or of standard input where the name is "-".

    Raises InputError when it cannot be read, is not text, or is not UTF-8.
    """
    if str(file) != "-":
        return Document.from_path(file).text
    raw = b"" if sys.stdin is None else sys.stdin.buffer.read()
    if b"\x00" in raw:
        raise InputError("standard input: this is not text (it holds NUL bytes).")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"standard input: not UTF-8 (byte {error.start} is 0x{raw[error.start]:02x}); "
            "convert it to UTF-8 first, for example with iconv."
        ) from error


def read_in_blocks(text: str, size: int = _PIECE) -> Iterator[Block]:
    r"""Read `text` in blocks of whole paragraphs, each of at least `size` characters but the last.

    The first numbers are there before the last are read, and of a long text only one block is held.
    Nothing is read across paragraphs, so the blocks say what the whole text says; only which of
    several readings comes first is by the habits of the block.

    >>> for block in read_in_blocks("Seven came.\n\nIn 2022 eight left.", size=5):
    ...     print(block.span, [(one.text, one.span.start) for one in block.found])
    Span(start=0, end=13) [('Seven', 0)]
    Span(start=13, end=32) [('2022', 16), ('eight', 21)]
    """
    for span in _stretches(text, size):
        reading = read(span.of(text))
        yield Block(
            span,
            tuple(_moved(quantity, span.start) for quantity in reading.quantities),
            tuple(replace(one, span=one.span.shifted(span.start)) for one in reading.masked),
        )


def _stretches(text: str, size: int) -> Iterator[Span]:
    start = 0
    for paragraph in paragraphs(text):
        if paragraph.start - start >= size:
            cut = text.rindex("\n", start, paragraph.start) + 1  # its first line may be indented
            yield Span(start, cut)
            start = cut
    if start < len(text):
        yield Span(start, len(text))


def _moved(quantity: Quantity, by: int) -> Quantity:
    if by == 0:
        return quantity
    return replace(
        quantity,
        span=quantity.span.shifted(by),
        number=quantity.number.shifted(by),
        hedge=None if quantity.hedge is None else quantity.hedge.shifted(by),
        parts=tuple(Part(part.span.shifted(by), part.value) for part in quantity.parts),
    )
