"""What the reader does not do yet; each is strict, so that a fix is noticed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extractor.quantities import Kind, read, read_quantities


def values(text: str) -> list[Decimal | None]:
    return [q.value for q in read_quantities(text)]


@pytest.mark.xfail(reason="an ordinary space groups only before a word, lest columns be joined")
def test_a_spaced_figure_at_the_end_of_a_sentence() -> None:
    assert values("Bergen counted 9 800.") == [Decimal(9800)]


@pytest.mark.xfail(reason="whether a scale is shared over 'and' is not decided by form")
def test_a_scale_shared_over_and() -> None:
    assert values("They lost 5 and 6 million.") == [Decimal(5_000_000), Decimal(6_000_000)]


@pytest.mark.xfail(reason="'12.30' is a time only by its context, which is not looked at")
def test_a_clock_time_with_a_point_and_no_half_of_the_day() -> None:
    assert [m.kind for m in read("The train leaves at 12.30.").masked] == ["time"]


@pytest.mark.xfail(reason="a name of a group that ends in its number is known only from lists")
def test_a_group_named_by_its_number() -> None:
    assert values("She works for one of the Big Four.") == []


@pytest.mark.xfail(reason="only per cent and money are shared over a list, not measures")
def test_a_measure_shared_over_and() -> None:
    kinds = [q.kind for q in read_quantities("They walked 5 and 10 km.")]
    assert kinds == [Kind.MEASURE, Kind.MEASURE]


@pytest.mark.xfail(reason="'over' before a time is read as 'during' unless the words show a length")
def test_over_before_a_time_with_an_of() -> None:
    (quantity,) = read_quantities("Over 40 years of war ruined it.")
    assert quantity.qualifier == "more_than"
