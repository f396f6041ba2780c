"""The client over real HTTP on loopback; each test says how many calls it cost."""

from __future__ import annotations

import json
import pickle
import socket
from importlib.metadata import version
from typing import Any

import pytest
from packaging.version import Version
from scripted_server import Scripted, completion

from extractor.claims import Usage, total_usage
from extractor.errors import AnswerError, InputError, ModelError
from extractor.model import Message, Model, ToolSpec, UnusableAnswerError
from extractor.model.endpoints import resolve_endpoint

from .conftest import (
    KEY,
    NARROWED,
    Answer,
    Open,
    Serve,
    api_error,
    make_request,
    with_message,
)


def test_a_forced_tool_call_is_sent_and_read(serve: Serve, open_chat: Open) -> None:
    server = serve(completion())
    reply = open_chat(server.url).ask(make_request())
    assert reply.arguments == Answer(event="killed")
    assert type(reply.arguments) is Answer
    assert pickle.loads(pickle.dumps(reply.arguments)) == reply.arguments  # noqa: S301
    assert reply.raw == '{"event": "killed"}'
    assert reply.usage == Usage(11, 7, cached_tokens=5)
    assert [one.outcome for one in reply.attempts] == ["ok"]

    (call,) = server.calls
    assert call.path == "/v1/chat/completions"
    assert call.body["tool_choice"] == {"type": "function", "function": {"name": "answer"}}
    (tool,) = call.body["tools"]
    assert tool["function"]["name"] == "answer"
    assert tool["function"]["description"] == "What happened."
    assert list(tool["function"]["parameters"]["properties"]) == ["event", "side"]
    assert (call.body["temperature"], call.body["seed"], call.body["max_tokens"]) == (0, 0, 50)
    assert "x-extractor-fingerprint" not in call.headers
    assert call.headers["authorization"] == f"Bearer {KEY}"


def test_messages_are_data_and_never_templates(serve: Serve, open_chat: Open) -> None:
    server = serve(completion())
    odd = "  {{ 7 * 7 }}\n{% if x %}\n\n trailing \u00a0 “quotes”\n"
    turns = (Message("assistant", '{"event": 1}'), Message("user", odd))
    open_chat(server.url).ask(make_request(messages=(Message("system", odd),), turns=turns))
    sent = [message["content"] for message in server.calls[0].body["messages"]]
    assert sent == [odd, '{"event": 1}', odd]


@pytest.mark.parametrize("narrows", [True, False])
def test_a_narrowed_schema_goes_only_where_it_is_held_to(
    serve: Serve, open_chat: Open, narrows: bool
) -> None:
    server = serve(completion(), completion())
    tool = ToolSpec("answer", "What happened.", Answer, NARROWED)
    model = open_chat(server.url, narrows=narrows)
    model.ask(make_request(tool=tool))
    model.ask(make_request())  # the shared schema of the class is not touched by the first call
    first, second = (call.body["tools"][0]["function"]["parameters"] for call in server.calls)
    assert (first == NARROWED) is narrows
    assert list(first["properties"]) == (["side", "event"] if narrows else ["event", "side"])
    assert second != NARROWED


UNUSABLE: dict[str, tuple[Any, str]] = {
    "truncated by the token limit": (completion('{"event": "ki', finish="length"), "truncated"),
    "arguments that are not JSON": (completion('{"event": "ki'), "not_json"),
    "arguments that are prose": (completion("They were killed."), "not_json"),
    "NaN": (completion('{"event": NaN}'), "not_json"),
    "infinity beside a good field": (completion('{"event": "x", "n": -Infinity}'), "not_json"),
    "very deep arguments": (completion("[" * 100_000), "not_json"),
    "a lone surrogate": (completion('{"event": "\\ud800"}'), "wrong_shape"),
    "another shape": (completion('{"event": 3}'), "wrong_shape"),
    "a field missing": (completion("{}"), "wrong_shape"),
    "the wrong tool": (completion(name="search"), "wrong_tool"),
    "no tool call": (with_message(content="Happy to help!"), "no_tool_call"),
    "a refusal": (with_message(refusal="I cannot."), "refused"),
    "the content filter": (with_message(finish="content_filter"), "filtered"),
    "no choices": ({**completion(), "choices": []}, "empty"),
    "choices that are null": ({**completion(), "choices": None}, "malformed"),
    "arguments as an object": (completion({"event": "killed"}), "malformed"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_an_unusable_answer_costs_one_call_and_is_told(
    serve: Serve, open_chat: Open, case: str
) -> None:
    body, reason = UNUSABLE[case]
    server = serve(body)
    with pytest.raises(UnusableAnswerError) as caught:
        open_chat(server.url).ask(make_request())
    assert caught.value.reason == reason
    assert isinstance(caught.value, AnswerError)
    assert len(server.calls) == 1
    if isinstance(body, dict) and body.get("choices"):
        assert total_usage(caught.value.attempts) in (Usage(11, 7, cached_tokens=5), Usage())


def test_two_tool_calls_are_not_taken_for_one(serve: Serve, open_chat: Open) -> None:
    body = completion()
    body["choices"][0]["message"]["tool_calls"] *= 2
    server = serve(body)
    with pytest.raises(UnusableAnswerError) as caught:
        open_chat(server.url).ask(make_request())
    assert caught.value.reason == "several_calls"
    assert total_usage(caught.value.attempts) == Usage(11, 7, cached_tokens=5)


def test_a_completion_without_usage_counts_nothing(serve: Serve, open_chat: Open) -> None:
    body = completion()
    del body["usage"]
    assert open_chat(serve(body).url).ask(make_request()).usage == Usage()


PERMANENT: dict[str, tuple[Scripted, type[Exception], str]] = {
    "401": (api_error(401, "invalid_api_key", text=f"Incorrect key {KEY}"), ModelError, "API key"),
    "403": (api_error(403), ModelError, "forbids"),
    "404": (api_error(404, "model_not_found"), ModelError, "no model 'some-model'"),
    "quota": (api_error(429, "insufficient_quota"), ModelError, "quota"),
    "400": (api_error(400, text=f"bad {KEY} sk-other-secret-123456"), ModelError, r"400\): bad"),
    "too long": (api_error(400, "context_length_exceeded"), AnswerError, "do not fit"),
    "filtered": (api_error(400, "content_filter"), AnswerError, "filter"),
    "told not to": (api_error(503, headers={"x-should-retry": "false"}), ModelError, "503"),
}


@pytest.mark.parametrize("case", PERMANENT)
def test_a_permanent_failure_costs_one_call(serve: Serve, open_chat: Open, case: str) -> None:
    script, kind, message = PERMANENT[case]
    server = serve(script)
    with pytest.raises(kind, match=message) as caught:
        open_chat(server.url).ask(make_request())
    assert len(server.calls) == 1
    assert "127.0.0.1" in str(caught.value)
    assert KEY not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "failure",
    [
        api_error(429, headers={"retry-after": "0"}),
        api_error(500),
        api_error(408),
        api_error(409),
        api_error(400, headers={"x-should-retry": "true"}),
        Scripted('{"id": "chatcmpl-1", "choi', headers={"content-type": "application/json"}),
    ],
    ids=["429", "500", "408", "409", "told to", "cut off"],
)
def test_a_transient_failure_is_tried_again(
    serve: Serve, open_chat: Open, failure: Scripted
) -> None:
    server = serve(failure, completion())
    reply = open_chat(server.url).ask(make_request())
    assert len(reply.attempts) == len(server.calls) == 2
    assert reply.usage == Usage(11, 7, cached_tokens=5)


def test_transient_failures_end_after_four_calls(serve: Serve, open_chat: Open) -> None:
    server = serve(*[api_error(500)] * 9)
    with pytest.raises(ModelError, match=r"500\) \(4 attempts\)"):
        open_chat(server.url).ask(make_request())
    assert len(server.calls) == 4


def test_a_body_that_is_always_cut_off_concerns_its_call_only(
    serve: Serve, open_chat: Open
) -> None:
    cut = Scripted('{"id": "ch', headers={"content-type": "application/json"})
    server = serve(*[cut] * 9)
    with pytest.raises(AnswerError, match="breaks off"):
        open_chat(server.url).ask(make_request())
    assert len(server.calls) == 4


def test_a_server_that_does_not_listen(open_chat: Open) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(ModelError, match=f"127.0.0.1:{port} cannot be reached \\(3 attempts\\)"):
        open_chat(f"http://127.0.0.1:{port}/v1").ask(make_request())


def test_a_text_that_cannot_be_encoded(serve: Serve, open_chat: Open) -> None:
    server = serve(completion())
    with pytest.raises(AnswerError, match="lone surrogate"):
        open_chat(server.url).ask(make_request(messages=(Message("user", "a \ud800 b"),)))
    assert not server.calls


def test_nothing_of_the_libraries_reaches_stderr(
    serve: Serve, open_chat: Open, capfd: pytest.CaptureFixture[str]
) -> None:
    server = serve(api_error(401))
    with pytest.raises(ModelError):
        open_chat(server.url).ask(make_request())
    assert capfd.readouterr() == ("", "")


def test_a_proxy_of_the_environment_is_not_asked_for_a_local_server(
    serve: Serve, open_chat: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert open_chat(serve(completion()).url).ask(make_request()).attempts[0].outcome == "ok"


def test_it_is_a_model(open_chat: Open) -> None:
    assert isinstance(open_chat("http://127.0.0.1:9/v1"), Model)


class TestEndpoint:
    def test_a_missing_key(self) -> None:
        with pytest.raises(
            ModelError, match=r"No API key for api\.openai\.com: set OPENAI_API_KEY"
        ):
            resolve_endpoint(None, {})

    def test_a_local_server_needs_none(self) -> None:
        for url in ("http://localhost:8000/v1/", "http://127.0.0.1:1/v1", "http://[::1]:8/v1"):
            endpoint = resolve_endpoint(url, {})
            assert endpoint.is_loopback
            assert endpoint.key
            assert not endpoint.base_url.endswith("/")

    def test_the_option_wins_over_the_environment(self) -> None:
        environ = {"OPENAI_BASE_URL": "https://one.example/v1", "OPENAI_API_KEY": KEY}
        assert resolve_endpoint(None, environ).host == "one.example"
        assert resolve_endpoint("https://two.example/v1", environ).host == "two.example"

    @pytest.mark.parametrize("key", ["sk-one\nsk-two", "sk-one\r", "a b", "schlüssel"])
    def test_a_key_that_is_none_is_not_shown(self, key: str) -> None:
        with pytest.raises(ModelError, match="line break") as caught:
            resolve_endpoint(None, {"OPENAI_API_KEY": key})
        assert key not in str(caught.value)

    @pytest.mark.parametrize("url", ["example.com/v1", "ftp://example.com", "http://", "not a url"])
    def test_a_url_that_is_none(self, url: str) -> None:
        with pytest.raises(InputError, match="is not a base URL"):
            resolve_endpoint(url, {"OPENAI_API_KEY": KEY})

    def test_the_key_is_not_in_the_repr(self) -> None:
        assert KEY not in repr(resolve_endpoint(None, {"OPENAI_API_KEY": KEY}))

    def test_a_password_in_the_url_is_not_in_the_host(self) -> None:
        endpoint = resolve_endpoint("https://me:secret@one.example/v1", {"OPENAI_API_KEY": KEY})
        assert endpoint.host == "one.example"


def test_the_installed_pair_is_the_modern_one() -> None:
    """The bare names resolve to 2024's openai 1.109 and instructor 1.3.2."""
    assert Version("1.17") <= Version(version("instructor")) < Version("2")
    assert Version("3.3") <= Version(version("openai")) < Version("4")


def test_a_request_is_a_plain_json_body(serve: Serve, open_chat: Open) -> None:
    server = serve(completion())
    open_chat(server.url).ask(make_request())
    assert set(server.calls[0].body) == {
        "max_tokens",
        "messages",
        "model",
        "seed",
        "temperature",
        "tool_choice",
        "tools",
    }
    assert "not a template" in json.dumps(server.calls[0].body)
