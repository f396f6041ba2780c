"""Verbatim windows around a number: the quotes and the event words that a model may choose from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.text.clauses import boundaries, piece
from extractor.text.words import words
from extractor.validator import Source
from extractor.validator.events import Cue, EventField
from extractor.validator.lexicons import function_stems

_LONGEST_QUOTE = 110  # characters
_QUOTES = 2  # on offer: more of them are longer, and longer ones only cost tokens
_SHORTEST_WORD = 3  # characters of a word that may name an event


def own_piece(text: str, passage: Span, quantities: tuple[Quantity, ...], own: Quantity) -> Span:
    """The stretch of the passage that is this number's."""
    others = [quantity.span for quantity in quantities if quantity is not own]
    return piece(text, passage, others, own.span)


def quote_windows(
    source: Source, within: Span, quantity: Quantity, cues: Sequence[Cue] = ()
) -> tuple[str, ...]:
    """The two quotes on offer for a number, the shorter first, each verbatim and around it.

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
    telling = [span for span in spans if _has_word_beside(text, span, quantity.span)]

    def fitness(span: Span) -> tuple[bool, int, int]:
        return not any(span.contains(cue.span) for cue in cues), len(span), span.start

    best = sorted(telling or spans, key=fitness)[:_QUOTES]
    return tuple(dict.fromkeys(span.of(text) for span in sorted(best, key=len)))


def _whole(source: Source, span: Span) -> Span:
    """The span, widened where it begins or ends inside a date, a name or a number."""
    touching = [masked.span for masked in source.masked_touching(span)]
    touching += [quantity.span for quantity in source.quantities_touching(span)]
    return Span(
        min((span.start, *(one.start for one in touching))),
        max((span.end, *(one.end for one in touching))),
    )


def event_words(text: str, field: EventField, quantity: Quantity) -> tuple[str, ...]:
    """The words that may name the event of a number, each verbatim.

    Strong cues of its own are enough where there are any; else those of the sentence, since a
    shared verb may stand before or after a list; else its weak cues and the words of its piece
    that carry meaning.
    """
    strong = [cue.phrase for cue in field.nearest or field.shared if cue.strong]
    if strong:
        return tuple(dict.fromkeys(strong))
    plain = [
        word.span.of(text)
        for word in field.words
        if field.piece.contains(word.span)
        and word.lower == word.span.of(text)
        and len(word.lower) >= _SHORTEST_WORD
        and not word.span.overlaps(quantity.span)
        and word.stem not in function_stems()
    ]
    return tuple(dict.fromkeys((*(cue.phrase for cue in field.nearest), *plain)))


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
