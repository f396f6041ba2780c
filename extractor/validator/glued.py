"""Quotes that are put together from several places of a document."""

from __future__ import annotations

import re

from extractor.text import Document, Span, occurrences

_LONGEST_QUOTE = 2_000  # characters
_MOST_PIECES = 4
_SHORTEST_PIECE = 2  # words; single words stand in every document
_ELLIPSIS = re.compile(r"\s*[\[(]?(?:\.{2,}|\u2026)[\])]?\s*")
_WORD = re.compile(r"\S+")


def pieces_of(document: Document, quote: str) -> tuple[Span, ...]:
    """The places in the document of which a quote is glued; none if it is not.

    A quote with an ellipsis falls apart there; another is taken apart from its beginning, the
    longest piece that stands in the document first.
    """
    if len(quote) > _LONGEST_QUOTE:
        return ()
    parts = [part for part in _ELLIPSIS.split(quote) if part.strip()]
    if len(parts) < 2:
        return _taken_apart(document, quote)
    places = [next(occurrences(document.folded, part), None) for part in parts]
    found = [place for place in places if place is not None]
    return tuple(found) if len(found) == len(parts) else ()


def _taken_apart(document: Document, quote: str) -> tuple[Span, ...]:
    found: list[Span] = []
    words = [match.span() for match in _WORD.finditer(quote)]
    while words and len(found) < _MOST_PIECES:
        taken, place = _longest(document, quote, words)
        if place is None or taken < _SHORTEST_PIECE:
            return ()
        found.append(place)
        words = words[taken:]
    return tuple(found) if not words and len(found) > 1 else ()


def _longest(
    document: Document, quote: str, words: list[tuple[int, int]]
) -> tuple[int, Span | None]:
    """How many of the words stand together in the document, and where."""
    known, place, low, high = 0, None, 1, len(words)
    while low <= high:
        middle = (low + high) // 2
        passage = quote[words[0][0] : words[middle - 1][1]]
        found = next(occurrences(document.folded, passage), None)
        if found is None:
            high = middle - 1
        else:
            known, place, low = middle, found, middle + 1
    return known, place
