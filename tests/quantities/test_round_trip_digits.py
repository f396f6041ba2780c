"""Round trips of numbers in digits: plain, grouped, in other scripts, with powers of ten."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from round_trip import COUNTS, EXAMPLES, GROUPED, LARGEST, counts, decimals, holds, sole

from extractor.quantities import Kind

# ---------------------------------------------------------------- how they are written


def indian(number: int) -> str:
    """1234567 as "12,34,567": three digits at the end, before them groups of two."""
    head, tail = divmod(number, 1000)
    groups = [f"{tail:03d}"]
    while head >= 100:
        head, two = divmod(head, 100)
        groups.insert(0, f"{two:02d}")
    return ",".join([str(head), *groups])


def in_script(written: str, zero: str) -> str:
    """The same digits in the script whose zero is given."""
    return written.translate({ord("0") + d: ord(zero) + d for d in range(10)})


# ---------------------------------------------------------------- how they are read


@given(COUNTS)
@EXAMPLES
def test_plain_digits(number: int) -> None:
    counts(str(number), number)


@given(COUNTS)
@EXAMPLES
def test_grouped_by_commas(number: int) -> None:
    counts(f"{number:,}", number)


@pytest.mark.parametrize(
    "sign",
    ["\u2009", "\u202f", "\u00a0", "'", "\u2019"],
    ids=["thin", "narrow no-break", "no-break", "apostrophe", "typographic apostrophe"],
)
@given(number=GROUPED)
@EXAMPLES
def test_grouped_by_a_space_or_an_apostrophe(sign: str, number: int) -> None:
    counts(f"{number:,}".replace(",", sign), number)


@given(st.one_of(st.integers(100_000, 10**8), st.integers(100_000, LARGEST)))
@EXAMPLES
def test_grouped_as_in_india(number: int) -> None:
    counts(indian(number), number)


@pytest.mark.parametrize(
    "zero",
    ["\uff10", "\u0660", "\u06f0", "\u0966", "\u09e6"],
    ids=["full-width", "Arabic-Indic", "Persian", "Devanagari", "Bengali"],
)
@given(number=COUNTS, decimal=decimals())
@EXAMPLES
def test_digits_of_another_script(zero: str, number: int, decimal: str) -> None:
    counts(in_script(str(number), zero), number)
    counts(in_script(f"{number:,}", zero), number)
    written = in_script(f"{decimal}%", zero)
    holds(f"It rose by {written} then.", written, Decimal(decimal), Kind.PERCENT, "%")


@given(number=GROUPED, decimal=decimals())
@EXAMPLES
def test_arabic_separators(number: int, decimal: str) -> None:
    counts(in_script(f"{number:,}", "\u0660").replace(",", "\u066c"), number)
    written = in_script(decimal, "\u0660").replace(".", "\u066b")
    holds(f"It rose by {written}% then.", f"{written}%", Decimal(decimal), Kind.PERCENT, "%")


@given(decimals())
@EXAMPLES
def test_decimals_with_a_unit_are_exact(written: str) -> None:
    value = Decimal(written)
    holds(f"It rose by {written}%.", f"{written}%", value, Kind.PERCENT, "%")
    holds(f"It weighs {written} kilograms.", written, value, Kind.MEASURE, "kilogram")
    holds(f"It weighs {written}kg.", f"{written}kg", value, Kind.MEASURE, "kilogram")


@given(decimals(10**4))
@EXAMPLES
def test_decimals_alone_are_exact_or_say_that_they_have_two_readings(written: str) -> None:
    quantity = sole(f"The index stood at {written} then.")
    whole, places = written.split(".")
    assert quantity.text == written
    assert quantity.value == Decimal(written)
    if len(places) == 3 and len(whole) < 4 and whole != "0":
        assert set(quantity.readings) == {Decimal(written), Decimal(whole + places)}
    else:
        assert quantity.readings == ()


@given(GROUPED, st.integers(0, 99))
@EXAMPLES
def test_grouped_decimals(number: int, cents: int) -> None:
    value = Decimal(f"{number}.{cents:02d}")
    for sign in (",", "\u2009", "\u00a0", "\u2019"):
        grouped = f"{number:,}".replace(",", sign)
        holds(f"It stood at {grouped}.{cents:02d} then.", f"{grouped}.{cents:02d}", value)
    continental = f"{number:,}".replace(",", ".") + f",{cents:02d}"
    holds(f"It stood at {continental} then.", continental, value)


@pytest.mark.parametrize("form", ["{}×10{r}", "{} × 10{r}", "{} x 10^{}", "{}e{}", "{}E{:+03d}"])
@given(head=st.integers(100, 999), exponent=st.one_of(st.integers(2, 30), st.integers(-9, -1)))
@EXAMPLES
def test_powers_of_ten(form: str, head: int, exponent: int) -> None:
    raised = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    figure = f"{head // 100}.{head % 100:02d}"
    written = form.format(figure, exponent, r=raised)
    value = Decimal(figure).scaleb(exponent)
    holds(f"It holds {written} grams.", written, value, Kind.MEASURE, "gram")
