"""Round trips of money, per cent and points, and of figures below nought."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st
from round_trip import (
    AFTER,
    BEFORE,
    COUNTS,
    EXAMPLES,
    GROUPED,
    HEADS,
    INTEGERS,
    LARGEST,
    MONEY_SCALES,
    SCALES,
    SPELLINGS,
    Spelling,
    holds,
    spellings,
)

from extractor.quantities import Kind

# ---------------------------------------------------------------- money


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
