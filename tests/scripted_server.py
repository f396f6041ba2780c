"""An OpenAI-compatible server on loopback that answers from a script, for tests over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Scripted:
    """One response: JSON if it is a dict or a list, bytes and other text as they are."""

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
                text = json.dumps(reply.body) if is_json else reply.body
                data = text if isinstance(text, bytes) else str(text).encode()
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
