"""Years: "in 2011", "the 1990s", "2013-14", and the four-digit counts that only look like years.

A bare run of four digits from 1500 to 2100 is a year unless something says that it counts: a
hedge, a counted plural after it ("killed 1990 people"), a unit, or a verb of harm before it. Other
four-digit runs are figures, except where the words around name a year ("in 1066").
"""

from __future__ import annotations

from extractor.quantities.expressions import Mask
from extractor.quantities.figures import read_figure
from extractor.quantities.hedges import left_hedge
from extractor.quantities.lexicon import ORDINAL_SUFFIXES
from extractor.quantities.patterns import Pattern
from extractor.quantities.tokens import APOSTROPHES, DASHES, Tokens
from extractor.quantities.types import Qualifier
from extractor.quantities.units import read_unit
from extractor.quantities.words import FUNCTION_WORDS, HARMS, MONTHS, PLURALS, plural

# Before a year and hardly before a count.
_STRONG = MONTHS | frozenset(
    "in since during until till between circa ca copyright © year spring summer autumn fall "
    "winter early late mid fiscal fy before christmas easter c".split()
)
_POSSESSIVES = frozenset({"the", "s", "his", "their", "its"})
_MONEY_SIGNS = frozenset({"$", "£", "€", "#", ".", ","})
# Before years and counts alike.
_WEAK = frozenset("of from to by after for and or through".split())
_CHANGE = frozenset(
    "rose rise rises risen rising fell fall falls fallen falling grew grown grows growing climbed "
    "climbing jumped increased increasing increase decreased dropped dropping up down swelled "
    "raised cut reduced reducing close soared plunged surged slipped amounted amounting brings "
    "bringing brought".split()
)
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
    if not _is_year(t, i) or (t.glued(i) and t.words[i - 1] != "("):
        return None
    j = i + 1
    tight = (t.words[j] in DASHES or t.words[j] == "/") and t.near(j) and t.near(j + 1)
    if not (tight and t.digits(j + 1)):
        return None
    right = t.words[j + 1]
    if t.glued(j + 2) and (t.words[j + 2] in DASHES or t.alpha(j + 2)):
        return None
    follows = len(right) == 2 and (int(t.words[i][2:]) + 1) % 100 <= int(right)
    later = _is_year(t, j + 1) and right > t.words[i]
    if not (follows or later) or _counted(t, j + 2) or (not t.glued(j) and len(right) == 2):
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
    if not (long and _plain_figure(t, i) and _stands_for_year(t, i, floor)):
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


def _is_year(t: Tokens, i: int) -> bool:
    word = t.words[i]
    return len(word) == 4 and word.isascii() and word.isdigit() and "1500" <= word <= "2100"


def _stands_for_year(t: Tokens, i: int, floor: int) -> bool:
    before = t.words[i - 1] if t.near(i) else ""
    counted = _counted(t, i + 1)
    if _range_counts(t, i + 1):
        return False
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
    if counted and t.words[i + 1] in PLURALS and before != "in":
        return False
    if before in _STRONG or before in _POSSESSIVES or _after_quarter(t, i):
        return True
    if before in _WEAK and _is_year(t, i - 2):  # "from 2008 to 2013"
        return True
    if before in HARMS or counted:
        return False
    # "in the run-up to 2024"
    noun = t.words[i - 3] in DASHES and t.glued(i - 2)
    return before not in _WEAK or noun or t.words[i - 2] not in _CHANGE


def _range_counts(t: Tokens, j: int) -> bool:
    """Whether a range follows that counts something: "1500–1600 people", "1990 to 2010 homes"."""
    k = j + 3 if t.words[j + 1] == "to" else j + 1
    joined = t.words[j] in DASHES or t.words[j] in {"to", "and"}
    if not (joined and t.digits(k) and len(t.words[k]) >= 4 and _counted(t, k + 1)):
        return False
    # "from 2008 to 2013 droughts came"
    dated = t.words[j - 2] in {"from", "between"} and _is_year(t, k)
    return not dated or t.words[k + 1] in PLURALS


def _after_quarter(t: Tokens, i: int) -> bool:
    """As in "Q3 2023", "H1 2024"."""
    return t.words[i - 2] in {"q", "h", "fy"} and t.digits(i - 1) and t.glued(i - 1)


def _counted(t: Tokens, j: int) -> bool:
    """Whether a plural noun in lower case follows, so that the figure counts it."""
    if not (t.near(j) and t.lower(j)):
        return False
    if plural(t.words[j]):
        return True
    # one adjective between: "2011 armed men", "1990 Russian troops" is covered by its capital
    noun = t.words[j + 1]
    return (
        t.near(j + 1)
        and t.lower(j + 1)
        and plural(noun)
        and t.words[j] not in FUNCTION_WORDS
        and noun in PLURALS
    )
