"""`/v1/review`: what the review page asks for, and what a person decides."""

from __future__ import annotations

import getpass
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse
from starlette.background import BackgroundTask

from extractor.batch.ledger_reader import open_ledger
from extractor.errors import InputError
from extractor.report.judged_documents import judged_document
from extractor.report.page_data import document_record
from extractor.report.run_overview import rule_summaries
from extractor.report.safe_text import showable, showable_value
from extractor.serve.answers import json_answers, text_answers
from extractor.serve.decoding import ExactRoute
from extractor.serve.doorway import CALLER
from extractor.serve.problems import Problem, ProblemError
from extractor.serve.requests import DecisionRequest, Name
from extractor.serve.review_export import Format, write_reviewed
from extractor.serve.review_queue import (
    Kind,
    State,
    Wanted,
    overview,
    queue,
    run_folder,
    run_names,
    stated_claim,
)
from extractor.serve.review_store import Opinion, OvertakenError, decide, decisions

if TYPE_CHECKING:
    from extractor.serve.service import Service

router = APIRouter(prefix="/v1/review/runs", route_class=ExactRoute, tags=["review"])
_LISTED = 200
_MEDIA = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}

Number = Annotated[int, Query(ge=0, le=10**9)]
Word = Annotated[str, Query(max_length=200)]
DocumentId = Annotated[str, Query(max_length=100_000)]


@router.get("", response_class=JSONResponse, responses=json_answers("Runs"))
def runs(request: Request) -> Response:
    """The run folders of the service, the newest first, and how much of each is to be reviewed."""
    service: Service = request.app.state.service
    folder = service.settings.runs
    names = run_names(folder)
    found = [_overview(folder / name) for name in names[:_LISTED]]
    rules = [list(rule) for rule in rule_summaries().items()]
    record = {
        "runs": found,
        "total": len(names),
        "rules": rules,
        "reviewer": request.scope[CALLER] or None,
        "suggested_reviewer": None if request.scope[CALLER] else _user(),
    }
    return JSONResponse(record)


@router.get("/{run}/claims", response_class=JSONResponse, responses=json_answers("The queue"))
def claims(  # noqa: PLR0913, PLR0917 - each is a part of the address
    run: Name,
    request: Request,
    kind: Kind = "any",
    state: State = "any",
    rule: Word = "",
    q: Word = "",
    offset: Number = 0,
) -> Response:
    """Refused and flagged claims of a run, two hundred at a time."""
    wanted = Wanted(kind, state, rule, q, offset)
    return JSONResponse(queue(_run(request, run), wanted))


@router.get("/{run}/document", response_class=JSONResponse, responses=json_answers("A text"))
def document(run: Name, document: DocumentId, request: Request) -> Response:
    """A document with its claims and where they stand, as the report has it.

    Offsets are those of a browser: characters beyond U+FFFF count twice.
    """
    folder = _run(request, run)
    with open_ledger(folder) as ledger:
        found = judged_document(ledger, document)
    if found is None or found.state != "done":
        raise ProblemError(Problem(404, "This run holds no such document.", "no-document"))
    made = decisions(folder, found.id)
    record = document_record(found) | {
        "id": found.id,
        "name": showable(found.id),
        "title": showable(found.title or ""),
        "decisions": {
            str(claim): showable_value(decision.record()) for (_, claim), decision in made.items()
        },
    }
    return JSONResponse(record)


@router.post("/{run}/decisions", response_class=JSONResponse, responses=json_answers("Kept"))
def decision(run: Name, asked: DecisionRequest, request: Request) -> Response:
    """Keep what a person decided about a claim; the gate's verdict stays as it is.

    A decision against the gate needs a reason. Where somebody else decided meanwhile (409) the
    answer says so, and nothing is kept.
    """
    folder = _run(request, run)
    found = stated_claim(folder, asked.document, asked.claim)
    if found is None:
        raise ProblemError(Problem(404, "This run holds no such claim.", "no-claim"))
    stated, accepted = found
    against = asked.decision == ("reject" if accepted else "accept")
    if against and not asked.reason.strip():
        raise ProblemError(Problem(422, "A decision against the gate needs a reason.", "reason"))
    caller: str = request.scope[CALLER]
    reviewer = caller or asked.reviewer or _user()
    opinion = Opinion(
        asked.document, asked.claim, asked.decision, asked.reason.strip(), reviewer, asked.seen
    )
    try:
        kept = decide(folder, opinion, stated)
    except OvertakenError:
        detail = "Somebody decided about this claim meanwhile; look at it again."
        raise ProblemError(Problem(409, detail, "overtaken")) from None
    return JSONResponse(showable_value(kept.record()))


@router.get(
    "/{run}/export",
    response_class=FileResponse,
    responses=text_answers("The table", "text/csv", "application/x-ndjson"),
)
async def export(
    run: Name,
    request: Request,
    form: Format = "csv",
    only_decided: bool = False,  # noqa: FBT001, FBT002
) -> Response:
    """The verdicts of a run with the decisions about them, as a table or as JSON lines."""
    folder = _run(request, run)
    with tempfile.NamedTemporaryFile(prefix="extractor-review-", delete=False) as file:
        path = Path(file.name)
    try:
        work = partial(write_reviewed, folder, path, form, only_decided=only_decided)
        await run_in_threadpool(work)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return FileResponse(
        path,
        media_type=_MEDIA[form],
        filename=f"review.{form}",
        background=BackgroundTask(path.unlink, missing_ok=True),
    )


def _overview(run: Path) -> dict[str, Any]:
    try:
        return overview(run)
    except InputError as error:  # of another version, say: the others can be reviewed all the same
        return {"run": run.name, "name": showable(run.name), "error": showable(str(error))}


def _run(request: Request, name: str) -> Path:
    service: Service = request.app.state.service
    found = run_folder(service.settings.runs, name)
    if found is None:
        raise ProblemError(Problem(404, "There is no run of this name.", "no-run"))
    return found


def _user() -> str:
    """Who runs the service, where no key says who asks."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may have no name for its user
        return "somebody"
