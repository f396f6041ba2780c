"""Verbatim windows around a number: its quotes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.text.clauses import boundaries, piece
from extractor.text.words import words
from extractor.validator import Source
from extractor.validator.events import Cue
from extractor.validator.lexicons import (
    function_stems,
)

_LONGEST_QUOTE = 110  # characters
_QUOTES = 2  # a number: more of them are longer, and longer ones only cost tokens
_LEADING_ON = frozenset(
    "a an the its their his her and or but all of in on at to from by for with as than into".split()
)


def own_piece(text: str, passage: Span, quantities: tuple[Quantity, ...], own: Quantity) -> Span:
    """The stretch of the passage that is this number's."""
    others = [quantity.span for quantity in quantities if quantity is not own]
    return piece(text, passage, others, own.span)


def own_clause(text: str, within: Span, own: Span) -> Span:
    """The stretch of `within` between the boundaries nearest to a number."""
    before = boundaries(text, Span(within.start, max(within.start, own.start)))
    after = boundaries(text, Span(min(own.end, within.end), within.end))
    return Span(before[-1].end if before else within.start, after[0].start if after else within.end)


def quote_windows(
    source: Source, within: Span, quantity: Quantity, cues: Sequence[Cue] = ()
) -> tuple[str, ...]:
    """The quotes that a number may have, the fittest first, each verbatim and around it.

    They run from the number, or from the begin of its clause, to the end of the clause or of the
    number's piece; the shortest that hold an event word of its own (`cues`) come first. None
    begins or ends inside a date or another number.
    """
    text = source.document.text
    before = boundaries(text, Span(within.start, quantity.span.start))
    after = boundaries(text, Span(quantity.span.end, within.end))
    starts = (quantity.span.start, before[-1].end if before else within.start, within.start)
    ends = (after[0].start if after else within.end, within.end)
    spans = {
        _whole(source, _trimmed(text, Span(start, end), quantity.span))
        for start in starts
        for end in ends
    }
    telling = [span for span in spans if _says_something(text, span, quantity.span)]
    if not telling:  # all of its piece: "14,076 | households (70,380 people)"
        rest = Span(quantity.span.start, max(quantity.span.end, source.window_of(quantity).end))
        marks = boundaries(text, Span(quantity.span.end, rest.end))
        further = [*(mark.start for mark in marks[:2]), rest.end]
        more = [_whole(source, _trimmed(text, Span(rest.start, e), quantity.span)) for e in further]
        telling = [span for span in more if _says_something(text, span, quantity.span)]

    longest = max((len(cue.phrase.split()) for cue in cues), default=0)
    main = [cue.span for cue in cues if len(cue.phrase.split()) == longest]  # "took hostage"

    def fitness(span: Span) -> tuple[bool, int, int]:
        return not any(span.contains(cue) for cue in main), len(span), span.start

    best = sorted(telling or spans, key=fitness)[:_QUOTES]
    return tuple(dict.fromkeys(span.of(text) for span in best))


def _whole(source: Source, span: Span) -> Span:
    """The span, widened where it begins or ends inside a date, a name or a number."""
    touching = [masked.span for masked in source.masked_touching(span)]
    touching += [quantity.span for quantity in source.quantities_touching(span)]
    return Span(
        min((span.start, *(one.start for one in touching))),
        max((span.end, *(one.end for one in touching))),
    )


def _trimmed(text: str, span: Span, keep: Span) -> Span:
    """`span` without white space and punctuation at its ends, and not too long.

    At most _LONGEST_QUOTE characters, cut at spaces and never into `keep`.
    """
    start, end = span.start, span.end
    if end - start > _LONGEST_QUOTE:
        start = max(start, keep.start - _LONGEST_QUOTE // 2)
        end = min(end, max(keep.end, start + _LONGEST_QUOTE))
        if start > span.start:
            start = next(_spaces(text, start, keep.start), keep.start)
        if end < span.end:
            space = text.rfind(" ", keep.end, end)
            end = space if space >= 0 else keep.end
    while start < keep.start and not _opens(text[start]):
        start += 1
    while end > keep.end and not _closes(text[end - 1]):
        end -= 1
    return Span(start, _without_loose_ends(text, keep, end))


def _without_loose_ends(text: str, keep: Span, end: int) -> int:
    """Where a quote ends that would end in words which lead on: "9,600 people in the"."""
    for word in reversed(list(words(text, Span(keep.end, max(keep.end, end))))):
        if word.lower not in _LEADING_ON or word.span.end != end:
            break
        end = max(keep.end, len(text[: word.span.start].rstrip()))
    return end


def _spaces(text: str, start: int, end: int) -> Iterator[int]:
    position = text.find(" ", start, end)
    if position >= 0:
        yield position + 1


def _opens(char: str) -> bool:
    return char.isalnum() or char in "$€£¥₹\"“‘'"


def _closes(char: str) -> bool:
    return char.isalnum() or char in "%\"”’'"


def _says_something(text: str, quote: Span, number: Span) -> bool:
    """Whether a quote has more beside its number than words like "in all" or "with"."""
    before, after = Span(quote.start, number.start), Span(number.end, quote.end)
    return any(
        word.stem not in function_stems() and word.lower not in _LEADING_ON
        for side in (before, after)
        for word in words(text, side)
    )


def has_word_beside(text: str, within: Span, number: Span) -> bool:
    """Whether a stretch of text holds a word beside its number: a bare number explains nothing."""
    before = Span(min(within.start, number.start), number.start)
    after = Span(number.end, max(within.end, number.end))
    return any(True for _ in words(text, before)) or any(True for _ in words(text, after))
