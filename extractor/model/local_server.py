"""The embedded model as an endpoint: an HTTP front on loopback, there as long as the run is.

It stands on an ephemeral port of 127.0.0.1, speaks the chat-completions API, and answers from an
`Engine` (or anything with its `complete`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Protocol

from extractor.model.capabilities import Capabilities
from extractor.model.cassettes import Origin
from extractor.model.client import ChatModel, ModelHooks
from extractor.model.endpoints import PREFIX_HEADER, loopback_endpoint
from extractor.model.engine import Engine, LocalSettings
from extractor.model.retries import RetryPolicy
from extractor.model.weights import QWEN, WeightsInfo

GRAMMAR_HELD = Capabilities(narrows_schema=True)
_LARGEST_BODY = 64 * 2**20  # bytes; a request is some tens of kilobytes


class Answering(Protocol):
    """What stands behind the front."""

    def complete(self, body: Mapping[str, Any], prefix: int = 0) -> tuple[int, dict[str, Any]]:
        """The HTTP status and the body for a chat-completion request.

        The first `prefix` messages are the same from call to call.
        """
        ...


class LoopbackFront:
    """Serves `/v1/chat/completions` and `/v1/models` on 127.0.0.1 until it is closed."""

    def __init__(self, engine: Answering, name: str) -> None:
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.engine = engine
        self._http.model = name
        # a short poll: closing waits for it
        self._thread = Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that the system gave."""
        return self._http.server_port

    def close(self) -> None:
        """Stop listening; may be called twice."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def open_local_model(
    weights: Path,
    settings: LocalSettings | None = None,
    info: WeightsInfo = QWEN,
    prefixes: Path | None = None,
) -> ChatModel:
    """The embedded model from checked weights; closing it stops the front and the engine.

    `prefixes` is a folder for the computed state of prompt prefixes; without one none is kept.
    Loading takes one to three seconds. Raises ModelError when the runtime is missing or the
    weights do not load, InputError when a setting in the environment is no number.
    """
    settings = settings or LocalSettings.from_environment()
    engine = Engine(weights, info.name, settings, prefixes, info.sha256)
    front = LoopbackFront(engine, info.name)

    def close() -> None:
        front.close()
        engine.close()

    endpoint = loopback_endpoint(front.port, GRAMMAR_HELD)
    return ChatModel(
        info.name,
        endpoint,
        policy=RetryPolicy(attempts=2),  # it does not fail for a moment: it works or is broken
        origin=Origin(info.name, engine.server, info.sha256, endpoint.capabilities),
        hooks=ModelHooks(on_close=close),
    )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a call cut off by Ctrl-C must not hold the exit up
    engine: Answering
    model: str

    def handle_error(self, request: object, client_address: object) -> None:
        """Silent: a client that hung up needs no answer, and the engine's faults have theirs."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Silent: stderr belongs to the run's progress."""

    def do_GET(self) -> None:
        """The list of models: one."""
        if self.path.endswith("/models"):
            entry = {"id": self.server.model, "object": "model", "created": 0, "owned_by": "local"}
            self._send(200, {"object": "list", "data": [entry]})
        else:
            self._send(404, {"error": {"message": "not found", "code": "not_found"}})

    def do_POST(self) -> None:
        """One chat completion."""
        length = self.headers.get("content-length", "")
        if not length.isdigit() or int(length) > _LARGEST_BODY:
            self.close_connection = True
            self._send(411, {"error": {"message": "no usable length", "code": "bad_length"}})
            return
        raw = self.rfile.read(int(length))
        if not self.path.endswith("/chat/completions"):
            self._send(404, {"error": {"message": "not found", "code": "not_found"}})
            return
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            self._send(400, {"error": {"message": "no JSON object", "code": "bad_json"}})
            return
        try:
            prefix = self.headers.get(PREFIX_HEADER, "")
            count = int(prefix) if prefix.isdigit() else 0
            status, answer = self.server.engine.complete(body, count)
        except Exception as error:  # noqa: BLE001 - the client must hear of it, whatever it is
            what = f"{type(error).__name__} in the engine"
            status, answer = 500, {"error": {"message": what, "code": "engine_error"}}
        self._send(status, answer)

    def _send(self, status: int, answer: dict[str, Any]) -> None:
        data = json.dumps(answer).encode()
        self.send_response_only(status)  # without Date and Server: they change from run to run
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
