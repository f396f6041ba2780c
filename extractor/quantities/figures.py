"""One bare figure with its scale: "4.2m", "3 lakh crore", "one and a half million", "3½".

Values are exact decimals. Products are taken in a context of their own, wide enough for every
figure that the reader lets through, so that no caller's decimal settings can change a value.
"""

from __future__ import annotations

import decimal
from dataclasses import dataclass, replace
from decimal import Decimal
from unicodedata import numeric

from extractor.quantities import lexicon
from extractor.quantities.digits import Numeral, ascii_digits, read_digits
from extractor.quantities.spelled import STARTS, read_spelled
from extractor.quantities.tokens import DASHES, Tokens

_WIDE = decimal.Context(prec=120, traps=[])
_RATIO = decimal.Context(prec=28, traps=[])  # a third has to end somewhere
ONE = Decimal(1)
_HALVES = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}
_HALF_OF = {**lexicon.SCALES, **lexicon.COUNTED_IN, "mln": lexicon.SCALES["million"]}
_FIGURE_WORDS = STARTS | {"a", "an", "hundred", "dozen", "half", "quarter"}
_SUPERSCRIPTS = {
    chr(c): str(d)
    for d, c in enumerate(
        (0x2070, 0xB9, 0xB2, 0xB3, 0x2074, 0x2075, 0x2076, 0x2077, 0x2078, 0x2079)
    )
}
_LARGEST_EXPONENT = 36


@dataclass(frozen=True, slots=True)
class Figure:
    """Tokens `first` up to `last` (exclusive) and what they are worth.

    `scale` is the product of the scale words, which a range may share with its other end.
    """

    first: int
    last: int
    value: Decimal
    readings: tuple[Decimal, ...] = ()
    scale: Decimal = ONE
    digits: bool = True
    plain: bool = False
    leading_zero: bool = False

    def span(self, t: Tokens) -> tuple[int, int]:
        """Its offsets in the text."""
        return t.starts[self.first], t.ends[self.last - 1]


def times(left: Decimal, right: Decimal) -> Decimal:
    """The exact product, without needless decimals.

    >>> times(Decimal("1.5"), Decimal(1000000))
    Decimal('1500000')
    """
    product = _WIDE.multiply(left, right)
    whole = _WIDE.to_integral_value(product)
    return whole if whole == product else _WIDE.normalize(product)


def ratio(left: Decimal, right: Decimal) -> Decimal:
    """The quotient to 28 digits."""
    return _RATIO.divide(left, right)


def read_figure(t: Tokens, i: int, *, money: bool = False) -> Figure | None:
    """The figure at token `i`, scale and halves included; None where there is none.

    >>> read_figure(Tokens("4.2m"), 0, money=True).value
    Decimal('4200000')
    >>> [read_figure(Tokens(s), 0).value for s in ("half a million", "three million and a half")]
    [Decimal('500000'), Decimal('3500000')]
    """
    if t.digits(i):
        return _digit_figure(t, i, money=money)
    if t.word(i) == "." and t.glued(i + 1) and t.digits(i + 1):
        figure = _digit_figure(t, i + 1, money=money)
        return figure if figure is not None and figure.first == i else None
    if t.word(i) not in _FIGURE_WORDS:
        return None
    part = part_of_scale(t, i)
    if part is not None:
        return part
    numeral = read_spelled(t, i)
    if numeral is None:
        return None
    # a scale sign after words ("five mln", "ten lakhs") is rare but means what it says
    figure = _with_scale(t, replace(_figure(numeral), digits=False), money=False)
    return _with_half(t, figure)


def _figure(numeral: Numeral) -> Figure:
    return Figure(
        numeral.first,
        numeral.last,
        numeral.value,
        numeral.readings,
        plain=numeral.plain,
        leading_zero=numeral.leading_zero,
        scale=numeral.scale,
    )


def _digit_figure(t: Tokens, i: int, *, money: bool) -> Figure | None:
    numeral = read_digits(t, i)
    if numeral is None:
        return None
    figure = _with_power(t, _with_vulgar(t, _figure(numeral)))
    figure = _with_half(t, _with_scale(t, figure, money=money))
    return _with_smaller(t, figure)


def _with_vulgar(t: Tokens, figure: Figure) -> Figure:
    """As in "3½", "3 ½", "3 1/2": a whole number and a fraction of one."""
    j = figure.last
    if not figure.plain or not t.near(j):
        return figure
    word = t.word(j)
    if len(word) == 1 and not t.digits(j) and 0 < numeric(word, 0) < 1:
        part, j = vulgar(word), j + 1
    elif t.digits(j) and (below_one := slashed(t, j)) is not None and len(t.word(j)) == 1:
        part, j = below_one, j + 3
    else:
        return figure
    return replace(figure, last=j, value=figure.value + part, readings=(), plain=False)


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
    if not (t.word(i + 1) == "/" and t.glued(i + 1) and t.glued(i + 2) and t.digits(i + 2)):
        return None
    if len(t.word(i)) > 2 or len(t.word(i + 2)) > 3 or (t.word(i + 3) == "/" and t.glued(i + 3)):
        return None
    top, bottom = Decimal(ascii_digits(t.word(i))), Decimal(ascii_digits(t.word(i + 2)))
    usual = bottom in {2, 3, 4, 5, 6, 8, 10, 16, 20, 32, 64, 100}
    return ratio(top, bottom) if usual and 0 < top < bottom else None


def _with_power(t: Tokens, figure: Figure) -> Figure:
    """As in "2.48×10⁵", "2.48 x 10^5"."""
    j = figure.last
    if not (t.word(j) in {"×", "x", "·", "*"} and t.near(j) and t.word(j + 1) == "10"):
        return figure
    k = j + 2
    if t.word(k) == "^" and t.glued(k) and t.digits(k + 1) and t.glued(k + 1):
        exponent, k = ascii_digits(t.word(k + 1)), k + 2
    else:
        exponent = ""
        while t.glued(k) and t.word(k) in _SUPERSCRIPTS and len(exponent) < 3:
            exponent += _SUPERSCRIPTS[t.word(k)]
            k += 1
    if not exponent or len(exponent) > 2 or int(exponent) > _LARGEST_EXPONENT:
        return figure
    scale = Decimal(10) ** int(exponent)
    return _scaled(figure, scale, k)


def _with_scale(t: Tokens, figure: Figure, *, money: bool) -> Figure:
    """The scale words and signs that follow: "5 million", "3 lakh crore", "5-million", "4bn"."""
    while (found := _scale_at(t, figure.last, money=money, digits=figure.digits)) is not None:
        scale, j = found
        if figure.scale * scale > lexicon.LARGEST:
            break
        figure = _scaled(figure, scale, j)
    return figure


def _scaled(figure: Figure, scale: Decimal, last: int) -> Figure:
    # A point before a scale word is a decimal point: nobody writes "1.067 million" for 1,067 of it.
    if len(figure.readings) > 1 and figure.scale == 1:
        figure = replace(
            figure, value=figure.readings[1], readings=(figure.readings[1], figure.readings[0])
        )
    return replace(
        figure,
        last=last,
        value=times(figure.value, scale),
        readings=tuple(times(r, scale) for r in figure.readings),
        scale=times(figure.scale, scale),
        plain=False,
    )


def _scale_at(t: Tokens, j: int, *, money: bool, digits: bool) -> tuple[Decimal, int] | None:
    if t.word(j) in DASHES and t.glued(j) and t.glued(j + 1):  # "a $5-million bridge"
        hyphened = t.word(j + 1)
        scale = lexicon.SCALES.get(hyphened) or (digits and lexicon.SCALE_SIGNS.get(hyphened))
        return (scale, j + 2) if scale else None
    if not t.near(j):
        return None
    word = t.word(j)
    scale = lexicon.SCALES.get(word)
    if scale is None and (word != "cr" or money):
        scale = lexicon.SCALE_SIGNS.get(word)
    if scale is None and digits:
        scale = lexicon.COUNTED_IN.get(word)  # "3 hundred", "2 dozen"
    if scale is None and digits and t.glued(j):
        scale = lexicon.MONEY_SCALES.get(word) if money else None
        scale = scale or lexicon.GLUED_SCALES.get(t.raw(j))
    return None if scale is None else (scale, j + 1)


def _with_half(t: Tokens, figure: Figure) -> Figure:
    """As in "one and a half million", "three million and a half", "two and a half (years)"."""
    found = _half_at(t, figure.last)
    if found is None:
        return figure
    part, last = found
    value = _WIDE.add(figure.value, times(part, figure.scale))
    halved = replace(figure, last=last, value=value, readings=(), plain=False)
    # "three million and a half" has its scale already; "one and a half million" takes it now
    return halved if figure.scale > 1 else _with_scale(t, halved, money=False)


def _half_at(t: Tokens, j: int) -> tuple[Decimal, int] | None:
    """The part of one that "and a half", "and three quarters" add, and where the words end."""
    if t.word(j) in DASHES and t.glued(j):  # "two-and-a-half-year"
        words = [t.word(k) for k in range(j + 1, j + 6, 2)]
        tight = words == ["and", "a", "half"] and all(t.glued(k) for k in range(j, j + 6))
        return (_HALVES["half"], j + 6) if tight else None
    if t.word(j) != "and" or not all(t.near(k) for k in range(j, j + 3)):
        return None
    if t.word(j + 1) == "three" and t.word(j + 2) == "quarters":
        return Decimal("0.75"), j + 3
    part = _HALVES.get(t.word(j + 2)) if t.word(j + 1) in {"a", "one"} else None
    return None if part is None else (part, j + 3)


def _with_smaller(t: Tokens, figure: Figure) -> Figure:
    """As in "2 million 300 thousand": a second figure of a smaller scale continues the first."""
    j = figure.last
    if figure.scale < 1000 or not (t.digits(j) and t.near(j)):
        return figure
    numeral = read_digits(t, j)
    if numeral is None or numeral.readings:
        return figure
    tail = _with_scale(t, _figure(numeral), money=False)
    if not 1 < tail.scale < figure.scale or tail.value >= figure.scale:
        return figure
    return replace(
        figure, last=tail.last, value=_WIDE.add(figure.value, tail.value), readings=(), scale=ONE
    )


def part_of_scale(t: Tokens, i: int) -> Figure | None:
    """As in "half a million", "half-million", "a quarter of a million", "half a dozen"."""
    j = i + 1 if t.word(i) in {"a", "one"} and t.near(i + 1) else i
    part = _HALVES.get(t.word(j))
    if part is None:
        return None
    k = j + 1
    if t.word(k) in DASHES and t.glued(k) and t.glued(k + 1):
        k += 1
    elif part != _HALVES["half"] and t.word(k) == "of" and t.word(k + 1) == "a":
        k += 2
    elif t.word(k) == "a" and j == i:
        k += 1
    if t.word(k) not in _HALF_OF or not all(t.near(m) for m in range(i + 1, k + 1)):
        return None
    scale = _HALF_OF[t.word(k)]
    return Figure(i, k + 1, times(part, scale), digits=False)
