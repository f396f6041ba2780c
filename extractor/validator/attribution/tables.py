"""Tables with their source in a line of its own: `Source: the Met Office`, `Figures from …:`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from extractor.text import Span
from extractor.validator.attribution.mentions import can_be_source, mention_of
from extractor.validator.attribution.phrases import phrase_starting
from extractor.validator.attribution.tokens import Sentence
from extractor.validator.attribution.types import Mention, Raw

# a line; where a page was flattened, two spaces stand for its end
_LINE = re.compile(r"\S+(?:[^\S\n]\S+)*")
# every lead has one of these, which are found far faster than a pattern
_HINTS = ("ource:", "ources:", "igures ", "ata ", "tatistics ", "umbers ", "otals ")
_OPENING = re.compile(r"(?:\A|\n\s*|\s\s)[(\[*]*(?:data )?\w\Z", re.IGNORECASE)
_LEAD = re.compile(
    r"[(\[*]*(?:(?:data )?sources?: ?"
    r"|(?:figures|data|statistics|numbers|totals)(?: [a-z]+){0,4}? (?:from|by) )",
    re.IGNORECASE,
)
_NAME_END = re.compile(r"[)\]*.:,;]|\Z")
# a label, and a figure at the end of the line or behind a mark: "Sibley – 4.10 inches"
_ROW = re.compile(
    r"[^\W\d][^\d]*(?:[\-\u2012-\u2014:|]\s?[^\w\s]?\d[\d.,]*\W{0,3}(?:\w+\W{0,2}){0,3}"
    r"|\s[^\w\s]?\d[\d.,]*\s?%?\W?)"
)
_BULLET = re.compile(r"[*|\-\u2022\u2013]\s?")
_LONGEST_LINE = 90  # characters of a row or of a heading between rows
_MOST_LINES = 200  # of a table
_FEWEST_ROWS = 2


def table_sources(text: str, sentence: Callable[[Span], Sentence]) -> Iterator[Raw]:
    """The sources of the tables of a text, each for the rows above or below its line.

    A source line answers for at least two rows, as far as they reach without a line of prose.
    `sentence` reads a place of the text.
    """
    if not any(_opens_line(text, hint) for hint in _HINTS):
        return
    lines = [Span(*match.span()) for match in _LINE.finditer(text)]
    for index, line in enumerate(lines):
        lead = _LEAD.match(text, line.start, line.end)
        if lead is None:
            continue
        mention = _named(sentence, text, Span(lead.end(), line.end))
        if mention is None:
            continue
        below = text[line.end - 1] == ":"
        step = range(index + 1, len(lines)) if below else range(index - 1, -1, -1)
        rows = _rows(text, lines, step[:_MOST_LINES])
        if rows is not None:
            yield Raw(mention, Span(line.start, lead.end()), rows, "cites")


def _opens_line(text: str, hint: str) -> bool:
    """Whether the hint stands near the beginning of a line at least once."""
    place = text.find(hint)
    while place >= 0:
        if _OPENING.search(text, max(0, place - 12), place):
            return True
        place = text.find(hint, place + 1)
    return False


def _named(sentence: Callable[[Span], Sentence], text: str, place: Span) -> Mention | None:
    """The source that is named there, if the line says nothing more."""
    end = _NAME_END.search(text, place.start, place.end)
    stop = end.start() if end is not None else place.end
    if stop - place.start > _LONGEST_LINE or stop <= place.start:
        return None
    s = sentence(Span(place.start, stop))
    phrase = phrase_starting(s, 0)
    if phrase is None or phrase.end != len(s) or not can_be_source(s, phrase):
        return None
    return mention_of(s, phrase)


def _rows(text: str, lines: Sequence[Span], order: range) -> Span | None:
    """The stretch from the first to the last row that follow each other; None for too few."""
    found: list[Span] = []
    for index in order:
        line = lines[index]
        kind = _kind(line.of(text)) if len(line) <= _LONGEST_LINE else "prose"
        if kind == "prose":
            break
        if kind == "row":
            found.append(line)
    if len(found) < _FEWEST_ROWS:
        return None
    return Span(min(row.start for row in found), max(row.end for row in found))


def _kind(line: str) -> str:
    """A row, a heading that may stand between rows, or prose (which a source line is, too)."""
    bare = _BULLET.sub("", line, count=1) if _BULLET.match(line) else line
    if _LEAD.match(bare) is not None:
        return "prose"
    if _ROW.fullmatch(bare):
        return "row"
    return "prose" if bare.endswith((".", "!", "?", ",", ";")) else "heading"
