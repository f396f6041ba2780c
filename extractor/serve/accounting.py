"""The outermost layer: every answer is counted and has its headers, and no failure tells a text."""

from __future__ import annotations

import json
import logging
import traceback
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extractor.serve.doorway import CALLER
from extractor.serve.metrics import Metrics
from extractor.serve.problems import Problem

LOG = logging.getLogger("extractor.serve")
FAILED = Problem(500, "The service failed at this; its log says where.", "failed")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_HEADERS = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"cross-origin-resource-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
}


class Accounting:
    """Counts answers, adds the headers that all of them have, and makes a failure a problem (500).

    What is logged of a failure is its kind and the lines of code: its words may be a document's.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, *, tell: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whatever happens."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        status = 0

        async def send_counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = list(message.get("headers", ()))
                given = {name for name, _ in headers}
                headers += [one for one in _HEADERS.items() if one[0] not in given]
                message = {**message, "headers": headers}
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        except Exception as error:  # noqa: BLE001 - nothing may leave the service as a traceback
            LOG.error("a request failed: %s", told(error))
            if not status:
                await FAILED(scope, receive, send_counted)
        finally:
            self._account(scope, status, perf_counter() - began)

    def _account(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.answered(method, route, status or 499, seconds)
        if self._tell:
            line = {
                "method": method,
                "route": route,
                "status": status or 499,
                "seconds": round(seconds, 6),
                "key": scope.get(CALLER) or None,
            }
            LOG.info("%s", json.dumps(line))


def told(error: BaseException) -> str:
    """A failure by its kind and where it happened, without its words."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}"
