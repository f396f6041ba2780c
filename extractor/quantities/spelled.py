"""Figures spelled in words: "nine hundred and one", "one million, two hundred thousand".

The grammar is the ordinary one: numbers below a thousand, each before a scale word, with scales
that fall from left to right. "and" joins only what can follow it, so that "four hundred and two
children and 18 adults" and "two hundred and three hundred" end where a reader would end them. A
hyphen may stand wherever a space may ("two-hundred-and-fifty"); a comma only behind a scale word
and before a smaller group, and in no enumeration ("one thousand, two hundred, then three").
"""

from __future__ import annotations

from decimal import Decimal

from extractor.quantities.digits import Numeral, Whole
from extractor.quantities.lexicon import (
    DOZEN,
    HUNDRED,
    LARGEST,
    ORDINAL_UNITS,
    PLURAL_SCALES,
    SCALES,
    SMALL,
    TENS,
)
from extractor.quantities.tokens import DASHES, Tokens

STARTS = frozenset(SMALL) | frozenset(TENS)
_ARTICLES = frozenset({"a", "an"})
_THOUSAND = SCALES["thousand"]
_SCALES = {**SCALES, **PLURAL_SCALES}  # "five millions" means what it says
_LISTED = frozenset({",", "and", "or", "then"})
_FEW = frozenset({"several", "few", "many", "couple", "per"})
_DOZENS = frozenset({"dozen", "dozens", "doz", "dozs", "dz", "dzs"})
_MOST_DECIMALS = 12


def read_spelled(t: Tokens, i: int) -> Numeral | None:
    """The figure spelled at token `i` (with its article: "a hundred"), or None.

    >>> t = Tokens("one million eight hundred and ten thousand one hundred and eleven")
    >>> read_spelled(t, 0).value
    Decimal('1810111')
    >>> read_spelled(Tokens("two hundred and three hundred"), 0).value
    Decimal('200')
    >>> read_spelled(Tokens("one million, two hundred thousand"), 0).value
    Decimal('1200000')
    """
    j = i
    if t.words[i] in _ARTICLES and t.near(i + 1):
        if not (t.words[i + 1] in SCALES or t.words[i + 1] in {"hundred", "dozen"}):
            return None
        j = i + 1
    elif t.words[i] in SCALES or (t.words[i] == "hundred" and not _bare_hundred(t, i)):
        return None
    group = _group(t, j, LARGEST, bare=True)
    if group is None:
        return None
    total, floor, j = group
    scale, whole = floor, _before_and(t, i, j, total)
    while floor > 1:
        group = _continuation(t, j, floor) or _after_comma(t, i, j, floor)
        if group is None:
            break
        value, smaller, after = group
        whole = (
            Whole(j, total, floor)
            if t.words[j] == "and"
            else _before_and(t, j, after, total + value)
        )
        total, floor, scale, j = total + value, smaller, Decimal(1), after
    if whole is not None and t.words[j] in _DOZENS and t.near(j):  # "three hundred and two dozen"
        total, j, whole = whole.value + (total - whole.value) * DOZEN, j + 1, None
    decimals = _after_point(t, j)
    if decimals is not None:
        total, scale, j, whole = total + decimals[0], Decimal(1), decimals[1], None
    return Numeral(i, j, total, scale=scale, whole=whole)


def small(t: Tokens, i: int) -> tuple[Decimal, int] | None:
    """A number from 0 to 99 at `i`: "seven", "forty", "forty-two", "forty two"."""
    word = t.words[i]
    if word in SMALL:
        return SMALL[word], i + 1
    if word not in TENS:
        return None
    j = _after_hyphen(t, i + 1)
    if j == i + 1 and t.words[j] == "-" and t.near(j) and t.near(j + 1):
        j += t.lower(j + 1)  # "fifty - two", as tokenised and scanned text has it
    unit = SMALL.get(t.words[j])
    if unit is not None and 1 <= unit <= 9 and t.near(j):
        return TENS[word] + unit, j + 1
    # "thirty-fifths": the tens belong to a denominator, and "thirty-fifth" is an ordinal
    denominator = j > i + 1 and t.words[j].removesuffix("s") in ORDINAL_UNITS
    return None if denominator else (TENS[word], i + 1)


def _after_hyphen(t: Tokens, j: int) -> int:
    """The token behind a hyphen that joins two words, or `j` itself."""
    tight = t.words[j] in DASHES and t.glued(j) and t.glued(j + 1)
    return j + 1 if tight else j


def _group(t: Tokens, i: int, limit: Decimal, *, bare: bool) -> tuple[Decimal, Decimal, int] | None:
    """A number below a thousand with its scale words: value, smallest scale still open, end.

    What would make it `limit` or more is left for the next number.

    With `bare` the group may begin at its scale word ("thousand" after "a").
    """
    below = _below_thousand(t, i, limit)
    if below is None:
        if not (bare and t.words[i] in SCALES):
            return None
        below = (Decimal(1), Decimal(1), i)
    value, floor, j = below
    scale = Decimal(1)
    while (at := _scale_word(t, j, i)) is not None:
        larger = scale * _SCALES[t.words[at]]
        if value * larger >= LARGEST:
            break
        scale, floor, j = larger, larger, at + 1
    at_dozen = _after_hyphen(t, j)
    if scale == 1 and t.words[at_dozen] in _DOZENS and t.near(at_dozen) and value < HUNDRED:
        return value * DOZEN, Decimal(1), at_dozen + 1
    return value * scale, floor, j


def _scale_word(t: Tokens, j: int, first: int) -> int | None:
    """The token of the scale word at `j`, behind a hyphen or a space."""
    at = j if j == first else _after_hyphen(t, j)
    if t.words[at] not in _SCALES or not (at == first or t.near(at)):
        return None
    begins = t.words[at] in PLURAL_SCALES and (t.capital(at) or t.line_start(at))
    return None if begins else at


def _below_thousand(t: Tokens, i: int, limit: Decimal) -> tuple[Decimal, Decimal, int] | None:
    if t.words[i] == "dozen":
        return DOZEN, Decimal(1), i + 1
    head = (Decimal(1), i) if t.words[i] == "hundred" else small(t, i)
    if head is None:
        return None
    value, j = head
    at = j if j == i else _after_hyphen(t, j)
    if t.words[at] in {"hundred", "hundreds"} and value > 0 and (j == i or t.near(at)):
        value, j = value * HUNDRED, at + 1
        tail = _tail_of_hundred(t, j)
        scale_at = None if tail is None else _scale_word(t, tail[1], i)
        if scale_at is not None and value * _SCALES[t.words[scale_at]] >= limit:
            tail = None  # "two hundred and one million" behind a thousand is two figures
        return (value, HUNDRED, j) if tail is None else (value + tail[0], Decimal(1), tail[1])
    return value, Decimal(1), j


def past_and(t: Tokens, j: int) -> int:
    """The token after "and", or after "-and-"; `j` (or what its hyphen joins) where none stands."""
    at = _after_hyphen(t, j)
    if t.words[at] == "and" and t.near(at):
        return _after_hyphen(t, at + 1)
    return at


def _tail_of_hundred(t: Tokens, j: int) -> tuple[Decimal, int] | None:
    """What follows "hundred": "and two", "two", but not "and three hundred"."""
    k = past_and(t, j)
    tail = small(t, k) if t.near(k) else None
    if tail is None or tail[0] == 0 or t.words[_after_hyphen(t, tail[1])] == "hundred":
        return None
    return tail


def _continuation(t: Tokens, j: int, floor: Decimal) -> tuple[Decimal, Decimal, int] | None:
    """The next, smaller group of the same number: "… thousand [and] five hundred"."""
    if floor <= HUNDRED:
        return None
    k = past_and(t, j)
    if not t.near(k) or t.words[k] == "dozen" or t.words[k] == "hundred":
        return None
    group = _group(t, k, floor, bare=False)
    if group is None or group[0] >= floor or group[0] == 0:
        return None
    return group


def _after_comma(
    t: Tokens, first: int, j: int, floor: Decimal
) -> tuple[Decimal, Decimal, int] | None:
    """The same behind a comma, where no enumeration can be meant."""
    if floor < _THOUSAND or t.words[j] != "," or not t.glued(j) or t.glued(j + 1):
        return None
    group = _continuation(t, j + 1, floor) if t.words[j + 1] != "and" else None
    if group is None or group[0] < HUNDRED or _figure_before(t, first):
        return None
    _, smaller, last = group
    if t.words[last] == "of" and t.near(last):  # "ten thousand, six hundred of them children"
        return None
    goes_on = _continuation(t, last, smaller) or _after_comma(t, first, last, smaller)
    return None if goes_on is None and _figure_after(t, last) else group


def _figure_before(t: Tokens, i: int) -> bool:
    """Whether another figure of an enumeration stands before token `i`."""
    return t.words[i - 1] in _LISTED and (t.digits(i - 2) or _number_word(t, i - 2))


def _figure_after(t: Tokens, j: int) -> bool:
    """Whether another figure of an enumeration follows at `j`, behind ",", "and", "or"."""
    k = j
    while t.words[k] in _LISTED and k < j + 3:
        k += 1
    return k > j and (t.digits(k) or _number_word(t, k))


def _number_word(t: Tokens, k: int) -> bool:
    word = t.words[k]
    return word in STARTS or word in _SCALES or word in {"hundred", "dozen"}


def _before_and(t: Tokens, i: int, j: int, total: Decimal) -> Whole | None:
    """What stands before the last "and" in "two hundred and three", which ends at token `j`."""
    at = next((k for k in range(j - 1, i, -1) if t.words[k] == "and"), 0)
    tail = small(t, _after_hyphen(t, at + 1)) if at else None
    if tail is None or tail[1] != j:
        return None
    return Whole(at, total - tail[0], Decimal(1))


def _after_point(t: Tokens, j: int) -> tuple[Decimal, int] | None:
    """As in "two point five", "nought point seventy-one": the digits in their order."""
    if t.words[j] != "point" or not (t.near(j) and t.near(j + 1)):
        return None
    digits, k = "", j + 1
    while len(digits) < _MOST_DECIMALS and t.near(k) and (part := small(t, k)) is not None:
        if digits and part[0] >= 10:
            break
        digits, k = digits + str(part[0]), part[1]
        if part[0] >= 10:
            break
    return (Decimal(f"0.{digits}"), k) if digits else None


def _bare_hundred(t: Tokens, i: int) -> bool:
    """Without "a" or "one" it begins a number only in "hundred and ten", "hundred thousand"."""
    if t.near(i) and t.words[i - 1] in _FEW:
        return False
    if t.near(i) and t.words[i - 1] == "some":  # "some hundred people"
        return True
    if t.words[i + 1] in SCALES and t.near(i + 1):
        return True
    return t.words[i + 1] == "and" and _tail_of_hundred(t, i + 1) is not None
