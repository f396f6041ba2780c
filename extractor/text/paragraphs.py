"""Paragraphs: the stretches of a text that an empty line parts. Nothing is read across one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.text.spans import Span

_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*")


def paragraphs(text: str) -> Iterator[Span]:
    r"""Yield the paragraphs of `text` in order, without the empty lines between them.

    >>> [span.of("One.\n\nTwo,\nthree.\n \n") for span in paragraphs("One.\n\nTwo,\nthree.\n \n")]
    ['One.', 'Two,\nthree.']
    """
    start = 0
    for match in _EMPTY_LINE.finditer(text):
        if start < match.start():
            yield Span(start, match.start())
        start = match.end()
    if start < len(text):
        yield Span(start, len(text))


def paragraph_around(text: str, place: int) -> Span:
    r"""The paragraph in which a place stands.

    >>> paragraph_around("One.\n\nTwo,\nthree.", 8).of("One.\n\nTwo,\nthree.")
    'Two,\nthree.'
    """
    start, end = 0, len(text)
    for match in _EMPTY_LINE.finditer(text, max(0, text.rfind("\n\n", 0, place) - 1), place):
        start = match.end()
    following = _EMPTY_LINE.search(text, place)
    if following is not None:
        end = following.start()
    return Span(min(start, place), end)
