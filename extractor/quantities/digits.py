"""Figures written in digits: grouping, decimal sign, and what the form alone cannot decide.

English text groups by a comma and writes decimals with a point; Continental text does the
opposite, Swiss text groups by an apostrophe, South Asian text in twos ("1,23,456"), and others by
a thin or no-break space. One sign between one to three digits and exactly three ("1.067") reads
both ways: both readings are kept and the context decides which comes first.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from extractor.quantities.tokens import APOSTROPHES, Tokens

LONGEST = 30  # digits; a longer run is a serial number, and Decimal arithmetic stays bounded
_MOST_GROUPS = 12
_COMMAS = frozenset(",\u066c")  # the second is the Arabic thousands separator
_POINTS = frozenset(".\u066b\u00b7")  # the second is the Arabic decimal separator
SEPARATORS = _COMMAS | _POINTS | APOSTROPHES
_MONEY_SIGNS = frozenset("$£€")
_MEASURES = frozenset("mm year dollar pound day".split())
_NUMBERED = frozenset("day ward room page phase chapter grade class group level".split())
_CLOSES = frozenset(").]}\"'\u201d\u2019%,!?\u2026")
_ENDS = frozenset(".,;:")
_BEFORE_A_LIST = frozenset("and or page pages pp room rooms of numbers".split())
_GROUPING_SPACES = frozenset("\u00a0\u2009\u202f\u2007\u2008")


class Whole(NamedTuple):
    """The part of a spelled figure before its last "and", which stands at token `last`."""

    last: int
    value: Decimal
    scale: Decimal


class Numeral(NamedTuple):
    """Digits read: tokens `first` up to `last` (exclusive), and every value the form allows."""

    first: int
    last: int
    value: Decimal
    readings: tuple[Decimal, ...] = ()
    plain: bool = False  # nothing but one run of digits
    leading_zero: bool = False
    scale: Decimal = Decimal(1)  # of the scale words that end a spelled figure of one group
    whole: Whole | None = None  # what stands before the last "and" of a spelled figure


def read_digits(t: Tokens, i: int) -> Numeral | None:
    """The figure in digits at token `i`, or None where the run is too long to be one.

    >>> read_digits(Tokens("1,23,456.5"), 0).value
    Decimal('123456.5')
    >>> read_digits(Tokens("1.067 people"), 0).readings
    (Decimal('1067'), Decimal('1.067'))
    """
    known = t.numerals
    if i not in known:  # several masks and grammars look at the same digits
        known[i] = _read(t, i)
    numeral: Numeral | None = known[i]
    return numeral


def _read(t: Tokens, i: int) -> Numeral | None:
    groups, signs, last = _chain(t, i)
    if sum(map(len, groups)) > LONGEST:
        return None
    values = _interpret(groups, signs) if signs else None
    if values is None:  # a list without spaces ("1,2,3") or one run: its first figure stands alone
        groups, last = groups[:1], i + 1
        values = (Decimal(groups[0]),)
    leading_zero = len(groups[0]) > 1 and groups[0][0] == "0"
    plain = last == i + 1
    first = i
    if plain and bare_point(t, i):
        values, first, plain = (Decimal(f"0.{groups[0]}"),), i - 1, False
    return Numeral(first, last, values[0], values if len(values) > 1 else (), plain, leading_zero)


def in_chain(t: Tokens, i: int) -> bool:
    """Whether the digits at `i` continue a run of digits and separators that began before."""
    return t.glued(i) and t.words[i - 1] in SEPARATORS and t.glued(i - 1) and t.digits(i - 2)


def chain_end(t: Tokens, i: int, signs: frozenset[str]) -> int:
    """Where a run of digits joined by any of `signs` ends (a token index, exclusive)."""
    j = i + 1
    while t.words[j] in signs and t.glued(j) and t.glued(j + 1) and t.digits(j + 1):
        j += 2
    return j


def ascii_digits(run: str) -> str:
    """A run of decimal digits of any script in ASCII, length kept.

    >>> ascii_digits("٤٣٠٠")
    '4300'
    """
    return run if run.isascii() else "".join(str(int(c)) for c in run)


def _chain(t: Tokens, i: int) -> tuple[list[str], list[str], int]:
    """The digit groups that hang together at `i`, the signs between them, and where they end."""
    groups, j = [ascii_digits(t.words[i][: LONGEST + 1])], i + 1
    signs: list[str] = []
    if in_chain(t, i):
        return groups, signs, j
    while len(groups) < _MOST_GROUPS:
        if t.words[j] == "\u00b7" and t.words[j + 1] == "10":
            break  # "2.5·10⁵" is a product
        tight = t.words[j] in SEPARATORS and t.glued(j) and t.glued(j + 1) and t.digits(j + 1)
        if tight or _torn_group(t, j):  # "10,000", "10, 000"
            sign, following = t.words[j], j + 1
        elif t.digits(j) and _grouping_space(t, i, j):
            sign, following = " ", j
        else:
            break
        signs.append("." if sign in _POINTS else "," if sign in _COMMAS else sign)
        groups.append(ascii_digits(t.words[following][: LONGEST + 1]))
        j = following + 1
    if " " in signs and not _spaced(groups, signs):
        cut = signs.index(" ")
        j = i + 1 + 2 * cut
        groups, signs = groups[: cut + 1], signs[:cut]
    return groups, signs, j


def _torn_group(t: Tokens, j: int) -> bool:
    """As in "10, 000", "10 ,000": noughts alone are no number, so the space is a slip."""
    torn = t.words[j] == "," and t.words[j + 1] == "000" and t.glued(j) != t.glued(j + 1)
    return torn and t.starts[j + 1] - t.ends[j - 1] == 2


def _grouping_space(t: Tokens, first: int, j: int) -> bool:
    """A no-break or thin space groups; an ordinary one only where no list or table can be meant.

    "124 600 people" is one figure, the columns "12 300 417" or "5 300" are several: an ordinary
    space groups only in running text, between a first and a last group, before a word.
    """
    gap = t.text[t.ends[j - 1] : t.starts[j]]
    if len(gap) != 1 or len(t.words[j]) != 3 or len(t.words[first]) > 3:
        return False
    if gap in _GROUPING_SPACES or t.words[j] == "000":  # "000" alone is no number
        return True
    if gap != " " or (t.digits(first - 1) and t.near(first) and not t.line_start(first)):
        return False
    if t.words[first - 1] in _MONEY_SIGNS and t.glued(first):  # "€1 234"
        return True
    k = j
    while t.digits(k) and len(t.words[k]) == 3 and k < first + _MOST_GROUPS:
        k += 1
    if t.lower(k) and t.near(k):
        # "12 155mm guns", "5 100 dollar bills", "on day 3 300 people" have two figures
        return not (t.glued(k) or t.words[k] in _MEASURES or t.words[first - 1] in _NUMBERED)
    # "stands at 1 414 021." at the end of a sentence or a line; "12 300 417" may be three columns
    ends = k == t.size or t.line_start(k) or (t.words[k] in _ENDS and t.glued(k))
    said = t.lower(first - 1) and t.near(first) and t.words[first - 1] not in _BEFORE_A_LIST
    return ends and not t.digits(k + 1) and (said or (k - first > 2 and first == 0))


def _spaced(groups: list[str], signs: list[str]) -> bool:
    """Groups of three by spaces, with at most one other sign, at the end, before decimals."""
    body = signs[:-1] if signs[-1] != " " else signs
    grouped = groups[1 : len(body) + 1]
    return all(s == " " for s in body) and all(len(g) == 3 for g in grouped) and groups[0] != "0"


def bare_point(t: Tokens, i: int) -> bool:
    """Whether the digits at `i` are decimals behind a point of their own: ".5", "<.5", "$.5".

    Not in "state.21 people", where the point ends a sentence.
    """
    if not (t.glued(i) and t.words[i - 1] == "."):
        return False
    before = t.words[i - 2]
    return not t.glued(i - 1) or not (before[:1].isalnum() or before in _CLOSES)


def _interpret(groups: list[str], signs: list[str]) -> tuple[Decimal, ...] | None:
    """Every value that groups and signs can mean, most likely first; None if they mean none."""
    if len(set(signs)) == 1:
        return _one_sign(groups, signs[0])
    *body, final = signs
    if len(set(body)) == 1 and body[0] != final and final in ",.":
        # two signs: the first groups, the last one is the decimal sign
        whole = _grouped(groups[:-1], body[0])
        return None if whole is None else (Decimal(f"{whole}.{groups[-1]}"),)
    return None


def _one_sign(groups: list[str], sign: str) -> tuple[Decimal, ...] | None:
    whole = _grouped(groups, sign)
    if len(groups) > 2 or sign not in ",.":
        return None if whole is None else (Decimal(whole),)
    decimal = Decimal(f"{groups[0]}.{groups[1]}")
    if sign == ".":
        return (decimal,) if whole is None else (Decimal(whole), decimal)
    if whole is not None:  # "1,067" in English text is never a decimal
        return (Decimal(whole),)
    # a decimal comma ("3,5"); with more digits after it, it is a list or a slip ("10,2022")
    return (decimal,) if len(groups[1]) <= 2 else None


def _grouped(groups: list[str], sign: str) -> str | None:
    """The digits of a grouped whole number, or None where the groups have other lengths."""
    head, *rest = groups
    if not 1 <= len(head) <= 3 or head.startswith("0"):
        return None
    threes = all(len(g) == 3 for g in rest)
    indian = sign == "," and len(head) < 3 and len(rest) > 1 and len(rest[-1]) == 3
    if threes or (indian and all(len(g) == 2 for g in rest[:-1])):
        return "".join(groups)
    return None
