"""The lines of batch files: requests as the Batch API wants them, and what came back for each.

The body of a request is the one that a live call would send, byte for byte; what comes back is read
as a live answer is.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from extractor.claims import Attempt, Usage
from extractor.model.batch_files import COMPLETIONS_URL
from extractor.model.capabilities import Capabilities
from extractor.model.completions import parse_arguments, read_completion, tool_arguments
from extractor.model.endpoints import Endpoint
from extractor.model.failures import may_pass
from extractor.model.forms import request_body
from extractor.model.protocol import (
    CallFailedError,
    ModelReply,
    ModelRequest,
    Response,
    UnavailableError,
    UnusableAnswerError,
)
from extractor.model.sentences import explain

NOT_ASKED = frozenset({"batch_expired", "batch_cancelled"})
"""Codes of requests that the server did not come to before the batch ended."""

_JSON = "application/json"
_DIGITS = 40  # hex digits of a request's id
_OK = 200
_SHOWN = 60  # characters of a code


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a batch asks: the model, in the form that its endpoint takes."""

    model: str
    able: Capabilities
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request of a batch file: its id (`custom_id`), and the line without its end."""

    id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One line of an output or error file: the request's id, and the HTTP status of its answer.

    `body` is the JSON of the answer, or of the error. `code` is the batch's own where the request
    never came to an answer: `status` is 0 then.
    """

    id: str
    status: int
    body: bytes
    code: str = ""

    @property
    def is_answer(self) -> bool:
        """Whether the model was asked and answered, well or not."""
        return self.status == _OK

    @property
    def was_asked(self) -> bool:
        """Whether the server tried at all."""
        return self.code not in NOT_ASKED

    @property
    def usage(self) -> Usage | None:
        """The tokens of an answer; None where none are told."""
        try:
            completion = read_completion(self.body, _JSON) if self.is_answer else None
        except (UnusableAnswerError, ValueError):
            return None
        return completion.tokens if completion else None


def request_line(request: ModelRequest[Any], asked: Asked) -> RequestLine:
    """The line of a request.

    Its id is a hash of the body and of the place in the text that it is about, so that an equal
    question has the same id whenever it is put. Raises UnusableAnswerError where the text holds
    what is no character.
    """
    body = request_body(request, asked.model, asked.able)
    try:
        told = json.dumps([body, request.document], ensure_ascii=False, sort_keys=True).encode()
    except UnicodeEncodeError:
        raise UnusableAnswerError(
            "The prompt cannot be sent: the text holds a lone surrogate, which is no character.",
            reason="not_text",
        ) from None
    name = hashlib.sha256(told).hexdigest()[:_DIGITS]
    line = {"custom_id": name, "method": "POST", "url": COMPLETIONS_URL, "body": body}
    return RequestLine(name, json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode())


def read_result(line: bytes) -> ResultLine | None:
    """A line of an output or error file; None where it is none."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or not isinstance(record.get("custom_id"), str):
        return None
    name: str = record["custom_id"]
    error, response = record.get("error"), record.get("response")
    if isinstance(response, dict):
        status = response.get("status_code")
        if isinstance(status, int) and 0 < status < 1000:
            return ResultLine(name, status, _compact(response.get("body")))
    if isinstance(error, dict):
        code = error.get("code")
        code = code if isinstance(code, str) and code else "unknown"
        return ResultLine(name, 0, _compact({"error": error}), code)
    return None


def is_worth_another(result: ResultLine) -> bool:
    """Whether a request that came to no answer may fare better in another batch."""
    import openai

    if result.status == 0:
        return True  # expired, cancelled, timed out: about this batch only
    error = _status_error(result)
    return isinstance(error, openai.APIStatusError) and may_pass(error)


def read_answer(
    result: ResultLine, request: ModelRequest[Response], asked: Asked
) -> ModelReply[Response]:
    """The answer that a line gives to `request`.

    Raises UnusableAnswerError where it cannot be used, as a live call would, and CallFailedError of
    a kind that ends the document alone where there is none.
    """
    if not result.is_answer:
        raise _failure(result, asked)
    usage = result.usage
    try:
        completion = read_completion(result.body, _JSON)
        raw = tool_arguments(completion, request.tool, asked.able.form, asked.endpoint.host)
        arguments = parse_arguments(raw, request.tool)
    except (CallFailedError, UnusableAnswerError) as error:
        error.attempts = (Attempt(error.reason, usage=usage),)
        raise
    return ModelReply(arguments, raw, attempts=(Attempt("ok", usage=usage),))


def _failure(result: ResultLine, asked: Asked) -> CallFailedError | UnusableAnswerError:
    host = asked.endpoint.host
    if result.status == 0:
        return UnavailableError(
            f"The batch at {host} gave no answer to a request ({result.code[:_SHOWN]}).",
            reason="no_answer",
            attempts=(Attempt("no answer"),),
        )
    attempts = (Attempt(f"http {result.status}"),)
    error = _status_error(result)
    known = explain(error, endpoint=asked.endpoint, model=asked.model, attempts=attempts)
    if isinstance(known, UnusableAnswerError):
        return known
    reason = known.reason if isinstance(known, CallFailedError) else "unknown"
    # of one line among thousands: another may fare better, so it ends its document alone
    return UnavailableError(str(known), reason=reason, attempts=attempts)


def _status_error(result: ResultLine) -> Exception:
    """What a live call would have met, so that it is told, and tried again, in the same way."""
    import httpx2
    import openai

    request = httpx2.Request("POST", f"https://batch{COMPLETIONS_URL}")
    response = httpx2.Response(
        result.status, content=result.body, headers={"content-type": _JSON}, request=request
    )
    body = json.loads(result.body)
    error = body.get("error", body) if isinstance(body, dict) else None
    return openai.APIStatusError("", response=response, body=error)


def _compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
