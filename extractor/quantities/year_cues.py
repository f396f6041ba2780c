"""What tells a year from a count, where four digits could be either.

A bare run of four digits from 1500 to 2100 is a year unless something beside it shows that it
counts ("2000 of them", "1900-strong", "1567 (+5)"); and it stays a year behind a bound where the
words name one ("below 1990 levels", "until at least 2030").
"""

from __future__ import annotations

from extractor.quantities.hedges import Hedge, left_hedge
from extractor.quantities.tokens import APOSTROPHES, DASHES, Tokens
from extractor.quantities.types import Qualifier
from extractor.quantities.words import COUNTING, FUNCTION_WORDS, HARMS, MONTHS, PLURALS, plural

# Before a year and hardly before a count.
_STRONG = MONTHS | frozenset(
    "in since during until till between circa ca copyright © year spring summer autumn fall "
    "winter early late mid fiscal fy before christmas easter c".split()
)
_POSSESSIVES = frozenset({"the", "s", "his", "their", "its"})
# Before years and counts alike.
_WEAK = frozenset("of from to by after for and or through".split())
# Not all words of change: "moved to 2022" and "extended to 2030" lead to years.
_CHANGE = frozenset(
    "rose rise rises risen rising fell fall falls fallen falling grew grown grows growing climbed "
    "climbing jumped increased increasing increase decreased dropped dropping up down swelled "
    "raised cut reduced reducing close soared plunged surged slipped amounted amounting brings "
    "bringing brought".split()
)
# Behind a year: "1990 levels", "pre-2014 borders".
_LEVELS = frozenset(
    "level levels border borders line lines high highs low lows peak peaks total totals figure "
    "figures season edition election elections budget model".split()
)
# Behind "at least" and its like these still lead to a year.
_LEADING = frozenset("until till since through by".split())
_PERCENT = frozenset("% percent cent".split())
# Joined to a count by a hyphen: "a 2000-bed hospital".
_SIZED = frozenset(
    "odd strong bed member seat room mile metre meter km foot feet tonne ton word page man acre "
    "hectare hour kilometre kilometer horsepower capacity plus".split()
)
_HURT = frozenset(
    "died dead killed wounded injured missing hurt arrested captured detained displaced".split()
)
_TO = frozenset({"to", "and", "or", "through"})
_VERBS = frozenset("have had were are died".split())
_PEOPLES = ("ians", "eans", "ans", "ese", "is")


def is_year(t: Tokens, i: int) -> bool:
    """Whether token `i` is four digits in the range of years."""
    word = t.words[i]
    return len(word) == 4 and word.isascii() and word.isdigit() and "1500" <= word <= "2100"


def stands_for_year(t: Tokens, i: int, floor: int) -> bool:
    """Whether the four digits at token `i` are a year; no hedge reaches back before `floor`."""
    before = t.words[i - 1] if t.near(i) else ""
    counted = counted_at(t, i + 1)
    if _range_counts(t, i + 1) or _shows_a_count(t, i):
        return False
    hedge = left_hedge(t, i, floor)
    if is_year(t, i) and _names_a_year(t, i, hedge):
        return True
    if hedge is not None and hedge.qualifier is not Qualifier.ABOUT:
        return False
    if not is_year(t, i):  # 1000 to 1499 need clear words
        return before in {"in", "since", "year", "anno"} and not t.alpha(i + 1)
    if hedge is not None:  # "around 1945" is a year, "around 2000 homes" is not
        return not counted and not t.alpha(i + 1)
    return _year_after(t, i, before, counted=counted)


def _year_after(t: Tokens, i: int, before: str, *, counted: bool) -> bool:
    """Whether a figure in the range of years is one, by the word before it."""
    counts = _from_a_count(t, i - 2, t.words[i - 3])
    if before in _TO and is_year(t, i - 2) and not counts:  # "from 2008 to 2013"
        return True
    opens = before == "by" or (before in {"for", "from", "after"} and not _round(t, i))
    if counted and t.capital(i - 1) and opens:
        return True  # "By 2030 emissions must fall"
    if counted and t.words[i + 1] in PLURALS and before not in _STRONG:
        return False
    if before in _STRONG or before in _POSSESSIVES or _after_quarter(t, i):
        return True
    if before in HARMS | COUNTING or counted:
        return False
    # "in the run-up to 2024"
    noun = t.words[i - 3] in DASHES and t.glued(i - 2)
    return noun or not _from_a_count(t, i, before)


def _from_a_count(t: Tokens, i: int, before: str) -> bool:
    """As in "rose from 1900 to 2000"; not in "costs rose from 2019", "rose from 2019 to 2022"."""
    if before not in _WEAK or t.words[i - 2] not in _CHANGE:
        return False
    if before != "from":
        return True
    to = t.words[i + 1] == "to" and t.digits(i + 2)
    return to and not (is_year(t, i + 2) and not _round(t, i + 2))


def _range_counts(t: Tokens, j: int) -> bool:
    """Whether a range follows that counts something: "1500–1600 people", "1990 to 2010 homes"."""
    k = j + 3 if t.words[j + 1] == "to" else j + 1
    joined = t.words[j] in DASHES or t.words[j] in {"to", "and"}
    if not (joined and t.digits(k) and len(t.words[k]) >= 4 and counted_at(t, k + 1)):
        return False
    # "from 2008 to 2013 droughts came"
    dated = t.words[j - 2] in {"from", "between"} and is_year(t, k)
    said = t.words[j - 3] in {"were", "are", "be", "of", "with"} | HARMS
    round_ = _round(t, k) and (t.digits(j - 1) and _round(t, j - 1))
    return not dated or ((said or round_) and t.words[k + 1] in PLURALS)


def _round(t: Tokens, i: int) -> bool:
    """Whether the digits at `i` are a round figure, as counts are more often than years."""
    return t.words[i].endswith(("00", "50"))


def _names_a_year(t: Tokens, i: int, hedge: Hedge | None) -> bool:
    """As in "below 1990 levels", "until at least 2030", "12% higher than 2019"."""
    after = t.words[i + 1]
    owned = after in APOSTROPHES and t.words[i + 2] == "s" and t.glued(i + 2)
    if (after in _LEVELS and t.near(i + 1)) or (owned and t.words[i + 3] in _LEVELS):
        return True
    if t.words[i - 1] in DASHES and t.glued(i) and t.words[i - 2] in {"pre", "post", "mid"}:
        return True  # "post-2021 rules"
    if hedge is None:
        return owned
    if t.words[hedge.first - 1] in _LEADING and hedge.qualifier is Qualifier.AT_LEAST:
        return True
    if t.words[i - 1] == "the" and t.lower(i + 1) and not counted_at(t, i + 1):
        return True  # "under the 2015 accord"
    ends = not t.alpha(i + 1) or after in FUNCTION_WORDS
    percent = not _PERCENT.isdisjoint(t.words[max(0, hedge.first - 4) : hedge.first])
    return ends and percent and "1900" <= t.words[i] <= "2035"


def _shows_a_count(t: Tokens, i: int) -> bool:
    """As in "2000 Russian troops", "2000 of them", "1900-strong", "tanks: 1567 (+5)"."""
    after, next_ = t.words[i + 1], t.words[i + 2]
    if t.words[i - 1] in {"in", "since"}:
        return False
    if after in DASHES and t.glued(i + 1) and t.glued(i + 2):
        return next_ in _SIZED
    if (after == "of" and (next_ in {"them", "those"} or t.digits(i + 2))) or after == "+":
        return True
    if (after == "(" and next_ == "+") or t.matches(i - 2, ("total", "of")):
        return True
    return _suffers(t, i + 1) or _people_follow(t, i) or _listed(t, i)


def _suffers(t: Tokens, j: int) -> bool:
    """As in "1900 died", "1900 were killed"."""
    word = t.words[j]
    return t.near(j) and (word == "died" or (word in _VERBS and t.words[j + 1] in _HURT))


def _people_follow(t: Tokens, i: int) -> bool:
    """As in "2000 Russian troops", "2000 Russians"; not "In 2000 Russian troops"."""
    if not (t.capital(i + 1) and t.near(i + 1)) or t.words[i - 1] in _STRONG | _WEAK:
        return False
    word = t.words[i + 1]
    if word.endswith(_PEOPLES) and word.endswith("s"):
        return True
    return t.near(i + 2) and t.lower(i + 2) and t.words[i + 2] in PLURALS


def _listed(t: Tokens, i: int) -> bool:
    """As in "tanks ‒ 1567", "Deaths: 1900": a plural noun and a sign before it."""
    sign = t.words[i - 1] == ":" or (t.words[i - 1] in DASHES and not t.glued(i))
    return sign and plural(t.words[i - 2]) and t.near(i - 1) and t.near(i)


def _after_quarter(t: Tokens, i: int) -> bool:
    """As in "Q3 2023", "H1 2024"."""
    return t.words[i - 2] in {"q", "h", "fy"} and t.digits(i - 1) and t.glued(i - 1)


def counted_at(t: Tokens, j: int) -> bool:
    """Whether a plural noun in lower case follows, so that the figure counts it."""
    if not (t.near(j) and t.lower(j)) or t.matches(j, ("more", "than")):
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
