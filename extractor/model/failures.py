"""What the SDK raises, in this project's words: by type, status and code, never by its text.

Three questions are answered here and nowhere else: is it worth another try, how long does the
server ask to wait, and what is the one sentence that the user reads.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from extractor.errors import ExtractorError
from extractor.model import retry_after
from extractor.model.completions import CutOffError
from extractor.model.protocol import UnusableAnswerError

if TYPE_CHECKING:
    import openai

TRANSIENT_STATUSES = frozenset({408, 409, 429})
PERMANENT_CODES = {
    "insufficient_quota": "quota",
    "billing_hard_limit_reached": "quota",
    "context_length_exceeded": "too_long",
    "exceed_context_size_error": "too_long",
    "content_filter": "filtered",
    "model_not_found": "not_found",
    "invalid_api_key": "unauthorized",
}
"""Codes of error bodies that settle the matter whatever the status is, with our reason for each."""


class Worth(Enum):
    """Whether a failed call is worth another try."""

    NO = "no"
    LATER = "later"  # the server is there and may answer the next time
    SOON = "soon"  # nothing listens there: it starts within seconds or not at all


class DeadlineError(Exception):
    """The time for one call is up; `__cause__` is what its last attempt came to."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g} s")
        self.seconds = seconds


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

    if isinstance(error, openai.APIConnectionError):  # a time-out is one of them
        if is_untrusted(error):
            return Worth.NO
        return Worth.SOON if never_connected(error) else Worth.LATER
    if isinstance(error, openai.APIStatusError):
        return Worth.LATER if may_pass(error) else Worth.NO
    # a body that breaks off in the middle of its JSON: the connection, not the model
    return Worth.LATER if isinstance(error, CutOffError) else Worth.NO


def may_pass(error: openai.APIStatusError) -> bool:
    """Whether the server's answer is about this moment only: by code, its hint, its status."""
    if permanent_reason(error) is not None:
        return False
    hint = error.response.headers.get("x-should-retry")
    if hint in ("true", "false"):
        return hint == "true"
    return error.status_code in TRANSIENT_STATUSES or error.status_code >= 500


def permanent_reason(error: openai.APIStatusError) -> str | None:
    """Our reason for the `code` or `type` of an error body, where that settles the matter."""
    named = (value for value in (error.code, error.type) if isinstance(value, str))
    return next((PERMANENT_CODES[name] for name in named if name in PERMANENT_CODES), None)


def asked_wait(error: BaseException, now: datetime | None = None) -> float | None:
    """The seconds that the server asks to wait; None when it does not say.

    A date is taken from the server's own `Date` where it sends one, so that a clock that is wrong,
    here or there, does not count. A moment that is over says nothing about when to come back.
    """
    import openai

    if not isinstance(error, openai.APIStatusError):
        return None
    return retry_after.asked_wait(error.response.headers, now)


def outcome_of(error: BaseException) -> str:
    """What an attempt came to, as `Attempt.outcome` says it."""
    import openai

    outcome = type(error).__name__
    match error:
        case UnusableAnswerError():
            outcome = error.reason
        case openai.APIConnectionError() if is_untrusted(error):
            outcome = "untrusted"
        case openai.APIConnectionError() if never_connected(error):
            outcome = "unreachable"
        case openai.APITimeoutError():
            outcome = "timeout"
        case openai.APIConnectionError():
            outcome = "disconnected"
        case openai.APIStatusError():
            outcome = f"http {error.status_code}"
        case CutOffError():
            outcome = "cut off"
    return outcome


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _is_wrapper(error: BaseException) -> bool:
    return type(error).__module__.startswith(("instructor", "tenacity"))


def is_untrusted(error: BaseException) -> bool:
    """Whether the server's certificate is what went wrong."""
    return any(isinstance(inner, ssl.SSLCertVerificationError) for inner in _chain(error))


def never_connected(error: BaseException) -> bool:
    """Refused, no route, no such name, no answer to knocking: there was no connection."""
    names = {type(inner).__name__ for inner in _chain(error)}
    return not names.isdisjoint({"ConnectError", "ConnectTimeout"})
