"""The public double behaves as a model does."""

from __future__ import annotations

import pytest

from extractor.claims import Usage
from extractor.errors import AnswerError, ModelError
from extractor.model import Model, ScriptedModel

from .conftest import Answer, make_request


def test_answers_in_order_and_keeps_the_requests() -> None:
    with ScriptedModel([{"event": "a"}, '{"event": "b"}'], usage=Usage(1, 2)) as model:
        assert isinstance(model, Model)
        assert model.ask(make_request()).arguments == Answer(event="a")
        reply = model.ask(make_request(document="two"))
        assert (reply.raw, reply.usage) == ('{"event": "b"}', Usage(1, 2))
    assert [request.document for request in model.requests] == ["doc-sha#0-20", "two"]


def test_answers_by_a_function_of_the_request() -> None:
    model = ScriptedModel(lambda request: {"event": request.messages[-1].content})
    assert model.ask(make_request()).arguments.event == "“498” were killed"


def test_errors_are_raised() -> None:
    with pytest.raises(ModelError, match="no key"):
        ScriptedModel([ModelError("no key")]).ask(make_request())


@pytest.mark.parametrize("answer", [{"event": 3}, "prose", {}])
def test_an_answer_of_another_shape_is_unusable(answer: object) -> None:
    with pytest.raises(AnswerError, match="does not fit answer"):
        ScriptedModel([answer]).ask(make_request())  # type: ignore[list-item]


def test_running_out_is_told() -> None:
    model = ScriptedModel([{"event": "a"}])
    model.ask(make_request())
    with pytest.raises(ModelError, match=r"asked 2 times but holds 1 answers; .* doc-sha#0-20"):
        model.ask(make_request())
