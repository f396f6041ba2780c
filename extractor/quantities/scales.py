"""What multiplies a figure: scale words and letters, powers of ten.

Values are exact decimals. Products are taken in a context of their own, wide enough for every
figure that the reader lets through, so that no caller's decimal settings can change a value.
"""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import NamedTuple

from extractor.quantities import lexicon
from extractor.quantities.digits import Whole, ascii_digits
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.words import MANY

_WIDE = decimal.Context(prec=120, traps=[])
_RATIO = decimal.Context(prec=28, traps=[])  # a third has to end somewhere
ONE = Decimal(1)
MINUS = "\u2212"
_POWERS = {
    chr(c): str(d)
    for d, c in enumerate(
        (0x2070, 0xB9, 0xB2, 0xB3, 0x2074, 0x2075, 0x2076, 0x2077, 0x2078, 0x2079)
    )
}
_LARGEST_EXPONENT = 36
SUPERSCRIPTS = frozenset(_POWERS)
"""The raised digits, as in "10⁶"."""
_OWN_LETTER = frozenset("'\u2019.&/")


class Figure(NamedTuple):
    """Tokens `first` up to `last` (exclusive) and what they are worth.

    `scale` is the product of the scale words, which a range may share with its other end.
    """

    first: int
    last: int
    value: Decimal
    readings: tuple[Decimal, ...] = ()
    scale: Decimal = ONE
    digits: bool = True
    whole: Whole | None = None  # what stands before the last "and" of a spelled figure
    plain: bool = False
    leading_zero: bool = False


def times(left: Decimal, right: Decimal) -> Decimal:
    """The exact product, without needless decimals.

    >>> times(Decimal("1.5"), Decimal(1000000))
    Decimal('1500000')
    """
    product = _WIDE.multiply(left, right)
    if not product:
        return Decimal(0)  # never minus nought
    whole = _WIDE.to_integral_value(product)
    return whole if whole == product else _WIDE.normalize(product)


def ratio(left: Decimal, right: Decimal) -> Decimal:
    """The quotient to 28 digits."""
    return _RATIO.divide(left, right)


def plus(left: Decimal, right: Decimal) -> Decimal:
    """The exact sum."""
    return _WIDE.add(left, right)


def with_power(t: Tokens, figure: Figure) -> Figure:
    """As in "2.48×10⁵", "2.48 x 10^-5", "2.5e5", and the bare "10⁶"."""
    j = figure.last
    if t.words[j] == "e" and t.glued(j) and t.glued(j + 1):
        power = _exponent(t, j + 1)
    elif figure.plain and figure.value == 10:
        power = _raised(t, j)
        if power is not None:
            figure = figure._replace(value=ONE)
    elif t.words[j] in {"×", "x", "·", "*"} and t.near(j) and t.words[j + 1] == "10":
        power = _raised(t, j + 2)
    else:
        return figure
    if power is None or abs(power[0]) > _LARGEST_EXPONENT:
        return figure
    scale = Decimal(10) ** power[0]  # 10 to the -5 is 0.00001, exactly
    return _scaled(figure, scale, power[1])


def _raised(t: Tokens, j: int) -> tuple[int, int] | None:
    """The exponent in "10⁵", "10⁻⁵", "10^5", and the token after it."""
    if t.words[j] == "^" and t.glued(j) and t.glued(j + 1):
        return _exponent(t, j + 1)
    sign = t.words[j] in {MINUS, "\u207b"} and t.glued(j) and t.words[j + 1] in _POWERS
    k, digits = j + sign, ""
    while t.glued(k) and t.words[k] in _POWERS and len(digits) < 3:
        digits += _POWERS[t.words[k]]
        k += 1
    return (int(digits) * (-1 if sign else 1), k) if digits else None


def _exponent(t: Tokens, j: int) -> tuple[int, int] | None:
    """A small whole number with its sign at token `j`, and the token after it."""
    negative = t.words[j] in {"-", MINUS}
    k = j + 1 if negative or t.words[j] == "+" else j
    if not t.digits(k) or (k > j and not t.glued(k)) or len(t.words[k]) > 2:
        return None
    exponent = int(ascii_digits(t.words[k]))
    return (-exponent if negative else exponent), k + 1


def rescaled(t: Tokens, figure: Figure, j: int) -> Figure:
    """The figure with the scale that stands at token `j`, behind a closing bracket."""
    return with_scale(t, figure._replace(last=j), money=True)


def with_scale(t: Tokens, figure: Figure, *, money: bool) -> Figure:
    """The scale words and signs that follow: "5 million", "3 lakh crore", "5-million", "4bn"."""
    while (found := scale_at(t, figure.last, money=money, digits=figure.digits)) is not None:
        scale, j = found
        if figure.scale * scale > lexicon.LARGEST:
            break
        figure = _scaled(figure, scale, j)
    return figure


def _scaled(figure: Figure, scale: Decimal, last: int) -> Figure:
    # A point before a scale word is a decimal point: nobody writes "1.067 million" for 1,067 of it.
    if len(figure.readings) > 1 and figure.scale == 1:
        figure = figure._replace(
            value=figure.readings[1], readings=(figure.readings[1], figure.readings[0])
        )
    return figure._replace(
        last=last,
        value=times(figure.value, scale),
        readings=tuple(times(r, scale) for r in figure.readings),
        scale=times(figure.scale, scale),
        plain=False,
    )


def scale_at(t: Tokens, j: int, *, money: bool, digits: bool) -> tuple[Decimal, int] | None:
    """The scale word or letter at token `j` and the token after it; None where none stands.

    `money` and `digits` say that it stands behind a sum, behind a figure in digits: letters mean a
    scale only there.
    """
    if t.words[j] in DASHES and t.glued(j) and t.glued(j + 1):  # "a $5-million bridge"
        hyphened = t.words[j + 1]
        scale = lexicon.SCALES.get(hyphened)
        if scale is None and digits:  # "5-dozen eggs"
            scale = lexicon.SCALE_SIGNS.get(hyphened) or lexicon.COUNTED_IN.get(hyphened)
        return (scale, j + 2) if scale else None
    if not t.near(j):
        return None
    word = t.words[j]
    scale = lexicon.SCALES.get(word) or _plural_scale(t, j)
    if scale is None and (word != "cr" or money):
        scale = lexicon.SCALE_SIGNS.get(word)
    if scale is None and digits:
        scale = lexicon.COUNTED_IN.get(word)  # "3 hundred", "2 dozen"
    if scale is None and digits and (t.glued(j) or _spaced_letter(t, j, money=money)):
        scale = lexicon.MONEY_SCALES.get(word) if money else None
        scale = scale or lexicon.GLUED_SCALES.get(t.raw(j))
        if scale is None and t.raw(j) in {"m", "b", "mil"} and _counted_in_millions(t, j + 1):
            scale = lexicon.MONEY_SCALES[t.words[j]]
        if scale is None and t.raw(j) == "b" and t.words[j - 2] == ".":  # "1.2b"
            scale = lexicon.SCALES["billion"]
    return None if scale is None else (scale, j + 1)


def _counted_in_millions(t: Tokens, j: int) -> bool:
    """As in "5m people", "5m euros", "2m Syrians"; "4m waves" are waves of four metres."""
    if not t.near(j) or t.glued(j):
        return False
    code = len(t.words[j]) == 3 and t.raw(j).isupper()  # of a currency: "2mil SEK"
    return (
        code or t.words[j] in MANY or (t.capital(j) and t.words[j].endswith(("ians", "ans", "is")))
    )


def _ends_sentence(t: Tokens, j: int) -> bool:
    """Whether a stop at token `j` is the last of its line, or stands before a quotation mark."""
    return t.words[j] == "." and not t.capital(j + 1)


def _plural_scale(t: Tokens, j: int) -> Decimal | None:
    """As in "5 millions"; after a line or a sentence a new figure begins ("9,861 / Thousands")."""
    fits = t.lower(j) and not t.line_start(j) and t.ends[j - 1] - t.starts[j - 1] <= 3
    indian = t.words[j] in {"lakhs", "crores"}  # "Rs 1000 crores"
    return lexicon.PLURAL_SCALES.get(t.words[j]) if fits or indian or not t.digits(j - 1) else None


def _spaced_letter(t: Tokens, j: int, *, money: bool) -> bool:
    """As in "$5 m", "$3 mil": a letter on its own, and no initial ("$5 M. Night paid")."""
    if t.raw(j) in {"K", "M", "m"} and not money:  # "100 K people"
        return _counted_in_millions(t, j + 1)
    initial = t.words[j + 1] in _OWN_LETTER and not _ends_sentence(t, j + 1)
    alone = not (t.glued(j + 1) and (t.alpha(j + 1) or initial))
    return money and alone and (t.raw(j) in lexicon.SPACED_SCALES or t.words[j] == "mil")
