"""What the OpenAPI document says of answers."""

from __future__ import annotations

from typing import Any

from extractor.serve.problems import PROBLEM_TYPE

_OBJECT = {"type": "object"}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_PROBLEMS = {
    400: "The request cannot be read.",
    401: "A key is wanted.",
    403: "Another site's page sent it.",
    404: "There is no such thing.",
    405: "That cannot be done with it.",
    408: "The body came too slowly.",
    409: "It is not in the state for this.",
    413: "It is too large.",
    415: "It is no JSON.",
    421: "The service is not called so.",
    422: "The body has another shape than is wanted.",
    429: "One key asks too much at once.",
    502: "The model cannot be asked.",
    503: "Too much is asked at once, or it took too long.",
}

Answers = dict[int | str, dict[str, Any]]


def json_answers(says: str, status: int = 200) -> Answers:
    """The answers of a route that gives a JSON object."""
    return {status: {"description": says, "content": {"application/json": {"schema": _OBJECT}}}}


def text_answers(says: str, *kinds: str) -> Answers:
    """The answers of a route that gives text of one of these kinds."""
    content = {kind: {"schema": {"type": "string"}} for kind in kinds}
    return {200: {"description": says, "content": content}}


def problem_answers() -> Answers:
    """The problems that every route may answer with."""
    return {
        status: {"description": says, "content": {PROBLEM_TYPE: {"schema": _PROBLEM}}}
        for status, says in _PROBLEMS.items()
    }
