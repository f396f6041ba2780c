"""Axes and charts: where marks stand, what is drawn of which figure."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_runs import group_of, sailors_groups

from extractor.report.figure_axis import axis_for, tick_text
from extractor.report.figure_groups import group_view, grouped, interval_text, party_styles

FIGURES = st.floats(-1e99, 1e99, allow_subnormal=False).filter(lambda one: not 0 < abs(one) < 1e-99)


@given(st.lists(FIGURES, min_size=1, max_size=8))
def test_every_figure_is_on_its_axis(figures: list[float]) -> None:
    axis = axis_for(figures)
    assert 2 <= len(axis.ticks) <= 9
    assert list(axis.ticks) == sorted(set(axis.ticks))
    for figure in figures:
        assert 0 <= axis.at(figure) <= 100


@pytest.mark.parametrize(
    ("figures", "logarithmic", "ticks"),
    [
        ([498, 7000], False, (0, 2000, 4000, 6000, 8000)),
        ([5, 500], True, (1, 10, 100, 1000)),
        ([5, 499], False, (0, 200, 400, 600)),
        ([0, 100_000], False, (0, 25_000, 50_000, 75_000, 100_000)),
        ([-40, 30], False, (-40, -20, 0, 20, 40)),
        ([7], False, (6, 6.5, 7, 7.5, 8)),
        ([0], False, (-1, -0.5, 0, 0.5, 1)),
    ],
)
def test_ticks_are_round(figures: list[float], logarithmic: bool, ticks: tuple[float]) -> None:
    axis = axis_for(figures)
    assert (axis.logarithmic, axis.ticks) == (logarithmic, ticks)


@pytest.mark.parametrize(
    ("figure", "told"),
    [(0.0, "0"), (1234.5, "1,234.5"), (-3e6, "-3 million"), (1.2e12, "1.2 trillion")],
)
def test_ticks_are_told_shortly(figure: float, told: str) -> None:
    assert tick_text(figure) == told


def drawn() -> ET.Element:
    group = sailors_groups()[0]
    view = group_view(group, party_styles([group]), lambda _: 1)
    return ET.fromstring(str(view.stated_drawing.svg))  # noqa: S314 - our own


def test_a_chart_has_a_mark_for_what_is_named_and_a_line_for_what_is_open() -> None:
    rows = {
        next(
            str(label.text)
            for label in row.iter("text")
            if str(label.get("class")).startswith("worded")
        ): row
        for row in drawn().iter("g")
    }
    assert list(rows) == ["61", "more than 340", "about 90", "300 to 400", "up to 1,200"]

    def count(row: ET.Element, name: str) -> int:
        return sum(part.get("class") == name for part in row.iter())

    shapes = {
        told: (count(row, "mark"), count(row, "bar"), count(row, "open"), count(row, "arrow"))
        for told, row in rows.items()
    }
    assert shapes == {
        "61": (1, 0, 0, 0),
        "more than 340": (1, 0, 1, 1),
        "about 90": (1, 1, 0, 0),
        "300 to 400": (2, 1, 0, 0),
        "up to 1,200": (1, 0, 1, 1),
    }


def test_a_party_has_one_look_and_nobody_another() -> None:
    rows = [(row.get("class"), row.find("svg/path[@class='mark']")) for row in drawn().iter("g")]
    looks = [(name, path.get("d")) for name, path in rows if path is not None]
    assert looks[0] == looks[1]  # Sylvania and its navy
    assert len(set(looks)) == 4
    assert looks[-1][0] == "nobody"


def test_what_does_not_compete_is_hollow_and_apart() -> None:
    group = sailors_groups()[0]
    view = group_view(group, party_styles([group]), lambda _: None)
    assert [one.standing for one in view.others] == ["projected", "vague"]
    assert re.findall('<g class="([^"]*)"', str(view.other_drawing.svg)) == [
        "p1 hollow",
        "p1 hollow",
    ]
    assert "hollow" not in str(view.stated_drawing.svg)


def test_hostile_figures_are_escaped_and_what_no_axis_holds_is_left_out() -> None:
    group = sailors_groups()[1]
    view = group_view(group, party_styles([group]), lambda _: None)
    assert view.stated_drawing.svg is None  # of one figure there is nothing to see
    assert view.others[0].figure.startswith("1E+400")
    assert not re.search("[\x00\ud800\u202e]", repr(view).replace("\\", ""))


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "told"),
    [
        ("61", "61", "61", None, "61"),
        ("90", "81", "99", "%", "90 (81 to 99)%"),
        ("1200", None, "1200", "USD", "1,200 or less USD"),
        (None, None, None, None, "no figure"),
        ("-0.5", "-0.5", "-0.5", None, "-0.5"),
    ],
)
def test_figures_in_numerals(
    value: str | None, low: str | None, high: str | None, unit: str | None, told: str
) -> None:
    least, most = (None if one is None else Decimal(one) for one in (low, high))
    named = None if value is None else Decimal(value)
    assert interval_text(named, least, most, unit) == told


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_any_decimal_has_numerals(number: Decimal) -> None:
    assert grouped(number)


def test_a_chart_of_many_figures_draws_some_and_says_so() -> None:
    one = sailors_groups()[0].figures[0]
    figures = [replace(one, value=Decimal(n), low=Decimal(n), high=Decimal(n)) for n in range(500)]
    group = replace(group_of("killed sailors", figures), lowest=499, highest=7)
    view = group_view(group, party_styles([group]), lambda _: None)
    marks = str(view.stated_drawing.svg).count('class="mark"')
    assert marks <= 40
    assert view.stated_drawing.note == f"{marks} of 500 figures are drawn; all are in the table."
    assert len(view.stated) == 500
