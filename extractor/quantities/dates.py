"""Dates and clock times, by patterns that are tried only where a digit or a month stands.

Every quantifier is bounded, so that a match costs the same whatever the length of the text.
"""

from __future__ import annotations

import re

from extractor.quantities.expressions import Mask
from extractor.quantities.patterns import Pattern
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.words import FUNCTION_WORDS, MONTHS, plural

_MONTH = (
    r"(?:(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december)(?![a-z])|(?:jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)(?![a-z])\.?)"
)
# A day of a month, not the beginning of a larger or a measured figure.
_DAY = (
    r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?![\w%])(?![.,:'][0-9])"
    r"(?!\s?(?:%|percent|per\scent|pct|million|billion|thousand|hundred|mln|bln|km|kg|miles|pts))"
)
_YEAR = r"(?:1[0-9]|20|21)[0-9]{2}(?![\w%])(?![-/.,][0-9])"
# "'89", "89"; a smaller figure before a word would rather count ("18 Nov 12 people")
_SHORT_YEAR = r"(?:['\u2019][0-9]{2}(?![\w%])|(?:[0-9]{2}(?!\s[a-z]))(?![\w%])(?![.,:][0-9]))"
_TO = r"\s{0,2}(?:-|\u2010|\u2011|\u2012|\u2013|\u2014|/|to|until|and|or|&)\s{0,2}"
_GAP = r"[\s\u00a0]{1,3}"
_WEEKDAY_GAP = r",?[\s\u00a0]{0,3}"

_FROM_MONTH = Pattern(
    rf"{_MONTH}{_GAP}(?:{_DAY}(?:{_TO}{_DAY}(?=\s{{0,2}}(?:[,.;:)\]]|$|\n|[a-z]|{_YEAR})))?"
    rf"(?:{_WEEKDAY_GAP}{_YEAR})?|{_YEAR})"
)
_MONTH_YEAR = Pattern(rf"{_MONTH},?{_WEEKDAY_GAP}(?:of\s)?(?:{_YEAR}|['\u2019][0-9]{{2}}(?!\w))")
_FROM_DAY = Pattern(
    rf"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?"
    rf"(?:{_TO}(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?)?(?:\s{{0,2}}|-|\.|\sof\s|\sday\sof\s)"
    rf"{_MONTH}(?:(?:{_WEEKDAY_GAP}|-){_YEAR}|(?:\s|-){_SHORT_YEAR})?"
)
_ISO = Pattern(
    r"([12][0-9]{3})([-/.])([01]?[0-9])\2([0-3]?[0-9])(?![0-9])"
    r"(?:t[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:z|[+-][0-9:]{4,5})?)?"
)
_NUMERIC = Pattern(r"([0-3]?[0-9])([-/.])([0-3]?[0-9])\2((?:[12][0-9])?[0-9]{2})(?!\w)(?!\2[0-9])")
_COMPACT = Pattern(
    r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![\w%])(?![.,][0-9])"
)
_NAMED_DAYS = Pattern(r"(?:9/11|7/7)(?![\w/])")
_CENTURY = Pattern(
    r"[12]?[0-9](?:st|nd|rd|th)(?:\s|-)(?:and\s[12]?[0-9](?:st|nd|rd|th)(?:\s|-))?"
    r"(?:century|centuries)"
)
_ERA = Pattern(r"[0-9]{1,4}\s?(?:bc|ad|bce|ce)(?!\w)")

_HALF_DAY = r"\s{0,2}(?:a\.m\.?|p\.m\.?|am|pm)(?!\w)"
_ZONE = (
    r"(?:\s?(?:gmt|utc|est|edt|cst|cdt|mst|mdt|pst|pdt|cet|cest|bst|ist|msk|jst|local\stime|hrs"
    r"|hours)(?!\w))"
)
_CLOCK = r"[0-2]?[0-9][:.][0-5][0-9]"
_MILITARY = Pattern(r"(?:[01][0-9]|2[0-3])[0-5][0-9]\s?(?:hours|hrs|h)(?!\w)")
_TIMES = (
    Pattern(rf"(?:{_CLOCK}|[01]?[0-9]){_TO}(?:{_CLOCK}|[01]?[0-9]){_HALF_DAY}{_ZONE}?"),
    Pattern(rf"(?:{_CLOCK}(?::[0-5][0-9])?|[01]?[0-9]){_HALF_DAY}{_ZONE}?"),
    Pattern(r"[0-9]{1,3}:[0-5][0-9]:[0-5][0-9](?:[.,][0-9]{1,3})?(?![\w:])"),
    Pattern(
        rf"[0-2]?[0-9]:[0-5][0-9](?![\w:]|,[0-9]{{3}})(?:{_TO}[0-2]?[0-9]:[0-5][0-9](?![\w:]))?{_ZONE}?"
    ),
    Pattern(rf"[0-2]?[0-9]\.[0-5][0-9]{_ZONE}"),
    Pattern(r"(?:[01][0-9]|2[0-4])[0-5][0-9]\s?(?:gmt|utc|z|local\stime|est|bst|cet)(?!\w)"),
    _MILITARY,
    Pattern(r"[01]?[0-9]\s?(?:o['\u2019]clock|noon(?!\w)|midnight(?!\w))"),
)
_POINTED = Pattern(r"(?:1?[0-9]|2[0-3])\.[0-5][0-9](?![\w%])")
BEFORE_TIMES = frozenset("at after before from until till around to and between".split())
_NEARBY = 7  # words before a time with a point that are searched for a price
# "shares closed at 12.30" has a price
_AT_PRICES = frozenset(
    "closed close closing traded trading trade opened priced stood ended quoted valued settled "
    "sold bought rated measured stands was put estimated set calculated".split()
)
_PRICES = frozenset(
    "rate rates price prices index yield yields share shares "
    "stock stocks dollar euro pound currency average kept left held unchanged ratio rose fell up "
    "down percent level levels".split()
)
_AFTER_TIMES = (FUNCTION_WORDS - {"per", "of", "times"}) | frozenset(
    ". , ; : ) local police".split()
)
_SPELLED = Pattern(
    r"(?:(?:half|quarter)[-\s](?:past|to)|(?:five|ten|twenty|twenty-five)\spast)\s"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|midnight|noon"
    r"|1?[0-9](?![\w%.,:]))(?!\w)"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?:\s?o['\u2019]clock|[-\s]thirty(?=\s[ap]\.?m)|\s[ap]\.?m\.?(?!\w))"
)
_PERIOD = Pattern(
    r"(?:first|second|third|fourth|final|last|1st|2nd|3rd|4th)[-\s]"
    r"(?:fiscal\s)?(?:quarters?|half)(?!\w)"
)
_JOINS = DASHES | frozenset("/ . to until and or &".split())
# What can follow the first figure of a date and of a time; nothing else is searched by patterns.
BEHIND_DATES = (
    MONTHS
    | _JOINS
    | frozenset("st nd rd th of day century centuries bc ad bce ce fiscal quarter half".split())
)
BEHIND_TIMES = _JOINS | frozenset(
    ": a p am pm o noon midnight gmt utc z local est bst cet h hr hrs hours".split()
)
_UNSURE = frozenset({"may", "march", "mar"})
_AFTER_MONTH = frozenset("in during since for last this next early late by of until".split())


def mask_date(t: Tokens, i: int, _floor: int) -> Mask | None:
    """A date that begins with the digits at token `i`."""
    if t.words[i + 1] not in BEHIND_DATES and len(t.words[i]) != 8:
        return None
    if t.glued(i) and (t.digits(i - 2) and t.words[i - 1] in {".", ",", ":", "/"}):
        return None
    at = t.starts[i]
    match = _FROM_DAY.match(t.low, at)
    if match is not None and _month_meant(t, match):
        return _mask(t, i, match, "date")
    if t.glued(i) and t.alpha(i - 1):
        return None
    match = _calendar_date(t, at) or _other_date(t, i)
    return None if match is None else _mask(t, i, match, "date")


def _calendar_date(t: Tokens, at: int) -> re.Match[str] | None:
    """As in "2022-03-11", "11/3/2022"."""
    for pattern in (_ISO, _NUMERIC):
        match = pattern.match(t.low, at)
        if match is not None and _calendar(match):
            return match
    return None


def _other_date(t: Tokens, i: int) -> re.Match[str] | None:
    """As in "20220311", "9/11", "21st century", "44 BC", "1st quarter"."""
    for pattern in (_COMPACT, _NAMED_DAYS, _CENTURY, _ERA, _PERIOD):
        match = pattern.match(t.low, t.starts[i])
        if match is None or (pattern is _ERA and not _capital_era(t, match)):
            continue
        if pattern is _COMPACT and (_counted(t, i + 1) or _counts_to(t, i + 1)):
            continue  # "20220322 people" is a count
        return match
    return None


def mask_month(t: Tokens, i: int, _floor: int) -> Mask | None:
    """A date that begins with the month at token `i`; None where no day or year follows."""
    if t.words[i] in _UNSURE and not t.capital(i):
        return None
    match = _FROM_MONTH.match(t.low, t.starts[i])
    if match is None:
        match = _MONTH_YEAR.match(t.low, t.starts[i])
    elif _counts_people(t, i, match):
        return None
    return None if match is None else _mask(t, i, match, "date")


def mask_time(t: Tokens, i: int, _floor: int) -> Mask | None:
    """A clock time, or a running time such as 2:03:59, at token `i`."""
    if t.words[i + 1] not in BEHIND_TIMES:
        return None
    if t.glued(i) and t.words[i - 1] in {":", ".", ","} and t.digits(i - 2):
        return None
    if t.glued(i) and (t.alpha(i - 1) or t.words[i - 1] in {"$", "£", "€"}):
        return None
    for pattern in _TIMES:
        match = pattern.match(t.low, t.starts[i])
        if match is not None and not (pattern is _MILITARY and _lasts(t, i, match)):
            return _mask(t, i, match, "time")
    return _time_with_point(t, i)


def _lasts(t: Tokens, i: int, match: re.Match[str]) -> bool:
    """As in "it took 2000 hours of labour": not "at 1700 hours", "0600 hrs"."""
    dated = t.words[i - 1] in BEFORE_TIMES | {"by", "on", "since", ",", ""} or t.words[i][0] == "0"
    return not dated or t.words[t.at(match.end())] == "of"


def _time_with_point(t: Tokens, i: int) -> Mask | None:
    """As in "at 12.30", "from 8.30 to 17.00": hours and minutes that nothing is counted by."""
    match = _POINTED.match(t.low, t.starts[i])
    if match is None or t.words[i - 1] not in BEFORE_TIMES or not t.near(i):
        return None
    if t.words[i - 1] in {"to", "and"} and not _after_time(t, i):
        return None
    if t.words[i - 2] in _AT_PRICES or _of_prices(t, i - 1):
        return None
    j = t.at(match.end())
    ends = j == t.size or t.line_start(j) or t.words[j] in _AFTER_TIMES
    return _mask(t, i, match, "time") if ends else None


def _of_prices(t: Tokens, j: int) -> bool:
    """Whether the clause speaks of a rate or a price before token `j`."""
    for k in range(j - 1, max(-1, j - 1 - _NEARBY), -1):
        if t.words[k] in _PRICES:
            return True
        if t.words[k] in {".", ";", ":"}:
            return False
    return False


def _after_time(t: Tokens, i: int) -> bool:
    """As in "from 8.30 to 17.00", "between 9.15 and 10.45"."""
    return t.words[i - 3] == "." and t.digits(i - 4) and t.words[i - 5] in BEFORE_TIMES


def mask_spelled_time(t: Tokens, i: int, _floor: int) -> Mask | None:
    """As in "half past five", "seven o'clock"."""
    match = _SPELLED.match(t.low, t.starts[i])
    return None if match is None else _mask(t, i, match, "time")


def mask_period(t: Tokens, i: int, _floor: int) -> Mask | None:
    """A fiscal quarter or half: "third-quarter", "the first half"; not "three quarters"."""
    match = _PERIOD.match(t.low, t.starts[i])
    return None if match is None else _mask(t, i, match, "date")


def _mask(t: Tokens, first: int, match: re.Match[str], kind: str) -> Mask:
    end = match.end()
    while end > match.start() and t.text[end - 1].isspace():
        end -= 1
    return Mask(first, t.at(end), t.starts[first], end, kind)


def _month_meant(t: Tokens, match: re.Match[str]) -> bool:
    """As in "5 May" but not "5 may": the name of a month that is a word too needs its capital."""
    i = t.at(match.start())
    while i < t.size and t.starts[i] < match.end():
        if t.alpha(i) and t.words[i] in _UNSURE:
            # "11 may 2015" needs no capital
            return t.capital(i) or (t.digits(i + 1) and match.end() > t.starts[i + 1])
        i += 1
    return True


def _counts_people(t: Tokens, i: int, match: re.Match[str]) -> bool:
    """As in "in March 17 people drowned": the month stands alone and the figure counts."""
    j = t.at(match.end())
    day_only = j - i == 2
    return (
        day_only
        and t.words[i - 1] in _AFTER_MONTH
        and t.lower(j)
        and t.near(j)
        and plural(t.words[j])
        and t.words[j] not in FUNCTION_WORDS
    )


def _calendar(match: re.Match[str]) -> bool:
    """Day and month within a calendar's limits, in either order."""
    parts = [int(match.group(k)) for k in (1, 3, 4)]
    if parts[0] > 31:  # year first
        return 1 <= parts[1] <= 12 and 1 <= parts[2] <= 31
    first, second = parts[0], parts[1]
    short = len(match.group(4)) == 2 and match.group(2) == "."
    return 1 <= min(first, second) <= 12 and 1 <= max(first, second) <= 31 and not short


def _counted(t: Tokens, j: int) -> bool:
    return t.lower(j) and not t.line_start(j) and plural(t.words[j])


def _counts_to(t: Tokens, j: int) -> bool:
    """Whether a range goes on that counts something: "20220322 to 20220323 people"."""
    k = j + 3 if t.words[j + 1] == "to" else j + 1
    return (
        (t.words[j] in DASHES or t.words[j] in {"to", "and"}) and t.digits(k) and _counted(t, k + 1)
    )


def _capital_era(t: Tokens, match: re.Match[str]) -> bool:
    return t.text[match.end() - 1].isupper()
