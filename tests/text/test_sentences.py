"""Sentence ends, table-driven; and the laws that hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.text import split_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ten died. Nine fled.", ["Ten died.", "Nine fled."]),
        ("Gen. Orlo lost 1.5 million.", ["Gen. Orlo lost 1.5 million."]),
        ("The U.S. sent aid.", ["The U.S. sent aid."]),
        ("It grew in the U.S. Exports fell.", ["It grew in the U.S.", "Exports fell."]),
        ("“Ten died.” She wept.", ["“Ten died.”", "She wept."]),
        ("Why? No one knows!", ["Why?", "No one knows!"]),
        ("A headline\nAnother one", ["A headline", "Another one"]),
        ("A line that\ngoes on.", ["A line that\ngoes on."]),
        (
            "It rose in the state.The ministry said so.",
            ["It rose in the state.", "The ministry said so."],
        ),
        ("See Fig. 3 below.", ["See Fig. 3 below."]),
        ("J. Smith paid £2.50.", ["J. Smith paid £2.50."]),
        (
            "The river rose by two metres in the night and the town of\n"
            "Ames was cut off. Boats took some of the people to the hills\n"
            "where tents had been put up. Two children are still missing\n"
            "today.",
            [
                "The river rose by two metres in the night and the town of\nAmes was cut off.",
                "Boats took some of the people to the hills\nwhere tents had been put up.",
                "Two children are still missing\ntoday.",
            ],
        ),
        (
            "Council of Ames says ferries will run again from Monday\n"
            "Orlo accuses Brandt of breaking word on flood wall\n"
            "Players of Osterberg win a third cup in as many years\n"
            "Rain expected",
            [
                "Council of Ames says ferries will run again from Monday",
                "Orlo accuses Brandt of breaking word on flood wall",
                "Players of Osterberg win a third cup in as many years",
                "Rain expected",
            ],
        ),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in split_sentences(text)] == expected


@given(st.text(max_size=200))
def test_sentences_are_in_order_and_leave_out_only_white_space(text: str) -> None:
    end = 0
    for span in split_sentences(text):
        assert not text[end : span.start].strip()
        assert span.of(text) == span.of(text).strip()
        assert len(span) > 0
        end = span.end
    assert not text[end:].strip()
