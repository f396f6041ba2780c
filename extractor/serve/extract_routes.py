"""`/v1/extract`: one document through the model while the caller waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from extractor.batch.json_lines import json_line
from extractor.claims import ExtractionResult
from extractor.claims.records import (
    call_record,
    claim_record,
    number_records,
    usage_record,
    verdict_record,
)
from extractor.errors import ModelError
from extractor.serve.answers import json_answers
from extractor.serve.decoding import ExactRoute
from extractor.serve.problems import Problem, ProblemError
from extractor.serve.requests import ExtractRequest

if TYPE_CHECKING:
    from extractor.serve.service import Service

router = APIRouter(prefix="/v1", route_class=ExactRoute, tags=["extraction"])


@router.post("/extract", response_class=Response, responses=json_answers("Claims"))
async def extract(asked: ExtractRequest, request: Request) -> Response:
    """Ask the service's model about one document, and accept what stands in the text.

    `accepted`, `rejected`, `numbers` and `calls` are the records of a run folder. For many
    documents, or long ones, make a job.
    """
    service: Service = request.app.state.service
    document = asked.document.document()
    seconds = service.settings.limits.extraction_seconds
    try:
        result = await service.model.extract(document, asked, seconds)
    except ModelError as error:
        raise ProblemError(Problem(502, str(error), "model")) from error
    service.metrics.judged(len(result.accepted), len(result.rejected))
    return Response(json_line(_record(result)), media_type="application/json")


def _record(result: ExtractionResult) -> dict[str, Any]:
    name = result.document_id
    return {
        "document": name,
        "accepted": [claim_record(claim) for claim in result.accepted],
        "rejected": [verdict_record(verdict, name) for verdict in result.rejected],
        "numbers": number_records(result),
        "calls": [call_record(call, name) for call in result.call_records],
        "usage": usage_record(result.usage),
    }
