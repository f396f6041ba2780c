"""A share of the documents: by their ids alone, and a larger one holds a smaller one."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from extractor.batch.input_document import InputDocument
from extractor.batch.sampling import sampled
from extractor.text import Document

HERE = Path(os.devnull)
NAMES = st.lists(st.text(min_size=1), unique=True, max_size=30)
SHARES = st.floats(0, 1)


def documents(names: list[str]) -> list[InputDocument]:
    return [InputDocument(name, name, HERE, partial(Document, name)) for name in names]


def chosen(names: list[str], share: float | None, most: int | None = None) -> list[str]:
    return [one.id for one in sampled(documents(names), share, most)]


@given(NAMES, SHARES, SHARES)
def test_a_larger_share_holds_a_smaller_one(names: list[str], one: float, other: float) -> None:
    few, many = sorted((one, other))
    assert set(chosen(names, few)) <= set(chosen(names, many))


@given(NAMES, SHARES, st.data())
def test_which_are_taken_does_not_depend_on_the_others(
    names: list[str], share: float, data: st.DataObject
) -> None:
    part = data.draw(st.sets(st.sampled_from(names))) if names else set()
    kept = [name for name in names if name in part]
    assert chosen(kept, share) == [name for name in chosen(names, share) if name in part]


def test_a_share_is_about_that_share() -> None:
    names = [f"document {number}" for number in range(10_000)]
    assert 900 < len(chosen(names, 0.1)) < 1100
    assert chosen(names, None, 3) == names[:3]
    assert len(chosen(names, 0.1, 5)) == 5
