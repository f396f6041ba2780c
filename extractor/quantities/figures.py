"""One bare figure with its scale: "4.2m", "3 lakh crore", "one and a half million", "3½".

Scale words and powers are in scales.py; here stand digits, words, and the parts of one behind them.
"""

from __future__ import annotations

from decimal import Decimal
from unicodedata import numeric

from extractor.quantities import lexicon
from extractor.quantities.denominators import read_part
from extractor.quantities.digits import Numeral, ascii_digits, read_digits
from extractor.quantities.scales import (
    MINUS,
    ONE,
    SUPERSCRIPTS,
    Figure,
    plus,
    ratio,
    scale_at,
    times,
    with_power,
    with_scale,
)
from extractor.quantities.spelled import STARTS, read_spelled
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.words import FUNCTION_WORDS

_HALVES = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}
_HALF_OF = {**lexicon.SCALES, **lexicon.COUNTED_IN, "mln": lexicon.SCALES["million"]}
_FIGURE_WORDS = STARTS | {"a", "an", "hundred", "dozen", "half", "quarter"}
_THOUSAND = Decimal(1000)
_INDIAN = frozenset({lexicon.SCALES["lakh"], lexicon.SCALES["crore"]})


# All that can continue a figure, beside more digits and fractions.
_GOES_ON = (
    frozenset(_HALF_OF)
    | frozenset(lexicon.PLURAL_SCALES)
    | frozenset(lexicon.SCALE_SIGNS)
    | {letters.lower() for letters in (*lexicon.GLUED_SCALES, *lexicon.MONEY_SCALES)}
    | SUPERSCRIPTS
    | DASHES
    | set("e×x·*^")
    | {MINUS, "\u207b", "and"}
)


def read_figure(t: Tokens, i: int, *, money: bool = False) -> Figure | None:
    """The figure at token `i`, scale and halves included; None where there is none.

    >>> read_figure(Tokens("4.2m"), 0, money=True).value
    Decimal('4200000')
    >>> [read_figure(Tokens(s), 0).value for s in ("half a million", "three million and a half")]
    [Decimal('500000'), Decimal('3500000')]
    """
    known, key = t.figures, ~i if money else i
    if key not in known:  # ranges, fractions, masks and amounts all look at the same figure
        known[key] = _read(t, i, money=money)
    figure: Figure | None = known[key]
    return figure


def _read(t: Tokens, i: int, *, money: bool) -> Figure | None:
    if t.digits(i):
        return _scaled_part(t, i) or _digit_figure(t, i, money=money)
    if t.words[i] == "." and t.glued(i + 1) and t.digits(i + 1):
        figure = _digit_figure(t, i + 1, money=money)
        return figure if figure is not None and figure.first == i else None
    if t.words[i] in _FIGURE_WORDS:
        return _spelled_figure(t, i)
    return _scaled_sign(t, i, money=money)


def _scaled_sign(t: Tokens, i: int, *, money: bool) -> Figure | None:
    """As in "½ million", "$½": a fraction's sign alone is no figure (see fractions.py)."""
    sign = t.words[i]
    if len(sign) != 1 or not 0 < numeric(sign, 0) < 1:
        return None
    figure = with_scale(t, Figure(i, i + 1, vulgar(sign)), money=money)
    return figure if money or figure.scale > 1 else None


def _spelled_figure(t: Tokens, i: int) -> Figure | None:
    part = part_of_scale(t, i)
    if part is not None:
        return part
    numeral = read_spelled(t, i)
    if numeral is None:
        return None
    # a scale sign after words ("five mln", "ten lakhs") is rare but means what it says
    figure = _figure(numeral)._replace(digits=False)
    if t.words[figure.last] not in _GOES_ON and figure.whole is None:
        return figure
    figure = _split_at_and(t, figure)
    return _with_part(t, with_scale(t, figure, money=False))


def _scaled_part(t: Tokens, i: int) -> Figure | None:
    """As in "3/4 million"; a slashed fraction alone is no figure (see fractions.py)."""
    scale = lexicon.SCALES.get(t.words[i + 3]) if t.words[i + 1] == "/" and t.near(i + 3) else None
    part = slashed(t, i) if scale is not None else None
    if scale is None or part is None:
        return None
    return Figure(i, i + 4, times(part, scale), scale=scale)


def _figure(numeral: Numeral) -> Figure:
    return Figure(
        numeral.first,
        numeral.last,
        numeral.value,
        numeral.readings,
        plain=numeral.plain,
        leading_zero=numeral.leading_zero,
        scale=numeral.scale,
        whole=numeral.whole,
    )


def _digit_figure(t: Tokens, i: int, *, money: bool) -> Figure | None:
    numeral = read_digits(t, i)
    if numeral is None:
        return None
    figure = _figure(numeral)
    following = t.words[figure.last]
    if not (following in _GOES_ON or following[:1].isnumeric()):
        return figure
    figure = with_power(t, _with_vulgar(t, figure))
    figure = _with_part(t, with_scale(t, figure, money=money))
    return _with_smaller(t, figure)


def _with_vulgar(t: Tokens, figure: Figure) -> Figure:
    """As in "3½", "3 ½", "3 1/2": a whole number and a fraction of one."""
    j = figure.last
    if not figure.plain or not t.near(j):
        return figure
    if t.words[j] in DASHES and t.glued(j) and t.glued(j + 1):  # "2-1/2"
        j += 1
    word = t.words[j]
    if len(word) == 1 and not t.digits(j) and 0 < numeric(word, 0) < 1:
        part, j = vulgar(word), j + 1
    elif t.digits(j) and (below_one := slashed(t, j)) is not None and len(t.words[j]) == 1:
        part, j = below_one, j + 3
    else:
        return figure
    return figure._replace(last=j, value=figure.value + part, readings=(), plain=False)


def vulgar(sign: str) -> Decimal:
    """The value of a vulgar fraction sign.

    >>> vulgar("⅔")
    Decimal('0.6666666666666666666666666667')
    """
    for denominator in (2, 3, 4, 5, 6, 7, 8, 9, 10):
        numerator = numeric(sign) * denominator
        if abs(numerator - round(numerator)) < 1e-9:
            return ratio(Decimal(round(numerator)), Decimal(denominator))
    return Decimal(0)


def slashed(t: Tokens, i: int) -> Decimal | None:
    """As in "2/3" at `i`, with a denominator that people divide by; None for "24/7" or "12/25"."""
    if not (t.words[i + 1] == "/" and t.glued(i + 1) and t.glued(i + 2) and t.digits(i + 2)):
        return None
    if len(t.words[i]) > 2 or len(t.words[i + 2]) > 3 or (t.words[i + 3] == "/" and t.glued(i + 3)):
        return None
    top, bottom = Decimal(ascii_digits(t.words[i])), Decimal(ascii_digits(t.words[i + 2]))
    usual = bottom in {2, 3, 4, 5, 6, 8, 10, 16, 20, 32, 64, 100}
    return ratio(top, bottom) if usual and 0 < top < bottom else None


def _with_part(t: Tokens, figure: Figure) -> Figure:
    """As in "one and a half million", "three million and a half", "two and two thirds"."""
    found = _part_at(t, figure.last)
    if found is None:
        return figure
    part, last = found
    if figure.scale < _THOUSAND:  # "one and a half million" takes its scale now
        whole = plus(figure.value, part)
        mixed = figure._replace(last=last, value=whole, readings=(), plain=False, scale=ONE)
        scaled = with_scale(t, mixed, money=False)
        if t.words[scaled.last] == "dozen" and t.near(scaled.last):  # "two and a half dozen"
            value = times(scaled.value, lexicon.DOZEN)
            return scaled._replace(last=scaled.last + 1, value=value)
        return scaled
    # "three million and a half" has its scale already; "two billion and a half million" is exact
    own = scale_at(t, last, money=False, digits=False)
    scale, last = (figure.scale, last) if own is None or own[0] >= figure.scale else own
    value = plus(figure.value, times(part, scale))
    return figure._replace(last=last, value=value, readings=(), plain=False)


def _part_at(t: Tokens, j: int) -> tuple[Decimal, int] | None:
    """The part of one that "and a half", "and three quarters" add, and where the words end."""
    if t.words[j] in DASHES and t.glued(j):  # "two-and-a-half-year"
        words = [t.words[k] for k in range(j + 1, j + 6, 2)]
        tight = words == ["and", "a", "half"] and all(t.glued(k) for k in range(j, j + 6))
        return (_HALVES["half"], j + 6) if tight else None
    if t.words[j] != "and" or not (t.near(j) and t.near(j + 1)):
        return None
    if t.digits(j + 1) and (slash := slashed(t, j + 1)) is not None:  # "5 and 1/2"
        return slash, j + 4
    part = read_part(t, j + 1)
    return None if part is None else (ratio(part[0], part[1]), part[2])


def _split_at_and(t: Tokens, figure: Figure) -> Figure:
    """As in "five hundred and three quarters": what follows "and" is the top of a fraction."""
    if figure.whole is None:
        return figure
    whole = figure.whole
    part = read_part(t, whole.last + 1)
    if part is None or part[2] <= figure.last or part[0] >= part[1]:
        return figure
    return figure._replace(last=whole.last, value=whole.value, scale=whole.scale, whole=None)


def _with_smaller(t: Tokens, figure: Figure) -> Figure:
    """As in "2 million 300 thousand", "3 hundred and 20": a smaller figure continues the first."""
    while figure.scale >= 100 and not figure.readings:
        joined = t.words[figure.last] == "and" and t.near(figure.last)
        tail = _smaller(t, figure, figure.last + joined, joined=joined)
        if tail is None:
            break
        value = plus(figure.value, tail.value)
        figure = figure._replace(last=tail.last, value=value, scale=tail.scale)
    return figure


def _smaller(t: Tokens, figure: Figure, j: int, *, joined: bool) -> Figure | None:
    if not t.near(j):
        return None
    tail: Figure | None = None
    if t.digits(j):
        numeral = read_digits(t, j)
        if numeral is not None and not numeral.readings and not numeral.leading_zero:
            tail = with_scale(t, _figure(numeral), money=False)
    elif joined and t.words[j] in STARTS:
        spelled = read_spelled(t, j)
        tail = None if spelled is None else _figure(spelled)._replace(digits=False)
    if tail is None or not 0 < tail.value < figure.scale or tail.scale >= figure.scale:
        return None
    # without "and" only a scale word shows that it goes on: "2 million 300 people" is odd
    bare = tail.scale == 1 and not joined
    return None if bare or (joined and not _adds(t, figure, tail)) else tail


def _adds(t: Tokens, figure: Figure, tail: Figure) -> bool:
    """As in "3 hundred and 20 pesos"; not in "5 million and 300 people", "2 hundred and 3 million".

    Written so, hundreds take what is below a hundred, and an Indian scale the next one.
    """
    if t.near(tail.last) and t.words[tail.last] in _HALF_OF:
        return False
    if figure.scale == lexicon.HUNDRED:
        return tail.value < lexicon.HUNDRED and tail.plain == tail.digits
    counts = t.near(tail.last) and t.lower(tail.last) and t.words[tail.last] not in FUNCTION_WORDS
    return figure.scale in _INDIAN and tail.value < _THOUSAND and not counts


def _next_word(t: Tokens, i: int) -> str:
    """The word after token `i`, behind a space or a hyphen."""
    hyphened = t.words[i + 1] in DASHES and t.glued(i + 1) and t.glued(i + 2)
    return t.words[i + 2] if hyphened else t.words[i + 1]


def part_of_scale(t: Tokens, i: int) -> Figure | None:
    """As in "half a million", "half-million", "a quarter of a million", "half a dozen"."""
    three = t.words[i] == "three" and _next_word(t, i) == "quarter"
    j = i + 1 if (t.words[i] in {"a", "one"} and t.near(i + 1)) else i
    j = i + 1 + (t.words[i + 1] in DASHES) if three else j
    part = Decimal("0.75") if three else _HALVES.get(t.words[j])
    if part is None:
        return None
    k = j + 1
    if t.words[k] in DASHES and t.glued(k) and t.glued(k + 1):
        k += 1
        if t.words[k] == "a" and t.words[k + 1] in DASHES and t.glued(k + 2):  # "half-a-million"
            k += 2
    elif part != _HALVES["half"] and t.words[k] == "of" and t.words[k + 1] == "a":
        k += 2
    elif t.words[k] == "a" and j == i:
        k += 1
    if t.words[k] not in _HALF_OF or not all(t.near(m) for m in range(i + 1, k + 1)):
        return None
    scale = _HALF_OF[t.words[k]]
    return Figure(i, k + 1, times(part, scale), digits=False)
