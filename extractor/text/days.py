"""A day of the calendar as English and ISO 8601 write it."""

from __future__ import annotations

import datetime as dt
import re

_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_MONTH = "|".join(f"{name}|{name[:3]}\\.?|{name[:4]}\\.?" for name in _MONTHS)

DAY_OF_MONTH = re.compile(
    rf"\b(?:(?P<m1>{_MONTH})\s+(?P<d1>[0-3]?\d)(?:st|nd|rd|th)?(?:,?\s+(?P<y1>(?:19|20)\d\d))?"
    rf"|(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m2>{_MONTH})(?:,?\s+(?P<y2>(?:19|20)\d\d))?)"
    r"(?![\w,.]*\d)",
    re.IGNORECASE,
)
"""As in "March 3", "3rd of March 2026"; `day_of` reads what it finds."""

ISO_DAY = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<s>[-/.]?)(?P<m>\d\d)(?P=s)(?P<d>\d\d)(?!\d)")
"""As in "2026-03-03", "20260303"."""

MONTH_WORDS = frozenset(form for name in _MONTHS for form in (name, name[:3], name[:4]))
"""What a day of a month cannot be named without."""


def day_of(match: re.Match[str], year: int | None) -> dt.date | None:
    """The day that DAY_OF_MONTH found: in its own year, or else in `year`; None if there is none.

    >>> day_of(DAY_OF_MONTH.search("on March 3"), 2026)
    datetime.date(2026, 3, 3)
    """
    named = match["y1"] or match["y2"]
    in_year = int(named) if named else year
    if in_year is None:
        return None
    name = (match["m1"] or match["m2"]).lower()[:3]
    month = next(place for place, one in enumerate(_MONTHS, 1) if one.startswith(name))
    return calendar_day(in_year, month, int(match["d1"] or match["d2"]))


def calendar_day(year: int, month: int, day: int) -> dt.date | None:
    """The day, if the calendar has it."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def full_date(text: str) -> dt.date | None:
    """The day that a text names with its year, and nothing else; None otherwise.

    >>> full_date("3 March 2026"), full_date("2026-03-03"), full_date("3 March")
    (datetime.date(2026, 3, 3), datetime.date(2026, 3, 3), None)
    """
    iso = ISO_DAY.fullmatch(text)
    if iso is not None:
        return calendar_day(int(iso["y"]), int(iso["m"]), int(iso["d"]))
    match = DAY_OF_MONTH.fullmatch(text)
    return None if match is None else day_of(match, None)
