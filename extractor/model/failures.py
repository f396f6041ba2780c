"""What the SDK raises, in this project's words: by type, status and code, never by its text.

Three questions are answered here and nowhere else: is it worth another try, how long does the
server ask to wait, and what is the one sentence that the user reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from extractor.errors import ExtractorError
from extractor.model import retry_after
from extractor.model.completions import CutOffError
from extractor.model.protocol import (
    UnusableAnswerError,
)

if TYPE_CHECKING:
    import openai

TRANSIENT_STATUSES = frozenset({408, 409, 429})
PERMANENT_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})


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
        if isinstance(inner, (ExtractorError, openai.APIError, CutOffError)):
            deeper = next((e for e in _chain(inner) if isinstance(e, ExtractorError)), None)
            return deeper or inner
    return next((e for e in _chain(error) if not _is_wrapper(e)), error)


def worth_retrying(error: BaseException) -> Worth:
    """Whether another try can help."""
    import openai

    if isinstance(error, openai.APITimeoutError):
        return Worth.LATER
    if isinstance(error, openai.APIConnectionError):
        return Worth.SOON if never_connected(error) else Worth.LATER
    if isinstance(error, openai.APIStatusError):
        hint = error.response.headers.get("x-should-retry")
        if hint in ("true", "false"):
            return Worth.LATER if hint == "true" else Worth.NO
        if codes_of(error) & PERMANENT_CODES:
            return Worth.NO
        status = error.status_code
        return Worth.LATER if status in TRANSIENT_STATUSES or status >= 500 else Worth.NO
    # a body that breaks off in the middle of its JSON: the connection, not the model
    return Worth.LATER if isinstance(error, CutOffError) else Worth.NO


def asked_wait(error: BaseException, now: datetime | None = None) -> float | None:
    """The seconds that the server asks to wait; None when it does not say."""
    import openai

    if not isinstance(error, openai.APIStatusError):
        return None
    return retry_after.asked_wait(error.response.headers, now)


def outcome_of(error: BaseException) -> str:
    """What an attempt came to, as `Attempt.outcome` says it."""
    import openai

    match error:
        case UnusableAnswerError():
            return error.reason
        case openai.APITimeoutError():
            return "timeout"
        case openai.APIConnectionError():
            return "unreachable" if never_connected(error) else "disconnected"
        case openai.APIStatusError():
            return f"http {error.status_code}"
        case CutOffError():
            return "cut off"
        case _:
            return type(error).__name__


def codes_of(error: openai.APIStatusError) -> set[str]:
    """The `code` and `type` of an error body, whichever are strings."""
    return {value for value in (error.code, error.type) if isinstance(value, str)}


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _is_wrapper(error: BaseException) -> bool:
    return type(error).__module__.startswith(("instructor", "tenacity"))


def never_connected(error: BaseException) -> bool:
    """Refused, no route, no such name: the connection itself did not come about."""
    return any(type(inner).__name__ == "ConnectError" for inner in _chain(error))
