"""A scripted endpoint on loopback, and the small request that the tests of the client ask."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from pydantic import BaseModel

from extractor.model import ChatModel, Endpoint, Message, ModelRequest, RetryPolicy, ToolSpec

KEY = "sk-test-0123456789abcdef0123"


class Answer(BaseModel):
    event: str
    side: str | None = None


@dataclass
class Scripted:
    """One response: JSON if it is a dict or a list, otherwise the text as it is."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Call:
    path: str
    headers: dict[str, str]
    body: Any


class Server:
    """Answers with its script in order; a call too many gets status 418."""

    def __init__(self, script: Sequence[Scripted]) -> None:
        self.script = list(script)
        self.calls: list[Call] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: object) -> None:
                pass

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.calls.append(Call(self.path, headers, json.loads(raw)))
                reply = outer.script.pop(0) if outer.script else Scripted({}, 418)
                is_json = isinstance(reply.body, (dict, list))
                data = (json.dumps(reply.body) if is_json else str(reply.body)).encode()
                self.send_response_only(reply.status)
                kind = {"content-type": "application/json" if is_json else "text/html"}
                for name, value in (kind | reply.headers).items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.block_on_close = False
        self._thread = Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def completion(
    arguments: Any = '{"event": "killed"}', *, name: str = "answer", finish: str = "tool_calls"
) -> dict[str, Any]:
    """A chat completion that calls `name`."""
    return {
        "id": "chatcmpl-random",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "some-model",
        "system_fingerprint": "fp_1",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [
                        {
                            "id": "call_random",
                            "type": "function",
                            "function": {"name": name, "arguments": arguments},
                        }
                    ],
                },
            }
        ],
        "usage": {
            "prompt_tokens": 11,
            "completion_tokens": 7,
            "total_tokens": 18,
            "prompt_tokens_details": {"cached_tokens": 5},
        },
    }


def with_message(**message: Any) -> dict[str, Any]:
    """A completion whose message is this one, without a tool call unless it is given."""
    body = completion(finish=message.pop("finish", "stop"))
    body["choices"][0]["message"] = {"role": "assistant", "content": None, **message}
    return body


def api_error(
    status: int, code: str | None = None, headers: dict[str, str] | None = None, text: str = "no"
) -> Scripted:
    body = {"error": {"message": text, "type": "some_error", "code": code, "param": None}}
    return Scripted(body, status, headers or {})


Serve = Callable[..., Server]
Open = Callable[..., ChatModel]


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[Server] = []

    def start(*script: Scripted | dict[str, Any] | str) -> Server:
        replies = [one if isinstance(one, Scripted) else Scripted(one) for one in script]
        servers.append(Server(replies))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def open_chat() -> Iterator[Open]:
    """Chat models without waits between retries, closed at the end."""
    models: list[ChatModel] = []

    def start(url: str, *, name: str = "some-model", narrows: bool = True) -> ChatModel:
        endpoint = Endpoint(url, KEY, narrows_schema=narrows, timeout=10)
        policy = RetryPolicy(first_wait=0, longest_wait=0)
        models.append(ChatModel(name, endpoint, policy=policy))
        return models[-1]

    yield start
    for model in models:
        model.close()


def make_request(**changes: Any) -> ModelRequest[Answer]:
    request = ModelRequest(
        messages=(
            Message("system", "You read news.\n  {{ not a template }} {% nor this"),
            Message("user", "“498” were killed"),
        ),
        tool=ToolSpec("answer", "What happened.", Answer),
        document="doc-sha#0-20",
        max_tokens=50,
    )
    return replace(request, **changes)


NARROWED = {
    "type": "object",
    "properties": {"side": {"const": "Zeta"}, "event": {"enum": ["killed", "wounded"]}},
    "required": ["side", "event"],
    "additionalProperties": False,
}


@pytest.fixture
def request_for() -> Callable[..., ModelRequest[Answer]]:
    return make_request
