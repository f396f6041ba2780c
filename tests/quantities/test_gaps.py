"""What the reader does not do yet; each is strict, so that a fix is noticed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extractor.quantities import Kind, read_quantities


def values(text: str) -> list[Decimal | None]:
    return [q.value for q in read_quantities(text)]


@pytest.mark.xfail(reason="a verb of harm before the first figure keeps it from the scale")
def test_a_scale_shared_behind_a_verb() -> None:
    assert values("They lost 5 and 6 million.") == [Decimal(5_000_000), Decimal(6_000_000)]


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
