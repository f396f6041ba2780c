"""How a number was read, in one sentence for a person."""

from __future__ import annotations

from decimal import Decimal

from extractor.quantities import Kind, Qualifier, Quantity

_LONGEST = 40  # digits that are shown of one figure
_DECIMALS = 10
_NATURE = {
    Kind.PERCENT: "a share in per cent",
    Kind.PERCENTAGE_POINT: "a difference of shares",
    Kind.FRACTION: "a share of something",
    Kind.MULTIPLE: "a factor",
    Kind.ORDINAL: "a place in an order, not an amount",
    Kind.AGE: "an age",
}


def figure(number: Decimal) -> str:
    """A figure for the eye: digits in groups, of an endless fraction the beginning.

    >>> figure(Decimal("1.6E+6")), figure(Decimal("0.250")), figure(Decimal(1) / 3)
    ('1,600,000', '0.25', '0.3333333333…')
    """
    if number and abs(number.adjusted()) > _LONGEST:  # it would fill the screen
        return f"{number:.3e}"
    whole, _, decimals = f"{number:,f}".partition(".")
    decimals = decimals.rstrip("0")
    if not decimals:
        return whole
    return f"{whole}.{decimals[:_DECIMALS]}" + ("…" if len(decimals) > _DECIMALS else "")


def value_of(quantity: Quantity) -> str:
    """The figure, all its readings, or the interval where it has no figure."""
    if quantity.readings:
        return " or ".join(figure(reading) for reading in quantity.readings)
    return _interval(quantity) if quantity.value is None else figure(quantity.value)


def how_read(quantity: Quantity, text: str) -> str:
    """What was made of a quantity of `text`, and of which words.

    >>> from extractor.quantities import read_quantities
    >>> text = "more than 7,000 of $5-6 million"
    >>> for quantity in read_quantities(text):
    ...     print(how_read(quantity, text))
    7,000 or more: “more than” before “7,000”.
    5,000,000 to 6,000,000: from “5” to “6 million”; in USD.
    """
    return f"{_meant(quantity)}: {'; '.join(_reasons(quantity, text))}."


def _reasons(quantity: Quantity, text: str) -> list[str]:
    reasons = [_words(quantity, text)]
    if quantity.readings:
        reasons.append("the form allows each of these, the likeliest first")
    if quantity.kind in _NATURE:
        reasons.append(_NATURE[quantity.kind])
    elif quantity.unit is not None:
        money = quantity.kind is Kind.CURRENCY
        reasons.append(f"in {quantity.unit}" if money else f"its unit is {quantity.unit}")
    return reasons


def _words(quantity: Quantity, text: str) -> str:
    """Which words say so."""
    number, hedge = quantity.number, quantity.hedge
    ends = [f"“{part.span.of(text)}”" for part in quantity.parts]
    if len(ends) == 2:
        ranged = quantity.qualifier is Qualifier.RANGE
        words = f"from {ends[0]} to {ends[1]}" if ranged else f"{ends[0]} of {ends[1]}"
    else:
        words = f"“{number.of(text)}”"
        if quantity.qualifier is Qualifier.VAGUE:
            words += " is a magnitude, and no figure"
    if hedge is None:
        bare = quantity.value is not None and quantity.kind is not Kind.ORDINAL
        return f"{words}, without a hedge" if bare else words
    side = "before" if hedge.start < number.start else "behind"
    return f"“{hedge.of(text)}” {side} {words}"


def _meant(quantity: Quantity) -> str:
    if quantity.readings:
        return value_of(quantity)
    about = "about " if quantity.qualifier is Qualifier.ABOUT else ""
    return about + _interval(quantity)


def _interval(quantity: Quantity) -> str:
    low, high = quantity.low, quantity.high
    if low is not None and high is not None:
        return figure(low) if low == high else f"{figure(low)} to {figure(high)}"
    if low is not None:
        return f"{figure(low)} or more"
    return f"{figure(high)} or less" if high is not None else "any number"
