"""Folding is the only tolerance, and its map leads back to the very characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.text import Document, Span, fold, occurrences


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("498 of its\u00a0 troops", "498 of its troops", "498 of its\u00a0 troops"),
        ("he said “no more”", 'said "No More"', "said “no more”"),
        ("Russia’s army", "russia's ARMY", "Russia’s army"),
        ("the east – and west", "east - and", "east – and"),
        ("sol\u200bdiers fell", "soldiers fell", "sol\u200bdiers fell"),
        ("40\u202f000 cases", "40 000 cases", "40\u202f000 cases"),
        ("two\nlines", "two lines", "two\nlines"),
    ],
)
def test_listed_differences_are_forgiven(text: str, quote: str, found: str) -> None:
    places = [span.of(text) for span in occurrences(fold(text), quote)]
    assert places == [found]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("7,000 troops", "7000 troops"),
        ("7,000 troops", "7.000 troops"),
        ("a change of \u22123 points", "a change of -3 points"),
        ("5 million people", "5m people"),
        ("4,300 soldiers", "4,300 soldier s"),
        ("498 dead", "489 dead"),
        ("anything", "   "),
        ("anything", "\u200b"),
    ],
)
def test_nothing_else_is(text: str, quote: str) -> None:
    assert list(occurrences(fold(text), quote)) == []


def test_every_occurrence_is_found_overlapping_ones_too() -> None:
    spans = list(occurrences(fold("aba aba ABA"), "aba aba"))
    assert spans == [Span(0, 7), Span(4, 11)]


@given(st.text(max_size=60))
def test_origins_rise_and_point_at_what_was_folded(text: str) -> None:
    folded = fold(text)
    origins = [folded.original(place, place + 1).start for place in range(len(folded.text))]
    assert origins == sorted(set(origins))
    for char, origin in zip(folded.text, origins, strict=True):
        if char.isdigit():
            assert text[origin] == char


@given(st.text(max_size=40), st.text(min_size=1, max_size=12), st.text(max_size=40))
def test_a_piece_of_the_text_is_found_in_it(before: str, piece: str, after: str) -> None:
    text = before + piece + after
    wanted = fold(piece).text.strip(" ")
    found = [fold(span.of(text)).text.strip(" ") for span in occurrences(fold(text), piece)]
    assert all(one == wanted for one in found)
    if wanted and not (before[-1:].isspace() or after[:1].isspace()):
        assert found


def test_a_pickle_carries_the_text_alone() -> None:
    import pickle

    document = Document(text="Nine ships.", id="d")
    assert document.folded.text == "nine ships."
    again = pickle.loads(pickle.dumps(document))  # noqa: S301
    assert again == document
    assert "folded" not in again.__dict__
