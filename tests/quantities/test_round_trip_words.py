"""Round trips of numbers in words, and of figures and words before a scale word or sign."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from round_trip import (
    COUNTS,
    EXAMPLES,
    GROUPED,
    GROUPS,
    HEADS,
    SCALES,
    SPELLINGS,
    UNITS,
    WITH_COMMAS,
    Spelling,
    counts,
    holds,
)
from spelled import reads_back, sample
from spelled import spelled as spelled_by_num2words

from extractor.quantities import Kind, read_quantities

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
