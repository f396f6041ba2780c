"""What one call is about: a sentence, a paragraph or a whole document, and its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.extraction.policy import LIMITS, Limits, PassageSize
from extractor.quantities import is_time
from extractor.quantities.types import Kind, Quantity
from extractor.text import Span
from extractor.validator import Source

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_LINE_END = re.compile(r"\n")
_WHITE = re.compile(r"\s+")
_CONTEXT = 600  # characters on either side of the numbers of a part of an endless sentence


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the document with the numbers that one call asks about, in text order.

    The stretch may hold other numbers too, as context: each is asked about with one passage only.
    """

    span: Span
    quantities: tuple[Quantity, ...]


def set_aside(quantity: Quantity) -> str | None:
    """Why a number is not asked about: it says which, how old or how long, and counts nothing."""
    if quantity.kind is Kind.ORDINAL:
        return "an ordinal: it says which, not how many"
    if quantity.kind is Kind.AGE:
        return "an age: it says how old, not how many"
    if quantity.kind is Kind.MEASURE and is_time(quantity.unit):
        return "a length of time: it says how long, not how many"
    return None


def passages(source: Source, size: PassageSize = "sentence") -> Iterator[Passage]:
    """The pieces that hold numbers, in order; every askable number in exactly one of them.

    A piece never ends inside a number, a date, a word or (but for one longer than the limit) a
    sentence. A paragraph or a document over the limit is cut at sentence ends, and the next piece
    then begins with the sentence before it, for context. Numbers that are set aside are not asked
    about.
    """
    limits, homes = LIMITS[size], _Homes(source, size)
    group: list[Quantity] = []
    begun: Span | None = None
    for quantity in source.reading.quantities:
        if set_aside(quantity) is not None:
            continue
        home = homes.of(quantity)
        if group and (home != begun or _is_full(source, size, limits, group, quantity)):
            yield _passage(source, limits, begun or home, group)
            group = []
        group.append(quantity)
        begun = home
    if group:
        yield _passage(source, limits, begun or group[0].span, group)


class _Homes:
    """The sentence, paragraph or document that a number stands in; numbers come in text order."""

    def __init__(self, source: Source, size: PassageSize) -> None:
        self._source = source
        self._size = size
        text = source.document.text
        self._breaks = _BLANK_LINE if _BLANK_LINE.search(text) else _LINE_END
        self._paragraph = Span(0, 0)

    def of(self, quantity: Quantity) -> Span:
        if self._size == "document":
            return Span(0, len(self._source.document.text))
        if self._size == "sentence":
            return self._source.sentence_of(quantity.number)
        while quantity.span.start >= self._paragraph.end:
            self._paragraph = self._following(self._paragraph.end)
        return self._paragraph

    def _following(self, start: int) -> Span:
        text = self._source.document.text
        found = self._breaks.search(text, start)
        return Span(start, found.end() if found else len(text))


def _is_full(
    source: Source, size: PassageSize, limits: Limits, group: list[Quantity], coming: Quantity
) -> bool:
    """Whether another number must wait for the next piece."""
    if len(group) == limits.numbers:
        return True
    home = source.sentence_of(coming.number)
    if size != "sentence":
        if home.end - source.sentence_of(group[0].number).start <= limits.characters:
            return False
        is_endless = len(home) > limits.characters
        if not is_endless or home != source.sentence_of(group[-1].number):
            return True
    # a part of an endless sentence, with room for context on both sides
    return coming.span.end - group[0].span.start > limits.characters // 2


def _passage(source: Source, limits: Limits, home: Span, group: list[Quantity]) -> Passage:
    numbers = Span(group[0].span.start, group[-1].span.end)
    span = _stretch(source, limits, home, group)
    return Passage(_unbroken(source, span, numbers, limits), (*group,))


def _stretch(source: Source, limits: Limits, home: Span, group: list[Quantity]) -> Span:
    """The whole home of the numbers if it fits, else their sentences, else what is around them."""
    numbers = Span(group[0].span.start, group[-1].span.end)
    if len(home) <= limits.characters:
        return _around(_trimmed(source.document.text, home), numbers)
    first = source.sentence_of(group[0].number)
    last = source.sentence_of(group[-1].number)
    sentences = _around(Span(first.start, last.end), numbers)
    if len(sentences) > limits.characters:
        return _cut(source, sentences, numbers, limits)
    before = Span(max(home.start, source.sentence_before(sentences.start)), sentences.end)
    return before if len(before) <= limits.characters else sentences


def _trimmed(text: str, span: Span) -> Span:
    body = span.of(text)
    lead = len(body) - len(body.lstrip())
    return Span(span.start + lead, span.start + max(lead, len(body.rstrip())))


def _around(span: Span, numbers: Span) -> Span:
    return Span(min(span.start, numbers.start), max(span.end, numbers.end))


def _cut(source: Source, home: Span, numbers: Span, limits: Limits) -> Span:
    """Some of an endless sentence around its numbers, cut at white space."""
    text = source.document.text
    spare = min(_CONTEXT, max(0, limits.characters - len(numbers)) // 2)
    start, end = max(home.start, numbers.start - spare), min(home.end, numbers.end + spare)
    if start > home.start:  # not inside a word
        gap = _WHITE.search(text, start - 1, numbers.start)
        start = gap.end() if gap else numbers.start
    if end < home.end:
        while end > numbers.end and not text[end].isspace():
            end -= 1
    return Span(start, end)


def _unbroken(source: Source, span: Span, numbers: Span, limits: Limits) -> Span:
    """The span with what it cuts in two (a date, a number, a name) taken in, or else left out."""
    touching = [masked.span for masked in source.masked_touching(span)]
    touching += [quantity.span for quantity in source.quantities_touching(span)]
    cut = [one for one in touching if not span.contains(one)]
    start, end = min((span.start, *(c.start for c in cut))), max((span.end, *(c.end for c in cut)))
    if end - start <= limits.characters:
        return Span(start, end)
    start = max((span.start, *(c.end for c in cut if c.end <= numbers.start)))
    return Span(start, min((span.end, *(c.start for c in cut if c.start >= numbers.end))))
