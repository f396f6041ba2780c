"""An OpenAI-compatible server that takes some things and refuses others, over real HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from scripted_server import completion


@dataclass
class Particular:
    """What the server takes. `forms` are named, required and json_schema; `params` all others.

    What is not taken is refused with 400, or (`silent`) ignored: it answers in prose, which is cut
    off where it is `verbose`. `grammar` holds the answer to the schema that is sent; `tells_usage`
    counts tokens.
    """

    forms: frozenset[str] = frozenset({"named", "required", "json_schema"})
    params: frozenset[str] = frozenset({"max_tokens", "temperature", "seed"})
    silent: bool = False
    verbose: bool = False
    grammar: bool = False
    tells_usage: bool = True
    largest_schema: int = 1_000_000  # characters
    calls: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.calls.append(body)
        form, name, schema = _asked(body)
        extra = set(body) - {"model", "messages", "tools", "tool_choice", "response_format"}
        if extra - self.params or len(json.dumps(schema)) > self.largest_schema:
            return _refusal(f"Unsupported: {sorted(extra - self.params)}")
        if form not in self.forms:
            prose = _prose("Nine boats.", finish="length" if self.verbose else "stop")
            return (200, prose) if self.silent else _refusal(f"No {form} here.")
        arguments = json.dumps(_filled(schema, held=self.grammar))
        done = completion(arguments, name=name)
        if form == "json_schema":
            done = _prose(arguments)
        if not self.tells_usage:
            del done["usage"]
        return 200, done


class ParticularServer:
    """Serves a Particular on loopback until it is closed."""

    def __init__(self, rules: Particular) -> None:
        lock = Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: object) -> None:
                pass

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                with lock:
                    status, answer = rules.answer(body)
                data = json.dumps(answer).encode()
                self.send_response_only(status)
                self.send_header("content-type", "application/json")
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


def _asked(body: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    if "response_format" in body:
        schema = body["response_format"]["json_schema"]
        return "json_schema", schema["name"], schema["schema"]
    (tool,) = body["tools"]
    form = "named" if isinstance(body["tool_choice"], dict) else body["tool_choice"]
    return form, tool["function"]["name"], tool["function"]["parameters"]


def _filled(schema: dict[str, Any], *, held: bool) -> dict[str, Any]:
    """An answer: "9" for every property, or what the schema leaves no choice about."""
    properties = schema.get("properties", {})
    return {
        name: (one["enum"][0] if held and "enum" in one else "9")
        for name, one in properties.items()
    }


def _prose(text: str, *, finish: str = "stop") -> dict[str, Any]:
    body = completion(finish=finish)
    body["choices"][0]["message"] = {"role": "assistant", "content": text}
    return body


def _refusal(text: str) -> tuple[int, dict[str, Any]]:
    return 400, {"error": {"message": text, "type": "invalid_request_error", "code": None}}
