"""An OpenAI-compatible server on loopback that answers from a script, for tests over real HTTP.

It speaks through plain sockets, so that a reply can be anything at all: `Scripted` is a proper
response, `fault_server` has those that are none.
"""

from __future__ import annotations

import json
import socket
import ssl
import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Condition, Event, Lock, Thread
from typing import Any, Protocol

_PIECE = 64 * 1024  # bytes


@dataclass
class Call:
    path: str
    headers: dict[str, str]
    body: Any


class Wire:
    """One connection, as a reply sees it."""

    def __init__(self, connection: socket.socket, closing: Event) -> None:
        self._connection = connection
        self.closing = closing

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def reset(self) -> None:
        """Break the connection off with RST, as a crashed server or a firewall does."""
        linger = struct.pack("ii", 1, 0)
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._connection.close()

    def wait_until_left(self) -> None:
        """Say nothing until the client has had enough."""
        while self._connection.recv(_PIECE):
            pass


class Reply(Protocol):
    """Anything that a server may do when it was asked."""

    def play(self, wire: Wire) -> bool:
        """Do it; True when the connection can be used for another call."""
        ...


@dataclass
class Scripted:
    """One response: JSON if it is a dict or a list, bytes and other text as they are."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def play(self, wire: Wire) -> bool:
        wire.send(self.data)
        return True

    @property
    def data(self) -> bytes:
        """The response as it goes over the wire."""
        is_json = isinstance(self.body, (dict, list))
        text = json.dumps(self.body) if is_json else self.body
        body = text if isinstance(text, bytes) else str(text).encode()
        headers = {"content-type": "application/json" if is_json else "text/html"}
        headers |= {"content-length": str(len(body))} | self.headers
        lines = [f"HTTP/1.1 {self.status} Scripted", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


Script = Sequence[Reply] | Callable[[Call], Reply]
"""Replies in order, or the reply to a call."""


class Server:
    """Answers with its script; a call too many gets status 418. `calls` holds what has arrived.

    With `tls` it speaks https. `connections` counts those that were taken.
    """

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self.calls: list[Call] = []
        self.connections = 0
        self._tls = tls
        self._next = script if callable(script) else _in_order(list(script))
        self._lock = Lock()
        self._arrived = Condition(self._lock)
        self._closing = Event()
        self._open: set[socket.socket] = set()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._thread = Thread(target=self._accept, daemon=True)
        self._thread.start()
        self.host = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.url = f"http{'s' if tls else ''}://{self.host}/v1"

    def await_calls(self, count: int) -> None:
        """Until so many have arrived: one that the client gave up may not have been read yet."""
        with self._arrived:
            self._arrived.wait_for(lambda: len(self.calls) >= count, timeout=10)

    def close(self) -> None:
        self._closing.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # ends the wait for a connection
        self._socket.close()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with self._lock:
                self._open.add(connection)
                self.connections += 1
            Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):  # the client left, or it was thrown out
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            wire = Wire(connection, self._closing)
            while not self._closing.is_set():
                call = _read_call(connection)
                if call is None:
                    break
                with self._lock:
                    self.calls.append(call)
                    self._arrived.notify_all()
                    reply = self._next(call)
                if not reply.play(wire):
                    break
        with self._lock:
            self._open.discard(connection)
        connection.close()


def _in_order(script: list[Reply]) -> Callable[[Call], Reply]:
    return lambda _: script.pop(0) if script else Scripted({}, 418)


def _read_call(connection: socket.socket) -> Call | None:
    """The next request on a connection; None when there is none any more."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = connection.recv(_PIECE)
        if not piece:
            return None
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    start, *lines = head.decode("latin-1").split("\r\n")
    named = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in named}
    size = int(headers.get("content-length", "0"))
    while len(body) < size:
        piece = connection.recv(_PIECE)
        if not piece:
            return None
        body += piece
    return Call(start.split(" ")[1], headers, json.loads(body or "null"))


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
