"""What went wrong, as `application/problem+json` (RFC 9457): the same shape for every error."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

PROBLEM_TYPE = "application/problem+json"
_OWN = "urn:claim-extractor:problem:"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: the HTTP status, a short code of ours (None: the status says it), a sentence.

    `headers` go out with it; `errors` name fields of the request and what is wrong with each. None
    of it repeats what was sent.
    """

    status: int
    detail: str
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    errors: Sequence[Mapping[str, str]] = ()

    def record(self) -> dict[str, Any]:
        """The problem as plain JSON values."""
        title = HTTPStatus(self.status).phrase
        record: dict[str, Any] = {
            "type": "about:blank" if self.code is None else _OWN + self.code,
            "title": title,
            "status": self.status,
            "detail": self.detail,
        }
        return record | ({"errors": list(self.errors)} if self.errors else {})

    def response(self) -> Response:
        """The problem as an answer."""
        return Response(
            json.dumps(self.record()), self.status, dict(self.headers), media_type=PROBLEM_TYPE
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with it."""
        await self.response()(scope, receive, send)


class ProblemError(HTTPException):
    """Ends a request with a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.status, problem.detail)
        self.problem = problem


def busy(detail: str, *, of_one_key: bool = False, seconds: int = 1) -> Problem:
    """Too much at once: 503, or 429 where one key alone asks too much; come again in `seconds`."""
    status, code = (429, "too-many-requests") if of_one_key else (503, "busy")
    return Problem(status, detail, code, {"retry-after": str(seconds)})
