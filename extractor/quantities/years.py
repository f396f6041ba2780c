"""Years: "in 2011", "the 1990s", "2013-14", and the four-digit counts that only look like years.

A bare run of four digits from 1500 to 2100 is a year unless something says that it counts: a
hedge, a counted plural after it ("killed 1990 people"), a unit, or a verb of harm before it. Other
four-digit runs are figures, except where the words around name a year ("in 1066").
"""

from __future__ import annotations

import re

from extractor.quantities.expressions import Mask
from extractor.quantities.figures import read_figure
from extractor.quantities.hedges import left_hedge
from extractor.quantities.tokens import APOSTROPHES, DASHES, Tokens
from extractor.quantities.types import Qualifier
from extractor.quantities.units import read_unit
from extractor.quantities.words import FUNCTION_WORDS, MONTHS, PLURALS, plural

# Before a year and hardly before a count.
_STRONG = MONTHS | frozenset(
    "in since during until till between circa ca copyright © year spring summer autumn fall "
    "winter early late mid fiscal fy before christmas easter c".split()
)
_POSSESSIVES = frozenset({"the", "s", "his", "their", "its"})
_MONEY_SIGNS = frozenset({"$", "£", "€", "#", ".", ","})
# Before years and counts alike.
_WEAK = frozenset("of from to by after for and or through".split())
# Verbs after which a bare figure counts, even in the range of years.
_HARM = frozenset(
    "killed killing kills kill wounded wounding injured injuring captured capturing arrested "
    "arresting displaced displacing evacuated evacuating destroyed destroying damaged damaging "
    "detained detaining lost losing sold selling bought buying employed employing employs shot "
    "rescued rescuing counted counting numbered numbering totalled totaled totalling reached "
    "reaching hit exceeded cut hired fired at least than over almost nearly some only just total "
    "another further additional".split()
)
_CHANGE = frozenset(
    "rose rise rises risen rising fell fall falls fallen falling grew grown grows growing climbed "
    "climbing jumped increased increasing increase decreased dropped dropping up down swelled "
    "raised cut reduced reducing close soared plunged surged slipped amounted amounting brings "
    "bringing brought".split()
)
_DECADE = re.compile(r"(?:1[0-9]|20)[0-9]0['\u2019]?s(?!\w)|[1-9]0['\u2019]?s(?!\w)")
_AGE_GROUP = re.compile(r"[1-9][0-9]?s(?!\w)")
_TENS_OF_YEARS = frozenset(
    "twenties thirties forties fifties sixties seventies eighties nineties".split()
)


def mask_decade(t: Tokens, i: int, floor: int) -> Mask | None:
    """As in "1990s", "the '90s", "in his 30s"; "under-18s", "over-65s"."""
    low, at = t.low, t.starts[i]
    if t.glued(i) and t.word(i - 1) in {"$", "£", "€", "."}:
        return None
    match = _DECADE.match(low, at)
    if match is not None:
        first = i - 1 if t.word(i - 1) in APOSTROPHES and t.glued(i) and i - 1 >= floor else i
        return Mask(first, t.at(match.end()), t.starts[first], match.end(), "year")
    match = _AGE_GROUP.match(low, at)
    before = i - 2 if t.word(i - 1) in DASHES else i - 1
    if match is not None and t.word(before) in {"under", "over"} and before >= floor:
        return Mask(before, t.at(match.end()), t.starts[before], match.end(), "age")
    return None


def mask_years(t: Tokens, i: int, _floor: int) -> Mask | None:
    """Seasons and runs of years: "2013-14", "2013/14", "1939–1945", "from 1990 to 1995"."""
    if not _is_year(t, i) or (t.glued(i) and t.word(i - 1) != "("):
        return None
    j = i + 1
    tight = (t.word(j) in DASHES or t.word(j) == "/") and t.near(j) and t.near(j + 1)
    if not (tight and t.digits(j + 1)):
        return None
    right = t.word(j + 1)
    if t.glued(j + 2) and (t.word(j + 2) in DASHES or t.alpha(j + 2)):
        return None
    follows = len(right) == 2 and (int(t.word(i)[2:]) + 1) % 100 <= int(right)
    later = _is_year(t, j + 1) and right > t.word(i)
    if not (follows or later) or _counted(t, j + 2) or (not t.glued(j) and len(right) == 2):
        return None
    return Mask(i, j + 2, t.starts[i], t.ends[j + 1], "year")


def mask_year(t: Tokens, i: int, floor: int) -> Mask | None:
    """A bare year at token `i`, by what stands around it."""
    word = t.word(i)
    if t.raw(i - 1) == "AD" and t.near(i) and len(word) < 5:
        return Mask(i, i + 1, t.starts[i], t.ends[i], "year")
    if len(word) == 2:
        return _short_year(t, i)
    if len(word) != 4 or not word.isascii() or not "1000" <= word <= "2100":
        return None
    figure = read_figure(t, i)
    if figure is None or not figure.plain or read_unit(t, figure) is not None:
        return None
    after_sign = t.glued(i) and t.word(i - 1) in _MONEY_SIGNS
    if after_sign or not _stands_for_year(t, i, floor):
        return None
    return Mask(i, i + 1, t.starts[i], t.ends[i], "year")


def _short_year(t: Tokens, i: int) -> Mask | None:
    """As in "the class of '98", "since '45"."""
    marked = t.word(i - 1) in APOSTROPHES and t.glued(i) and not t.glued(i - 1)
    dated = t.word(i - 2) in {"of", "in", "summer", "since"} and not t.alpha(i + 1)
    return Mask(i - 1, i + 1, t.starts[i - 1], t.ends[i], "year") if marked and dated else None


def mask_spelled_year(t: Tokens, i: int, _floor: int) -> Mask | None:
    """As in "nineteen eighty-four", "twenty twenty-two"; "in his twenties", "the sixties"."""
    word = t.word(i)
    if word in _TENS_OF_YEARS:
        return Mask(i, i + 1, t.starts[i], t.ends[i], "year")
    if word not in {"nineteen", "twenty"} or not t.near(i + 1):
        return None
    if word == "twenty" and t.word(i + 1) != "twenty":
        return None
    tens = read_figure(t, i + 1)
    if tens is None or not 20 <= tens.value <= 99 or tens.scale != 1 or tens.digits:
        return None
    return Mask(i, tens.last, t.starts[i], t.ends[tens.last - 1], "year")


def _is_year(t: Tokens, i: int) -> bool:
    word = t.word(i)
    return len(word) == 4 and word.isascii() and word.isdigit() and "1500" <= word <= "2100"


def _stands_for_year(t: Tokens, i: int, floor: int) -> bool:
    before = t.word(i - 1) if t.near(i) else ""
    counted = _counted(t, i + 1)
    hedge = left_hedge(t, i, floor)
    if hedge is not None and hedge.qualifier is not Qualifier.ABOUT:
        return False
    if not _is_year(t, i):  # 1000 to 1499 need clear words
        return before in {"in", "since", "year", "anno"} and not t.alpha(i + 1)
    if hedge is not None:  # "around 1945" is a year, "around 2000 homes" is not
        return not counted and not t.alpha(i + 1)
    return _year_after(t, i, before, counted=counted)


def _year_after(t: Tokens, i: int, before: str, *, counted: bool) -> bool:
    """Whether a figure in the range of years is one, by the word before it."""
    if counted and t.word(i + 1) in PLURALS and before != "in":
        return False
    if before in _STRONG or before in _POSSESSIVES:
        return True
    if before in _WEAK and _is_year(t, i - 2):  # "from 2008 to 2013"
        return True
    if before in _HARM or counted:
        return False
    return before not in _WEAK or t.word(i - 2) not in _CHANGE


def _counted(t: Tokens, j: int) -> bool:
    """Whether a plural noun in lower case follows, so that the figure counts it."""
    if not (t.near(j) and t.lower(j)):
        return False
    if plural(t.word(j)):
        return True
    # one adjective between: "2011 armed men", "1990 Russian troops" is covered by its capital
    noun = t.word(j + 1)
    return (
        t.near(j + 1)
        and t.lower(j + 1)
        and plural(noun)
        and t.word(j) not in FUNCTION_WORDS
        and noun in PLURALS
    )
