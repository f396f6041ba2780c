"""HTTP as it comes in: how long a head may be and take, and how many connections there may be.

uvicorn's protocol on httptools bounds none of these, and all of them come before any application
is asked; and what is no HTTP at all is answered as every other error is.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from extractor.serve.problems import PROBLEM_TYPE, Problem

LONGEST_HEAD = 64 * 1024
"""Bytes of a request line with its headers."""

HEAD_SECONDS = 15.0
MOST_CONNECTIONS = 1_000
_FRAMING = 8  # bytes about a body for each byte of it: chunks of one byte take five or six

_LONG = Problem(431, f"The headers may have {LONGEST_HEAD:,} bytes at most.", "head-too-large")
_SLOW = Problem(408, "The headers did not arrive in time.", "slow-head")
_MANY = Problem(503, "There are too many connections.", "busy", {"retry-after": "1"})
_NO_HTTP = Problem(400, "This is no HTTP request.", "malformed-http")


class BoundedProtocol(HttpToolsProtocol):
    """One connection; it is closed after a refusal."""

    _framing = 0  # bytes of the message that are not its body
    _body = 0
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, unless there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._refuse(_MANY)
        else:
            self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """End; nothing is waited for any more."""
        self._forget_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take some bytes."""
        self._framing += len(data)
        super().data_received(data)
        if self._framing > LONGEST_HEAD + _FRAMING * self._body:
            self._refuse(_LONG)

    def on_message_begin(self) -> None:
        """The first byte of a request is there."""
        self._framing = self._body = 0
        self._expect_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head of a request is there."""
        self._forget_head()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of a body is there."""
        self._framing -= len(body)
        self._body += len(body)
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """Answer to what is no HTTP; uvicorn's own words are left out."""
        del msg
        self._refuse(_NO_HTTP)

    def _expect_head(self) -> None:
        self._forget_head()
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._refuse, _SLOW)

    def _forget_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse(self, problem: Problem) -> None:
        if self.transport.is_closing():
            return
        body = json.dumps(problem.record()).encode()
        headers = {
            "content-type": PROBLEM_TYPE,
            "content-length": str(len(body)),
            "connection": "close",
            **problem.headers,
        }
        lines = [f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        self.transport.close()
