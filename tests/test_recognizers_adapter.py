"""The fixed mapping between the reader and the peer's suite, on sentences of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from recognizers import DEPARTURES, Case, cases, departures, score
from recognizers_adapter import adapt, canonical

ADAPTED = [
    # bare numerals, with a scale but without a hedge or a unit
    ("NumberModel", "about $4.2 million for 17 boats", ["4.2 million = 4200000", "17 = 17"]),
    ("NumberModel", "between 30 and 45 ferries", ["30 = 30", "45 = 45"]),
    ("NumberModel", "it fell by minus 12 degrees", ["minus 12 = -12"]),
    ("NumberModel", "a 75kg load and 3 kg of rice", ["3 = 3"]),
    ("NumberModel", "the 22nd ship with dozens of crates doubled its load", []),
    # the sign, not the hedge; of a range the figure at the sign
    ("PercentModel", "more than 12.5% of the boats", ["12.5% = 12.5%"]),
    ("PercentModel", "5 to 9 per cent of 80 boats", ["9 per cent = 9%"]),
    ("PercentModel", "minus 4% for a year", ["minus 4% = -4%"]),
    # numerals only
    ("OrdinalModel", "the 22nd boat of 40, then the eleventh", ["22nd = 22", "eleventh = 11"]),
    # brackets by the hedge
    ("NumberRangeModel", "more than 40 ferries", ["more than 40 = (40,)"]),
    ("NumberRangeModel", "fewer than 40 ferries", ["fewer than 40 = (,40)"]),
    ("NumberRangeModel", "at least 40 ferries", ["at least 40 = [40,)"]),
    ("NumberRangeModel", "up to 40 ferries", ["up to 40 = (,40]"]),
    ("NumberRangeModel", "about 40 ferries, almost 50 boats and 60 ships", []),
    ("NumberRangeModel", "about 5 to 6 million cans", ["5 to 6 million = [5000000,6000000)"]),
    ("NumberRangeModel", "a sum between £5 and £7", ["between £5 and £7 = [5,7)"]),
    ("NumberRangeModel", "prices ranging from 5 to 7", ["from 5 to 7 = [5,7)"]),
    ("NumberRangeModel", "40 or more ferries", ["40 or more = [40,)"]),
    ("NumberRangeModel", "about 40 or more", ["40 or more = [40,)"]),
    ("NumberRangeModel", "the sum is equal to 16 today", ["equal to 16 = [16,16]"]),
    # two bounds are one interval only where they can be
    ("NumberRangeModel", "over 20 and below 35", ["over 20 and below 35 = (20,35)"]),
    ("NumberRangeModel", "at most 35 but over 20", ["at most 35 but over 20 = (20,35]"]),
    ("NumberRangeModel", "over 35 and below 20", ["over 35 = (35,)", "below 20 = (,20)"]),
    ("NumberRangeModel", "over 2% and below 35", ["over 2 = (2,)", "below 35 = (,35)"]),
    ("NumberRangeModel", "over 2 men and below 35", ["over 2 = (2,)", "below 35 = (,35)"]),
    # the unit's name belongs to the span
    ("AgeModel", "a ferry that is over 30 years old", ["30 years old = 30"]),
    ("CurrencyModel", "more than the $250 million spent", ["$250 million = 250000000"]),
    ("CurrencyModel", "from millions of dollars to 40 dollars", ["40 dollars = 40"]),
    ("DimensionModel", "nearly 12 square miles in two hours", ["12 square miles = 12"]),
]


@pytest.mark.parametrize(("model", "text", "expected"), ADAPTED)
def test_a_reading_is_said_in_the_suites_terms(model: str, text: str, expected: list[str]) -> None:
    found = [f"{text[a.start : a.end]} = {a.value}" for a in adapt(model, text)]
    assert found == expected


@pytest.mark.parametrize(
    ("written", "one_spelling"),
    [
        ("7.10", "7.1"),
        ("1E-12", "0.000000000001"),
        ("0.0476190476190476", "0.0476190476190476"),
        ("(,35.0]", "(,35]"),
        ("-0", "0"),
        ("end+0", "end+0"),
        (None, "null"),
    ],
)
def test_values_have_one_spelling(written: str | None, one_spelling: str) -> None:
    assert canonical(written) == one_spelling


def test_a_long_fraction_is_compared_to_fifteen_digits() -> None:
    (found,) = adapt("NumberModel", "two-thirds of it")
    assert found.value == canonical("0.666666666666667") != canonical("0.66666666666666")


def suite(folder: Path, text: str, start: int, end: int, value: str) -> list[Case]:
    result = {"Start": start, "End": end, "Resolution": {"value": value}}
    path = folder / "NumberModel.json"
    path.write_text(json.dumps([{"Input": text, "Results": [result]}]), encoding="utf-8-sig")
    return cases(path)


def test_a_case_is_right_only_with_span_value_and_nothing_else(tmp_path: Path) -> None:
    for right, wanted in (
        (1, ("40 ferries", 0, 1, "40")),
        (0, ("40 ferries", 0, 2, "40")),
        (0, ("40 ferries", 0, 1, "41")),
        (0, ("40 ferries and 3 boats", 0, 1, "40")),
    ):
        result = score("NumberModel", suite(tmp_path, *wanted), {})
        assert (result.cases, result.right, len(result.misses)) == (1, right, 1 - right)


def test_a_departure_is_counted_apart_and_must_hold(tmp_path: Path) -> None:
    wrong = suite(tmp_path, "40 ferries", 0, 1, "41")
    declared = {0: (wrong[0].hash, "taste")}
    result = score("NumberModel", wrong, declared)
    assert (result.right, result.misses, result.faults) == (0, [], [])
    assert result.departures == {"taste": 1}

    right = suite(tmp_path, "40 ferries", 0, 1, "40")
    assert "and right" in score("NumberModel", right, declared).faults[0]
    other = suite(tmp_path, "50 ferries", 0, 1, "51")
    assert other[0].hash in score("NumberModel", other, declared).faults[0]
    assert "no such case" in score("NumberModel", [], declared).faults[0]


def test_the_declared_departures_are_well_formed(tmp_path: Path) -> None:
    declared = departures(DEPARTURES)
    assert set(declared) <= {"NumberModel", "PercentModel", "NumberRangeModel", "OrdinalModel"}
    for by_case in declared.values():
        for digits, _ in by_case.values():
            assert len(digits) == 12
            assert int(digits, 16)

    twice = yaml.safe_load(DEPARTURES.read_text("utf-8"))
    path = tmp_path / "twice.yaml"
    path.write_text(yaml.safe_dump(twice + twice[:1]), encoding="utf-8")
    with pytest.raises(ValueError, match="declared twice"):
        departures(path)
