"""Recording from a scripted server and replaying with that server gone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scripted_server import Scripted, Server, completion

from extractor.claims import Usage
from extractor.errors import CassetteError, ModelError
from extractor.model import (
    ChatModel,
    Message,
    ModelChoice,
    Origin,
    ToolSpec,
    open_for_replay,
    recording,
    replaying,
)
from extractor.model.capabilities import Capabilities
from extractor.model.cassettes import current
from extractor.model.fingerprint import Fingerprint

from .conftest import (
    KEY,
    NARROWED,
    Answer,
    Open,
    Serve,
    api_error,
    make_request,
)

ORIGIN = Origin("some-model", "a scripted server", capabilities=Capabilities(narrows_schema=True))
DATE = "2026-11-22"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cassettes" / "doc.json"


@pytest.fixture
def record(serve: Serve, open_chat: Open, path: Path) -> Callable[..., Server]:
    """Records one call for each answer, about places 0, 1, 2, …"""

    def run(*script: Any, date: str = DATE, calls: int | None = None) -> Server:
        server = serve(*script)
        model = open_chat(server.url)
        with recording(path, ORIGIN, date):
            for number in range(len(script) if calls is None else calls):
                model.ask(make_request(document=f"doc#{number}"))
        return server

    return run


@pytest.fixture
def replayed(open_chat: Open) -> ChatModel:
    """A model whose server is not there."""
    return open_chat("http://127.0.0.1:9/v1")


def test_a_recording_is_replayed_with_the_server_gone(
    record: Callable[..., Server], path: Path, replayed: ChatModel
) -> None:
    record(completion(), completion('{"event": "wounded", "side": "“é”\\u00a0\\n"}'))
    with replaying(path) as tape:
        first = replayed.ask(make_request(document="doc#0"))
        assert tape.unplayed == 1
        second = replayed.ask(make_request(document="doc#1"))
        assert tape.unplayed == 0
    assert first.arguments == Answer(event="killed")
    assert second.arguments == Answer(event="wounded", side="“é”\u00a0\n")
    assert second.raw == '{"event": "wounded", "side": "“é”\\u00a0\\n"}'
    # what was cached in the recording says nothing about the replay
    assert first.usage == Usage(11, 7, cached_tokens=0)
    assert current() is None


def test_the_order_of_replay_is_free(
    record: Callable[..., Server], path: Path, replayed: ChatModel
) -> None:
    record(completion('{"event": "a"}'), completion('{"event": "b"}'))
    with replaying(path):
        events = [replayed.ask(make_request(document=f"doc#{n}")).arguments.event for n in (1, 0)]
    assert events == ["b", "a"]


def test_recording_again_gives_the_same_bytes(record: Callable[..., Server], path: Path) -> None:
    record(completion(), completion())
    first = path.read_bytes()
    other = completion()
    other |= {"id": "chatcmpl-other", "created": 1_800_000_000, "system_fingerprint": "fp_2"}
    other["usage"]["prompt_tokens_details"] = {"cached_tokens": 0}
    other["choices"][0]["message"]["tool_calls"][0]["id"] = "call_other"
    record(completion(), other, date="2031-01-01")
    assert path.read_bytes() == first
    assert f'"recorded": "{DATE}"' in first.decode()


def test_another_answer_bears_its_own_date(record: Callable[..., Server], path: Path) -> None:
    record(completion())
    record(completion('{"event": "wounded"}'), date="2031-01-01")
    assert json.loads(path.read_text())["cassette"]["recorded"] == "2031-01-01"


def test_what_is_sent_while_recording(record: Callable[..., Server]) -> None:
    server = record(completion())
    (call,) = server.calls
    header = call.headers["x-extractor-fingerprint"]
    assert Fingerprint.parse(header).header == header
    assert call.headers["accept-encoding"] == "identity"


def test_the_file_is_readable_and_holds_nothing_of_the_account(
    record: Callable[..., Server], path: Path
) -> None:
    server = record(completion())
    text = path.read_text()
    content = json.loads(text)
    assert content["cassette"] == {
        "format": 2,
        "model": "some-model",
        "server": "a scripted server",
        "weights_sha256": None,
        "capabilities": Capabilities(narrows_schema=True).to_json(),
        "recorded": DATE,
        "note": content["cassette"]["note"],
    }
    (interaction,) = content["interactions"]
    assert interaction["request"]["path"] == "/chat/completions"
    assert interaction["request"]["body"]["messages"][1]["content"] == "“498” were killed"
    assert interaction["response"]["headers"] == {"content-type": "application/json"}
    arguments = interaction["response"]["body"]["choices"][0]["message"]["tool_calls"][0]
    assert arguments["function"]["arguments"] == '{"event": "killed"}'
    for secret in (KEY, "Bearer", "authorization", "127.0.0.1", server.url, "stainless"):
        assert secret not in text


def test_the_order_of_a_schema_is_kept(serve: Serve, open_chat: Open, path: Path) -> None:
    model = open_chat(serve(completion()).url)
    with recording(path, ORIGIN, DATE):
        model.ask(make_request(tool=ToolSpec("answer", "What.", Answer, NARROWED)))
    body = json.loads(path.read_text())["interactions"][0]["request"]["body"]
    assert list(body["tools"][0]["function"]["parameters"]["properties"]) == ["side", "event"]


REORDERED = {**NARROWED, "properties": dict(reversed(list(NARROWED["properties"].items())))}  # type: ignore[attr-defined]
STALE: dict[str, tuple[dict[str, Any], str]] = {
    "prompt": ({"messages": (Message("system", "Other."), Message("user", "498"))}, "prompt"),
    "role": ({"messages": (Message("user", "x"),)}, "prompt"),
    "schema": ({"tool": ToolSpec("answer", "What happened.", Answer, NARROWED)}, "schema"),
    "description": ({"tool": ToolSpec("answer", "Other.", Answer)}, "schema"),
    "tool": ({"tool": ToolSpec("other", "What happened.", Answer)}, "schema"),
    "parameters": ({"max_tokens": 51}, "parameters"),
    "turns": ({"turns": (Message("user", "Again."),)}, "turns"),
    "prompt before schema": (
        {"messages": (), "tool": ToolSpec("other", "", Answer), "max_tokens": 1},
        "prompt",
    ),
}


@pytest.mark.parametrize("case", STALE)
def test_a_stale_recording_says_what_changed(
    record: Callable[..., Server], path: Path, replayed: ChatModel, case: str
) -> None:
    changes, word = STALE[case]
    record(completion())
    with replaying(path), pytest.raises(CassetteError) as caught:
        replayed.ask(make_request(**{"document": "doc#0", **changes}))
    assert str(caught.value) == (
        f"STALE CASSETTE {path}: same document, but the {word} changed since recording; "
        f"record again with --record {path.parent}."
    )
    assert caught.value.exit_code == 5


def test_another_model_is_stale_too(
    record: Callable[..., Server], path: Path, open_chat: Open
) -> None:
    record(completion())
    model = open_chat("http://127.0.0.1:9/v1", name="another-model")
    with replaying(path), pytest.raises(CassetteError, match="but the model changed"):
        model.ask(make_request(document="doc#0"))


def test_the_order_of_properties_is_part_of_the_schema(
    serve: Serve, open_chat: Open, path: Path
) -> None:
    model = open_chat(serve(completion()).url)
    request = make_request(tool=ToolSpec("answer", "What.", Answer, NARROWED))
    with recording(path, ORIGIN, DATE):
        model.ask(request)
    other = replace(request, tool=replace(request.tool, narrowed=REORDERED))
    with replaying(path), pytest.raises(CassetteError, match="but the schema changed"):
        model.ask(other)


def test_a_re_ask_is_compared_with_the_recording_that_is_most_like_it(
    serve: Serve, open_chat: Open, path: Path, replayed: ChatModel
) -> None:
    model = open_chat(serve(completion(), completion()).url)
    turn = (Message("user", "The value differs."),)
    with recording(path, ORIGIN, DATE):
        model.ask(make_request())
        model.ask(make_request(turns=turn))
    with replaying(path), pytest.raises(CassetteError, match="but the prompt changed"):
        replayed.ask(make_request(messages=(), turns=turn))


def test_a_missing_file(path: Path, replayed: ChatModel) -> None:
    with replaying(path), pytest.raises(CassetteError, match=f"NO CASSETTE {path}: .* --record"):
        replayed.ask(make_request())


def test_a_document_without_calls_needs_no_file(path: Path) -> None:
    with replaying(path) as tape:
        assert tape.unplayed == 0


def test_a_place_that_is_not_recorded(
    record: Callable[..., Server], path: Path, replayed: ChatModel
) -> None:
    record(completion())
    with replaying(path) as tape, pytest.raises(CassetteError, match=f"NOT RECORDED {path}"):
        replayed.ask(make_request(document="doc#7"))
    assert tape.unplayed == 1


def test_each_recording_plays_once(
    record: Callable[..., Server], path: Path, replayed: ChatModel
) -> None:
    record(completion())
    with replaying(path):
        replayed.ask(make_request(document="doc#0"))
        with pytest.raises(CassetteError, match=r"EXHAUSTED .* recorded 1 time"):
            replayed.ask(make_request(document="doc#0"))


def test_the_same_call_recorded_twice_plays_twice_in_order(
    serve: Serve, open_chat: Open, path: Path, replayed: ChatModel
) -> None:
    model = open_chat(serve(completion('{"event": "a"}'), completion('{"event": "b"}')).url)
    with recording(path, ORIGIN, DATE):
        model.ask(make_request())
        model.ask(make_request())
    with replaying(path):
        assert [replayed.ask(make_request()).arguments.event for _ in range(2)] == ["a", "b"]


def test_a_recorded_failure_is_played_through_without_waiting(
    record: Callable[..., Server], path: Path, replayed: ChatModel
) -> None:
    record(api_error(429, headers={"retry-after": "50", "x-account": "me"}), completion(), calls=1)
    assert "x-account" not in path.read_text()
    with replaying(path) as tape:
        assert replayed.ask(make_request(document="doc#0")).attempts[1].outcome == "ok"
        assert tape.unplayed == 0


def test_an_unusable_answer_is_recorded_as_it_came(
    serve: Serve, open_chat: Open, path: Path, replayed: ChatModel
) -> None:
    model = open_chat(serve("<html>Hello</html>", Scripted('"a string"')).url)
    with recording(path, ORIGIN, DATE):
        for place in ("doc#0", "doc#1"):
            with pytest.raises(ModelError):
                model.ask(make_request(document=place))
    bodies = [one["response"]["body"] for one in json.loads(path.read_text())["interactions"]]
    assert bodies == ["<html>Hello</html>", '"a string"']
    with replaying(path):
        for place in ("doc#0", "doc#1"):
            with pytest.raises(ModelError):
                replayed.ask(make_request(document=place))


def test_an_error_while_recording_leaves_the_old_file(
    record: Callable[..., Server], serve: Serve, open_chat: Open, path: Path
) -> None:
    record(completion())
    before = path.read_bytes()
    model = open_chat(serve(completion('{"event": "other"}'), api_error(401)).url)

    def record_two() -> None:
        with recording(path, ORIGIN, DATE):
            model.ask(make_request(document="doc#0"))
            model.ask(make_request(document="doc#1"))

    with pytest.raises(ModelError):
        record_two()
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["doc.json"]


def test_recording_nothing_replaces_an_older_file(
    record: Callable[..., Server], path: Path
) -> None:
    record(completion())
    with recording(path, ORIGIN, DATE):
        pass
    assert json.loads(path.read_text())["interactions"] == []


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj-abcdefghijklmnop1234",
        "Bearer abcdefghijklmnop.qrs",
        "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "AKIAIOSFODNN7EXAMPLE",
        "-----BEGIN RSA PRIVATE KEY-----",
        KEY,
    ],
)
def test_what_looks_like_a_secret_is_not_saved(
    serve: Serve, open_chat: Open, path: Path, secret: str
) -> None:
    model = open_chat(serve(completion()).url)
    request = make_request(messages=(Message("user", f"see {secret} there"),))

    def record_it() -> None:
        with recording(path, ORIGIN, DATE):
            model.ask(request)

    with pytest.raises(CassetteError, match="not saved") as caught:
        record_it()
    assert secret not in str(caught.value)
    assert not path.exists()


def test_news_is_not_taken_for_a_secret(serve: Serve, open_chat: Open, path: Path) -> None:
    model = open_chat(serve(completion()).url)
    text = "The pk-12 school, a sk-8 rifle, bearer of bad news; Bearer bonds rose 12 percent."
    with recording(path, ORIGIN, DATE):
        model.ask(make_request(messages=(Message("user", text),)))
    assert path.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cassette": {}, "interactions": []}', "\x00"])
def test_an_unreadable_file(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(CassetteError, match=f"UNREADABLE CASSETTE {path}"), replaying(path):
        pass


def test_one_cassette_at_a_time(path: Path) -> None:
    with (
        replaying(path),
        pytest.raises(CassetteError, match="one cassette at a time"),
        replaying(path.with_name("other.json")),
    ):
        pass
    assert current() is None


def test_nothing_stays_patched(
    record: Callable[..., Server], serve: Serve, open_chat: Open, path: Path, replayed: ChatModel
) -> None:
    record(completion())
    with replaying(path):
        replayed.ask(make_request(document="doc#0"))
    server = serve(completion())
    open_chat(server.url).ask(make_request(document="doc#0"))
    assert len(server.calls) == 1
    assert "x-extractor-fingerprint" not in server.calls[0].headers


class TestOpeningForReplay:
    def test_name_and_capability_come_from_the_recording(
        self, record: Callable[..., Server], path: Path
    ) -> None:
        record(completion())
        with open_for_replay(ModelChoice(), path.parent) as model, replaying(path):
            assert (model.name, model.narrows_schema) == ("some-model", True)
            assert model.ask(make_request(document="doc#0")).arguments == Answer(event="killed")

    def test_a_name_that_is_given_wins_and_is_stale(
        self, record: Callable[..., Server], path: Path
    ) -> None:
        record(completion())
        with (
            open_for_replay(ModelChoice("gpt-9"), path.parent) as model,
            replaying(path),
            pytest.raises(CassetteError, match="but the model changed"),
        ):
            model.ask(make_request(document="doc#0"))

    def test_a_folder_without_recordings(self, tmp_path: Path) -> None:
        with open_for_replay(ModelChoice(), tmp_path) as model:
            assert model.name == "qwen2.5-coder-1.5b-instruct-q4_k_m"
            assert model.narrows_schema
