"""`/v1/jobs`: documents through the model in a run of their own, which outlives the service."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi import Path as PathPart
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, StreamingResponse

from extractor.batch.budget import Ceiling
from extractor.batch.ledger_reader import open_ledger
from extractor.errors import InputError
from extractor.serve.answers import json_answers, text_answers
from extractor.serve.decoding import ExactRoute
from extractor.serve.doorway import CALLER
from extractor.serve.job_results import ResultKind, result_lines_after
from extractor.serve.job_store import AnotherJobError, Job, JobStore
from extractor.serve.model_access import policy_of, prompt_of, refuse_without_model
from extractor.serve.problems import Problem, ProblemError, busy
from extractor.serve.requests import JobRequest

if TYPE_CHECKING:
    from extractor.serve.service import Service

router = APIRouter(prefix="/v1/jobs", route_class=ExactRoute, tags=["jobs"])

JobName = Annotated[str, PathPart(pattern=r"^job-[0-9a-f-]{1,60}$", examples=["job-20260301-1"])]
Once = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="Sent again with it, a job is the same one and not another.",
    ),
]
_ASKED = ("prompt", "ask", "passage", "reasks", "budget", "max_failures")
_LISTED = 100
_ANOTHER = Problem(422, "Another job came with this Idempotency-Key before.", "idempotency-key")
_DISK = Problem(503, "The job cannot be written to the disk; it was not accepted.", "disk")


@router.post(
    "",
    response_class=JSONResponse,
    status_code=202,
    responses=json_answers("Accepted", 202) | json_answers("Accepted before"),
)
async def accept(asked: JobRequest, request: Request, once: Once = None) -> Response:
    """Take documents as a job. When this is answered the job is on the disk, and is not lost.

    It becomes a run folder, which `extractor report`, `export` and all the others take.
    """
    service: Service = request.app.state.service
    refuse_without_model(service.settings.model)
    prompt_of(asked, policy_of(asked))
    if asked.budget is not None:
        Ceiling.parse(asked.budget)
    work = partial(_accepted, service, asked, request.scope[CALLER], once)
    try:
        job, is_new = await run_in_threadpool(work)  # however long: else it might be kept unsaid
    except AnotherJobError:
        raise ProblemError(_ANOTHER) from None
    except (OSError, sqlite3.Error) as error:
        raise ProblemError(_DISK) from error
    headers = {"location": f"/v1/jobs/{job.id}"}
    return JSONResponse(_record(service, job), 202 if is_new else 200, headers)


@router.get("", response_class=JSONResponse, responses=json_answers("Jobs"))
def jobs(request: Request) -> Response:
    """The last hundred jobs, the newest first."""
    service: Service = request.app.state.service
    return JSONResponse({"jobs": [_head(job) for job in service.jobs.latest(_LISTED)]})


@router.get("/{name}", response_class=JSONResponse, responses=json_answers("The job"))
def job(name: JobName, request: Request) -> Response:
    """How far a job has come: its state, and what its ledger says."""
    service: Service = request.app.state.service
    return JSONResponse(_record(service, _found(service.jobs, name)))


@router.post(
    "/{name}/cancel",
    response_class=JSONResponse,
    status_code=202,
    responses=json_answers("It is to end", 202),
)
def cancel(name: JobName, request: Request) -> Response:
    """End a job before its time: calls under way end, and what was done is kept."""
    service: Service = request.app.state.service
    _found(service.jobs, name)
    service.jobs.cancel(name)
    return JSONResponse(_record(service, _found(service.jobs, name)), 202)


@router.post(
    "/{name}/resume",
    response_class=JSONResponse,
    status_code=202,
    responses=json_answers("It goes on", 202),
)
def resume(name: JobName, request: Request) -> Response:
    """Let a job that failed or was cancelled go on where it was; others are refused (409).

    Documents that failed are asked about again.
    """
    service: Service = request.app.state.service
    refuse_without_model(service.settings.model)
    if _found(service.jobs, name).state not in ("failed", "cancelled"):
        raise ProblemError(
            Problem(409, "Only a job that failed or was cancelled can go on.", "job-state")
        )
    service.jobs.go_on(name)
    return JSONResponse(_record(service, _found(service.jobs, name)), 202)


@router.get(
    "/{name}/results/{kind}",
    response_class=StreamingResponse,
    responses=text_answers("JSON lines", "application/x-ndjson"),
)
def results(name: JobName, kind: ResultKind, request: Request) -> Response:
    """What has come of a job so far, a JSON object a line, documents in the order of the job.

    `verdicts` are as `extractor verify --json` gives them; `claims`, `numbers` and `documents` are
    the lines of accepted.jsonl, numbers.jsonl and documents.jsonl of a run folder.
    """
    service: Service = request.app.state.service
    found = _found(service.jobs, name)
    lines = _streamed(service.settings.runs / name, kind)
    headers = {"x-job-state": found.state}
    return StreamingResponse(lines, headers=headers, media_type="application/x-ndjson")


async def _streamed(run: Path, kind: ResultKind) -> AsyncIterator[str]:
    last = 0
    while True:
        found = await run_in_threadpool(result_lines_after, run, kind, last)
        if found is None:
            return
        lines, last = found
        yield lines


def _accepted(
    service: Service, asked: JobRequest, caller: str, once: str | None
) -> tuple[Job, bool]:
    if len(service.jobs.unfinished()) >= service.settings.limits.waiting_jobs:
        raise ProblemError(busy("Too many jobs wait already; come again later.", seconds=60))
    documents = [one.document() for one in asked.documents]
    given = {name: getattr(asked, name) for name in _ASKED}
    return service.jobs.accept(documents, given, caller, once)


def _found(store: JobStore, name: str) -> Job:
    found = store.job(name)
    if found is None:
        raise ProblemError(Problem(404, "There is no job of this id.", "no-job"))
    return found


def _head(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "state": job.state,
        "accepted_at": job.accepted_at,
        "ended_at": job.ended_at,
        "by": job.caller or None,
        "documents": job.documents,
        "exit_code": job.exit_code,
        "message": job.message,
        "is_to_be_cancelled": job.cancel and not job.has_ended,
    }


def _record(service: Service, job: Job) -> dict[str, Any]:
    try:
        with open_ledger(service.settings.runs / job.id) as ledger:
            progress = ledger.status()
    except InputError:  # it has not begun
        progress = None
    return _head(job) | {"asked": dict(job.asked), "progress": progress}
