"""Round trips: a number written in any form that the reader claims reads back as that number.

Every form is written here, from the number, by code that shares nothing with the reader. Where a
test asks for `text`, the span is held against it letter by letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spelled import reads_back, sample
from spelled import spelled as spelled_by_num2words

from extractor.quantities import Kind, Qualifier, Quantity, read, read_quantities

T = TypeVar("T")

LARGEST = 10**15
EXAMPLES = settings(max_examples=60, deadline=None)
FEW = settings(max_examples=20, deadline=None)  # of each of many forms

# ---------------------------------------------------------------- numbers to write

# as many short numbers as long ones, and round ones among them
INTEGERS = st.one_of(
    st.integers(0, 10**4),
    st.integers(0, LARGEST),
    st.builds(
        lambda head, zeros: min(head * 10**zeros, LARGEST), st.integers(1, 9999), st.integers(0, 12)
    ),
)
COUNTS = INTEGERS.filter(lambda n: n > 1)  # one takes a noun in the singular, see below
GROUPED = st.one_of(st.integers(1000, 10**6), st.integers(1000, LARGEST))


@st.composite
def decimals(draw: st.DrawFn, whole: int = 10**12) -> str:
    """A decimal in digits, with one to six places: "4.2", "1067.05"."""
    places = draw(st.integers(1, 6))
    return f"{draw(st.integers(0, whole))}.{draw(st.integers(0, 10**places - 1)):0{places}d}"


# figures that stand before a scale word or sign: "4", "4.2", "12.75", "1.067"
HEADS = st.one_of(
    st.integers(1, 999).map(str),
    st.builds(lambda n, d: f"{n}.{d}", st.integers(0, 999), st.integers(1, 9)),
    st.builds(lambda n, d: f"{n}.{d:02d}", st.integers(0, 999), st.integers(1, 99)),
    st.builds(lambda n, d: f"{n}.{d:03d}", st.integers(1, 9), st.integers(1, 999)),
)

# ---------------------------------------------------------------- how they are written

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
GROUPS = ["", "thousand", "million", "billion", "trillion", "quadrillion"]


@dataclass(frozen=True)
class Spelling:
    """How a number is said: "forty-two" or "forty two", with "and" or not, with commas or not."""

    hyphen: str = "-"
    joint: str = " "
    comma: str = ""

    def below_hundred(self, number: int) -> str:
        if number < 20:
            return UNITS[number]
        tens, unit = divmod(number, 10)
        return TENS[tens - 2] + (self.hyphen + UNITS[unit] if unit else "")

    def below_thousand(self, number: int) -> str:
        hundreds, rest = divmod(number, 100)
        if not hundreds:
            return self.below_hundred(rest)
        said = f"{UNITS[hundreds]} hundred"
        return said + self.joint + self.below_hundred(rest) if rest else said

    def say(self, number: int) -> str:
        if number < 1000:
            return self.below_thousand(number)
        said = ""
        for power in range(len(GROUPS) - 1, -1, -1):
            group = number // 1000**power % 1000
            if not group:
                continue
            if said:  # "one million and five", "one million, one hundred and five"
                said += self.joint if power == 0 and group < 100 else f"{self.comma} "
            said += f"{self.below_thousand(group)} {GROUPS[power]}".rstrip()
        return said


SPELLINGS = st.builds(
    Spelling, st.sampled_from(["-", " "]), st.sampled_from([" ", " and "]), st.just("")
)
WITH_COMMAS = st.builds(
    Spelling, st.sampled_from(["-", " "]), st.sampled_from([" ", " and "]), st.just(",")
)


def spellings(of: dict[T, str]) -> dict[str, T]:
    """What each spelling stands for, the spellings of one thing separated by "|"."""
    return {one: thing for thing, written in of.items() for one in written.split("|")}


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


def sole(sentence: str) -> Quantity:
    """The one quantity of a sentence; anything else, found or masked, is a failure."""
    reading = read(sentence)
    assert len(reading.quantities) == 1, (sentence, reading)
    assert not reading.masked, (sentence, reading.masked)
    return reading.quantities[0]


def holds(
    sentence: str,
    text: str,
    value: Decimal | int,
    kind: Kind = Kind.COUNT,
    unit: str | None = None,
) -> None:
    """Hold the sentence's one quantity, said without a hedge, against all that it must be."""
    quantity = sole(sentence)
    start = sentence.index(text)
    found = (quantity.text, quantity.span.start, quantity.value, quantity.kind, quantity.unit)
    assert found == (text, start, value, kind, unit), (sentence, quantity)
    assert quantity.low == quantity.high == value
    assert (quantity.qualifier, quantity.hedge, quantity.parts) == (Qualifier.EXACT, None, ())


def counts(written: str, value: Decimal | int) -> None:
    """Hold the figure against the number, in running text, at its end and at its beginning."""
    holds(f"There were {written} people.", written, value)
    first = written[0].upper() + written[1:]
    holds(f"{first} people were there.", first, value)


# ---------------------------------------------------------------- digits


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


# ---------------------------------------------------------------- words


@given(COUNTS, SPELLINGS)
@EXAMPLES
def test_words(number: int, spelling: Spelling) -> None:
    counts(spelling.say(number), number)


@given(COUNTS, st.sampled_from([" ", " and "]))
@EXAMPLES
def test_words_joined_by_hyphens_only(number: int, joint: str) -> None:
    counts(Spelling(joint=joint).say(number).replace(" ", "-"), number)


@given(GROUPED, WITH_COMMAS)
@EXAMPLES
def test_words_with_commas_after_the_scales(number: int, spelling: Spelling) -> None:
    counts(spelling.say(number), number)


@given(COUNTS, SPELLINGS)
@EXAMPLES
def test_words_in_capitals(number: int, spelling: Spelling) -> None:
    for written in (spelling.say(number).upper(), spelling.say(number).title()):
        holds(f"AND {written} PEOPLE CAME.", written, number)


@given(COUNTS, SPELLINGS)
@EXAMPLES
def test_words_over_the_end_of_a_line(number: int, spelling: Spelling) -> None:
    written = spelling.say(number).replace(" ", "\n")
    holds(f"There were\n{written}\npeople.", written, number)


@pytest.mark.parametrize("number", sample()[::5])
def test_words_as_num2words_spells_them(number: int) -> None:
    assert reads_back(spelled_by_num2words(number), number)


@given(st.integers(11, 99).filter(lambda n: n % 10))
@EXAMPLES
def test_hundreds_beyond_nine(number: int) -> None:
    counts(f"{Spelling().say(number)} hundred", number * 100)


@given(st.integers(0, 999), st.text("0123456789", min_size=1, max_size=6), SPELLINGS)
@EXAMPLES
def test_decimals_in_words(number: int, places: str, spelling: Spelling) -> None:
    said = f"{spelling.say(number)} point {' '.join(UNITS[int(place)] for place in places)}"
    value = Decimal(f"{number}.{places}")
    holds(f"It rose by {said} per cent.", f"{said} per cent", value, Kind.PERCENT, "%")
    counts(f"{said} million", value * 10**6)


@pytest.mark.parametrize("scale", ["hundred", "thousand", "million", "billion", "trillion"])
@given(rest=st.integers(1, 99))
@EXAMPLES
def test_an_article_for_one(scale: str, rest: int) -> None:
    value = 100 if scale == "hundred" else SCALES[scale]
    counts(f"a {scale}", value)
    counts(f"a {scale} and {Spelling().say(rest)}", value + rest)


@given(st.lists(st.integers(2, 9), min_size=3, max_size=5), st.sampled_from([*GROUPS[1:5], ""]))
@EXAMPLES
def test_figures_listed_are_kept_apart(heads: list[int], scale: str) -> None:
    for figures in ([UNITS[n] for n in heads], [str(n) for n in heads]):
        *said, final = [f"{figure} {scale or 'hundred'}" for figure in figures]
        found = read_quantities(f"They sent {', '.join(said)} and {final} people.")
        assert [q.value for q in found] == [n * (SCALES[scale] if scale else 100) for n in heads]


@given(st.lists(COUNTS, min_size=3, max_size=5))
@EXAMPLES
def test_figures_listed_in_digits_are_kept_apart(numbers: list[int]) -> None:
    *first, final = [f"{number:,}" for number in numbers]
    found = read_quantities(f"They sent {', '.join(first)} and {final} people.")
    assert [q.value for q in found] == numbers


def test_one() -> None:
    holds("They said one person was killed.", "one", 1)
    holds("There was 1 person.", "1", 1)


# ---------------------------------------------------------------- scale words and signs

SCALES = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "lakh": 10**5,
    "crore": 10**7,
    "lakh crore": 10**12,
}
SIGNS = {"k": 10**3, "K": 10**3, "M": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12}


@given(HEADS, st.sampled_from(list(SCALES)))
@EXAMPLES
def test_figures_before_scale_words(head: str, scale: str) -> None:
    for space in (" ", "\u00a0"):
        counts(f"{head}{space}{scale.replace(' ', space)}", Decimal(head) * SCALES[scale])


@given(HEADS, st.sampled_from(list(SIGNS)))
@EXAMPLES
def test_figures_before_scale_signs(head: str, sign: str) -> None:
    counts(f"{head}{sign}", Decimal(head) * SIGNS[sign])


@given(HEADS, st.sampled_from(["mln", "mn", "bn", "bln", "tn", "trn"]))
@EXAMPLES
def test_scale_signs_after_a_space(head: str, sign: str) -> None:
    counts(f"{head} {sign}", Decimal(head) * {"m": 10**6, "b": 10**9, "t": 10**12}[sign[0]])


@given(st.integers(1, 999), st.integers(1, 999))
@EXAMPLES
def test_a_smaller_scale_continues_a_larger_one(millions: int, thousands: int) -> None:
    written = f"{millions} million {thousands} thousand"
    counts(written, millions * 10**6 + thousands * 1000)


@pytest.mark.parametrize(
    ("part", "share"),
    [
        ("a half", "0.5"),
        ("a quarter", "0.25"),
        ("three quarters", "0.75"),
        ("three-quarter", "0.75"),
    ],
)
@given(number=st.integers(2, 999), scale=st.sampled_from(GROUPS[1:5]))
@EXAMPLES
def test_and_a_part_of_a_scale(part: str, share: str, number: int, scale: str) -> None:
    value = (number + Decimal(share)) * SCALES[scale]
    said = Spelling(joint=" and ").say(number)
    counts(f"{said} and {part} {scale}", value)
    if part != "three-quarter":
        counts(f"{said} {scale} and {part}", value)


@given(st.integers(2, 999), st.sampled_from(GROUPS[1:5]), st.sampled_from("½¼¾"))
@EXAMPLES
def test_a_fraction_sign_before_a_scale(number: int, scale: str, sign: str) -> None:
    share = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}[sign]
    counts(f"{number}{sign} {scale}", (number + share) * SCALES[scale])


@pytest.mark.parametrize("scale", ["thousand", "million", "billion", "trillion"])
def test_half_of_a_scale(scale: str) -> None:
    half = Decimal(SCALES[scale]) / 2
    counts(f"half a {scale}", half)
    counts(f"a {scale} and a half", 3 * half)
    counts(f"a quarter of a {scale}", half / 2)
    counts(f"three quarters of a {scale}", half + half / 2)


@given(st.integers(2, 99))
@EXAMPLES
def test_dozens(number: int) -> None:
    counts(f"{number} dozen", 12 * number)
    counts(f"{Spelling().say(number)} dozen", 12 * number)


# ---------------------------------------------------------------- money

BEFORE = spellings(
    {
        "USD": "$|US$|$US|US $|USD|USD ",
        "GBP": "£|GBP ",
        "EUR": "€|EUR ",
        "JPY": "¥",
        "INR": "₹|Rs|Rs |Rs. ",
        "AUD": "A$",
        "CAD": "C$",
        "HKD": "HK$",
        "CHF": "CHF ",
        "RUB": "₽",
        "UAH": "₴",
    }
)
AFTER = spellings(
    {
        "USD": "dollars|US dollars|USD",
        "GBP": "pounds sterling",
        "EUR": "euros|euro|EUR",
        "JPY": "yen",
        "INR": "rupees",
        "AUD": "Australian dollars",
        "CNY": "yuan",
        "RUB": "roubles",
        "UAH": "hryvnias",
        "cent": "cents",
        "penny": "pence",
        "peso": "pesos",
    }
)
MONEY_SCALES = {
    "": 1,
    **spellings(
        {
            10**3: "k| thousand",
            10**6: "m|M|mn| million|-million",
            10**9: "b|bn| billion|-billion",
            10**12: "tn|trn| trillion| lakh crore",
            10**7: " crore",
        }
    ),
}


@given(HEADS, st.sampled_from(list(BEFORE)), st.sampled_from(list(MONEY_SCALES)))
@settings(max_examples=200, deadline=None)
def test_a_currency_before_its_figure(head: str, sign: str, scale: str) -> None:
    value = Decimal(head) * MONEY_SCALES[scale]
    written = f"{sign}{head}{scale}"
    holds(f"They paid {written} for it.", written, value, Kind.CURRENCY, BEFORE[sign])
    holds(f"It cost {written}.", written, value, Kind.CURRENCY, BEFORE[sign])


@given(INTEGERS, st.integers(0, 99), st.sampled_from(list(BEFORE)))
@EXAMPLES
def test_a_currency_before_a_grouped_figure(number: int, cents: int, sign: str) -> None:
    for written, value in (
        (f"{sign}{number}", Decimal(number)),
        (f"{sign}{number:,}", Decimal(number)),
        (f"{sign}{number:,}.{cents:02d}", Decimal(f"{number}.{cents:02d}")),
    ):
        holds(f"They paid {written} for it.", written, value, Kind.CURRENCY, BEFORE[sign])


@given(HEADS, st.sampled_from(list(AFTER)), st.sampled_from(["", *SCALES]))
@settings(max_examples=150, deadline=None)
def test_a_currency_after_its_figure(head: str, name: str, scale: str) -> None:
    value = Decimal(head) * SCALES.get(scale, 1)
    written = " ".join(f"{head} {scale} {name}".split())
    holds(f"They paid {written} for it.", written, value, Kind.CURRENCY, AFTER[name])


@given(COUNTS, SPELLINGS, st.sampled_from(["dollars", "euros", "yen", "rupees"]))
@EXAMPLES
def test_a_currency_after_words(number: int, spelling: Spelling, name: str) -> None:
    written = f"{spelling.say(number)} {name}"
    holds(f"They paid {written} for it.", written, number, Kind.CURRENCY, AFTER[name])


@given(HEADS, st.sampled_from("€$£"))
@EXAMPLES
def test_a_currency_sign_after_its_figure(head: str, sign: str) -> None:
    written = f"{head}{sign}"
    holds(f"They paid {written} for it.", written, Decimal(head), Kind.CURRENCY, BEFORE[sign])


@given(HEADS, st.sampled_from(["million", "billion"]))
@EXAMPLES
def test_a_large_sum_of_pounds(head: str, scale: str) -> None:
    written = f"{head} {scale} pounds"
    value = Decimal(head) * SCALES[scale]
    holds(f"They paid {written} for it.", written, value, Kind.CURRENCY, "GBP")


# ---------------------------------------------------------------- per cent and points

PERCENT = ["%", " %", "\u00a0%", " per cent", " percent", " pct", "-per-cent"]
POINTS = spellings(
    {
        "percentage point": "percentage points|percentage point",
        "basis point": "basis points|basis point",
    }
)


@given(HEADS, st.sampled_from(PERCENT))
@EXAMPLES
def test_per_cent(head: str, sign: str) -> None:
    written = f"{head}{sign}"
    holds(f"It rose by {written} then.", written, Decimal(head), Kind.PERCENT, "%")


@given(st.integers(0, 999), SPELLINGS, st.sampled_from(["per cent", "percent"]))
@EXAMPLES
def test_per_cent_in_words(number: int, spelling: Spelling, sign: str) -> None:
    written = f"{spelling.say(number)} {sign}"
    holds(f"It rose by {written} then.", written, number, Kind.PERCENT, "%")


@given(HEADS, st.sampled_from(list(POINTS)))
@EXAMPLES
def test_points(head: str, name: str) -> None:
    for joint in (" ", "-"):
        written = f"{head}{joint}{name}"
        value, kind = Decimal(head), Kind.PERCENTAGE_POINT
        holds(f"It rose by {written} then.", written, value, kind, POINTS[name])


@given(st.integers(2, 999), SPELLINGS, st.sampled_from(["percentage points", "basis points"]))
@EXAMPLES
def test_points_in_words(number: int, spelling: Spelling, name: str) -> None:
    written = f"{spelling.say(number)} {name}"
    holds(f"It rose by {written} then.", written, number, Kind.PERCENTAGE_POINT, POINTS[name])


# ---------------------------------------------------------------- below nought


@given(st.one_of(HEADS, GROUPED.map(lambda n: f"{n:,}")), st.sampled_from("\u2212-"))
@EXAMPLES
def test_a_minus_sign(figure: str, sign: str) -> None:
    value = -Decimal(figure.replace(",", ""))
    written = f"{sign}{figure}"
    holds(f"The index stood at {written} then.", written, value)
    holds(f"It changed by {written}% then.", f"{written}%", value, Kind.PERCENT, "%")
    holds(f"It was {written}°C then.", f"{written}°C", value, Kind.MEASURE, "degree Celsius")


@given(HEADS, st.sampled_from(["$", "£", "€"]), st.sampled_from(["", "m", "bn", " million"]))
@EXAMPLES
def test_a_minus_sign_before_money(head: str, currency: str, scale: str) -> None:
    value = -Decimal(head) * MONEY_SCALES[scale]
    for sign in "\u2212-":
        written = f"{sign}{currency}{head}{scale}"
        holds(f"The result was {written} then.", written, value, Kind.CURRENCY, BEFORE[currency])


@given(st.integers(1, LARGEST), HEADS, SPELLINGS)
@EXAMPLES
def test_minus_in_words(number: int, head: str, spelling: Spelling) -> None:
    holds(f"It stood at minus {number:,} then.", f"minus {number:,}", -number)
    holds(f"It stood at minus {head} then.", f"minus {head}", -Decimal(head))
    written = f"minus {spelling.say(number)}"
    holds(f"It stood at {written} then.", written, -number)
    holds(f"It was {written} degrees then.", written, -number, Kind.MEASURE, "degree")


@given(HEADS, st.sampled_from(["$", "£", "€"]), st.sampled_from(["", "m", "bn", " million"]))
@example("1.001", "$", "")
@EXAMPLES
def test_accounting_brackets(head: str, currency: str, scale: str) -> None:
    value = -Decimal(head) * MONEY_SCALES[scale]
    written = f"({currency}{head}{scale})"
    sentence = f"Net income for the year was {written}."
    holds(sentence, written, value, Kind.CURRENCY, BEFORE[currency])


@given(HEADS, st.sampled_from(["$", "£", "€"]), st.sampled_from(["", "m", "bn", " million"]))
@EXAMPLES
def test_accounting_brackets_behind_the_currency(head: str, currency: str, scale: str) -> None:
    value = -Decimal(head) * MONEY_SCALES[scale]
    written = f"{currency}({head}){scale}"
    sentence = f"Net income for the year was {written}."
    holds(sentence, written, value, Kind.CURRENCY, BEFORE[currency])


@given(HEADS, st.sampled_from(["$", "£", "€"]), st.sampled_from(["", "m", "bn", " million"]))
@EXAMPLES
def test_brackets_of_an_aside_are_no_minus(head: str, currency: str, scale: str) -> None:
    value = Decimal(head) * MONEY_SCALES[scale]
    written = f"{currency}{head}{scale}"
    sentence = f"The turnover ({written}) set a record."
    holds(sentence, written, value, Kind.CURRENCY, BEFORE[currency])


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


# ---------------------------------------------------------------- ranges


@dataclass(frozen=True)
class Ends:
    """The two ends of a range, as numbers."""

    low: Decimal
    high: Decimal

    def times(self, scale: int) -> Ends:
        return Ends(self.low * scale, self.high * scale)


@st.composite
def ends(draw: st.DrawFn, most: int = LARGEST, places: int = 0) -> Ends:
    """A low and a higher number, the higher one at most six times as high."""
    low = draw(st.one_of(st.integers(1, min(most, 1000)), st.integers(1, most)))
    high = low + draw(st.integers(1, max(1, min(low * 5, most))))
    return Ends(Decimal(low).scaleb(-places), Decimal(high).scaleb(-places))


LIKE_A_NUMBER_TO_CALL = Ends(Decimal(500), Decimal(1000))
LIKE_YEARS = Ends(Decimal(1500), Decimal(2000))
SMALL_ENDS = st.one_of(ends(500), ends(500, places=1))  # "5 to 10", "2.5 to 3.1"


def ranges(
    sentence: str, text: str, between: Ends, kind: Kind = Kind.COUNT, unit: str | None = None
) -> None:
    """Hold the sentence's one quantity against a range, its parts included."""
    quantity = sole(sentence)
    found = (quantity.text, quantity.value, quantity.low, quantity.high, quantity.kind)
    assert found == (text, None, between.low, between.high, kind), (sentence, quantity)
    assert (quantity.qualifier, quantity.unit) == (Qualifier.RANGE, unit)
    assert [part.value for part in quantity.parts] == [between.low, between.high]


@pytest.mark.parametrize(
    "form", ["{}-{}", "{}–{}", "{} – {}", "{} to {}", "{}-to-{}", "between {} and {}"]
)
@given(of=ends())
@example(of=LIKE_A_NUMBER_TO_CALL)
@example(of=LIKE_YEARS)
@EXAMPLES
def test_ranges_in_digits(form: str, of: Ends) -> None:
    written = form.format(f"{of.low:,}", f"{of.high:,}")
    ranges(f"There were {written} people.", written, of)
    written = form.format(of.low, of.high)
    ranges(f"There were {written} people.", written, of)


@given(ends())
@EXAMPLES
def test_ranging_from(of: Ends) -> None:
    written = f"{of.low:,} to {of.high:,}"
    ranges(f"The crowds ranged from {written} people.", written, of)
    ranges(f"There were anywhere from {written} people.", written, of)


@pytest.mark.parametrize("form", ["{} to {}", "between {} and {}"])
@given(of=ends(), spelling=SPELLINGS)
@example(of=Ends(Decimal(400), Decimal(1001)), spelling=Spelling(joint=" and "))
@EXAMPLES
def test_ranges_in_words(form: str, of: Ends, spelling: Spelling) -> None:
    written = form.format(spelling.say(int(of.low)), spelling.say(int(of.high)))
    ranges(f"There were {written} people.", written, of)


@pytest.mark.parametrize(
    "form",
    [
        "{a} to {b}{x}",
        "{a}-{b}{x}",
        "{a}–{b}{x}",
        "between {a} and {b}{x}",
        "{a}{x} to {b}{x}",
        "{a}{x}-{b}{x}",
        "between {a}{x} and {b}{x}",
    ],
)
@pytest.mark.parametrize(
    ("sign", "kind", "unit"),
    [
        (" per cent", Kind.PERCENT, "%"),
        (" percent", Kind.PERCENT, "%"),
        ("%", Kind.PERCENT, "%"),
        (" percentage points", Kind.PERCENTAGE_POINT, "percentage point"),
        (" basis points", Kind.PERCENTAGE_POINT, "basis point"),
    ],
)
@given(of=SMALL_ENDS)
@example(of=LIKE_A_NUMBER_TO_CALL)
@FEW
def test_ranges_of_per_cent_and_points(
    form: str, sign: str, kind: Kind, unit: str, of: Ends
) -> None:
    written = form.format(a=of.low, b=of.high, x=sign)
    ranges(f"They expect {written} this year.", written, of, kind, unit)


@pytest.mark.parametrize(
    "form",
    [
        "{s}{a}-{b}{x}",
        "{s}{a}–{b}{x}",
        "{s}{a}-{s}{b}{x}",
        "{s}{a} to {b}{x}",
        "{s}{a} to {s}{b}{x}",
        "{s}{a}{x} to {s}{b}{x}",
        "{s}{a}{x}-{s}{b}{x}",
        "{s}{a}{x}-{b}{x}",
        "between {s}{a}{x} and {s}{b}{x}",
        "between {s}{a} and {s}{b}{x}",
    ],
)
@given(of=SMALL_ENDS, scale=st.sampled_from([" million", "m", "bn"]), sign=st.sampled_from("$£€"))
@EXAMPLES
def test_ranges_of_money_share_their_scale(form: str, of: Ends, scale: str, sign: str) -> None:
    written = form.format(s=sign, a=of.low, b=of.high, x=scale)
    scaled = of.times(MONEY_SCALES[scale])
    ranges(f"They paid {written} for it.", written, scaled, Kind.CURRENCY, BEFORE[sign])


@pytest.mark.parametrize("form", ["{}-{}", "{} to {}", "between {} and {}"])
@given(of=SMALL_ENDS, scale=st.sampled_from(["", *SCALES]), name=st.sampled_from(["euros", "yen"]))
@EXAMPLES
def test_ranges_of_money_named_after_it(form: str, of: Ends, scale: str, name: str) -> None:
    written = " ".join(f"{form.format(of.low, of.high)} {scale} {name}".split())
    scaled = of.times(SCALES.get(scale, 1))
    ranges(f"They paid {written} for it.", written, scaled, Kind.CURRENCY, AFTER[name])


@pytest.mark.parametrize(
    "form", ["{a}-{b} {x}", "{a} to {b} {x}", "between {a} and {b} {x}", "{a} {x} to {b} {x}"]
)
@given(of=SMALL_ENDS, scale=st.sampled_from(list(SCALES)))
@example(of=LIKE_A_NUMBER_TO_CALL, scale="thousand")
@EXAMPLES
def test_ranges_of_counts_share_their_scale(form: str, of: Ends, scale: str) -> None:
    written = form.format(a=of.low, b=of.high, x=scale)
    ranges(f"There were {written} people.", written, of.times(SCALES[scale]))


@pytest.mark.parametrize("form", ["{} to {} {}", "between {} and {} {}"])
@given(of=ends(150), scale=st.sampled_from(["thousand", "million", "billion"]))
@example(of=Ends(Decimal(200), Decimal(500)), scale="thousand")
@EXAMPLES
def test_ranges_in_words_share_their_scale(form: str, of: Ends, scale: str) -> None:
    said = Spelling()
    written = form.format(said.say(int(of.low)), said.say(int(of.high)), scale)
    ranges(f"There were {written} people.", written, of.times(SCALES[scale]))


@pytest.mark.parametrize("sign", ["-", "\u2212", "minus "])
@given(of=ends(90))
@EXAMPLES
def test_ranges_below_nought(sign: str, of: Ends) -> None:
    across = Ends(-of.low, of.high)
    written = f"between {sign}{of.low} and {of.high}%"
    ranges(f"They expect {written} this year.", written, across, Kind.PERCENT, "%")
    below = Ends(-of.high, -of.low)
    written = f"{sign}{of.high}% to {sign}{of.low}%"
    ranges(f"They expect {written} this year.", written, below, Kind.PERCENT, "%")


@given(st.integers(2, 9), st.sampled_from(["-", " "]))
@EXAMPLES
def test_odd(tens: int, joint: str) -> None:
    for figure in (TENS[tens - 2], f"{tens}0", f"{tens}00"):
        value = int(f"{tens}00") if figure.endswith("00") else tens * 10
        quantity = sole(f"They counted {figure}{joint}odd people.")
        assert (quantity.text, quantity.qualifier) == (f"{figure}{joint}odd", Qualifier.ABOUT)
        assert quantity.value == quantity.low == value
        assert quantity.high == (value + 100 if figure.endswith("00") else value + 10)


@given(ends(10**6))
@EXAMPLES
def test_a_change_is_two_figures(of: Ends) -> None:
    found = read_quantities(f"The toll rose from {of.low:,} to {of.high:,} people.")
    assert [q.value for q in found] == [of.low, of.high]


# ---------------------------------------------------------------- hedges

BELOW, ABOVE, BOTH = "below", "above", "both"
SIDES = {  # which side of the number the hedge bounds
    Qualifier.EXACT: BOTH,
    Qualifier.ABOUT: BOTH,
    Qualifier.ALMOST: BELOW,
    Qualifier.MORE_THAN: ABOVE,
    Qualifier.AT_LEAST: ABOVE,
    Qualifier.UP_TO: BELOW,
    Qualifier.LESS_THAN: BELOW,
    Qualifier.AT_MOST: BELOW,
}
HEDGES = spellings(
    {
        Qualifier.EXACT: "exactly|precisely",
        Qualifier.ABOUT: "about|around|some|approximately|roughly|an estimated",
        Qualifier.ALMOST: "almost|nearly|close to|just under",
        Qualifier.MORE_THAN: "more than|over|well over|upwards of|in excess of",
        Qualifier.AT_LEAST: "at least|no fewer than|a minimum of",
        Qualifier.UP_TO: "up to|as many as",
        Qualifier.LESS_THAN: "less than|fewer than|under",
        Qualifier.AT_MOST: "at most|no more than|a maximum of",
    }
)
AFTERWARDS = spellings(
    {
        Qualifier.ABOUT: "or so",
        Qualifier.AT_LEAST: "or more",
        Qualifier.AT_MOST: "or fewer|or less",
    }
)


def hedged(sentence: str, text: str, hedge: str, value: int, qualifier: Qualifier) -> None:
    """Hold the sentence's one quantity against its hedge, the bounds that it sets and its words."""
    quantity, side = sole(sentence), SIDES[qualifier]
    assert quantity.text == text, (sentence, quantity)
    assert quantity.value == value, (sentence, quantity)
    assert quantity.qualifier is qualifier, (sentence, quantity)
    assert quantity.low == (None if side == BELOW else value)
    assert quantity.high == (None if side == ABOVE else value)
    assert quantity.hedge is not None
    assert quantity.hedge.of(sentence) == hedge


@given(COUNTS, SPELLINGS, st.sampled_from(list(HEDGES)))
@settings(max_examples=250, deadline=None)
def test_a_hedge_before_its_number(number: int, spelling: Spelling, hedge: str) -> None:
    for figure in (f"{number:,}", spelling.say(number)):
        written = f"{hedge} {figure}"
        hedged(f"They counted {written} people.", written, hedge, number, HEDGES[hedge])


@given(HEADS, st.sampled_from(list(HEDGES)))
@EXAMPLES
def test_a_hedge_before_a_figure_with_a_unit(head: str, hedge: str) -> None:
    for figure in (f"{head}%", f"{head} per cent", f"£{head}m", f"US${head}bn", f"{head}bn yen"):
        quantity = sole(f"It grew by {hedge} {figure} then.")
        assert (quantity.text, quantity.qualifier) == (f"{hedge} {figure}", HEDGES[hedge])


@given(COUNTS, SPELLINGS, st.sampled_from(list(AFTERWARDS)))
@EXAMPLES
def test_a_hedge_after_its_number(number: int, spelling: Spelling, hedge: str) -> None:
    for figure in (f"{number:,}", spelling.say(number)):
        written = f"{figure} {hedge}"
        hedged(f"They counted {written}.", written, hedge, number, AFTERWARDS[hedge])


@given(COUNTS)
@EXAMPLES
def test_a_plus_sign_after_its_number(number: int) -> None:
    sentence = f"They counted {number:,}+ people."
    hedged(sentence, f"{number:,}+", "+", number, Qualifier.AT_LEAST)


@given(COUNTS, COUNTS, st.sampled_from(list(HEDGES)))
@EXAMPLES
def test_a_hedge_belongs_to_one_number(first: int, second: int, hedge: str) -> None:
    found = read_quantities(f"They counted {hedge} {first:,} men and {second:,} women.")
    assert [q.value for q in found] == [first, second]
    assert [q.qualifier for q in found] == [HEDGES[hedge], Qualifier.EXACT]


@given(ends(), st.sampled_from(["about", "some", "an estimated"]))
@EXAMPLES
def test_a_range_stays_a_range_behind_a_hedge(of: Ends, hedge: str) -> None:
    written = f"{hedge} {of.low:,} to {of.high:,}"
    ranges(f"They counted {written} people.", written, of)


@pytest.mark.parametrize(
    ("written", "low"),
    [
        ("dozens", 24),
        ("hundreds", 200),
        ("thousands", 2000),
        ("hundreds of thousands", 200_000),
        ("tens of thousands", 20_000),
        ("millions", 2_000_000),
        ("several", 3),
        ("several hundred", 300),
        ("several thousand", 3000),
        ("several million", 3_000_000),
    ],
)
def test_vague_magnitudes(written: str, low: int) -> None:
    of = " of" if written.endswith("s") else ""
    quantity = sole(f"They counted {written}{of} people.")
    assert quantity.number.of(f"They counted {written}{of} people.") == written
    assert quantity.low == low
    assert quantity.value is quantity.high is None
    assert (quantity.kind, quantity.qualifier) == (Kind.VAGUE, Qualifier.VAGUE)


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
