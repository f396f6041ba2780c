"""A document in which every word is a number."""

from __future__ import annotations

from extractor.extraction import extract_with
from extractor.extraction.passages import LONGEST_PASSAGE, MOST_NUMBERS
from extractor.model import ScriptedModel
from extractor.text import Document


def test_a_sentence_of_nothing_but_numbers_is_asked_about_in_small_calls() -> None:
    numbers = [f"{30_000 + 7 * place}" for place in range(2_000)]
    model = ScriptedModel(lambda _: {"answers": []}, narrows_schema=False)
    result = extract_with(model, Document(text=" ".join(numbers) + "."))
    assert [entry.quantity.text for entry in result.unclaimed] == numbers
    assert result.calls == len(model.requests) == len(numbers) / MOST_NUMBERS
    asked = (request.messages[-1].content for request in model.requests)
    assert max(map(len, asked)) < LONGEST_PASSAGE + 500
