"""What one call is about: a sentence (or a part of an endless one) and its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extractor.quantities import is_time
from extractor.quantities.types import Kind, Quantity
from extractor.text import Span
from extractor.validator import Source

LONGEST_PASSAGE = 1_200  # characters
MOST_NUMBERS = 8  # a call; a table of figures is asked about in several calls


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the document with the numbers that one call asks about, in text order."""

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


def passages(source: Source) -> Iterator[Passage]:
    """Each sentence that holds numbers, in order; every askable number in exactly one passage.

    Numbers that are set aside are not asked about. A sentence longer than LONGEST_PASSAGE is cut
    at spaces around its numbers; one with more than MOST_NUMBERS is asked about in several calls.
    """
    group: list[Quantity] = []
    sentence: Span | None = None
    for quantity in source.reading.quantities:
        if set_aside(quantity) is not None:
            continue
        home = source.sentence_of(quantity.number)
        full = len(group) == MOST_NUMBERS or (
            group and quantity.span.end - group[0].span.start > LONGEST_PASSAGE // 2
        )
        if group and (home != sentence or full):
            yield _passage(source, sentence, group)
            group = []
        group.append(quantity)
        sentence = home
    if group:
        yield _passage(source, sentence, group)


def _passage(source: Source, sentence: Span | None, group: list[Quantity]) -> Passage:
    numbers = Span(group[0].span.start, group[-1].span.end)
    home = sentence or numbers
    if len(home) <= LONGEST_PASSAGE:
        return Passage(Span(min(home.start, numbers.start), max(home.end, numbers.end)), (*group,))
    text = source.document.text
    spare = max(0, LONGEST_PASSAGE - len(numbers)) // 2
    start, end = max(home.start, numbers.start - spare), min(home.end, numbers.end + spare)
    if start > home.start:  # not inside a word
        start = text.find(" ", start, numbers.start) + 1 or numbers.start
    if end < home.end:
        space = text.rfind(" ", numbers.end, end)
        end = space if space >= 0 else numbers.end
    return Passage(Span(start, end), (*group,))
