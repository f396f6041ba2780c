"""Years: "in 2011", "the 1990s", "2013-14", and the four-digit counts that only look like years.

A bare run of four digits from 1500 to 2100 is a year unless something says that it counts: a
hedge, a counted plural after it ("killed 1990 people"), a unit, or a verb of harm before it. Other
four-digit runs are figures, except where the words around name a year ("in 1066").
"""

from __future__ import annotations

from extractor.quantities.expressions import Mask
from extractor.quantities.figures import read_figure
from extractor.quantities.lexicon import ORDINAL_SUFFIXES
from extractor.quantities.patterns import Pattern
from extractor.quantities.tokens import APOSTROPHES, DASHES, Tokens
from extractor.quantities.units import read_unit
from extractor.quantities.words import FUNCTION_WORDS
from extractor.quantities.year_cues import counted_at, is_year, stands_for_year

_MONEY_SIGNS = frozenset({"$", "£", "€", "#", ".", ","})
_DECADE = Pattern(r"(?:1[0-9]|20)[0-9]0['\u2019]?s(?!\w)|[1-9]0['\u2019]?s(?!\w)")
_AGE_GROUP = Pattern(r"[1-9][0-9]?(?P<plural>s?)(?![\w%])")
_BEFORE_SHORT = APOSTROPHES | {"\u2018"}
_AFTER_SHORT = APOSTROPHES | {"%", "\u2018", "$"}
_TENS_OF_YEARS = frozenset(
    "twenties thirties forties fifties sixties seventies eighties nineties".split()
)


# "in his late 60s"; "in the low 30s"
_OWNED = frozenset("his her their my our your".split())
_WITHIN_TEN = frozenset("low lower high upper".split())


def mask_decade(t: Tokens, i: int, floor: int) -> Mask | None:
    """As in "1990s", "the '90s", "in his 30s"; "under-18s", "over-65s"."""
    if not (t.glued(i + 1) or t.words[i - 1] in DASHES or t.words[i - 1] in {"under", "over"}):
        return None
    low, at = t.low, t.starts[i]
    if t.glued(i) and t.words[i - 1] in {"$", "£", "€", "."}:
        return None
    match = _DECADE.match(low, at)
    if match is not None:
        kind = "age" if t.words[i - 1] in _OWNED or t.words[i - 2] in _OWNED else "year"
        if t.words[i - 1] in _WITHIN_TEN and len(t.words[i]) == 2 and kind == "year":
            return None  # "in the low 30s" are degrees, or miles an hour
        first = i - 1 if t.words[i - 1] in APOSTROPHES and t.glued(i) and i - 1 >= floor else i
        return Mask(first, t.at(match.end()), t.starts[first], match.end(), kind)
    match = _AGE_GROUP.match(low, at)
    before = i - 2 if t.words[i - 1] in DASHES else i - 1
    group = match is not None and (match["plural"] or before == i - 2)
    if match is not None and group and t.words[before] in {"under", "over"} and before >= floor:
        return Mask(before, t.at(match.end()), t.starts[before], match.end(), "age")
    return None


def mask_years(t: Tokens, i: int, _floor: int) -> Mask | None:
    """Seasons and runs of years: "2013-14", "2013/14", "1939–1945", "from 1990 to 1995"."""
    if not is_year(t, i) or (t.glued(i) and t.words[i - 1] != "("):
        return None
    j = i + 1
    tight = (t.words[j] in DASHES or t.words[j] == "/") and t.near(j) and t.near(j + 1)
    if not (tight and t.digits(j + 1)):
        return None
    right = t.words[j + 1]
    if t.glued(j + 2) and (t.words[j + 2] in DASHES or t.alpha(j + 2)):
        return None
    follows = len(right) == 2 and (int(t.words[i][2:]) + 1) % 100 <= int(right)
    later = is_year(t, j + 1) and right > t.words[i]
    if not (follows or later) or counted_at(t, j + 2) or (not t.glued(j) and len(right) == 2):
        return None
    return Mask(i, j + 2, t.starts[i], t.ends[j + 1], "year")


def mask_year(t: Tokens, i: int, floor: int) -> Mask | None:
    """A bare year at token `i`, by what stands around it."""
    word = t.words[i]
    if len(word) not in {2, 4} and t.words[i - 1] != "ad":
        return None
    if t.raw(i - 1) == "AD" and t.near(i) and len(word) < 5:
        return Mask(i, i + 1, t.starts[i], t.ends[i], "year")
    if len(word) == 2:
        return _short_year(t, i)
    long = len(word) == 4 and word.isascii() and "1000" <= word <= "2100"
    if not (long and _plain_figure(t, i) and stands_for_year(t, i, floor)):
        return None
    return Mask(i, i + 1, t.starts[i], t.ends[i], "year")


def _plain_figure(t: Tokens, i: int) -> bool:
    """Four digits that are no rank, no sum of money, and measured by no unit."""
    figure = read_figure(t, i)
    ranked = t.glued(i + 1) and t.words[i + 1] in ORDINAL_SUFFIXES
    after_sign = t.glued(i) and t.words[i - 1] in _MONEY_SIGNS
    if figure is None or not figure.plain or ranked or after_sign:
        return False
    return read_unit(t, figure) is None


def _short_year(t: Tokens, i: int) -> Mask | None:
    """As in "the class of '98", "since '45"."""
    marked = t.words[i - 1] in _BEFORE_SHORT and t.glued(i) and not t.glued(i - 1)
    counted = t.alpha(i + 1) and t.near(i + 1) and t.words[i + 1] not in FUNCTION_WORDS
    if not marked or counted or t.words[i + 1] in _AFTER_SHORT:
        return None
    return Mask(i - 1, i + 1, t.starts[i - 1], t.ends[i], "year")


def mask_spelled_year(t: Tokens, i: int, _floor: int) -> Mask | None:
    """As in "nineteen eighty-four", "twenty twenty-two"; "in his twenties", "the sixties"."""
    word = t.words[i]
    if word in _TENS_OF_YEARS:
        return Mask(i, i + 1, t.starts[i], t.ends[i], "year")
    if word not in {"nineteen", "twenty"} or not t.near(i + 1):
        return None
    if word == "twenty" and t.words[i + 1] != "twenty":
        return None
    tens = read_figure(t, i + 1)
    if tens is None or not 20 <= tens.value <= 99 or tens.scale != 1 or tens.digits:
        return None
    return Mask(i, tens.last, t.starts[i], t.ends[tens.last - 1], "year")
