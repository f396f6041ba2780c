"""The ASGI application: routes, and around them the layers that every request passes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from extractor.errors import ExtractorError
from extractor.serve import (
    extract_routes,
    health_routes,
    job_routes,
    page_routes,
    review_routes,
    verify_routes,
)
from extractor.serve.accounting import FAILED, Accounting
from extractor.serve.answers import problem_answers
from extractor.serve.bounds import Bounds
from extractor.serve.doorway import Doorway
from extractor.serve.problems import Problem, ProblemError
from extractor.serve.service import Service
from extractor.serve.settings import ServiceSettings

_ABOUT = """Numeric claims out of text, each held against the text it came from.

Every error is `application/problem+json` (RFC 9457). Where the service wants keys, send
`Authorization: Bearer KEY`. It fetches no address and opens no path that a request names.
"""
_ROUTES = (
    verify_routes,
    extract_routes,
    job_routes,
    review_routes,
    page_routes,
    health_routes,
)
_MOST_ERRORS = 20  # fields that a problem names


def create_app(settings: ServiceSettings) -> ASGIApp:
    """The service as an ASGI application. Raises InputError when `settings.runs` cannot be made."""
    service = Service(settings)
    app = FastAPI(
        title="claim-extractor",
        version=version("claim-extractor"),
        description=_ABOUT,
        docs_url=None,  # both pages of FastAPI's load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # a redirection would name whatever host the request named
        lifespan=_lifespan,
        responses=problem_answers(),
    )
    app.state.service = service
    for routes in _ROUTES:
        app.include_router(routes.router)
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(RequestValidationError, _shape_problem)
    app.add_exception_handler(ExtractorError, _input_problem)
    app.add_exception_handler(Exception, _failure)
    bounded = Bounds(app, settings.limits)
    return Accounting(Doorway(bounded, settings.keys), service.metrics, tell=settings.access_log)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    with service:
        service.begin()
        yield


async def _http_problem(_: Request, error: Exception) -> Response:
    if isinstance(error, ProblemError):
        return error.problem.response()
    assert isinstance(error, HTTPException)  # noqa: S101 - it was registered for this
    headers: Mapping[str, str] = error.headers or {}
    detail = _DETAILS.get(error.status_code, error.detail)
    return Problem(error.status_code, detail, None, headers).response()


async def _shape_problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - likewise
    found = error.errors()
    errors = [
        {"field": _field(one["loc"]), "message": str(one["msg"])} for one in found[:_MOST_ERRORS]
    ]
    names = ", ".join(one["field"] for one in errors[:3])
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    detail = f"The request has another shape than is wanted: {names}{more}."
    return Problem(422, detail, "shape", errors=errors).response()


async def _input_problem(_: Request, error: Exception) -> Response:
    return Problem(422, str(error), "input").response()


async def _failure(_: Request, __: Exception) -> Response:
    return FAILED.response()  # what it was is told by the layer around


def _field(place: tuple[int | str, ...]) -> str:
    """Where a fault is; a name of the sender's own is cut short."""
    return ".".join(str(part)[:40] for part in place)


_DETAILS = {
    404: "There is nothing at this address; /openapi.json lists what there is.",
    405: "This address takes other methods; they are in the header Allow.",
}
