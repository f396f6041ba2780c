"""Round trips of fractions, proportions, ranks, ages and multiples."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from round_trip import EXAMPLES, SPELLINGS, TENS, UNITS, Spelling, holds, sole

from extractor.quantities import Kind, Quantity

# ---------------------------------------------------------------- fractions

VULGAR = {
    sign: Fraction(share)
    for sign, share in zip(
        "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒",
        "1/2 1/3 2/3 1/4 3/4 1/5 2/5 3/5 4/5 1/6 5/6 1/7 1/8 3/8 5/8 7/8 1/9 1/10".split(),
        strict=True,
    )
}
DENOMINATORS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "eighth": 8, "tenth": 10}


def close(quantity: Quantity, value: Fraction) -> bool:
    """Equal where the fraction ends in decimals, to 25 digits where it does not."""
    if quantity.value is None:
        return False
    return abs(Fraction(quantity.value) - value) <= abs(value) * Fraction(1, 10**25)


@given(st.integers(1, 9999), st.sampled_from(list(VULGAR)))
@EXAMPLES
def test_mixed_numbers(whole: int, sign: str) -> None:
    value = whole + VULGAR[sign]
    top, bottom = VULGAR[sign].as_integer_ratio()
    forms = [f"{whole}{sign}", f"{whole} {sign}"]
    if bottom in {2, 4, 8}:
        forms.append(f"{whole} {top}/{bottom}")
    for written in forms:
        quantity = sole(f"It took {written} hours.")
        assert (quantity.text, quantity.kind, quantity.unit) == (written, Kind.MEASURE, "hour")
        assert close(quantity, value), (written, quantity)
        quantity = sole(f"It rose by {written}% then.")
        assert (quantity.text, quantity.kind, quantity.unit) == (f"{written}%", Kind.PERCENT, "%")
        assert close(quantity, value), (written, quantity)


@pytest.mark.parametrize("sign", VULGAR)
def test_a_fraction_sign_alone(sign: str) -> None:
    quantity = sole(f"They lost {sign} of it.")
    assert (quantity.text, quantity.kind) == (sign, Kind.FRACTION)
    assert close(quantity, VULGAR[sign])


@pytest.mark.parametrize("name", DENOMINATORS)
@pytest.mark.parametrize("top", range(1, 10))
def test_fractions_in_words(top: int, name: str) -> None:
    bottom = DENOMINATORS[name]
    plural = "halves" if name == "half" else f"{name}s"
    denominator = name if top == 1 else plural
    for joint in ("-", " "):
        written = f"{UNITS[top]}{joint}{denominator}"
        quantity = sole(f"They lost {written} of the harvest.")
        assert (quantity.text, quantity.kind) == (written, Kind.FRACTION)
        assert close(quantity, Fraction(top, bottom)), (written, quantity)


@pytest.mark.parametrize("joint", ["in", "out of", "in every"])
@pytest.mark.parametrize("bottom", [10, 100, 1000, 10_000])
@pytest.mark.parametrize("top", range(1, 10))
def test_proportions(top: int, bottom: int, joint: str) -> None:
    in_words = Spelling().say(bottom).replace("one ", "a ")
    for written in (
        f"{top} {joint} {bottom:,}",
        f"{UNITS[top]} {joint} {bottom:,}",
        f"{UNITS[top]} {joint} {in_words}",
    ):
        quantity = sole(f"Of those asked, {written} said it was bad.")
        assert (quantity.text, quantity.kind) == (written, Kind.FRACTION)
        assert close(quantity, Fraction(top, bottom))
        assert [part.value for part in quantity.parts] == [top, bottom]


# ---------------------------------------------------------------- ordinals

ORDINAL_UNITS = "first second third fourth fifth sixth seventh eighth ninth".split()
ORDINAL_TEENS = (
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth "
    "nineteenth"
).split()


def suffix(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def ordinal(number: int, spelling: Spelling) -> str:
    """The rank in words: the last word of the number says that it is one."""
    if number > 100 and number % 100:
        front = spelling.say(number - number % 100)
        return front + spelling.joint + ordinal(number % 100, spelling)
    if number >= 100:
        return spelling.say(number) + "th"
    if number < 20:
        return [*ORDINAL_UNITS, *ORDINAL_TEENS][number - 1]
    tens, unit = divmod(number, 10)
    if not unit:
        return TENS[tens - 2].removesuffix("y") + "ieth"
    return f"{TENS[tens - 2]}-{ORDINAL_UNITS[unit - 1]}"


@given(st.one_of(st.integers(1, 200), st.integers(1, 10**7)))
@EXAMPLES
def test_ordinals_in_digits(number: int) -> None:
    for written in (f"{number}{suffix(number)}", f"{number:,}{suffix(number)}"):
        holds(f"It was the {written} visitor so far.", written, number, Kind.ORDINAL)


@pytest.mark.parametrize("number", range(3, 100))  # "first" and "second" are mostly no ranks
def test_ordinals_in_words(number: int) -> None:
    written = ordinal(number, Spelling())
    holds(f"It was the {written} visitor so far.", written, number, Kind.ORDINAL)


@given(st.one_of(st.integers(100, 9999), st.integers(100, 10**6)), SPELLINGS)
@EXAMPLES
def test_long_ordinals_in_words(number: int, spelling: Spelling) -> None:
    written = ordinal(number, spelling)
    holds(f"It was the {written} visitor so far.", written, number, Kind.ORDINAL)


# ---------------------------------------------------------------- ages and multiples


@given(st.integers(2, 99))
@EXAMPLES
def test_ages(number: int) -> None:
    holds(f"A {number}-year-old was there.", f"{number}-year-old", number, Kind.AGE, "year")
    said = f"{Spelling().say(number)}-year-old"
    holds(f"A {said} was there.", said, number, Kind.AGE, "year")


@given(st.integers(2, 99))
@EXAMPLES
def test_multiples(number: int) -> None:
    for written in (f"{number} times", f"{Spelling().say(number)} times"):
        sentence = f"It is {written} as large as before."
        quantity = sole(sentence)
        assert quantity.value == number
        assert (quantity.text, quantity.kind) == (written, Kind.MULTIPLE)
