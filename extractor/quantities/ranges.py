"""Ranges: "300-400", "$5-6 million", "5 to 10 percent", "between 3,000 and 4,000".

Both ends are kept, with their spans. A change has two values and is no range, though it is said in
the same words: "rose from 497 to 498", "gained 30 to 4,200", "fell $2 to $101". A verb of change
before tells them apart; "from 12 to 15" without one is a range. A falling pair ("10 to 5") is none.
"""

from __future__ import annotations

from decimal import Decimal

from extractor.quantities.amounts import Amount, counted_noun, read_amount
from extractor.quantities.expressions import End, Expression
from extractor.quantities.figures import read_figure
from extractor.quantities.scales import ONE, times
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.types import Kind, Qualifier
from extractor.quantities.words import CHANGES, FUNCTION_WORDS

_RANGE_WORDS = frozenset(
    "ranging range ranges ranged anywhere vary varies varied varying aged ages between priced "
    "costing lasting measuring weighing numbering estimated expected spanning paying "
    "charging".split()
)
_THOUSAND = Decimal(1000)
_HUNDRED = Decimal(100)
_MILLION = Decimal(1_000_000)
_FARTHEST = Decimal(10)  # times the lower end that the upper end of a range is at most
_NEAREST = 10  # words before "from" that are searched for a change
_BETWEEN = tuple(
    tuple(words.split())
    for words in (
        "about",
        "around",
        "roughly",
        "approximately",
        "some",
        "an estimated",
        "the ages of",
        "ages",
    )
)
_TIGHT = frozenset({"\u2212", "~"})  # a minus sign in the place of a dash, as OCR leaves it
_JOINING = frozenset({"to", "or", "through"})
# "bringing the toll from 12 to 15"; but "it takes from 3 to 5 hours"
_CARRIES = frozenset("bring brings bringing brought take takes taking took".split())
_ENDS_CLAUSE = frozenset(".;:!?")
_BY = frozenset(
    "by about around some another nearly almost over more than only just a an further estimated "
    "roughly approximately as much many least at most".split()
)


def read_between(t: Tokens, i: int) -> Expression | None:
    """As in "between A and B" at `i`; None where the ends are missing or fall."""
    start = _past_hedge(t, i + 1)
    left = read_amount(t, start) if t.near(i + 1) else None
    if left is None:
        return None
    j = left.last
    if t.words[j] != "and" and (split := _split(t, start, j)) is not None:
        left, j = split, split.last
    if (t.words[j] in {"and", "to", "&"} and t.near(j) and t.near(j + 1)) or t.words[j] in DASHES:
        j = _past_hedge(t, j + 1)
    else:
        return None
    right = read_amount(t, j, money=left.kind is Kind.CURRENCY)
    joined = None if right is None else _joined(i, left, right, shared_thousands=False)
    return None if joined is None else as_age(t, joined, i + 1 if start > i + 1 else i)


def _split(t: Tokens, i: int, last: int) -> Amount | None:
    """The lower end in "between four hundred and one thousand", which reads on as one figure."""
    for k in range(last - 1, i, -1):
        if t.words[k] == "and":
            own = Tokens(t.text[t.starts[i] : t.ends[k - 1]])
            figure = read_figure(own, 0)
            above = read_figure(t, k + 1)
            if figure is None or figure.last != own.size or figure.digits or above is None:
                return None
            if not figure.value < above.value:
                continue
            figure = figure._replace(first=i, last=k)
            return Amount(i, k, figure, figure.value, (), Kind.COUNT, None)
    return None


def _past_hedge(t: Tokens, j: int) -> int:
    """The token after "about" or "the ages of", which leave an interval what it is."""
    for words in _BETWEEN:
        if t.matches(j, words) and t.near(j):
            return j + len(words)
    return j


def read_range(t: Tokens, left: Amount) -> Expression | None:
    """The range that begins with the amount `left`, or None where it stands alone."""
    j = _connector(t, left)
    if j is None:
        return None
    right = read_amount(t, j, money=left.kind is Kind.CURRENCY)
    if right is None:
        return None
    word = t.words[left.last]
    if word == "or":
        right_scale = right.figure.scale if left.figure.scale == 1 else ONE
        if not _alternatives(left, right, times(left.value, right_scale)):
            return None
    tight = word in DASHES or word in _TIGHT
    first = left.first
    if word == "to" and (_is_change(t, left, right) or _given(t, left, right)):
        return None
    joined = _joined(first, left, right, shared_thousands=tight)
    return None if joined is None else as_age(t, joined, first)


def as_age(t: Tokens, e: Expression, first: int) -> Expression:
    """The same as ages, in "ages 5 to 10", "the ages of 5 and 10", "the 18-24 age group"."""
    k = first - 1 if t.words[first - 1] in {"from", "between"} else first
    before = t.words[k - 1] in {"aged", "ages", "age"} or t.matches(k - 2, ("ages", "of"))
    aged = before or t.matches(first, ("the", "ages", "of")) or _age_group(t, e.last)
    return e._replace(kind=Kind.AGE, unit="year") if aged and e.unit is None else e


def _age_group(t: Tokens, j: int) -> bool:
    return t.matches(j, ("age", "group")) or t.matches(j, ("age", "bracket"))


def _connector(t: Tokens, left: Amount) -> int | None:
    """The token after "-", "to", "or", "through" between two figures."""
    j = left.last
    word = t.words[j]
    if word in _JOINING and t.near(j) and t.near(j + 1):
        return None if word == "through" and not t.digits(j + 1) else j + 1
    if word in _TIGHT:
        return j + 1 if t.glued(j) and t.glued(j + 1) and t.digits(j + 1) else None
    feet = left.unit == "foot" and t.glued(j)  # "5-foot-10"
    return _behind_dash(t, left, j) if word in DASHES and not feet else None


def _behind_dash(t: Tokens, left: Amount, j: int) -> int | None:
    """The same behind a hyphen or a dash at token `j`, with or without "to"."""
    if (
        t.glued(j)
        and not t.glued(j + 1)
        and t.words[j + 1] in {"to", "or"}
        and (t.near(j + 1) and t.near(j + 2))
    ):
        return j + 2  # "18- to 24-year-olds"
    tight = t.glued(j) and t.glued(j + 1)
    if t.words[j + 1] in {"to", "or"} and tight and t.words[j + 2] in DASHES:
        return j + 3  # "five-to-ten"
    return j + 1 if tight or _spaced_dash(t, left) else None


def _spaced_dash(t: Tokens, left: Amount) -> bool:
    """As in "40 – 50", "40% - 50%", "40 - 50 people"; a bare "2 - 3" may be a score."""
    j = left.last
    spaced = t.near(j) and t.near(j + 1) and not t.glued(j) and not t.glued(j + 1)
    if not (spaced and left.figure.digits and not t.line_start(j) and not t.line_start(j + 1)):
        return False
    if t.words[j] == "\u2013":
        return True
    right = read_amount(t, j + 1) if t.words[j] == "-" else None
    if right is None:
        return False
    counted = counted_noun(t, right.last) and t.lower(right.last)
    return right.has_unit or counted or min(left.value, right.value) >= 100


def _is_change(t: Tokens, left: Amount, right: Amount) -> bool:
    """Whether "A to B" says how far something went, or how far and where to."""
    first = left.first
    if t.words[first - 1] == "from" and t.near(first):
        return t.words[first - 2] not in _RANGE_WORDS and _change_before(t, first - 1, _NEAREST)
    k = first - 1
    while k > first - 6 and t.words[k] in _BY:
        k -= 1
    if not (t.near(k + 1) and t.words[k] in CHANGES):
        # whatever the verb, no sum lies between two that differ so much: "put on $2 to $31"
        sums = left.kind is right.kind is Kind.CURRENCY and left.value > 0
        larger = "by" in t.words[k + 1 : first] and left.figure.scale < right.figure.scale
        return sums and (larger or _far(left, right))  # "cut its debt by $120m to $1.1bn"
    if left.has_unit:  # "raised $20 to $25 million" is a range
        return not left.figure.scale < right.figure.scale
    # "rose 5 to 10 percent", "rose 3 to 5 times" and "cut 5 to 10 posts" are ranges
    named = t.near(right.last) and t.lower(right.last)
    near = left.value > 0 and right.value <= times(left.value, Decimal(2))  # "lost 400 to 600"
    return not (right.has_unit or near or (named and t.words[right.last] not in FUNCTION_WORDS))


def _given(t: Tokens, left: Amount, right: Amount) -> bool:
    """As in "gave €40 to 260 families": a sum, and those who get it."""
    families = t.near(right.last) and t.lower(right.last) and counted_noun(t, right.last)
    return left.kind is Kind.CURRENCY and not right.has_unit and families


def _far(left: Amount, right: Amount) -> bool:
    same = left.figure.scale == right.figure.scale
    return same and right.value > times(left.value, _FARTHEST)


def _change_before(t: Tokens, i: int, most: int) -> bool:
    """Whether a word of change stands before token `i` in the same clause."""
    if t.words[i - 1].endswith(("ed", "ing")):  # "slowed from 5 to 3", "ranged" aside
        return True
    for k in range(i - 1, max(-1, i - 1 - most), -1):
        if t.words[k] in CHANGES or (t.words[k] in _CARRIES and k < i - 1):
            return True
        if t.words[k] in _ENDS_CLAUSE or not t.near(k + 1):
            return False
    return False


def _alternatives(left: Amount, right: Amount, low: Decimal) -> bool:
    """As in "two or three", "50 or 60", "five or six thousand": neighbours, one interval."""
    return not left.has_unit and low < right.value <= max(times(low, Decimal(2)), low + 1)


def _joined(
    first: int, left: Amount, right: Amount, *, shared_thousands: bool
) -> Expression | None:
    """One range of two amounts, the scale and the unit shared where one side has none."""
    if left.unit == "metre" and right.figure.scale == _MILLION and not right.has_unit:
        left = left._replace(kind=Kind.COUNT, unit=None, has_unit=False)  # "5m-6m people"
        scaled = times(left.value, _MILLION)
        left = left._replace(value=scaled, figure=left.figure._replace(scale=_MILLION))
    if left.has_unit and right.has_unit and left.unit != right.unit:
        return None
    bare = right.first == right.figure.first and right.figure.value > 0
    if right.value < 0 < left.value and bare:  # "20 to 30 below zero"
        left, right = _below_zero(left, right)
    low, high = left.value, right.value
    if len(left.readings) > 1 and len(right.readings) == 0:
        low = min(left.readings, key=lambda r: abs(r - high))
    scale = right.figure.scale
    if left.figure.scale < scale and left.figure.value < _THOUSAND:
        shared = times(low, scale)
        low = shared if shared < high else low
    elif _abbreviated(left, right) and (shared_thousands or high > times(low, _HUNDRED)):
        low = times(low, _THOUSAND)  # "200-300,000 people"
    if low > high and max(low, high) < 0:  # "-10 to -20C"
        return _colder(first, left, right)
    if not low < high or (left.unit == "%" and not right.has_unit and scale > 1):
        return None
    unit_from = right if right.has_unit or not left.has_unit else left
    kind, unit = unit_from.kind, unit_from.unit
    if Kind.AGE in {left.kind, right.kind}:
        kind, unit = Kind.AGE, unit or "year"
    ends = (
        End(left.figure.first, left.figure.last, low),
        End(right.figure.first, right.figure.last, high),
    )
    return Expression(
        first,
        right.last,
        (left.figure.first, right.figure.last),
        None,
        low,
        high,
        kind,
        unit,
        Qualifier.RANGE,
        ends,
    )


def _colder(first: int, left: Amount, right: Amount) -> Expression:
    """A range below nought whose second end is the lower: "-10 to -20C"."""
    unit_from = right if right.has_unit else left
    return Expression(
        first,
        right.last,
        (left.figure.first, right.figure.last),
        None,
        right.value,
        left.value,
        unit_from.kind,
        unit_from.unit,
        Qualifier.RANGE,
        (
            End(left.figure.first, left.figure.last, left.value),
            End(right.figure.first, right.figure.last, right.value),
        ),
    )


def _below_zero(left: Amount, right: Amount) -> tuple[Amount, Amount]:
    """The two ends of "20 to 30 below zero", the lower first."""
    upper = times(left.value, Decimal(-1))
    return (
        left._replace(value=right.value, unit=right.unit, kind=right.kind),
        right._replace(value=upper),
    )


def _abbreviated(left: Amount, right: Amount) -> bool:
    """As in "200-300,000": the left end is in thousands too; 200 to 300,000 would be no range."""
    plain = left.figure.plain and left.figure.scale == ONE and right.figure.scale == ONE
    whole = right.value % _THOUSAND == 0 and not right.figure.plain
    return plain and whole and left.value < _THOUSAND and times(left.value, _THOUSAND) < right.value
