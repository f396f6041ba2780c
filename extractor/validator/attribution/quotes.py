"""Quoted speech: where quotations begin and end, and how a speaker's scope stretches over them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from extractor.text import Span
from extractor.validator.attribution.types import Raw

_MARK = re.compile(
    r"\u2018\u2018|\u2019\u2019|''|[\"\u201c\u201d\u00ab\u00bb]|(?<![\w.,!?])'(?=\w)|(?<=[.,!?])'(?!\w)"
)
_LONGEST = (
    2500  # characters; an opening mark without a closing one claims no more than its paragraph
)
_PARAGRAPH_GAP = re.compile(r"[\n\r]")
_SPEECH_WORDS = 4  # a shorter quotation has to end with a mark of its own


def quotations(text: str) -> tuple[Span, ...]:
    """The quotations of whole statements, in order, with their marks; none crosses a line end.

    >>> text = 'He said: "We lost ten ships. All sank." So "it" ended.'
    >>> [span.of(text) for span in quotations(text)]
    ['"We lost ten ships. All sank."']
    """
    found: list[Span] = []
    opened: int | None = None
    for match in _MARK.finditer(text):
        place = match.start()
        if opened is not None and (place - opened > _LONGEST or "\n" in text[opened:place]):
            end = text.find("\n", opened, place)
            if end > 0 and _opens(text, match) and not text[end:place].strip():
                found.append(Span(opened, end))  # the next paragraph goes on with the quotation
            opened = None
        if _opens(text, match):
            opened = place
        elif opened is not None:
            if _is_speech(text, opened, place):
                found.append(Span(opened, match.end()))
            opened = None
    return tuple(found)


def _is_speech(text: str, opened: int, closed: int) -> bool:
    """Whether it is something said, and not a word or name set in quotation marks."""
    long = len(text[opened:closed].split(maxsplit=_SPEECH_WORDS)) >= _SPEECH_WORDS
    return long or text[opened:closed].endswith((",", ".", "!", "?"))


def _opens(text: str, match: re.Match[str]) -> bool:
    mark = match.group()
    if mark[0] in "\u201c\u2018\u00ab":
        return True
    if mark[0] in "\u201d\u2019\u00bb":
        return False
    before = text[max(0, match.start() - 1) : match.start()]
    after = text[match.end() : match.end() + 1]
    if before == ".":
        return after.isalnum()  # run-on text: `He left."We stayed"`
    free = not before or before.isspace() or before in "(\u2014\u2013-:"
    return free and bool(after) and not after.isspace()


def stretched(raws: Sequence[Raw], quotes: Sequence[Span]) -> list[Raw]:
    """The attributions with each scope that touches a quotation grown to the whole of it.

    A cue inside the quotation belongs to what is quoted and does not grow.
    """
    starts = [quote.start for quote in quotes]
    out = []
    for raw in raws:
        scope, spoken = raw.scope, False
        first = max(0, bisect_right(starts, scope.start) - 1)
        for quote in quotes[first : bisect_left(starts, scope.end)]:
            if (
                not quote.overlaps(scope)
                or quote.contains(raw.cue)
                or raw.how in ("cites", "denies")
            ):
                continue
            scope = Span(min(scope.start, quote.start), max(scope.end, quote.end))
            spoken = spoken or 2 * len(quote) >= len(scope)
        how = "quoted_speech" if spoken and raw.how == "says" else raw.how
        out.append(replace(raw, scope=scope, how=how))
    return out


def running(text: str, raws: Sequence[Raw], quotes: Sequence[Span]) -> list[Raw]:
    """For each quotation without a speaker that follows a spoken one in its paragraph: the same."""
    ordered = sorted(raws, key=lambda raw: raw.scope.start)
    out: list[Raw] = []
    speaker: Raw | None = None
    last_end = 0
    at = 0
    reach: list[Raw] = []
    for quote in quotes:
        if not _carries_on(text, speaker, last_end, quote):
            speaker = None
        while at < len(ordered) and ordered[at].scope.start <= quote.start:
            reach.append(ordered[at])
            at += 1
        reach = [raw for raw in reach if raw.scope.end > quote.start]
        own = [r for r in reach if r.scope.contains(quote) and not quote.contains(r.cue)]
        if own:
            speaker = min(own, key=lambda raw: len(raw.scope))
        elif speaker is not None and not _sentence_goes_on(text, last_end, quote):
            out.append(
                replace(speaker, cue=Span(quote.start, quote.start + 1), scope=quote, how="running")
            )
        last_end = quote.end
    return out


def _carries_on(text: str, speaker: Raw | None, last_end: int, quote: Span) -> bool:
    """Whether the speaker of the quotation that ends at `last_end` may still speak in `quote`.

    Within a paragraph, yes. Across one line break only where the quotation is a paragraph by
    itself and nothing but "she said" stands between, or where the last one was left open.
    """
    between = text[last_end : min(quote.start, last_end + 400)]
    if speaker is None or len(between) < quote.start - last_end:
        return False
    if not _PARAGRAPH_GAP.search(between):
        return True
    if not between.strip():
        return text[last_end - 1] not in '\u201d"\u00bb'
    alone = text[quote.end : quote.end + 1] in ("", "\n", "\r")
    tagged = last_end <= speaker.mention.whole.start and len(between.split()) <= 12
    return alone and tagged and len(between.strip().splitlines()) == 1


def _sentence_goes_on(text: str, last_end: int, quote: Span) -> bool:
    """Whether the quotation stands inside a sentence of its own words, not as a sentence."""
    before = text[last_end : quote.start].rstrip()[-1:]
    return bool(before) and before not in ".!?:"
