"""How much may be asked at once, and how large and how slow a body may be.

A body is read whole before the application sees the request, whether its length was told or it
comes in chunks: so no handler waits for a client, and none meets more than is allowed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extractor.serve.doorway import CALLER, OPEN_FOLDER, OPEN_PATHS
from extractor.serve.problems import Problem, ProblemError, busy
from extractor.serve.settings import Limits

JOBS_PATH = "/v1/jobs"
_WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_UNCOUNTED = OPEN_PATHS | {"/metrics"}
_CLOSE = {"connection": "close"}  # the rest of the body is not waited for


@dataclass
class _Held:
    """What is under way in this process: requests, those of each key, and bytes of bodies."""

    requests: int = 0
    body_bytes: int = 0


class Bounds:
    """Refuses what is too much (503, 429), too large (413), too slow (408) or packed (415)."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._held = _Held()
        self._by_key: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass with its body, or answer with a problem."""
        if scope["type"] != "http" or _is_free(scope["path"]):
            await self._app(scope, receive, send)
            return
        caller: str = scope[CALLER]
        problem = self._too_many(caller)
        if problem is not None:
            await problem(scope, receive, send)
            return
        self._held.requests += 1
        self._by_key[caller] += 1
        try:
            await self._with_body(scope, receive, send)
        finally:
            self._held.requests -= 1
            self._by_key[caller] -= 1
            if not self._by_key[caller]:
                del self._by_key[caller]

    def _too_many(self, caller: str) -> Problem | None:
        if self._held.requests >= self._limits.at_once:
            return busy("Too many requests are under way; come again in a moment.")
        if caller and self._by_key[caller] >= self._limits.at_once_a_key:
            return busy(
                "Too many requests with this key are under way; come again when some have ended.",
                of_one_key=True,
            )
        return None

    async def _with_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in _WITH_BODY:
            await self._app(scope, receive, send)
            return
        chunks: list[bytes] = []
        try:
            try:
                async with asyncio.timeout(self._limits.body_seconds):
                    is_whole = await self._read(scope, receive, chunks)
            except TimeoutError:
                raise ProblemError(
                    Problem(408, "The body did not arrive in time.", "slow-body", _CLOSE)
                ) from None
            if not is_whole:
                return  # the client left
            if chunks:
                _refuse_other_types(scope)
            await self._app(scope, _Replay(b"".join(chunks), receive), send)
        except ProblemError as error:
            await error.problem(scope, receive, send)
        finally:
            self._held.body_bytes -= sum(map(len, chunks))

    async def _read(self, scope: Scope, receive: Receive, chunks: list[bytes]) -> bool:
        """Gather the body into `chunks`; False where the client left before its end."""
        limits = self._limits
        most = limits.job_body_bytes if scope["path"] == JOBS_PATH else limits.body_bytes
        _refuse_by_head(scope, most)
        size = 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return False
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > most:
                raise ProblemError(_too_large(most))
            if chunk:
                if self._held.body_bytes + len(chunk) > limits.buffered_bytes:
                    raise ProblemError(busy("Too many large requests are under way."))
                self._held.body_bytes += len(chunk)
                chunks.append(chunk)
            if not message.get("more_body", False):
                return True


class _Replay:
    """A body that was read, given again; after it whatever else the client does."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


def _refuse_by_head(scope: Scope, most: int) -> None:
    for name, value in scope["headers"]:
        if name == b"content-length" and (not value.isdigit() or int(value[:20]) > most):
            raise ProblemError(_too_large(most))
        if name == b"content-encoding" and value.strip().lower() not in (b"", b"identity"):
            raise ProblemError(
                Problem(415, "Send the body as it is, without content-encoding.", "encoding")
            )


def _refuse_other_types(scope: Scope) -> None:
    """A form of another site's page can send text and forms, and never JSON."""
    given = [value for name, value in scope["headers"] if name == b"content-type"]
    kind = given[0].partition(b";")[0].strip().lower() if len(given) == 1 else b""
    if kind != b"application/json":
        raise ProblemError(
            Problem(415, "Send JSON, and say so: Content-Type: application/json.", "content-type")
        )


def _too_large(most: int) -> Problem:
    return Problem(413, f"A body may have {most:,} bytes at most.", "body-too-large", _CLOSE)


def _is_free(path: str) -> bool:
    """Whether it costs next to nothing, and must be answered when all else is busy."""
    return path in _UNCOUNTED or path.startswith(OPEN_FOLDER)
