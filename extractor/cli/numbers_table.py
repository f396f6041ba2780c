"""The numbers of one page as aligned lines: no table is ever held as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len

from extractor.cli.marked_text import Mark, Piece, visible, wrap
from extractor.cli.numbers_reasons import how_read, value_of
from extractor.quantities import Masked

_GAP = 2
_WIDEST = {"text": 40, "value": 32}  # a longer cell is folded on a screen, and sticks out elsewhere
_NARROWEST = 12
_LONGEST = 200  # characters of one cell


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a table: its cells with their styles, and a sentence beneath it."""

    cells: tuple[Piece, ...]
    note: str = ""


_QUANTITIES = ("#", "at", "text", "value", "hedge", "kind", "unit")
_MASKED = ("#", "at", "no quantity", "what it is", "why")
_NUMERIC = frozenset({"#", "at"})  # stand at the right of their column


def quantity_lines(
    marks: Sequence[Mark], text: str, width: int | None, *, explain: bool
) -> Iterator[list[Piece]]:
    """What was read for each marked quantity; `width` is a screen's, None where lines run on."""
    lines: list[_Line] = []
    for mark in marks:
        quantity = mark.found
        if isinstance(quantity, Masked):
            continue
        cells = (
            (str(mark.index), "dim"),
            (str(quantity.span.start), "dim"),
            (_cell(quantity.text), mark.style),
            (value_of(quantity), ""),
            (quantity.qualifier.value, "italic"),
            (quantity.kind.value, ""),
            (quantity.unit or "-", ""),
        )
        note = _cell(how_read(quantity, text), _LONGEST * 2) if explain else ""
        lines.append(_Line(cells, note))
    return _aligned(_QUANTITIES, lines, width)


def masked_lines(marks: Sequence[Mark], width: int | None) -> Iterator[list[Piece]]:
    """Each number that is no quantity, what it is, and why it was set aside."""
    lines = [
        _Line(
            (
                (f"x{mark.index}", "dim"),
                (str(mark.found.span.start), "dim"),
                (_cell(mark.found.text), "dim"),
                (mark.found.kind, ""),
                (_cell(mark.found.why), "dim"),
            )
        )
        for mark in marks
        if isinstance(mark.found, Masked)
    ]
    return _aligned(_MASKED, lines, width)


def _cell(text: str, longest: int = _LONGEST) -> str:
    """Text of the document on one line, shortened where it is longer than anybody reads."""
    shown = visible(" ".join(text[:longest].split()))
    return shown if len(text) <= longest else f"{shown}… ({len(text):,} characters)"


def _aligned(
    names: tuple[str, ...], lines: list[_Line], width: int | None
) -> Iterator[list[Piece]]:
    if not lines:
        return
    widths = _widths(names, lines, width)
    yield _padded([(name, "dim underline") for name in names], names, widths)
    indent = " " * (widths[0] + _GAP)
    for line in lines:
        if width is None:
            yield _padded(line.cells, names, widths)
            if line.note:
                yield [(indent + line.note, "dim")]
            continue
        folded = [wrap([cell], cells) for cell, cells in zip(line.cells, widths, strict=True)]
        for parts in zip_longest(*folded, fillvalue=[]):
            cells = [("".join(text for text, _ in part), _style(part)) for part in parts]
            yield _padded(cells, names, widths)
        if line.note:
            for part in wrap([(line.note, "dim")], width - len(indent)):
                yield [(indent, ""), *part]


def _style(part: list[Piece]) -> str:
    return part[0][1] if part else ""


def _widths(names: tuple[str, ...], lines: list[_Line], width: int | None) -> list[int]:
    """As wide as the widest cell; where a screen is too narrow, its long columns share what is."""
    widths = [
        max(len(name), *(cell_len(line.cells[k][0]) for line in lines))
        for k, name in enumerate(names)
    ]
    widths = [min(w, _WIDEST.get(name, w)) for w, name in zip(widths, names, strict=True)]
    if width is None:
        return widths
    elastic = [k for k, name in enumerate(names) if name in {"text", "value", "no quantity", "why"}]
    over = sum(widths) + _GAP * (len(names) - 1) - width
    for k in sorted(elastic, key=lambda k: -widths[k]):
        taken = min(max(over, 0), max(widths[k] - _NARROWEST, 0))
        widths[k] -= taken
        over -= taken
    return widths


def _padded(cells: Sequence[Piece], names: tuple[str, ...], widths: list[int]) -> list[Piece]:
    row: list[Piece] = []
    for (text, style), name, width in zip(cells, names, widths, strict=True):
        blank = " " * (width - cell_len(text))
        row += [(blank, ""), (text, style)] if name in _NUMERIC else [(text, style), (blank, "")]
        row.append((" " * _GAP, ""))
    while row and not row[-1][0].strip():
        row.pop()
    return row
