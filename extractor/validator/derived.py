"""Values that a text does not name but implies: a share of a number, worked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Context, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from extractor.quantities.types import Kind, Qualifier, Quantity
from extractor.text import Span
from extractor.text.words import words

if TYPE_CHECKING:
    from extractor.validator.case import Case

# a third of 6 million is 2 million; of hostile figures, infinity instead of an error
_CONTEXT = Context(prec=20, traps=[])
_SHARES = (Kind.FRACTION, Kind.PERCENT)
_WHOLES = (Kind.COUNT, Kind.CURRENCY, Kind.MEASURE)
_BETWEEN = 4  # words between a share and its whole: "a quarter of Aldor's 44 million"


def derived_quantity(
    text: str, inside: Sequence[Quantity], parts: Sequence[str]
) -> Quantity | None:
    """The number that two figures of a quote give, if they are the named parts; else None.

    `parts` name the share and its whole, each by its words or its bare figure as the text has
    them; at most one of the two may be hedged.
    """
    if len(parts) != 2:
        return None
    named = [part.strip().casefold() for part in parts]
    for share, whole, product in _products(text, inside):
        forms = [_forms(text, share), _forms(text, whole)]
        if all(any(name in form for name in named) for form in forms):
            return product
    return None


def worked_out(case: Case) -> Quantity | None:
    """The two figures of the quote whose product a candidate gives as its value, if it is so."""
    if case.quote is None or case.figure.value is None:
        return None
    inside = [
        q for q in case.source.quantities_touching(case.quote) if case.quote.contains(q.number)
    ]
    for _, _, product in _products(case.text, inside):
        if product.value == case.figure.value:
            return product
    return None


def _products(
    text: str, inside: Sequence[Quantity]
) -> Iterator[tuple[Quantity, Quantity, Quantity]]:
    for share, whole in pairwise(inside):
        if share.kind not in _SHARES or whole.kind not in _WHOLES or not _is_of(text, share, whole):
            continue
        if share.value is None or whole.value is None or (share.hedge and whole.hedge):
            continue
        value = _CONTEXT.multiply(share.value, whole.value)
        if share.kind is Kind.PERCENT:
            value = _CONTEXT.scaleb(value, -2)
        if value.is_finite():
            yield share, whole, _product(text, share, whole, value)


def _product(text: str, share: Quantity, whole: Quantity, value: Decimal) -> Quantity:
    hedged = share if share.hedge else whole
    span = Span(share.span.start, whole.span.end)
    ends = {
        Qualifier.EXACT: (value, value),
        Qualifier.MORE_THAN: (value, None),
        Qualifier.AT_LEAST: (value, None),
        Qualifier.ALMOST: (None, value),
        Qualifier.LESS_THAN: (None, value),
        Qualifier.AT_MOST: (None, value),
        Qualifier.UP_TO: (None, value),
    }
    low, high = ends.get(hedged.qualifier, (None, None))
    return replace(
        whole,
        span=span,
        text=span.of(text),
        number=Span(share.number.start, whole.number.end),
        value=value,
        low=low,
        high=high,
        qualifier=hedged.qualifier,
        hedge=hedged.hedge,
        readings=(),
    )


def _is_of(text: str, share: Quantity, whole: Quantity) -> bool:
    between = [w.lower for w in words(text, Span(share.span.end, whole.span.start))]
    return "of" in between[:1] and len(between) <= _BETWEEN


def _forms(text: str, quantity: Quantity) -> set[str]:
    unhedged = Span(quantity.number.start, quantity.span.end)
    return {span.of(text).casefold() for span in (quantity.span, quantity.number, unhedged)}
