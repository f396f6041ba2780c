"""Chat models on a scripted endpoint, and the small request that the tests of the client ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import BaseModel
from scripted_server import Reply, Scripted, Server, completion

from extractor.model import (
    Capabilities,
    ChatModel,
    Endpoint,
    Message,
    ModelRequest,
    RetryPolicy,
    ToolSpec,
)
from extractor.model.retries import Clock

KEY = "sk-test-0123456789abcdef0123"


class Answer(BaseModel):
    event: str
    side: str | None = None


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

    def start(*script: Reply | dict[str, Any] | list[Any] | str) -> Server:
        plain = (dict, list, str)
        replies = [Scripted(one) if isinstance(one, plain) else one for one in script]
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
        endpoint = Endpoint(url, KEY, Capabilities(narrows_schema=narrows), timeout=10)
        policy = RetryPolicy(clock=Clock(sleep=lambda _: None))
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
