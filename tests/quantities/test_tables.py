"""The hedge and unit tables: what the tables say is what the reader does with a sentence."""

from __future__ import annotations

import subprocess
import sys

import pytest

from extractor.quantities import Qualifier, qualifier_of, read_quantities, unit_of
from extractor.quantities.hedge_data import AFTER, BEFORE

LEADING = [(p, q) for q, phrases in BEFORE.items() for p in phrases.split("|")]
TRAILING = [(p, q) for q, phrases in AFTER.items() for p in phrases.split("|")]


@pytest.mark.parametrize(("phrase", "qualifier"), LEADING)
def test_a_hedge_before_a_number_is_read_as_the_table_says(
    phrase: str, qualifier: Qualifier
) -> None:
    glue = "" if phrase[-1] in "~≈∼<>=≥≤" else " "
    (quantity,) = read_quantities(f"They saw {phrase}{glue}40 ships.")
    assert quantity.qualifier is qualifier
    assert quantity.text == f"{phrase}{glue}40"
    assert qualifier_of(phrase) is qualifier


@pytest.mark.parametrize(("phrase", "qualifier"), TRAILING)
def test_a_hedge_after_a_number_is_read_as_the_table_says(
    phrase: str, qualifier: Qualifier
) -> None:
    glue = "" if phrase[0] in "-+" else " "
    (quantity,) = read_quantities(f"They saw 40{glue}{phrase}.")
    assert quantity.qualifier is qualifier
    assert quantity.text == f"40{glue}{phrase}"
    assert qualifier_of(phrase) is qualifier


@pytest.mark.parametrize(
    ("phrase", "qualifier"),
    [
        ("exact", Qualifier.EXACT),
        ("more_than", Qualifier.MORE_THAN),
        ("AT LEAST", Qualifier.AT_LEAST),
        ("well  over", Qualifier.MORE_THAN),
        ("just slightly more than", Qualifier.MORE_THAN),
        ("range", Qualifier.RANGE),
        ("vague", Qualifier.VAGUE),
        ("purple", None),
        ("", None),
        ("more", None),
        ("than", None),
    ],
)
def test_qualifier_of(phrase: str, qualifier: Qualifier | None) -> None:
    assert qualifier_of(phrase) is qualifier


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("km", "kilometre"),
        ("Kilometers", "kilometre"),
        ("km/h", "kilometre per hour"),
        ("sq mi", "square mile"),
        ("km²", "square kilometre"),
        ("%", "%"),
        ("percent", "%"),
        ("percentage points", "percentage point"),
        ("bps", "basis point"),
        ("$", "USD"),
        ("US$", "USD"),
        ("dollars", "USD"),
        ("£", "GBP"),
        ("Rs", "INR"),
        ("gbp", "GBP"),
        ("hours", "hour"),
        ("mph", "mile per hour"),
        ("MW", "megawatt"),
        ("tons", "ton"),
        ("tonnes", "tonne"),
        ("people", None),
        ("", None),
    ],
)
def test_unit_of(written: str, name: str | None) -> None:
    assert unit_of(written) == name


def test_a_hedge_binds_to_its_own_number_only() -> None:
    quantities = read_quantities("More than 10 ships, 20 boats, 30 rafts and up to 40 skiffs.")
    assert [q.qualifier for q in quantities] == ["more_than", "exact", "exact", "up_to"]


def test_the_reader_needs_nothing_but_the_standard_library() -> None:
    code = (
        "import sys, extractor.quantities; "
        "print([m for m in ('pydantic', 'yaml', 'openai', 'instructor') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
