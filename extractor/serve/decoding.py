"""Bodies as JSON in which every figure stays as it was written: no float rounds it."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute

from extractor.batch.claim_file import Written
from extractor.serve.problems import Problem, ProblemError

_LONGEST_INTEGER = 400  # digits; a longer one stays as it is written


def decoded(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    r"""The JSON value of a body. Raises ProblemError (400), without repeating what was sent.

    >>> decoded(b'{"value": 12345678901234567.10}')
    {'value': '12345678901234567.10'}
    """
    try:
        text = body.decode("utf-8")
        value = json.loads(text, parse_float=Written, parse_int=_integer, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise _malformed(f"it is not UTF-8 (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise _malformed(f"{error.msg}, line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise _malformed("it is nested too deeply") from error
    return value


class ExactRequest(Request):
    """A request whose JSON is read by `decoded`."""

    async def json(self) -> Any:  # noqa: ANN401 - any JSON value
        """The body as a JSON value."""
        return decoded(await self.body())


class ExactRoute(APIRoute):
    """A route whose requests are read so."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler with the request in between."""
        handle = super().get_route_handler()

        async def handle_exactly(request: Request) -> Response:
            return await handle(ExactRequest(request.scope, request.receive))

        return handle_exactly


def _integer(digits: str) -> int | Written:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else Written(digits)


def _no_number(name: str) -> NoReturn:
    raise _malformed(f"{name} is no JSON")


def _malformed(why: str) -> ProblemError:
    return ProblemError(Problem(400, f"The body cannot be read as JSON: {why}.", "malformed-json"))
