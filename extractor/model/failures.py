"""What the SDK raises, in this project's words: by type, status and code, never by its text.

Three questions are answered here and nowhere else: is it worth another try, how long does the
server ask to wait, and what is the one sentence that the user reads.
"""

from __future__ import annotations

import email.utils
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from extractor.errors import ExtractorError, ModelError
from extractor.model.endpoints import Endpoint
from extractor.model.protocol import UnusableAnswerError

if TYPE_CHECKING:
    import openai

_TRANSIENT_STATUSES = frozenset({408, 409, 429})
_PERMANENT_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
_TOO_LONG_CODES = frozenset({"context_length_exceeded", "exceed_context_size_error"})
_KEY_LIKE = re.compile(r"\b(?:sk|pk|rk|hf|gsk|xai)[-_][\w*.\-]{6,}", re.ASCII)
_SHOWN = 200  # characters of a server's own message that are passed on


class Worth(Enum):
    """Whether a failed call is worth another try."""

    NO = "no"
    LATER = "later"  # the server is there and may answer the next time
    SOON = "soon"  # nothing listens there: it starts within seconds or not at all


def unwrap(error: BaseException) -> BaseException:
    """The error behind the wrappers of instructor and the SDK, if it says more than they do.

    Errors of this project raised inside the transport come out as they are.
    """
    import openai

    for inner in _chain(error):
        if isinstance(inner, (ExtractorError, openai.APIError, json.JSONDecodeError)):
            deeper = next((e for e in _chain(inner) if isinstance(e, ExtractorError)), None)
            return deeper or inner
    return next((e for e in _chain(error) if not _is_wrapper(e)), error)


def worth_retrying(error: BaseException) -> Worth:
    """Whether another try can help."""
    import openai

    if isinstance(error, openai.APITimeoutError):
        return Worth.LATER
    if isinstance(error, openai.APIConnectionError):
        return Worth.SOON if _never_connected(error) else Worth.LATER
    if isinstance(error, openai.APIStatusError):
        hint = error.response.headers.get("x-should-retry")
        if hint in ("true", "false"):
            return Worth.LATER if hint == "true" else Worth.NO
        if _codes(error) & _PERMANENT_CODES:
            return Worth.NO
        status = error.status_code
        return Worth.LATER if status in _TRANSIENT_STATUSES or status >= 500 else Worth.NO
    # a body that breaks off in the middle of its JSON: the connection, not the model
    return Worth.LATER if isinstance(error, json.JSONDecodeError) else Worth.NO


def asked_wait(error: BaseException, now: datetime | None = None) -> float | None:
    """The seconds that the server asks to wait; None when it does not say."""
    import openai

    if not isinstance(error, openai.APIStatusError):
        return None
    headers: Mapping[str, str] = error.response.headers
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return max(0.0, milliseconds / 1000)
    after = headers.get("retry-after")
    seconds = _number(after)
    if seconds is not None:
        return max(0.0, seconds)
    try:
        date = email.utils.parsedate_to_datetime(after or "")
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())


def explain(error: BaseException, *, endpoint: Endpoint, model: str, attempts: int) -> Exception:
    """The error of ours that says what happened, where, and what to do."""
    import openai

    host, tries = endpoint.host, f" ({attempts} attempts)" if attempts > 1 else ""
    match error:
        case ExtractorError():
            known: Exception = error
        case openai.APITimeoutError():
            known = ModelError(
                f"{host} did not answer within {endpoint.timeout:g} s{tries}; try again later."
            )
        case openai.APIConnectionError():
            known = ModelError(
                f"{host} cannot be reached{tries}; check --base-url, the network, "
                "and that the server is running."
            )
        case openai.APIStatusError():
            known = _explain_status(error, endpoint, model, tries)
        case json.JSONDecodeError():
            known = UnusableAnswerError(
                f"{host} sent an answer that breaks off in the middle{tries}.", reason="not_json"
            )
        case UnicodeEncodeError():
            known = UnusableAnswerError(
                "The prompt cannot be sent: the text holds a lone surrogate, "
                "which is no character.",
                reason="not_text",
            )
        case _:
            known = ModelError(f"The call to {host} failed: {type(error).__name__}.")
    return known


def _explain_status(
    error: openai.APIStatusError, endpoint: Endpoint, model: str, tries: str
) -> ModelError | UnusableAnswerError:
    host, status, codes = endpoint.host, error.status_code, _codes(error)
    if codes & _TOO_LONG_CODES:
        return UnusableAnswerError(
            f"{host}: the prompt and its answer do not fit the context of {model}.",
            reason="too_long",
        )
    if "content_filter" in codes:
        return UnusableAnswerError(
            f"{host}: the content filter refused the prompt.", reason="filtered"
        )
    if codes & _PERMANENT_CODES:
        return ModelError(f"The quota of this key at {host} is used up ({status}); check billing.")
    told = {
        401: "does not accept the API key (401); check OPENAI_API_KEY",
        403: f"forbids this key to use {model} (403); ask for access to it",
        404: f"has no model {model!r}, or no chat completions there (404); "
        "check --model and --base-url",
        429: f"limits the rate of calls (429){tries}; try again later",
    }
    if status in told:
        return ModelError(f"{host} {told[status]}.")
    if status >= 500:
        return ModelError(f"{host} fails on its side ({status}){tries}; try again later.")
    said = _server_message(error.body, endpoint.key)
    return ModelError(f"{host} refuses the request ({status}){said}.")


def _codes(error: openai.APIStatusError) -> set[str]:
    """The `code` and `type` of an error body, whichever are strings."""
    return {value for value in (error.code, error.type) if isinstance(value, str)}


def _server_message(body: object, key: str) -> str:
    message = body.get("message") if isinstance(body, Mapping) else None
    if not isinstance(message, str) or not message.strip():
        return ""
    return ": " + redact(" ".join(message.split()), key)[:_SHOWN].rstrip(".")


def redact(text: str, key: str) -> str:
    """`text` without the key, or anything that looks like one."""
    return _KEY_LIKE.sub("[key]", text.replace(key, "[key]") if key else text)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _is_wrapper(error: BaseException) -> bool:
    return type(error).__module__.startswith(("instructor", "tenacity"))


def _never_connected(error: BaseException) -> bool:
    """Refused, no route, no such name: the connection itself did not come about."""
    return any(type(inner).__name__ == "ConnectError" for inner in _chain(error))


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if 0 <= number < 1e9 else None
