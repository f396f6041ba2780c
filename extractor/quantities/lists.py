"""What the figures of one enumeration share: "21 and 22 per cent", "3, 4 and 5 million".

A unit behind the last figure of an enumeration holds for those before it; the last two must be
joined by "and", "or" or "to": after a bare comma a new statement may begin ("killed 5, 10 km
away"). Whether a scale is shared as well ("5 and 6 million") form does not decide, so that both
readings are kept; the same holds where the second of two compared figures leaves its scale out
("5.9 million against 5.8").
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from extractor.quantities.scales import times
from extractor.quantities.types import Kind, Quantity
from extractor.quantities.words import FUNCTION_WORDS, HARMS

_LONGEST = 12  # figures of one enumeration
_WIDEST = 60  # characters between two figures that are compared
_SHARED = frozenset({Kind.PERCENT, Kind.CURRENCY, Kind.PERCENTAGE_POINT})
_LAST_JOINS = frozenset({"and", "or", "to"})
_JOINS = frozenset({",", "and", "or"})
_COMPARES = re.compile(r"(?<!\w)(?:against|from|versus|than|compared (?:with|to))\Z")
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?(?=\W?[^\W\d])")
_ENDS_ITEM = re.compile(r"\s*(?:[,.;:)]|\Z|and\b|or\b|were\b|was\b)")
_NEXT_WORD = re.compile(r"\s*(\w*)")
_LAST_WORD = re.compile(r"(\w+)\W*\Z")
_MILLION = Decimal(1_000_000)
_OLDEST = 120  # years


def share(quantities: list[Quantity], first: int, text: str) -> None:
    """Give the last of `quantities` and those before it what they share.

    Those before `first` are of another paragraph.
    """
    if len(quantities) - first < 2:
        return
    last = quantities[-1]
    if quantities[-2].kind is Kind.AGE:
        _share_age(quantities, text)
        return
    if last.number.start != last.span.start or last.parts or last.value is None:
        return
    if last.kind not in _SHARED | {Kind.COUNT}:
        return
    scale = _scale(last, text)
    if last.kind in _SHARED or scale >= _MILLION:
        _share_back(quantities, first, text, scale)
    elif last.kind is Kind.COUNT and scale == 1 and "." in last.text and not last.readings:
        quantities[-1] = _compared(quantities[-2], last, text)


def _share_back(quantities: list[Quantity], first: int, text: str, scale: Decimal) -> None:
    last = following = quantities[-1]
    for k in range(len(quantities) - 2, max(first - 1, len(quantities) - 2 - _LONGEST), -1):
        before = quantities[k]
        joins = _LAST_JOINS if following is last else _JOINS
        if _between(before, following, text) not in joins or not _bare(before):
            return
        if scale == 1 and not (following is last and _harmed(before, text)):
            following = replace(before, kind=last.kind, unit=last.unit)
        elif scale >= _MILLION and _takes_scale(before, last, text, alone=following is last):
            following = _rescaled(before, scale, last)
        else:
            return
        quantities[k] = following


def _between(before: Quantity, following: Quantity, text: str) -> str:
    return " ".join(text[before.span.end : following.span.start][:12].split()).lower()


def _bare(quantity: Quantity) -> bool:
    plain = quantity.kind is Kind.COUNT and quantity.unit is None and not quantity.readings
    return plain and quantity.number.end == quantity.span.end and quantity.value is not None


def _takes_scale(before: Quantity, last: Quantity, text: str, *, alone: bool) -> bool:
    """Not in "killed 3 and 5 million were displaced", where a verb took its own figure."""
    if before.value is None or last.value is None or not 0 < before.value < 1000:
        return False
    if text[before.number.start].isdigit() != text[last.number.start].isdigit():
        return False
    return not (alone and _harmed(before, text))


def _harmed(quantity: Quantity, text: str) -> bool:
    """Whether a verb before the figure took it for its own: "sold 300 and 40 percent came back"."""
    word = _LAST_WORD.search(text, max(0, quantity.span.start - 20), quantity.span.start)
    return word is not None and word[1].lower() in HARMS


def _rescaled(quantity: Quantity, scale: Decimal, like: Quantity) -> Quantity:
    plain = quantity.value or Decimal(0)
    scaled = times(plain, scale)
    return replace(
        quantity,
        value=scaled,
        low=None if quantity.low is None else scaled,
        high=None if quantity.high is None else scaled,
        kind=like.kind,
        unit=like.unit,
        readings=(scaled, plain),
    )


def _scale(quantity: Quantity, text: str) -> Decimal:
    """The scale that stands behind the digits of a figure ("5 million": a million), or 1."""
    if quantity.value is None or quantity.value <= 0:
        return Decimal(1)
    match = _DIGITS.match(text, quantity.number.start, quantity.number.end)
    digits = Decimal(match[0].replace(",", "")) if match else Decimal(0)
    return quantity.value / digits if digits else Decimal(1)


def _compared(before: Quantity, last: Quantity, text: str) -> Quantity:
    """The figure that leaves its scale out: "5.93 million bags against 5.81"."""
    gap = text[before.span.end : last.span.start]
    if len(gap) > _WIDEST or _COMPARES.search(gap.rstrip()) is None:
        return last
    scale = _scale(before, text)
    if scale < _MILLION or not _ends_phrase(last, text):
        return last
    return _rescaled(last, scale, last)


def _ends_phrase(quantity: Quantity, text: str) -> bool:
    """Whether no noun follows that could be counted."""
    match = _NEXT_WORD.match(text, quantity.span.end)
    word = match[1].lower() if match else ""
    return not word or word in FUNCTION_WORDS or word == "last"


def _ends_item(quantity: Quantity, text: str) -> bool:
    return _ENDS_ITEM.match(text, quantity.span.end) is not None


def _share_age(quantities: list[Quantity], text: str) -> None:
    """As in "aged 14, 16 and 17": the ages of several people."""
    before, last = quantities[-2:]
    aged = before.kind is Kind.AGE and before.number.end == before.span.end
    if not (aged and _bare(last) and _between(before, last, text) in _JOINS | {", and"}):
        return
    if last.value is not None and 0 < last.value <= _OLDEST and _ends_item(last, text):
        quantities[-1] = replace(last, kind=Kind.AGE, unit=before.unit)
