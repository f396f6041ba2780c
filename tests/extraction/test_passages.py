"""Passages of every size: each askable number in just one of them, whole, and nothing cut."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.extraction.passages import passages, set_aside
from extractor.extraction.policy import LIMITS, PassageSize
from extractor.text import Document
from extractor.validator import Source

SIZES = get_args(PassageSize)
SENTENCES = st.sampled_from(
    [
        "Sylvania said 61 sailors died.",
        "It rained.",
        "On 3 March 2021 some 1,250 people left, and 40% came back.",
        "The 2nd boat, 12 metres long, sank with 7 million dollars on board.",
        "no number and no capital",
        "{{ 12 }} boats; 14 more, 15 fewer, 16 others, 17 again, 18, 19, 20, 21 and 22 in all.",
        "word " * 60 + "then 5 carts " + "word " * 60,
    ]
)
BREAKS = st.sampled_from([" ", "\n", "\n\n", " \n \n", "\r\n"])


def check(text: str, size: PassageSize) -> list[str]:
    source = Source(Document(text=text))
    planned = list(passages(source, size))
    asked = [quantity for passage in planned for quantity in passage.quantities]
    assert asked == [q for q in source.reading.quantities if set_aside(q) is None]
    for passage in planned:
        assert 0 < len(passage.quantities) <= LIMITS[size].numbers
        assert len(passage.span) <= LIMITS[size].characters
        for edge in (passage.span.start, passage.span.end):
            for quantity in source.reading.quantities:
                assert not quantity.span.start < edge < quantity.span.end
            for masked in source.reading.masked:
                assert not masked.span.start < edge < masked.span.end
            inside_a_word = text[edge - 1 : edge].isalnum() and text[edge : edge + 1].isalnum()
            assert not (0 < edge < len(text) and inside_a_word)
        for quantity in passage.quantities:
            assert passage.span.contains(quantity.span)
    return [passage.span.of(text) for passage in planned]


@settings(deadline=None, max_examples=60)
@given(
    pieces=st.lists(st.tuples(SENTENCES, BREAKS), min_size=1, max_size=40),
    size=st.sampled_from(SIZES),
)
def test_every_number_is_asked_about_once_and_nothing_is_cut(
    pieces: list[tuple[str, str]], size: PassageSize
) -> None:
    check("".join(sentence + between for sentence, between in pieces), size)


# what an endless sentence is made of: each must stay whole wherever the sentence is cut
WHOLE = st.sampled_from(
    [
        "on 3 March 2021",
        "some 7 million dollars",
        "between 300 and 400 jobs",
        "at 10:45 am",
        "No 10 Downing Street",
        "pro-Kremlin",
        "4\u00a0300 boats",
        "Russia\u2019s",
        "twenty-five thousand men",
        "https://example.org/12-a-long-path",
        "(12)",
        "\n12",
        "word",
    ]
)


@settings(deadline=None, max_examples=25)
@given(
    pieces=st.lists(WHOLE, min_size=5, max_size=30),
    times=st.integers(20, 60),
    size=st.sampled_from(SIZES),
)
def test_an_endless_sentence_is_cut_between_its_dates_numbers_and_words(
    pieces: list[str], times: int, size: PassageSize
) -> None:
    check(" ".join(pieces * times), size)


@pytest.mark.parametrize("size", SIZES)
def test_as_many_calls_as_there_are_numbers_for_and_no_more_text_than_that(
    size: PassageSize,
) -> None:
    """In a sentence without end too: the calls are full, and what is sent grows with the text."""
    limits = LIMITS[size]
    for count in (2_000, 4_000):
        text = " ".join(f"{3_000 + place} boats" for place in range(count))
        told = check(text, size)
        assert len(told) == -(-count // limits.numbers)
        assert sum(map(len, told)) <= len(text) + 1_200 * len(told)


TEXT = (
    "Storm\n\nTen boats sank. The mayor spoke. He counted 14 houses.\n\n"
    "Later 20 people came home. It is over."
)


def test_a_sentence() -> None:
    assert check(TEXT, "sentence") == [
        "Ten boats sank.",
        "He counted 14 houses.",
        "Later 20 people came home.",
    ]


def test_a_paragraph() -> None:
    assert check(TEXT, "paragraph") == [
        "Ten boats sank. The mayor spoke. He counted 14 houses.",
        "Later 20 people came home. It is over.",
    ]


def test_a_document() -> None:
    assert check(TEXT, "document") == [TEXT]


def test_where_no_line_is_blank_a_line_is_a_paragraph() -> None:
    text = "Ten boats sank. It rained.\nLater 20 people came home."
    assert check(text, "paragraph") == text.split("\n")


def test_a_long_document_is_cut_at_sentence_ends_with_the_sentence_before_for_context() -> None:
    sentence = "The town of Orle counted {} houses after the long rain of that week. "
    text = "".join(sentence.format(100 + place) for place in range(600))
    told = check(text, "document")
    assert len(told) > 3
    for before, after in pairwise(told):
        assert before.endswith(".")
        assert after.startswith("The town")
        assert before.endswith(after.split(". ")[0] + ".")  # the overlap


@pytest.mark.parametrize("size", SIZES)
def test_every_word_a_number(size: PassageSize) -> None:
    """Two thousand numbers in a line without a sentence."""
    told = check(" ".join(str(number) for number in range(3000, 5000)), size)
    assert len(told) == 2000 / LIMITS[size].numbers


@pytest.mark.parametrize("size", SIZES)
def test_work_grows_with_the_text(size: PassageSize) -> None:
    """A paragraph break is looked for once a paragraph, however far away it is."""
    text = "word " * 200_000 + "then 61 sailors died " + "word " * 200_000
    (told,) = check(text, size)
    assert len(told) <= LIMITS[size].characters
