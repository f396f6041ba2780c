"""Of which day a figure is: the day that its clause names, or that of the document."""

from __future__ import annotations

import datetime as dt
import re

from extractor.text import Span
from extractor.text.days import DAY_OF_MONTH, ISO_DAY, calendar_day, day_of

_HEAD = 8  # lines of a document in which a line that is a date is its own
_LONGEST_LINE = 60  # characters
# what else may stand in a line that is a date
_OF_A_DATELINE = re.compile(
    r"(?:updated|published|posted|last|modified|on|at|date|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|mon|tue|wed|thu|fri|sat|sun|gmt|utc|est|edt|bst|cet|cest|am|pm|\d{1,2}[:.]\d\d(?:[:.]\d\d)?"
    r"|[,:|.\u2013\u2014-]|\s)*",
    re.IGNORECASE,
)
_OF_A_FIGURE = re.compile(r"\b(?:on|as\s+of|as\s+at|by|until|through|up\s+to)\s+\Z", re.IGNORECASE)
_AS_OF = re.compile(r"\A\s*(?:as\s+of|as\s+at|by|until|up\s+to)\s+\Z", re.IGNORECASE)
_A_NOUN = re.compile(
    r"\s+(?!(?:and|but|or|that|when|while|with|to|the|a|an|in|at|by|of|as|it|he|she|they|there|which|"
    r"who|according|after|before|from|for|is|was|are|were|has|have|had)\b)[a-z]"
)
_AHEAD = dt.timedelta(days=2)  # of the document, that a figure's day may be


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


def day_in(text: str, clause: Span, sentence: Span, document: dt.date | None) -> dt.date | None:
    """The day that a clause names ("on March 2"), in the year that it says or the document's.

    It stands with a preposition: "the March 2 attack" and "since February 24" are days of something
    else. "As of March 2," in front of the sentence is said of all that follows.
    """
    for match in DAY_OF_MONTH.finditer(text, sentence.start, sentence.end):
        before = Span(max(sentence.start, match.start() - 12), match.start()).of(text)
        is_own = clause.start <= match.start() < clause.end and _OF_A_FIGURE.search(before)
        is_fronted = _AS_OF.match(text[sentence.start : match.start()])
        if not (is_own or is_fronted) or _A_NOUN.match(text, match.end()):
            continue
        found = day_of(match, None if document is None else document.year)
        if found is not None and document is not None and found > document + _AHEAD:
            if match["y1"] or match["y2"]:
                continue
            found = day_of(match, document.year - 1)  # "as of December 28", in January
        if found is not None:
            return found
    return None


def _day(text: str, *, alone: bool = False) -> dt.date | None:
    iso = ISO_DAY.match(text)
    if iso is not None:
        rest = text[iso.end() :]
        is_line = not alone or _OF_A_DATELINE.fullmatch(rest) or rest[:1] == "T"
        return calendar_day(int(iso["y"]), int(iso["m"]), int(iso["d"])) if is_line else None
    match = DAY_OF_MONTH.search(text)
    if match is None or (match["y1"] or match["y2"]) is None:
        return None
    around = text[: match.start()] + text[match.end() :]
    if alone and not _OF_A_DATELINE.fullmatch(around):
        return None
    return day_of(match, None)
