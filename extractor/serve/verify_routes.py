"""`/v1/verify` and `/v1/numbers`: the gate and the reader, without a model."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from extractor.batch.json_lines import json_line
from extractor.claims.records import masked_record, read_number_record
from extractor.quantities import read
from extractor.serve.answers import json_answers
from extractor.serve.decoding import ExactRoute
from extractor.serve.judging import Judging
from extractor.serve.problems import Problem, ProblemError
from extractor.serve.requests import NumbersRequest, VerifyRequest
from extractor.text import Document

if TYPE_CHECKING:
    from extractor.serve.service import Service

router = APIRouter(prefix="/v1", route_class=ExactRoute, tags=["gate"])


@router.post("/verify", response_class=Response, responses=json_answers("Verdicts"))
async def verify(asked: VerifyRequest, request: Request) -> Response:
    """Judge claims that any tool made against their document; no model is asked.

    One verdict a candidate, in their order, each the record that `extractor verify --json` gives.
    """
    service: Service = request.app.state.service
    limits = service.settings.limits
    if len(asked.candidates) > limits.candidates:
        raise ProblemError(
            Problem(
                413,
                f"A request may have {limits.candidates:,} candidates at most.",
                "too-many-candidates",
            )
        )
    rules = None if asked.rules is None else tuple(sorted({one.upper() for one in asked.rules}))
    judging = Judging(asked.candidates, rules, asked.strict)
    async with service.documents.lent(asked.document.document()) as known:
        answer = judging.known_answer(known)
        if answer is None and judging.is_short(known):
            answer = judging.answer(known)
        if answer is None:
            work = partial(judging.answer, known)
            answer = await service.bench.run(work, limits.judging_seconds)
    records, accepted = answer
    service.metrics.judged(accepted, len(records) - accepted)
    body = _verdicts(known.source.document, records, accepted)
    return Response(body, media_type="application/json")


@router.post("/numbers", response_class=Response, responses=json_answers("Numbers"))
async def numbers(asked: NumbersRequest, request: Request) -> Response:
    """What the reader sees in a text: value, interval, hedge, unit and span of every number.

    Each is the record that `extractor numbers --json` gives; `masked` are those that are no
    quantities (with `explain`).
    """
    service: Service = request.app.state.service
    work = partial(_numbers, asked.document.document(), explain=asked.explain)
    body = await service.bench.run(work, service.settings.limits.judging_seconds)
    return Response(body, media_type="application/json")


def _verdicts(document: Document, records: Sequence[str], accepted: int) -> str:
    head: dict[str, Any] = {
        "document": document.id,
        "sha256": document.sha256,
        "accepted": accepted,
        "rejected": len(records) - accepted,
    }
    return f'{json_line(head)[:-1]}, "verdicts": [{", ".join(records)}]}}'


def _numbers(document: Document, *, explain: bool) -> str:
    reading = read(document.text)
    record: dict[str, Any] = {
        "document": document.id,
        "sha256": document.sha256,
        "numbers": [read_number_record(one, document.text) for one in reading.quantities],
    }
    if explain:
        record["masked"] = [masked_record(one) for one in reading.masked]
    return json_line(record)
