"""Where the clauses and list items of a sentence meet, and which stretch of it is one number's."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from importlib import resources

from extractor.text.spans import Span
from extractor.text.words import words

# a comma or colon between digits is a part of the number, not of the sentence
_PUNCTUATION = re.compile(r"[;()\u2013\u2014]|(?<!\d)[,:]|[,:](?!\d)|\s-\s")


def boundaries(text: str, within: Span) -> list[Span]:
    """The clause openers ("and", "while", "including") and commas inside `within`, in order.

    >>> text = "498 killed, and 1,597 wounded"
    >>> [mark.of(text) for mark in boundaries(text, Span(0, len(text)))]
    [',', 'and']
    """
    marks = [Span(*m.span()) for m in _PUNCTUATION.finditer(text, within.start, within.end)]
    marks += [word.span for word in words(text, within) if word.lower in clause_openers()]
    return sorted(marks)


def clause_around(text: str, within: Span, own: Span, binding: Collection[str] = ()) -> Span:
    """The stretch of `within` between the boundaries nearest to `own`, in one pass of a pattern.

    `binding` are openers behind it, in lower case, that open no clause here.

    >>> text = "Ukraine was quiet, and 498 died there, while Orle burnt"
    >>> clause_around(text, Span(0, len(text)), Span(23, 26)).of(text)
    ' 498 died there'
    """
    start, end = within.start, within.end
    for mark in _any_boundary().finditer(text, within.start, own.start):
        start = mark.end()
    for mark in _any_boundary().finditer(text, own.end, within.end):
        if mark[0].lower() not in binding:
            end = mark.start()
            break
    return Span(start, end)


@lru_cache(maxsize=1)
def _any_boundary() -> re.Pattern[str]:
    openers = "|".join(map(re.escape, sorted(clause_openers(), key=len, reverse=True)))
    return re.compile(rf"{_PUNCTUATION.pattern}|(?<![\w'\u2019-])(?i:{openers})(?![\w'\u2019-])")


def piece(text: str, sentence: Span, others: Sequence[Span], own: Span) -> Span:
    """The stretch of a sentence that belongs to the number at `own`.

    Between two neighbouring numbers the sentence is cut at the last boundary before the second,
    or right before it where there is none. `others` are the sentence's other numbers.

    >>> text = "It has killed 43 soldiers and taken 20 hostage"
    >>> piece(text, Span(0, 46), [Span(14, 16)], Span(36, 38)).of(text)
    'and taken 20 hostage'
    """
    before = [other for other in others if other.end <= own.start]
    after = [other for other in others if other.start >= own.end]
    start = _cut(text, max(before), own) if before else sentence.start
    end = _cut(text, own, min(after)) if after else sentence.end
    return Span(min(start, own.start), max(end, own.end))


def _cut(text: str, left: Span, right: Span) -> int:
    """Where the piece of `left` ends and that of `right` begins."""
    marks = boundaries(text, Span(left.end, right.start))
    if marks and text[marks[-1].start] in ":(" and not text[marks[-1].end : right.start].strip():
        # "killed: 19 wounded: 40", "dead (19), wounded (40)": a label leads up to its number
        marks = marks[:-1]
        if not marks:
            return left.end
    if not marks:
        return right.start
    cut = marks[-1].start
    for mark in reversed(marks[:-1]):  # ", and" is one boundary: go back over marks that touch
        if text[mark.end : cut].strip():
            break
        cut = mark.start
    return cut


@lru_cache(maxsize=1)
def clause_openers() -> frozenset[str]:
    """The words of clause_openers.txt."""
    source = resources.files("extractor.text").joinpath("clause_openers.txt")
    lines = source.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
