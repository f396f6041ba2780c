"""A document in which every word is a number."""

from __future__ import annotations

from extractor.extraction import AskingPolicy, extract_with
from extractor.extraction.policy import LIMITS
from extractor.model import ScriptedModel
from extractor.text import Document


def test_a_sentence_of_nothing_but_numbers_is_asked_about_in_small_calls() -> None:
    numbers = [f"{30_000 + 7 * place}" for place in range(2_000)]
    policy = AskingPolicy(passage="sentence", reasks=0)
    model = ScriptedModel(lambda _: {"answers": []}, narrows_schema=False)
    result = extract_with(model, Document(text=" men ".join(numbers) + "."), policy=policy)
    assert [entry.quantity.text for entry in result.unclaimed] == numbers
    assert result.calls == len(model.requests) == len(numbers) / LIMITS["sentence"].numbers
    asked = (request.messages[-1].content for request in model.requests)
    assert max(map(len, asked)) < LIMITS["sentence"].characters + 500
