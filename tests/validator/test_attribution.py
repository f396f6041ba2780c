"""The attribution finder against a table of invented sentences, and its laws."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from extractor.text import Document, Span
from extractor.validator.attribution import attributions_at, find_attributions

CASES = yaml.safe_load(
    (Path(__file__).parent.parent / "data" / "attribution.yaml").read_text(encoding="utf-8")
)
WORDS = (
    "The ministry Norvia officials said says claims that he also , . “ ” \" ' according to 36 and "
    "but who report by 's as saying citing - : ; \n ( ) not has puts at Tessel Police He quoted"
).split(" ")
PIECES = (
    "Norvia said that police claimed, and he said ",
    "“ Norvia said ",
    "' \" , ",
    "Lena Orsk left. He said so. ",
    "“We left,” she said.\n\n",
    "according to the of the and the ",
    "a report released by ",
    "Ona Rey, who said that she, ",
    "Norvia says 12, while Aldor says 9, and police say (4, ",
    "The mill, which police say - some say - was, which she says, ",
    "The coach left. “So,” he said. According to what it said, ",
    "The charity counted 51 and spoke of 4 and published a table: ",
    "Shares in Brix fell after it said so. The company said so. ",
    "Figures from the board:\n- Rye: 8 t\nSource: Norvia\n",
    "Source: Norvia  Rye: 8  ",
)
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
)


def _seconds(text: str) -> float:
    document = Document(text=text)
    assert document.sentences  # splitting is not what is measured
    start = process_time()
    find_attributions(document)
    return process_time() - start


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_best_attribution_of_a_number(case: dict[str, Any]) -> None:
    text, number = case["text"], case["number"]
    assert text.count(number) == 1
    start = text.index(number)
    found = attributions_at(Document(text=text), Span(start, start + len(number)))
    best = found[0] if found else None
    assert (best.full_name if best else None) == case["source"]
    if best is not None:
        assert best.how == case.get("how", best.how)
        assert best.name == case.get("name", best.name)
    if case.get("alone"):
        assert {a.full_name for a in found} == {case["source"]}


@given(TEXTS)
def test_every_text_has_an_answer_in_its_own_words(text: str) -> None:
    found = find_attributions(Document(text=text))
    assert [a.source.start for a in found] == sorted(a.source.start for a in found)
    for attribution in found:
        assert attribution.source.of(text) == attribution.name
        assert attribution.cue.end <= len(text)
        assert attribution.scope.end <= len(text)
        for name in (attribution.full_name, *attribution.names):
            assert name in text


@given(TEXTS)
def test_the_answer_does_not_change_from_call_to_call(text: str) -> None:
    assert find_attributions(Document(text=text)) == find_attributions(Document(text=text))


def test_running_and_second_hand_sources_come_last() -> None:
    text = "Some 230 goats died, Tessel police said, citing farmers."
    found = attributions_at(Document(text=text), Span(5, 8))
    assert [a.how for a in found] == ["says", "cites"]


def test_the_list_may_be_given_instead_of_the_document() -> None:
    document = Document(text="Norvia said 36 boats sank.")
    found = find_attributions(document)
    assert attributions_at(found, Span(12, 14)) == attributions_at(document, Span(12, 14)) == found


def test_long_texts_take_time_in_proportion() -> None:
    # eight times the text may take about eight times the time; a quadratic step would take 64 times
    for piece in PIECES:
        short, long = (_seconds(piece * count) for count in (150, 1200))
        assert long < 24 * short + 0.2, piece
