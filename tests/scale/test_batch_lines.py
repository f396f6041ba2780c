"""Lines of batch files: requests are what a live call sends, results are read as live answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from scripted_server import completion

from extractor.model import (
    CallFailedError,
    Capabilities,
    Endpoint,
    Message,
    ModelRequest,
    ToolSpec,
    UnavailableError,
    UnusableAnswerError,
)
from extractor.model.batch_lines import Asked, ResultLine, read_answer, read_result, request_line
from extractor.model.forms import request_body

KEY = "sk-test-0123456789abcdef0123"


class Answer(BaseModel):
    event: str


ASKED = Asked("some-model", Capabilities(), Endpoint("https://example.org/v1", KEY))
REQUEST = ModelRequest(
    messages=(Message("system", "You read."), Message("user", "“498” were killed")),
    tool=ToolSpec("answer", "What happened.", Answer),
    document="sha:0-20",
    max_tokens=50,
)


def result(body: Any, status: int = 200) -> ResultLine:
    response = {"status_code": status, "request_id": "r", "body": body}
    line = {"id": "x", "custom_id": "a", "response": response, "error": None}
    read = read_result(json.dumps(line).encode())
    assert read is not None
    return read


def test_a_line_holds_the_body_of_a_live_call() -> None:
    line = request_line(REQUEST, ASKED)
    record = json.loads(line.data)
    assert record == {
        "custom_id": line.id,
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": request_body(REQUEST, ASKED.model, ASKED.able),
    }
    assert b"\n" not in line.data
    assert "“498”".encode() in line.data, "characters go as they are"
    assert len(line.id) <= 64


def test_equal_questions_have_one_id_and_others_have_others() -> None:
    from dataclasses import replace

    others = [
        (replace(REQUEST, document="sha:20-40"), ASKED),
        (replace(REQUEST, max_tokens=51), ASKED),
        (replace(REQUEST, turns=(Message("user", "again"),)), ASKED),
        (REQUEST, replace(ASKED, model="other")),
        (REQUEST, replace(ASKED, able=Capabilities(form="required"))),
    ]
    names = {request_line(request, asked).id for request, asked in others}
    assert len(names) == len(others)
    assert request_line(REQUEST, ASKED).id not in names
    assert request_line(replace(REQUEST), ASKED).id == request_line(REQUEST, ASKED).id


def test_what_is_no_character_is_told() -> None:
    request = ModelRequest((Message("user", "\ud800"),), REQUEST.tool, "sha:0-1", 5)
    with pytest.raises(UnusableAnswerError, match="lone surrogate"):
        request_line(request, ASKED)


def test_an_answer_is_read_with_its_usage() -> None:
    reply = read_answer(result(completion()), REQUEST, ASKED)
    assert reply.arguments == Answer(event="killed")
    assert (reply.usage.prompt_tokens, reply.usage.completion_tokens) == (11, 7)
    assert [attempt.outcome for attempt in reply.attempts] == ["ok"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (completion(finish="length"), "truncated"),
        (completion(finish="content_filter"), "filtered"),
        (completion(name="other"), "wrong_tool"),
        (completion("{"), "not_json"),
        (completion('{"event": 4}'), "wrong_shape"),
        (completion() | {"choices": []}, "empty"),
        (completion() | {"choices": 4}, "malformed"),
    ],
)
def test_an_answer_that_cannot_be_used_is_told_as_in_a_live_call(body: Any, reason: str) -> None:
    with pytest.raises(UnusableAnswerError) as caught:
        read_answer(result(body), REQUEST, ASKED)
    assert caught.value.reason == reason
    assert [attempt.outcome for attempt in caught.value.attempts] == [reason]


@pytest.mark.parametrize("body", ["<html>", None, {}, [], 4])
def test_an_answer_that_is_no_completion_ends_its_document(body: Any) -> None:
    with pytest.raises(CallFailedError) as caught:
        read_answer(result(body), REQUEST, ASKED)
    assert caught.value.reason == "not_a_completion"


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ({"error": {"message": f"bad {KEY}", "code": None}}, 400, "refused"),
        ({"error": {"message": "no", "code": "insufficient_quota"}}, 429, "quota"),
        ({"error": {"message": "no"}}, 401, "unauthorized"),
        ("<html>", 502, "server_error"),
        (None, 429, "rate_limited"),
        ({"error": "text"}, 418, "refused"),
    ],
)
def test_an_error_ends_its_document_alone_and_tells_no_key(
    body: Any, status: int, reason: str
) -> None:
    with pytest.raises(UnavailableError) as caught:
        read_answer(result(body, status), REQUEST, ASKED)
    assert caught.value.reason == reason
    assert KEY not in str(caught.value)
    assert [attempt.outcome for attempt in caught.value.attempts] == [f"http {status}"]


def test_a_prompt_that_is_too_long_is_an_unusable_answer() -> None:
    body = {"error": {"message": "long", "code": "context_length_exceeded"}}
    with pytest.raises(UnusableAnswerError, match="some-model"):
        read_answer(result(body, 400), REQUEST, ASKED)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["custom_id", "response", "error", "status_code", "body", "code"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(JSON | st.binary(max_size=30))
def test_any_line_is_read_or_is_none(given_line: Any) -> None:
    line = given_line if isinstance(given_line, bytes) else json.dumps(given_line).encode()
    read = read_result(line)
    if read is None:
        return
    try:
        read_answer(read, REQUEST, ASKED)
    except (UnusableAnswerError, CallFailedError) as error:
        assert str(error)  # noqa: PT017 - either is right
