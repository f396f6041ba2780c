"""`/healthz`, `/readyz`, `/metrics`: for whoever watches the service."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from extractor.serve.answers import json_answers, text_answers
from extractor.serve.metrics import CONTENT_TYPE
from extractor.serve.problems import Problem, ProblemError

if TYPE_CHECKING:
    from extractor.serve.service import Service

router = APIRouter(tags=["health"])
_VERSION = version("claim-extractor")


@router.get("/healthz", responses=json_answers("It is alive"))
async def healthz() -> dict[str, str]:
    """Whether the process answers at all."""
    return {"status": "alive", "version": _VERSION}


@router.get("/readyz", responses=json_answers("It takes work"))
async def readyz(request: Request) -> dict[str, str]:
    """Whether it takes work: the folder of the runs can be written, and it is not about to end."""
    service: Service = request.app.state.service
    why = service.why_not_ready()
    if why is not None:
        raise ProblemError(Problem(503, why, "not-ready", {"retry-after": "5"}))
    return {"status": "ready"}


@router.get("/metrics", responses=text_answers("Counters", "text/plain"), response_class=Response)
def metrics(request: Request) -> Response:
    """Counters as Prometheus reads them; they are without texts, keys and names of documents."""
    service: Service = request.app.state.service
    service.metrics.jobs(service.jobs.counts())
    return Response(service.metrics.exposition(), headers={"content-type": CONTENT_TYPE})
