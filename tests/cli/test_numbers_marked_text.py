"""A marked text is the text: taking the marks away gives it back, whatever stands in it."""

from __future__ import annotations

import io
import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from extractor.cli.marked_text import signs_for, visible, wrap
from extractor.cli.numbers_page import NumbersScreen, Shown
from extractor.cli.numbers_reasons import how_read, value_of
from extractor.cli.numbers_source import read_in_blocks
from extractor.quantities import Quantity, read, read_quantities

PARTS = [
    *("more than 7,000", "about", "12 per cent", "£4.2m", "50 or more", "300+", "one in five"),
    *("between 3 and 4", "dozens", "March 12, 2022", "F-16", "the 3rd", "1.067", "5²", "word"),
    *("⟦7⟧₁", "⟪", "‹9›", "₂", "ₓ₁", "[bold]8[/bold]", ":smile:", "世界", "│", "1 │ 2", "[", "}"),
    *("\x1b[31m", "\x1b]0;t\x07", "\u202e", "\u200b", "\u00ad", "\u2028", "\x85", "\U000e0001"),
    *("\n", "\n\n", "\r\n", "\r", "\t", "\u00a0", " ", "   "),
]
TEXTS = st.lists(st.sampled_from(PARTS) | st.text(max_size=5), max_size=30).map(
    lambda parts: " ".join(parts).replace("\\", "/")
)
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def shown(
    text: str, *, explain: bool = False, width: int | None = None, size: int = 65_536
) -> tuple[str, Shown]:
    """What is printed of `text`: on a coloured terminal of `width`, or else to a file."""
    file = io.StringIO()
    console = Console(
        file=file,
        force_terminal=width is not None,
        color_system=None if width is None else "standard",
        width=width,
        legacy_windows=False,
        no_color=False,
    )
    counted = NumbersScreen(console, text, explain=explain).show(read_in_blocks(text, size))
    return file.getvalue(), counted


def unmarked(output: str) -> str:
    """The text of the rows, without line numbers and marks, escapes undone."""
    text = ""
    for row in output.split("\n"):
        match = re.match(r" *(\d*) │ (.*)$", row)
        if match:
            text += ("\n" if match[1] not in {"", "1"} else "") + match[2]
    text = re.sub(r"⟪([^⟪⟫]*)⟫ₓ[₀-₉]+", r"\1", text)
    text = re.sub(r"⟦([^⟦⟧]*)⟧[₀-₉]+", lambda m: m[1].replace("‹", "").replace("›", ""), text)
    assert not set("⟦⟧⟪⟫") & set(text), "marks come in pairs, with a label"
    escape = r"\\(?:x(..)|u(.{4})|U(.{8}))"
    return re.sub(escape, lambda m: chr(int(m[1] or m[2] or m[3], 16)), text)


def spaced(text: str) -> str:
    """`text` with white space as it is shown: line breaks apart, a space each."""
    text = re.sub(r"\r\n|\r", "\n", text).removesuffix("\n")
    return "".join(" " if c == "\t" or unicodedata.category(c) == "Zs" else c for c in text)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.booleans())
def test_without_its_marks_it_is_the_text(text: str, explain: bool) -> None:
    output, counted = shown(text, explain=explain)
    assert unmarked(output) == spaced(text)
    reading = read(text)
    assert (counted.quantities, counted.masked) == (len(reading.quantities), len(reading.masked))


@pytest.mark.parametrize("index", range(4))
def test_the_seeds_come_back_whole(seeds: Path, index: int) -> None:
    text = sorted(seeds.glob("*.txt"))[index].read_bytes().decode()
    output, _ = shown(text, explain=True, size=200)
    assert unmarked(output) == spaced(text)


def test_a_line_of_any_length_comes_back_whole() -> None:
    text = "x" * 9_000 + " ".join(str(n) for n in range(5_000, 6_000)) + " " * 9_000 + "\ny"
    output, counted = shown(text)
    assert unmarked(output) == text
    assert counted.quantities > 900
    assert output.count("#") > 10, "the table comes page by page"


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.booleans(), st.integers(60, 120))
def test_nothing_in_a_text_steers_the_screen(text: str, explain: bool, width: int) -> None:
    on_screen, _ = shown(text, explain=explain, width=width)
    in_file, _ = shown(text, explain=explain)
    for output in (STYLE.sub("", on_screen), in_file):
        assert all(char.isprintable() or char == "\n" for char in output)
    for row in STYLE.sub("", on_screen).split("\n"):
        if " │ " in row:
            assert cell_len(row) <= width


def test_marks_without_colour() -> None:
    output, _ = shown("On May 4, 2021 about 30 of 61 left, 5 or more hurt.", explain=True)
    assert output.startswith(
        "1 │ On ⟪May 4, 2021⟫ₓ₁ ⟦‹about› 30⟧₁ of ⟦61⟧₂ left, ⟦5 ‹or more›⟧₃ hurt.\n"
    )


def test_a_document_cannot_mark_itself() -> None:
    output, _ = shown("They say ⟦‹over› 9⟧₁ and 5₂ [bold]x[/bold] ‹quoted›.")
    first = output.split("\n", 1)[0]
    assert r"\u27e6‹over› ⟦9⟧₁\u27e7₁" in first
    assert r"⟦5⟧₂\u2082" in first
    assert "[bold]x[/bold] ‹quoted›." in first


def test_colours_say_what_it_is() -> None:
    output, _ = shown("Some 40 men, $5, 6 per cent, 7 km, dozens, the 8th.", width=100)
    line = output.split("\n", 1)[0]
    assert "\x1b[3;4;36mSome\x1b[0m" in line  # the hedge, in italics and underlined
    for style, number in (
        ("1;36", " 40"),
        ("1;32", "$5"),
        ("1;35", "6 per cent"),
        ("1;94", "7"),
        ("1;33", "dozens"),
        ("1", "8th"),
    ):
        assert f"\x1b[{style}m{number}" in line


@pytest.mark.parametrize("index", range(4))
def test_blocks_read_what_the_whole_reads(seeds: Path, index: int) -> None:
    text = sorted(seeds.glob("*.txt"))[index].read_bytes().decode()
    blocks = list(read_in_blocks(text, size=1))
    assert blocks[0].span.start == 0
    assert blocks[-1].span.end == len(text)
    assert all(a.span.end == b.span.start for a, b in pairwise(blocks))
    reading = read(text)
    assert tuple(q for block in blocks for q in block.quantities) == reading.quantities
    assert tuple(m for block in blocks for m in block.masked) == reading.masked


def test_spans_of_later_blocks_are_into_the_whole_text() -> None:
    text = (
        "First.\r\n\r\n" * 3 + "  Between 300 and 400 left.\n \nAbout $5m in 2021.\n\n\n6 or more"
    )
    found = [one for block in read_in_blocks(text, size=1) for one in block.found]
    assert [one.span.of(text) for one in found] == [one.text for one in found]
    between, about, _, more = found[-4:]
    assert isinstance(between, Quantity)
    assert isinstance(about, Quantity)
    assert isinstance(more, Quantity)
    assert [part.span.of(text) for part in between.parts] == ["300", "400"]
    assert about.number.of(text) == "5m"
    assert more.hedge is not None
    assert more.hedge.of(text) == "or more"


SENTENCES = {
    "more than 7,000 men": "7,000 or more: “more than” before “7,000”.",
    "almost 10 million": "10,000,000 or less: “almost” before “10 million”.",
    "about 30": "about 30: “about” before “30”.",
    "61 sailors": "61: “61”, without a hedge.",
    "50 or more": "50 or more: “or more” behind “50”.",
    "dozens": "24 or more: “dozens” is a magnitude, and no figure.",
    "£4.2m": "4,200,000: “4.2m”, without a hedge; in GBP.",
    "12 per cent": "12: “12”, without a hedge; a share in per cent.",
    "5 km": "5: “5”, without a hedge; its unit is kilometre.",
    "the 3rd ship": "3: “3rd”; a place in an order, not an amount.",
    "between 300 and 400": "300 to 400: from “300” to “400”.",
    "seven out of ten": "0.7: “seven” of “ten”, without a hedge; a share of something.",
}


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_says_how_it_was_read(text: str) -> None:
    assert how_read(read_quantities(text)[0], text) == SENTENCES[text]


def test_every_reading_is_shown() -> None:
    quantity = read_quantities("1.067 bases")[0]
    assert len(quantity.readings) == 2
    assert value_of(quantity) in {"1,067 or 1.067", "1.067 or 1,067"}


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "no such"])
def test_an_output_that_lacks_the_signs_gets_others(encoding: str) -> None:
    signs = signs_for(encoding)
    assert "".join(signs.quantity + signs.hedge + signs.masked).isascii()
    assert signs_for("utf-8").quantity == ("⟦", "⟧")


def test_what_cannot_be_seen_is_escaped() -> None:
    assert visible("a\u00a0b\tc\u2009d") == "a b c d"
    assert visible("\x1b\x9b\u202e\u2066\U000e0041") == r"\x1b\x9b\u202e\u2066\U000e0041"


def test_wrapping_breaks_between_words_and_cuts_what_is_wider() -> None:
    rows = wrap([("one two", "a"), ("three", "b"), (" four ", "a"), ("x" * 25, "c")], 10)
    assert ["".join(text for text, _ in row) for row in rows] == [
        *("one ", "twothree ", "four ", "x" * 10, "x" * 10, "x" * 5)
    ]
