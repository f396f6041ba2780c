"""Of which day a figure is: the day that its clause names, or that of the document."""

from __future__ import annotations

import datetime as dt
import re

from extractor.text import Span

_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_MONTH = "|".join(f"{name}|{name[:3]}\\.?|{name[:4]}\\.?" for name in _MONTHS)
_DAY_OF_MONTH = re.compile(
    rf"\b(?:(?P<m1>{_MONTH})\s+(?P<d1>[0-3]?\d)(?:st|nd|rd|th)?(?:,?\s+(?P<y1>(?:19|20)\d\d))?"
    rf"|(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m2>{_MONTH})(?:,?\s+(?P<y2>(?:19|20)\d\d))?)"
    r"(?![\w,.]*\d)",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<s>[-/.]?)(?P<m>\d\d)(?P=s)(?P<d>\d\d)(?!\d)")
_HEAD = 8  # lines of a document in which a line that is a date is its own
_LONGEST_LINE = 60  # characters
_SINCE = re.compile(
    r"\b(?:since|from|after|until|before|between|starting)\s+(?:the\s+)?\Z", re.IGNORECASE
)


def document_date(published: str | None, text: str) -> dt.date | None:
    r"""The day of a document: as its source gives it, or as a line of its head that is a date.

    >>> document_date("2022-03-22T10:00:00Z", "")
    datetime.date(2022, 3, 22)
    >>> document_date(None, "Dead and hurt\n20220322\n")
    datetime.date(2022, 3, 22)
    """
    if published is not None:
        return _day(published)
    start = 0
    for _ in range(_HEAD):
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else start + _LONGEST_LINE + 1].strip()
        if 0 < len(line) <= _LONGEST_LINE:
            found = _day(line, alone=True)
            if found is not None:
                return found
        if end < 0:
            break
        start = end + 1
    return None


def names_a_day(text: str, sentence: Span) -> bool:
    """Whether a sentence names a day of a month at all."""
    return _DAY_OF_MONTH.search(text, sentence.start, sentence.end) is not None


def day_in(text: str, clause: Span, document: dt.date | None) -> dt.date | None:
    """The day that a clause names ("on March 2"), in the year that it says or the document's.

    A day from which something lasts ("since February 24") is not the day of a figure.
    """
    for match in _DAY_OF_MONTH.finditer(text, clause.start, clause.end):
        if _SINCE.search(text, max(clause.start, match.start() - 20), match.start()):
            continue
        found = _of_match(match, None if document is None else document.year)
        if found is not None:
            return found
    return None


def _day(text: str, *, alone: bool = False) -> dt.date | None:
    iso = _ISO.match(text)
    if iso is not None and not (alone and text[iso.end() : iso.end() + 1] not in ("", "T", " ")):
        return _valid(int(iso["y"]), int(iso["m"]), int(iso["d"]))
    match = _DAY_OF_MONTH.search(text)
    if match is None or (match["y1"] or match["y2"]) is None:
        return None
    if alone and len(match[0]) < len(text) - 12:  # "Updated: 2 March 2022", "Wed, …"
        return None
    return _of_match(match, None)


def _of_match(match: re.Match[str], year: int | None) -> dt.date | None:
    named = match["y1"] or match["y2"]
    in_year = int(named) if named else year
    if in_year is None:
        return None
    name = (match["m1"] or match["m2"]).lower()[:3]
    month = next(place for place, one in enumerate(_MONTHS, 1) if one.startswith(name))
    return _valid(in_year, month, int(match["d1"] or match["d2"]))


def _valid(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
