"""The dates of a text: what a field may say of when, and which of them is a number's."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Sequence

from extractor.text import Span
from extractor.text.days import full_date
from extractor.validator.fields.cues import verbatim_places
from extractor.validator.source import Source

_DATES = ("date", "year")
_CALENDAR = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|tomorrow|overnight|"
    r"(?:an?|one|two|three|four|five|six|ten|several|few|\d+)\s+"
    r"(?:day|week|month|quarter|year|decade)s?\s+(?:before|earlier|ago|later|previously)|"
    r"(?:last|this|next|previous|prior)\s+(?:day|week|month|quarter|year|spring|summer|autumn|fall|winter)"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_MONTH_ALONE = re.compile(r"(?:may|march)\b")  # in small letters they are verbs


def dates_in(source: Source, within: Span) -> Sequence[Span]:
    """The dates, years and words of the calendar in a stretch of text, in order, none in another.

    >>> from extractor.text import Document
    >>> text = "On Friday 40 cases were known, up from 12 by 3 March 2026."
    >>> [found.of(text) for found in dates_in(Source(Document(text=text)), Span(0, len(text)))]
    ['Friday', '3 March 2026']
    >>> text = "That was 40, up from 12 a week before."
    >>> [found.of(text) for found in dates_in(Source(Document(text=text)), Span(0, len(text)))]
    ['a week before']
    """
    every = source.remembered("dates", lambda: _dates_in(source))
    first = bisect_left(every, within.start, key=lambda found: found.start)
    last = bisect_left(every, within.end, key=lambda found: found.start)
    return [found for found in every[first:last] if within.contains(found)]


def _dates_in(source: Source) -> list[Span]:
    """Those of the whole document, in order."""
    text = source.document.text
    found = [one.span for one in source.reading.masked if one.kind in _DATES]
    starts = [span.start for span in found]
    words = []
    for match in _CALENDAR.finditer(text):
        span = Span(*match.span())
        at = bisect_left(starts, span.end)
        inside = at > 0 and found[at - 1].overlaps(span)
        if not _MONTH_ALONE.match(match[0]) and not inside:
            words.append(span)
    return sorted([*found, *words])


def date_places(source: Source, said: str) -> list[Span]:
    """The places that say a date: these words, or the day that they are in ISO 8601.

    Empty where these words are no date.
    """
    return source.remembered(("date", said), lambda: _date_places(source, said))


def _date_places(source: Source, said: str) -> list[Span]:
    text = source.document.text
    places = [place for place in verbatim_places(source, said) if _says_when(source, place)]
    day = iso_day(said)
    if day is not None:
        whole = dates_in(source, Span(0, len(text)))
        places += [place for place in whole if full_date(place.of(text)) == day]
    return sorted(set(places))


def iso_day(said: str) -> dt.date | None:
    """The day that a text in ISO 8601 is ("2026-03-03"); None for another text."""
    try:
        return dt.date.fromisoformat(said) if len(said) == len("2026-03-03") else None
    except ValueError:
        return None


def _says_when(source: Source, place: Span) -> bool:
    """Whether a place holds a date or a part of one."""
    text = source.document.text
    touched = [one for one in source.masked_touching(place) if one.kind in _DATES]
    if touched:
        # no part of a day's or a year's own digits
        return all(place.contains(o.span) or o.span.contains(place) for o in touched)
    return _CALENDAR.search(text, place.start, place.end) is not None
