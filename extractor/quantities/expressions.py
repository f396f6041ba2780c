"""What the grammar hands to the reader: a quantity in tokens, before its hedges are looked for."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from extractor.quantities.types import Kind, Qualifier


class End(NamedTuple):
    """One end of a range, or one figure of a proportion: its bare tokens and its value."""

    first: int
    last: int
    value: Decimal


class Expression(NamedTuple):
    """Tokens `first` up to `last` (exclusive) say one quantity; `number` is its bare figure."""

    first: int
    last: int
    number: tuple[int, int]
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    kind: Kind
    unit: str | None = None
    qualifier: Qualifier = Qualifier.EXACT
    ends: tuple[End, ...] = ()
    readings: tuple[Decimal, ...] = ()


def exact(
    first: int,
    last: int,
    value: Decimal,
    kind: Kind,
    unit: str | None = None,
    number: tuple[int, int] | None = None,
) -> Expression:
    """One exact value; `number` is the whole of it where nothing else is said."""
    return Expression(first, last, number or (first, last), value, value, value, kind, unit)


def negated(e: Expression, first: int) -> Expression:
    """The same below zero, with its sign at token `first`."""
    minus = None if e.value is None else -e.value
    return e._replace(first=first, value=minus, low=minus, high=minus, ends=())


class Mask(NamedTuple):
    """Tokens `first` up to `last` hold a number that is no quantity, at these offsets."""

    first: int
    last: int
    start: int
    end: int
    kind: str
