"""Where sentences begin and end, by light rules: no model, no dependency, linear time.

A line end closes a sentence, since news text puts headlines, captions and list items on lines of
their own; two cases continue it: the next line starts in lower case, or the paragraph is
hard-wrapped (most of its lines are of nearly the same width and break mid-sentence) and the line
is a full one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from extractor.text.spans import Span

# A full stop after one of these does not end a sentence, whatever follows.
_TITLES = frozenset(
    "mr mrs ms dr prof gen lt col sgt capt cmdr maj adm gov sen rep rev hon st mt ft no nos vs "
    "fig figs approx est al pp vol ch sec art dept".split()
)
# A full stop after one of these ends a sentence only before a word that can open one.
_OPEN_ABBREVIATIONS = frozenset(
    "jan feb mar apr jun jul aug sept sep oct nov dec inc corp ltd co jr sr etc a.m p.m "
    "u.s u.k u.n e.g i.e d.c e.u".split()
)
_TERMINATOR = re.compile(r"[.!?\u2026\u3002]+[\"'\u2019\u201d\u00bb)\]]*")
_LAST_WORD = re.compile(r"[\w.]+\Z")
_WRAPPED_WIDTH = (40, 100)  # characters; narrower lines are lists, wider ones are not wrapped
_RAGGED = 20  # characters by which a wrapped line may fall short of the widest


def split_sentences(text: str) -> Iterator[Span]:
    r"""Yield the sentences of `text` as spans without surrounding white space, in order.

    >>> text = "Gen. Lee lost 1.5 million. He fled!\nTen dead"
    >>> [span.of(text) for span in split_sentences(text)]
    ['Gen. Lee lost 1.5 million.', 'He fled!', 'Ten dead']
    """
    for block in _blocks(text):
        yield from _sentences_of_block(text, block)


def _blocks(text: str) -> Iterator[Span]:
    """Paragraphs, or single lines where the lines of a paragraph stand for themselves."""
    lines: list[Span] = []
    position = 0
    for raw in text.splitlines(keepends=True):
        line = Span(position, position + len(raw))
        position += len(raw)
        if raw.strip():
            lines.append(line)
        else:
            yield from _joined(text, lines)
            lines = []
    yield from _joined(text, lines)


def _joined(text: str, lines: list[Span]) -> Iterator[Span]:
    if not lines:
        return
    full = _full_width(text, lines)
    start = lines[0].start
    for line, following in itertools.pairwise(lines):
        continues = len(line.of(text).rstrip()) >= full
        if not (continues or following.of(text).lstrip()[:1].islower()):
            yield Span(start, line.end)
            start = following.start
    yield Span(start, lines[-1].end)


def _full_width(text: str, lines: list[Span]) -> float:
    """The width in characters from which a line runs on into the next; infinite if none does."""
    widths = [len(line.of(text).rstrip()) for line in lines[:-1]]
    widest = max(widths, default=0)
    low, high = _WRAPPED_WIDTH
    if len(lines) < 3 or not low <= widest <= high:
        return float("inf")
    full = widest - _RAGGED
    openings = [line.of(text).lstrip()[:1] for line in lines[1:]]
    capitals_tell_nothing = Span(lines[0].start, lines[-1].end).of(text).isupper()
    broken_mid_sentence = sum(map(str.islower, openings)) >= 0.4 * len(openings)
    mostly_full = sum(width >= full for width in widths) >= 0.75 * len(widths)
    wrapped = mostly_full and (broken_mid_sentence or capitals_tell_nothing)
    return full if wrapped else float("inf")


def _sentences_of_block(text: str, block: Span) -> Iterator[Span]:
    start = block.start
    for match in _TERMINATOR.finditer(text, block.start, block.end):
        if _ends_sentence(text, block, match):
            yield from _stripped(text, start, match.end())
            start = match.end()
    yield from _stripped(text, start, block.end)


def _ends_sentence(text: str, block: Span, match: re.Match[str]) -> bool:
    after = text[match.end() : match.end() + 1]
    if after and not after.isspace():
        # "3.5", "U.S.-led"; but run-on text ("in the state.The ministry") does end here
        return (
            match.group() == "." and after.isupper() and _run_on(text, match.start(), match.end())
        )
    following = text[match.end() : min(match.end() + 8, block.end)].lstrip(" \t\"'\u2018\u201c([")
    if match.group()[0] in "!?":
        return not following[:1].islower()
    last = _LAST_WORD.search(text, max(block.start, match.start() - 24), match.start())
    word = last.group().lower() if last else ""
    if match.group() == ".":
        if word in _TITLES or (len(word) == 1 and word.isalpha() and word != "i"):
            return False
        if word in _OPEN_ABBREVIATIONS or re.fullmatch(r"(?:\w\.)+\w", word):
            return following[:1].isupper() and not following[:1].isdigit()
    return not following[:1].islower()


def _run_on(text: str, stop: int, following: int) -> bool:
    """Two lower-case letters before the stop and a capitalised word after it: a lost space."""
    return text[max(0, stop - 2) : stop].islower() and text[following + 1 : following + 2].islower()


def _stripped(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    body = piece.strip()
    if body:
        lead = len(piece) - len(piece.lstrip())
        yield Span(start + lead, start + lead + len(body))
