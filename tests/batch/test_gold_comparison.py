"""Two runs on one gold: what is shown, and what is not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.batch.gold_comparison import compare
from extractor.batch.gold_scoring import Score


def scores(found: list[int], *, of: int = 10) -> dict[str, Score]:
    """A score a document: so many claims found, all of them full, of `of`."""
    return {
        f"{place:03}": Score(core=of, found=hits, full=hits, predicted=of)
        for place, hits in enumerate(found)
    }


def test_a_run_that_is_better_everywhere_is_better() -> None:
    found = compare(scores([9] * 20), scores([6] * 20))
    assert found.number.verdict == found.full.verdict == "better"
    assert found.number.this == pytest.approx(0.9)
    assert compare(scores([6] * 20), scores([9] * 20)).number.verdict == "worse"


def test_a_difference_of_one_document_is_not_shown() -> None:
    same = [7] * 20
    found = compare(scores([10, *same]), scores([0, *same]))
    assert found.number.this > found.number.other
    assert found.number.verdict == "no difference shown"


def test_the_same_runs_give_the_same_interval() -> None:
    chance = random.Random(1)  # noqa: S311 - data
    one, other = ([chance.randrange(11) for _ in range(15)] for _ in range(2))
    assert compare(scores(one), scores(other)) == compare(scores(one), scores(other))


def test_only_shared_documents_count() -> None:
    one, other = scores([9] * 12), scores([3] * 4)
    found = compare(one, other)
    assert found.documents == 4
    assert "fewer than 10" in found.lines()[0]


def test_nothing_shared_is_no_difference() -> None:
    found = compare(scores([5]), {})
    assert (found.documents, found.number.verdict) == (0, "no difference shown")


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=1, max_size=12))
def test_the_other_way_round_is_the_other_way_round(pairs: list[tuple[int, int]]) -> None:
    one, other = scores([a for a, _ in pairs]), scores([b for _, b in pairs])
    forth, back = compare(one, other).number, compare(other, one).number
    assert (forth.this, forth.other) == (back.other, back.this)
    assert forth.low == pytest.approx(-back.high)
    assert forth.high == pytest.approx(-back.low)
    assert forth.low <= forth.high
