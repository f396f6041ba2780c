"""Who may come in: the first thing that each request meets. Nothing of its body was read yet."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from extractor.serve.keys import KeyRing
from extractor.serve.origins import foreign
from extractor.serve.problems import Problem

CALLER = "extractor.caller"
"""Where a request's scope has the name of its key; "" where no key is wanted."""

OPEN_PATHS = frozenset({"/healthz", "/readyz", "/openapi.json", "/review"})
"""Paths that need no key: they hold no text and no claim. So do the files of the review page."""
OPEN_FOLDER = "/review/page"

_UNKNOWN = Problem(
    401,
    "Send a key of this service: Authorization: Bearer KEY.",
    "key",
    {"www-authenticate": 'Bearer realm="extractor"', "connection": "close"},
)


class Doorway:
    """Refuses what another site's page sends, and whoever has no key where keys are wanted."""

    def __init__(self, app: ASGIApp, keys: KeyRing) -> None:
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer with a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        problem = foreign(scope["method"], scope["headers"], any_host=bool(self._keys))
        if problem is None:
            problem = self._unknown(scope)
        await (problem or self._app)(scope, receive, send)

    def _unknown(self, scope: Scope) -> Problem | None:
        scope[CALLER] = ""
        if not self._keys:
            return None
        name = self._keys.name_of(_bearer(scope))
        if name is not None:
            scope[CALLER] = name
            return None
        path = scope["path"]
        return None if path in OPEN_PATHS or path.startswith(OPEN_FOLDER) else _UNKNOWN


def _bearer(scope: Scope) -> str:
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(given) != 1:
        return ""
    scheme, _, key = given[0].decode("latin-1").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""
