"""Verbatim windows around a number: the quotes and the event words that a model may choose from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.text.clauses import boundaries, piece
from extractor.text.words import words
from extractor.validator.events import EventField
from extractor.validator.lexicons import function_stems

_LONGEST_QUOTE = 110  # characters
_LONGEST_EVENT = 50  # characters
_SHORTEST_WORD = 3  # characters of a word that may name an event


def own_piece(text: str, passage: Span, quantities: tuple[Quantity, ...], own: Quantity) -> Span:
    """The stretch of the passage that is this number's."""
    others = [quantity.span for quantity in quantities if quantity is not own]
    return piece(text, passage, others, own.span)


def quote_windows(text: str, within: Span, quantity: Quantity) -> tuple[str, ...]:
    """The quotes on offer for a number, shortest first, each verbatim and around the number.

    From the number to the end of its clause; the same with what leads up to it in the clause; and
    the whole of the number's piece, where that is short enough.
    """
    before = boundaries(text, Span(within.start, quantity.span.start))
    after = boundaries(text, Span(quantity.span.end, within.end))
    clause_start = before[-1].end if before else within.start
    clause_end = after[0].start if after else within.end
    spans = [
        Span(quantity.span.start, clause_end),
        Span(clause_start, clause_end),
        Span(quantity.span.start, within.end),
        within,
    ]
    found: dict[str, None] = {}
    for span in spans:
        quote = _trimmed(text, span, quantity.span)
        if _has_word_beside(text, quote, quantity.span):
            found[quote.of(text)] = None
    if not found:
        found[_trimmed(text, within, quantity.span).of(text)] = None
    return tuple(sorted(found, key=len))


def event_words(text: str, field: EventField, quantity: Quantity) -> tuple[str, ...]:
    """The words that may name the event of a number, each verbatim.

    Strong cues of its own are enough where there are any; else those of the sentence, since a
    shared verb may stand before or after a list; else its weak cues and the words of its piece
    that carry meaning.
    """
    shared = () if field.nearest else field.cues
    strong = [cue.span for cue in (*field.nearest, *shared) if cue.strong]
    names = _distinct(text, (span for span in strong if len(span) <= _LONGEST_EVENT))
    if names:
        return names
    plain = [
        word.span
        for word in field.words
        if field.piece.contains(word.span)
        and word.lower == word.span.of(text)
        and len(word.lower) >= _SHORTEST_WORD
        and not word.span.overlaps(quantity.span)
        and word.stem not in function_stems()
    ]
    return _distinct(text, (*(cue.span for cue in field.nearest), *plain))


def _distinct(text: str, spans: Iterable[Span]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(span.of(text).split()) for span in spans))


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
    return Span(start, end)


def _spaces(text: str, start: int, end: int) -> Iterator[int]:
    position = text.find(" ", start, end)
    if position >= 0:
        yield position + 1


def _opens(char: str) -> bool:
    return char.isalnum() or char in "$€£¥₹\"“‘'"


def _closes(char: str) -> bool:
    return char.isalnum() or char in "%\"”’'"


def _has_word_beside(text: str, quote: Span, number: Span) -> bool:
    """A quote that is the bare number explains nothing."""
    before, after = Span(quote.start, number.start), Span(number.end, quote.end)
    return any(True for _ in words(text, before)) or any(True for _ in words(text, after))
