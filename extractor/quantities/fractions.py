"""Fractions and proportions: "a quarter of", "two-thirds", "half the funding", "one in five".

"A out of B" and "A in B" are one proportion only with the round denominators of polls and odds
("seven out of ten", "three in every 1,000"); "20,000 out of 60,000 households" counts two things.
"""

from __future__ import annotations

from decimal import Decimal
from unicodedata import numeric

from extractor.quantities.denominators import Denominator, read_denominator
from extractor.quantities.expressions import End, Expression, exact
from extractor.quantities.figures import part_of_scale, read_figure, slashed, vulgar
from extractor.quantities.lexicon import DENOMINATORS, SCALES, TENS
from extractor.quantities.scales import Figure, ratio, times
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.types import Kind
from extractor.quantities.unit_data import WORDS
from extractor.quantities.units import read_unit, unit_of
from extractor.quantities.words import FUNCTION_WORDS, PERSON_WORDS, plural

_POLL = frozenset({2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 100, 1000, 10_000, 100_000, 1_000_000})
_PROPORTION = frozenset({"in", "out"})
_ROUND = frozenset({10, 100, 1000, 10_000, 100_000, 1_000_000})
_DETERMINERS = frozenset("the its his her their our my your these those this that all".split())
# "first half" and its like are periods and parts of a game.
_NO_HALVES = frozenset(
    "first second other latter better third fourth last final bottom top each "
    "per next previous past current same".split()
)
# "Half were women", "of which a third has gone": a fraction as the subject.
_VERBS = frozenset("were are was is have has had will would died survived came".split())
_BEFORE_SUBJECT = frozenset(". ; which whom and but while".split())
_BEFORE_QUARTERS = _NO_HALVES | frozenset("consecutive all for in over".split())
_BOUNDS = frozenset("almost nearly over than under".split())
_MOVED = frozenset("up down fell rose lost grew dropped gained climbed shrank".split())
_COMPARING = frozenset("more less fewer higher lower cheaper larger smaller bigger".split())
_IN_A_ROW = frozenset("running ago later earlier before".split())
_GROWTH = frozenset("growth negative positive falling decline contraction losses recession".split())
# Before a fraction that nothing follows: "fell by a third", "more than half".
_SIZES = frozenset(
    "almost nearly about around roughly approximately over than under least most by to only "
    "virtually below above more exactly".split()
)


def read_fraction(t: Tokens, i: int) -> Expression | None:
    """The fraction at token `i`, or None.

    >>> read_fraction(Tokens("Two-thirds of it"), 0).value
    Decimal('0.6666666666666666666666666667')
    >>> read_fraction(Tokens("a quarter later"), 0) is None
    True
    """
    if t.digits(i):
        return _in_digits(t, i)
    if part_of_scale(t, i) is not None:  # "half a million" is a figure
        return None
    if t.words[i] == "half":
        return _half(t, i, i)
    if t.words[i] in {"a", "an", "one"} and t.words[i + 1] == "half" and t.near(i + 1):
        half = _half(t, i + 1, i)
        if half is not None:
            return half
    if len(t.words[i]) == 1 and (value := _sign_value(t.words[i])):
        return None if read_figure(t, i) is not None else _built(t, i, i + 1, value)
    return _named(t, i) or _proportion(t, i)


def _in_digits(t: Tokens, i: int) -> Expression | None:
    """As in "2/3", "7 out of 10", "100 millionths"."""
    if t.words[i + 1] == "/":
        value = slashed(t, i)
        scaled = t.words[i + 3] in SCALES and t.near(i + 3)  # "3/4 million"
        return None if value is None or scaled else _built(t, i, i + 3, value)
    figure = read_figure(t, i)
    if figure is None:
        return None
    following = t.words[figure.last]
    if following in _PROPORTION or following in DASHES:
        return _named(t, i) or _proportion(t, i)
    return _named(t, i) if following in DENOMINATORS or following in TENS else None


def _sign_value(sign: str) -> Decimal:
    """The value of "½" and its like; 0 for any other sign, such as a Roman numeral."""
    return vulgar(sign) if 0 < numeric(sign, 0) < 1 else Decimal(0)


def _half(t: Tokens, i: int, first: int) -> Expression | None:
    """As in "half of", "half the", "half an hour", "more than half"; not in "half-time"."""
    before = t.words[first - 1] if t.near(first) else ""
    if before in _NO_HALVES or before in DASHES:
        return None
    word = t.words[i + 1] if t.near(i + 1) else ""
    unit_at = _halved_unit(t, i, article=first != i)
    if unit_at is not None:
        return _of_unit(t, first, i + 1, unit_at)
    ends = word in FUNCTION_WORDS or not t.alpha(i + 1) or plural(word) or word.endswith("ed")
    bounded = before in _BOUNDS or (before in _SIZES | {"one", "a", "up", "just", "only"} and ends)
    subject = _acts(word) and (not before or before in _BEFORE_SUBJECT)
    if bounded or subject or word == "of" or word in _DETERMINERS:
        return _built(t, first, i + 1, Decimal("0.5"))
    return None


def _halved_unit(t: Tokens, i: int, *, article: bool) -> int | None:
    """The unit's token in "half an hour", "half-hour", "a half hour"."""
    word = t.words[i + 1]
    if word in {"a", "an"} or (word in DASHES and t.glued(i + 1) and t.glued(i + 2)):
        at = i + 2
    else:
        at = i + 1 if article else t.size
    return at if t.near(at) and unit_of(t.words[at]) is not None else None


def _of_unit(t: Tokens, first: int, last: int, unit_at: int) -> Expression:
    half = Decimal("0.5")
    unit = read_unit(t, Figure(first, unit_at, half, digits=False))
    if unit is None:
        return exact(first, last, half, Kind.MEASURE, unit_of(t.words[unit_at]))
    end = unit.last if unit.kind is not Kind.MEASURE else last
    return exact(first, end, half, unit.kind, unit.name, number=(first, last))


def _built(t: Tokens, first: int, last: int, value: Decimal) -> Expression:
    figure = Figure(first, last, value, digits=t.digits(first))
    unit = read_unit(t, figure)
    if unit is not None:
        end = unit.last if unit.inside else last
        return Expression(first, end, (first, last), value, value, value, unit.kind, unit.name)
    return Expression(first, last, (first, last), value, value, value, Kind.FRACTION)


def _named(t: Tokens, i: int) -> Expression | None:
    """As in "two-thirds", "three quarters", "a third of", "one-fifth", "a hundred billionths"."""
    figure = read_figure(t, i)
    article = figure is None and t.words[i] in {"a", "an"}
    if article:
        figure = Figure(i, i + 1, Decimal(1), digits=False)
    if figure is None or figure.readings or figure.value == 0:
        return None
    j = figure.last
    bottom = read_denominator(t, j)
    if bottom is None or not _divides(t, figure, bottom, article=article):
        return None
    value, last = ratio(figure.value, bottom.value), bottom.last
    scale = SCALES.get(t.words[last + 2])
    if scale is not None and t.matches(last, ("of", "a", t.words[last + 2])):
        # "three quarters of a million"
        return exact(i, last + 3, times(value, scale), Kind.COUNT)
    if t.words[last] == "century" and t.near(last):  # "a quarter century"
        return exact(i, last, value, Kind.MEASURE, "century")
    return _built(t, i, last, value)


def _divides(t: Tokens, top: Figure, bottom: Denominator, *, article: bool) -> bool:
    """A plural or "of" makes it a fraction; "a third man", "one quarter later" are none."""
    if bottom.plural:
        return top.value != 1 and not (bottom.value == 4 and _fiscal(t, top, bottom))
    if top.value != 1:
        return False
    following = t.words[bottom.last] if t.near(bottom.last) else ""
    if following in {"of", "century"}:
        return True
    ends = not t.alpha(bottom.last) or not following or following in FUNCTION_WORDS
    if article:
        before = t.words[top.first - 1] if t.near(top.first) else ""
        alone = not before and not following
        # "two and a third was hurt": one more, not a part
        third = before == "and" and following in {"was", "is", "has"}
        subject = _acts(following) and before in _BEFORE_SUBJECT | {""} and not third
        if before in _SIZES | _MOVED or following in _COMPARING:
            return True
        return subject or (ends and (alone or before in _SIZES or bottom.value >= 100))
    # "one-third", "one third": rank is never said so, but a fiscal quarter may be
    quarter = bottom.value == 4 and not t.glued(top.last)
    return not quarter or (ends and t.words[top.first - 1] in _SIZES)


def _acts(word: str) -> bool:
    """Whether a word looks like the verb of a fraction that is a subject: "half voted"."""
    return word in _VERBS or (word.endswith("ed") and len(word) > 4)


def _fiscal(t: Tokens, top: Figure, bottom: Denominator) -> bool:
    """As in "the last two quarters", "six quarters in a row": three months each."""
    after, next_ = t.words[bottom.last], t.words[bottom.last + 1]
    told = after in _IN_A_ROW or (after, next_) == ("in", "a") or next_ in _GROWTH
    return told or t.words[top.first - 1] in _BEFORE_QUARTERS


def _proportion(t: Tokens, i: int) -> Expression | None:
    """As in "seven out of ten", "one in five", "three in every 1,000", "1 in 10"."""
    top = read_figure(t, i)
    if top is None or top.scale != 1 or top.readings or top.value >= 1000:
        return None
    j = top.last
    if t.words[j] == "-" and t.glued(j) and t.glued(j + 1):  # "one-in-five"
        j += 1
    if not t.near(j):
        return None
    out_of = t.words[j] == "out" and t.words[j + 1] == "of"
    if not out_of and t.words[j] != "in":
        return None
    k = j + 2 if out_of else j + 1
    if t.words[k] == "-" and t.glued(k):
        k += 1
    every = t.words[k] in {"every", "each"}
    k += every
    bottom = read_figure(t, k) if t.near(k) else None
    if bottom is None or bottom.readings or not top.value < bottom.value:
        return None
    if not _is_proportion(t, i, top, bottom, out_of=out_of, every=every):
        return None
    value = ratio(top.value, bottom.value)
    ends = (End(i, top.last, top.value), End(bottom.first, bottom.last, bottom.value))
    return Expression(
        i, bottom.last, (i, bottom.last), value, value, value, Kind.FRACTION, ends=ends
    )


def _is_proportion(
    t: Tokens, i: int, top: Figure, bottom: Figure, *, out_of: bool, every: bool
) -> bool:
    if top.value == 0:
        return False
    # "one in 23" is a proportion; "7 out of 12" counts two things
    year = bottom.plain and 1500 <= bottom.value <= 2100
    polled = bottom.value in _POLL or (top.value == 1 and not year)
    if every or bottom.value in _ROUND:
        clear = polled
    else:
        after = t.words[bottom.last] if t.near(bottom.last) and t.alpha(bottom.last) else ""
        named = not top.plain or not after or after in FUNCTION_WORDS | PERSON_WORDS
        clear = polled and top.value <= 10 and (out_of or top.value == 1 or named)
    if out_of or every:
        return clear
    unit = unit_of(t.words[bottom.last])
    verb = t.words[i - 1].endswith(("ed", "ing")) and t.near(i)  # "killed two in five attacks"
    return clear and unit not in WORDS and not verb
