"""What the round trips share: a number written in any form that the reader claims reads back.

The numbers to write, the forms to write them in, and what a reading is held against. Every form is
written here and in the tests themselves, from the number, by code that shares nothing with the
reader. Where a test asks for `text`, the span is held against it letter by letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st

from extractor.quantities import Kind, Qualifier, Quantity, read

T = TypeVar("T")

LARGEST = 10**15
EXAMPLES = settings(max_examples=60, deadline=None)

# ---------------------------------------------------------------- numbers to write

# as many short numbers as long ones, and round ones among them
INTEGERS = st.one_of(
    st.integers(0, 10**4),
    st.integers(0, LARGEST),
    st.builds(
        lambda head, zeros: min(head * 10**zeros, LARGEST), st.integers(1, 9999), st.integers(0, 12)
    ),
)
COUNTS = INTEGERS.filter(lambda n: n > 1)  # one takes a noun in the singular: see test_one
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


SCALES = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "lakh": 10**5,
    "crore": 10**7,
    "lakh crore": 10**12,
}

# what says the currency, before the figure or after it
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
# with the space or hyphen before them, if any; they follow the figure
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
    assert quantity.low == quantity.high == value, (sentence, quantity)
    said = (quantity.qualifier, quantity.hedge, quantity.parts)
    assert said == (Qualifier.EXACT, None, ()), (sentence, quantity)


def counts(written: str, value: Decimal | int) -> None:
    """Hold the figure against the number, in running text, at its end and at its beginning."""
    holds(f"There were {written} people.", written, value)
    first = written[0].upper() + written[1:]
    holds(f"{first} people were there.", first, value)
