"""Round trips of ranges, hedged figures and vague magnitudes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from round_trip import (
    AFTER,
    BEFORE,
    COUNTS,
    EXAMPLES,
    HEADS,
    LARGEST,
    MONEY_SCALES,
    SCALES,
    SPELLINGS,
    TENS,
    Spelling,
    sole,
    spellings,
)

from extractor.quantities import Kind, Qualifier, read_quantities

FEW = settings(max_examples=20, deadline=None)  # of each of many forms

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
