"""A text's own habits, which order the readings of a form that can be read in two ways.

A text that writes "3,5" and "1.234.567" groups by the point, so that its "1.067 km" is more than a
thousand; one that says "5m people" means millions by a bare "4.2m" too.
"""

from __future__ import annotations

import re
from dataclasses import replace

from extractor.quantities.types import Kind, Quantity

_POINT_GROUPS = re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d+,\d{1,2}(?!\d)")
_COMMA_GROUPS = re.compile(r"\d,\d{3}|\d\.(?:\d{1,2}|\d{4,})(?!\d)")
_ONE_POINT = re.compile(r"\d{1,3}\.\d{3}\Z")
_GLUED_MILLION = re.compile(r"\dm\Z")


def order_readings(quantities: list[Quantity], text: str) -> None:
    """Put first, in each quantity with several readings, the one that the others' form asks for."""
    if not any(quantity.readings for quantity in quantities):
        return
    numbers = [quantity.number.of(text) for quantity in quantities]
    sure = [n for n, q in zip(numbers, quantities, strict=True) if not q.readings]
    points = any(map(_POINT_GROUPS.match, sure)) and not any(map(_COMMA_GROUPS.search, sure))
    millions = any(
        _GLUED_MILLION.search(n) and q.kind is Kind.COUNT and not q.readings
        for n, q in zip(numbers, quantities, strict=True)
    )
    for k, quantity in enumerate(quantities):
        if len(quantity.readings) != 2:
            continue
        larger = max(quantity.readings)
        if quantity.unit == "metre" and _GLUED_MILLION.search(quantity.text) and millions:
            quantities[k] = replace(_reordered(quantity), kind=Kind.COUNT, unit=None)
        elif _ONE_POINT.match(numbers[k]) and points and quantity.readings[0] != larger:
            quantities[k] = _reordered(quantity)


def _reordered(quantity: Quantity) -> Quantity:
    first, second = quantity.readings
    return replace(
        quantity,
        value=second,
        low=None if quantity.low is None else second,
        high=None if quantity.high is None else second,
        readings=(second, first),
    )
