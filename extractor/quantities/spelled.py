"""Figures spelled in words: "nine hundred and one", "one million eight hundred and ten thousand".

The grammar is the ordinary one: numbers below a thousand, each before a scale word, with scales
that fall from left to right. "and" joins only what can follow it, so that "four hundred and two
children and 18 adults" and "two hundred and three hundred" end where a reader would end them.
"""

from __future__ import annotations

from decimal import Decimal

from extractor.quantities.digits import Numeral
from extractor.quantities.lexicon import DOZEN, HUNDRED, LARGEST, SCALES, SMALL, TENS
from extractor.quantities.tokens import DASHES, Tokens

STARTS = frozenset(SMALL) | frozenset(TENS)
_ARTICLES = frozenset({"a", "an"})


def read_spelled(t: Tokens, i: int) -> Numeral | None:
    """The figure spelled at token `i` (with its article: "a hundred"), or None.

    >>> t = Tokens("one million eight hundred and ten thousand one hundred and eleven")
    >>> read_spelled(t, 0).value
    Decimal('1810111')
    >>> read_spelled(Tokens("two hundred and three hundred"), 0).value
    Decimal('200')
    """
    j = i
    if t.word(i) in _ARTICLES and t.near(i + 1):
        if not (t.word(i + 1) in SCALES or t.word(i + 1) in {"hundred", "dozen"}):
            return None
        j = i + 1
    elif t.word(i) in SCALES or (t.word(i) == "hundred" and not _bare_hundred(t, i)):
        return None
    group = _group(t, j, bare=True)
    if group is None:
        return None
    total, floor, j = group
    scale = floor
    while floor > 1:
        group = _continuation(t, j, floor)
        if group is None:
            break
        value, floor, j = group
        total, scale = total + value, Decimal(1)
    return Numeral(i, j, total, scale=scale)


def small(t: Tokens, i: int) -> tuple[Decimal, int] | None:
    """A number from 0 to 99 at `i`: "seven", "forty", "forty-two", "forty two"."""
    word = t.word(i)
    if word in SMALL:
        return SMALL[word], i + 1
    if word not in TENS:
        return None
    j = i + 1
    if t.word(j) in DASHES and t.glued(j) and t.glued(j + 1):
        j += 1
    unit = SMALL.get(t.word(j))
    if unit is not None and 1 <= unit <= 9 and t.near(j):
        return TENS[word] + unit, j + 1
    return TENS[word], i + 1


def _group(t: Tokens, i: int, *, bare: bool) -> tuple[Decimal, Decimal, int] | None:
    """A number below a thousand with its scale words: value, smallest scale still open, end.

    With `bare` the group may begin at its scale word ("thousand" after "a").
    """
    below = _below_thousand(t, i)
    if below is None:
        if not (bare and t.word(i) in SCALES):
            return None
        below = (Decimal(1), Decimal(1), i)
    value, floor, j = below
    scale = Decimal(1)
    while t.word(j) in SCALES and t.near(j) and value * scale * SCALES[t.word(j)] < LARGEST:
        scale *= SCALES[t.word(j)]
        j += 1
        floor = scale
    if scale == 1 and t.word(j) == "dozen" and t.near(j) and value < HUNDRED:
        return value * DOZEN, Decimal(1), j + 1
    return value * scale, floor, j


def _below_thousand(t: Tokens, i: int) -> tuple[Decimal, Decimal, int] | None:
    if t.word(i) == "dozen":
        return DOZEN, Decimal(1), i + 1
    head = (Decimal(1), i) if t.word(i) == "hundred" else small(t, i)
    if head is None:
        return None
    value, j = head
    if _hundred_word(t, j) and value > 0 and (j == i or t.near(j)):
        value, j = value * HUNDRED, j + 1
        tail = _tail_of_hundred(t, j)
        return (value, HUNDRED, j) if tail is None else (value + tail[0], Decimal(1), tail[1])
    return value, Decimal(1), j


def _hundred_word(t: Tokens, j: int) -> bool:
    return t.word(j) == "hundred"


def _tail_of_hundred(t: Tokens, j: int) -> tuple[Decimal, int] | None:
    """What follows "hundred": "and two", "two", but not "and three hundred"."""
    k = j + 1 if t.word(j) == "and" and t.near(j) else j
    tail = small(t, k) if t.near(k) else None
    if tail is None or tail[0] == 0 or t.word(tail[1]) in {"hundred", "dozen"}:
        return None
    return tail


def _continuation(t: Tokens, j: int, floor: Decimal) -> tuple[Decimal, Decimal, int] | None:
    """The next, smaller group of the same number: "… thousand [and] five hundred"."""
    if floor <= HUNDRED:
        return None
    k = j + 1 if t.word(j) == "and" and t.near(j) else j
    if not t.near(k) or t.word(k) == "dozen" or t.word(k) == "hundred":
        return None
    group = _group(t, k, bare=False)
    if group is None or group[0] >= floor or group[0] == 0:
        return None
    return group


def _bare_hundred(t: Tokens, i: int) -> bool:
    """Without "a" or "one" it begins a number only in "hundred and ten", "hundred thousand"."""
    if t.near(i) and t.word(i - 1) in {"several", "few", "many", "couple", "per"}:
        return False
    if t.word(i + 1) in SCALES and t.near(i + 1):
        return True
    return t.word(i + 1) == "and" and _tail_of_hundred(t, i + 1) is not None
