"""The embedded model's front and engine with a runtime made here; the real one is `live`."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel

from extractor.claims import Usage, total_usage
from extractor.errors import InputError, ModelError
from extractor.model import (
    ChatModel,
    LocalSettings,
    Message,
    ModelReply,
    ModelRequest,
    ToolSpec,
    UnusableAnswerError,
    engine,
    find_weights,
    open_local_model,
)

from .conftest import NARROWED, Answer, make_request

SETTINGS = LocalSettings(threads=1, context_tokens=2048)


class Runtime:
    """Stands in for xllamacpp: remembers what it was asked, says what it was told to."""

    __version__ = "0.test"

    def __init__(self) -> None:
        self.text = '{"side":"Zeta","event":"killed"}'
        self.finish = "stop"
        self.error: dict[str, Any] | None = None
        self.raises: Exception | None = None
        self.bodies: list[dict[str, Any]] = []
        self.pins: list[dict[str, Any]] = []
        self.params: Any = None
        self.listening_address = ""

    def CommonParams(self) -> Any:  # noqa: N802
        cpu, batch = SimpleNamespace(), SimpleNamespace()
        return SimpleNamespace(model=SimpleNamespace(), cpuparams=cpu, cpuparams_batch=batch)

    def Server(self, params: Any) -> Any:  # noqa: N802
        self.params = params
        if not Path(params.model.path).exists():
            raise RuntimeError("cannot load")
        return self

    def json_schema_to_grammar(self, schema: str) -> str:
        return f"grammar of {schema}"

    def handle_chat_completions(
        self, body: dict[str, Any], take: Callable[[dict[str, Any]], bool] | None = None
    ) -> None:
        if take is None:
            self.pins.append(body)
            return
        self.bodies.append(body)
        if self.raises:
            raise self.raises
        if self.error:
            take({"error": self.error})
            return
        for char in self.text:
            take({"choices": [{"delta": {"content": char}, "finish_reason": None}]})
        take({"choices": [{"delta": {}, "finish_reason": self.finish}]})
        details = {"cached_tokens": 3}
        usage = {"prompt_tokens": 9, "completion_tokens": 4, "prompt_tokens_details": details}
        take({"choices": [], "usage": usage, "timings": {"predicted_ms": 1.5}})


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Runtime:
    fake = Runtime()
    monkeypatch.setitem(sys.modules, "xllamacpp", fake)
    return fake


@pytest.fixture
def model(runtime: Runtime, tmp_path: Path) -> Iterator[ChatModel]:
    weights = tmp_path / "tiny.gguf"
    weights.write_bytes(b"")
    assert sys.modules["xllamacpp"] is runtime  # type: ignore[comparison-overlap]
    with open_local_model(weights, SETTINGS) as opened:
        yield opened


def narrowed_request(**changes: Any) -> ModelRequest[Answer]:
    return make_request(tool=ToolSpec("answer", "What happened.", Answer, NARROWED), **changes)


def test_a_forced_tool_becomes_a_constrained_completion(model: ChatModel, runtime: Runtime) -> None:
    reply = model.ask(narrowed_request())
    assert reply.arguments == Answer(event="killed", side="Zeta")
    assert reply.raw == runtime.text
    assert reply.usage == Usage(9, 4, cached_tokens=3)
    (body,) = runtime.bodies
    schema = json.loads(body["grammar"].removeprefix("grammar of "))
    assert list(schema["properties"]) == ["side", "event"]
    assert schema["x-guidance"] == {"whitespace_flexible": False, "lenient": True}
    assert (body["temperature"], body["seed"], body["max_tokens"]) == (0, 0, 50)
    assert "tools" not in body
    system, user = body["messages"]
    assert system["content"].endswith("Answer by filling the function answer: What happened.")
    assert user["content"] == "“498” were killed"


def test_the_cache_is_brought_to_the_part_that_never_changes(
    model: ChatModel, runtime: Runtime
) -> None:
    turns = (Message("assistant", "{}"), Message("user", "Again."))
    for changes in ({}, {"turns": turns}, {"messages": (Message("user", "498"),)}):
        model.ask(narrowed_request(**changes))
    model.ask(narrowed_request())
    assert [len(body["messages"]) for body in runtime.bodies] == [2, 4, 2, 2]
    for pin in runtime.pins:
        system, empty = pin["messages"]
        assert system == runtime.bodies[0]["messages"][0]
        assert (empty, pin["max_tokens"]) == ({"role": "user", "content": ""}, 0)
    # from nothing the first time, from the cache after that
    assert [pin["cache_prompt"] for pin in runtime.pins] == [False, True, True]


class Slots(BaseHTTPRequestHandler):
    """The runtime's own server, as far as it saves and restores a prompt cache."""

    files: ClassVar[Path]
    told: ClassVar[list[str]]
    status = 200

    def log_message(self, *_: object) -> None:
        """Silent."""

    def do_POST(self) -> None:
        name = json.loads(self.rfile.read(int(self.headers["content-length"])))["filename"]
        action = self.path.rpartition("=")[2]
        self.told.append(action)
        if action == "save":
            (self.files / name).write_bytes(b"state")
        self.send_response(self.status)
        self.send_header("content-length", "0")
        self.end_headers()


@pytest.fixture
def slots(runtime: Runtime, tmp_path: Path) -> Iterator[type[Slots]]:
    made = type("Made", (Slots,), {"files": tmp_path / "prefixes", "told": []})
    server = HTTPServer(("127.0.0.1", 0), made)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    runtime.listening_address = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def _asked_once(tmp_path: Path) -> None:
    weights = tmp_path / "tiny.gguf"
    weights.write_bytes(b"")
    with open_local_model(weights, SETTINGS, prefixes=tmp_path / "prefixes") as model:
        model.ask(narrowed_request())


def test_the_state_of_the_prefix_is_kept_for_the_next_run(
    runtime: Runtime, slots: type[Slots], tmp_path: Path
) -> None:
    _asked_once(tmp_path)
    assert runtime.params.slot_save_path == f"{tmp_path / 'prefixes'}{os.sep}"
    assert (slots.told, [pin["cache_prompt"] for pin in runtime.pins]) == (["save"], [False])
    _asked_once(tmp_path)
    assert (slots.told[1:], [pin["cache_prompt"] for pin in runtime.pins[1:]]) == (
        ["restore"],
        [True],
    )
    assert runtime.bodies[0] == runtime.bodies[1]


def test_a_state_that_the_runtime_refuses_is_computed(
    runtime: Runtime, slots: type[Slots], tmp_path: Path
) -> None:
    _asked_once(tmp_path)
    slots.status = 500
    _asked_once(tmp_path)
    assert slots.told == ["save", "restore", "save"]
    assert [pin["cache_prompt"] for pin in runtime.pins] == [False, False]
    runtime.listening_address = "http://127.0.0.1:9"  # nobody there
    _asked_once(tmp_path)
    assert len(runtime.bodies) == 3


def test_the_engine_is_set_up_as_asked(model: ChatModel, runtime: Runtime) -> None:
    assert model.narrows_schema
    assert model.origin.server == "xllamacpp 0.test, loopback front 1"
    assert model.origin.weights_sha256
    params = runtime.params
    assert (params.cpuparams.n_threads, params.cpuparams_batch.n_threads) == (1, 1)
    assert (params.n_ctx, params.hostnames, params.verbosity) == (2048, ["127.0.0.1"], 0)


def test_a_prompt_that_is_too_long(model: ChatModel, runtime: Runtime) -> None:
    runtime.error = {"code": 400, "type": "exceed_context_size_error", "message": "9 > 8"}
    with pytest.raises(UnusableAnswerError, match="do not fit the context") as caught:
        model.ask(narrowed_request())
    assert caught.value.reason == "too_long"


def test_an_answer_that_is_cut_off(model: ChatModel, runtime: Runtime) -> None:
    runtime.text, runtime.finish = '{"side":"Ze', "length"
    with pytest.raises(UnusableAnswerError) as caught:
        model.ask(narrowed_request())
    assert (caught.value.reason, caught.value.raw) == ("truncated", '{"side":"Ze')
    assert total_usage(caught.value.attempts) == Usage(9, 4, cached_tokens=3)


def test_a_grammar_that_the_engine_dropped_is_noticed(model: ChatModel, runtime: Runtime) -> None:
    runtime.text = "Sure! 498 were killed."
    with pytest.raises(ModelError, match="did not hold to the schema"):
        model.ask(narrowed_request())


@pytest.mark.parametrize(
    ("error", "calls"),
    [(ValueError("schema must be an object"), 1), (RuntimeError("out of memory"), 2)],
)
def test_the_runtime_fails(
    model: ChatModel, runtime: Runtime, error: Exception, calls: int
) -> None:
    runtime.raises = error
    with pytest.raises(ModelError, match=r"127\.0\.0\.1"):
        model.ask(narrowed_request())
    assert len(runtime.bodies) == calls


def test_nothing_listens_after_closing(model: ChatModel) -> None:
    port = int(model.endpoint.host.rpartition(":")[2])
    socket.create_connection(("127.0.0.1", port), timeout=5).close()
    model.close()
    model.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_responses_are_the_same_byte_for_byte(runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "w").write_bytes(b"")
    local = engine.Engine(tmp_path / "w", "tiny", SETTINGS)
    tool = {"type": "function", "function": {"name": "answer", "parameters": NARROWED}}
    body = {"messages": [], "tools": [tool], "tool_choice": "required"}
    first, second = (json.dumps(local.complete(body)) for _ in range(2))
    assert first == second
    assert "timings" not in first
    assert local.complete({**body, "tool_choice": "auto"})[0] == 400
    assert local.complete({**body, "messages": None})[0] in (200, 400)
    local.close()
    assert local.complete(body)[0] == 503
    assert len(runtime.bodies) >= 2


def test_the_runtime_is_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ModelError, match=r"pip install 'claim-extractor\[local\]'"):
        open_local_model(tmp_path / "w", SETTINGS)


def test_weights_that_do_not_load(runtime: Runtime, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded"):
        open_local_model(tmp_path / "absent", SETTINGS)
    assert runtime.params is not None


class TestSettings:
    def test_the_defaults_are_this_machines(self) -> None:
        settings = LocalSettings.from_environment({})
        assert 1 <= settings.threads <= 8
        assert settings.context_tokens == 8192

    def test_the_environment_wins(self) -> None:
        environ = {"EXTRACTOR_LOCAL_THREADS": "3", "EXTRACTOR_LOCAL_CONTEXT": " 4096 "}
        assert LocalSettings.from_environment(environ) == LocalSettings(3, 4096)

    @pytest.mark.parametrize("value", ["0", "-1", "two", "1.5", "²", "9999999"])
    def test_no_such_number(self, value: str) -> None:
        with pytest.raises(InputError, match=r"EXTRACTOR_LOCAL_THREADS='.*': give a whole number"):
            LocalSettings.from_environment({"EXTRACTOR_LOCAL_THREADS": value})

    def test_a_container_quota_counts(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        quota = tmp_path / "cpu.max"
        monkeypatch.setattr(engine, "_CGROUP_QUOTA", quota)
        for text, most in (("100000 100000", 1), ("max 100000", 8), ("nonsense", 8)):
            quota.write_text(text)
            assert 1 <= engine.available_cores() <= most


class Hard(BaseModel):
    items: list[dict[str, str | None]]


HARD_QUOTE = '“498 of its troops” have "died"\nnow – naïve\u00a0\\ x'
HARD = {
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "minItems": 2,
            "maxItems": 2,
            "prefixItems": [
                {
                    "type": "object",
                    "properties": {
                        "zeta": {"const": HARD_QUOTE},
                        "alpha": {"enum": ["tab\there", "café", None]},
                        "mid": {"type": "string", "maxLength": 5},
                    },
                    "required": ["zeta", "alpha", "mid"],
                    "additionalProperties": False,
                },
                {
                    "anyOf": [
                        {
                            "type": "object",
                            "properties": {"id": {"const": "n2"}, "dismissed": {"const": "date"}},
                            "required": ["id", "dismissed"],
                            "additionalProperties": False,
                        },
                        {
                            "type": "object",
                            "properties": {"id": {"const": "n2"}, "event": {"const": "killed"}},
                            "required": ["id", "event"],
                            "additionalProperties": False,
                        },
                    ]
                },
            ],
            "unknownKeyword": 1,
        }
    },
    "required": ["items"],
    "additionalProperties": False,
}


def _hard_reply(model: ChatModel, extra: str) -> ModelReply[Hard]:
    prompt = "Explain each number of the sentence. " * 12
    text = f"On 3 May 498 of its troops died.{extra}"
    return model.ask(
        ModelRequest(
            messages=(Message("system", prompt), Message("user", text)),
            tool=ToolSpec("explain", "Explain numbers.", Hard, HARD),
            document="d",
            max_tokens=120,
        )
    )


@pytest.mark.live
def test_the_real_engine_holds_to_hard_schemas(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    weights = find_weights()
    if weights is None:
        pytest.skip("the weights are not here: extractor models pull")
    settings, folder = LocalSettings(threads=1, context_tokens=2048), tmp_path / "prefixes"
    with open_local_model(weights, settings) as model:
        replies = [_hard_reply(model, extra) for extra in ("", " So they said.", "", "", "")]
    for _ in ("computed and kept", "read from disk"):
        with open_local_model(weights, settings, prefixes=folder) as model:
            replies.append(_hard_reply(model, ""))
    assert len(list(folder.iterdir())) == 1
    for reply in replies:
        first, second = reply.arguments.items
        assert list(first) == ["zeta", "alpha", "mid"]
        assert first["zeta"] == HARD_QUOTE
        assert first["alpha"] in ("tab\there", "café", None)
        assert len(first["mid"] or "") <= 5
        assert second in ({"id": "n2", "dismissed": "date"}, {"id": "n2", "event": "killed"})
    assert all(reply.usage.cached_tokens > 50 for reply in replies)
    assert len({reply.raw for place, reply in enumerate(replies) if place != 1}) == 1
