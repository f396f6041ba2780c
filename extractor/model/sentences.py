"""What a failed call is told as: one error of ours, with the one sentence that the user reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from extractor.claims import Attempt
from extractor.errors import ExtractorError
from extractor.model.completions import CutOffError
from extractor.model.endpoints import Endpoint
from extractor.model.failures import (
    PERMANENT_CODES,
    TRANSIENT_STATUSES,
    codes_of,
    never_connected,
)
from extractor.model.protocol import CallFailedError, UnavailableError, UnusableAnswerError

if TYPE_CHECKING:
    import openai

_TOO_LONG_CODES = frozenset({"context_length_exceeded", "exceed_context_size_error"})
_KEY_LIKE = re.compile(r"\b(?:sk|pk|rk|hf|gsk|xai)[-_][\w*.\-]{6,}", re.ASCII)
_SHOWN = 200  # characters of a server's own message that are passed on

_Told = tuple[type[CallFailedError] | type[UnusableAnswerError], str, str]
"""The class of the error, its reason, its sentence."""


def explain(
    error: BaseException, *, endpoint: Endpoint, model: str, attempts: tuple[Attempt, ...]
) -> ExtractorError:
    """The error of ours that says what happened, where, and what to do."""
    if isinstance(error, CallFailedError | UnusableAnswerError):
        error.attempts = attempts
    if isinstance(error, ExtractorError):
        return error
    tries = f" ({len(attempts)} attempts)" if len(attempts) > 1 else ""
    kind, reason, sentence = _told(error, endpoint, model, tries)
    return kind(sentence, reason=reason, attempts=attempts)


def redact(text: str, key: str) -> str:
    """`text` without the key, or anything that looks like one."""
    return _KEY_LIKE.sub("[key]", text.replace(key, "[key]") if key else text)


def _told(error: BaseException, endpoint: Endpoint, model: str, tries: str) -> _Told:
    import openai

    host = endpoint.host
    match error:
        case openai.APITimeoutError():
            told: _Told = (
                UnavailableError,
                "timeout",
                f"{host} did not answer in time{tries}; try again later.",
            )
        case openai.APIConnectionError() if never_connected(error):
            told = (
                CallFailedError,
                "unreachable",
                f"{host} cannot be reached{tries}; check --base-url, the network, "
                "and that the server is running.",
            )
        case openai.APIConnectionError():
            told = (
                UnavailableError,
                "disconnected",
                f"{host} broke the connection off{tries}; try again later.",
            )
        case openai.APIStatusError():
            told = _told_by_code(error, host, model) or _told_by_status(
                error, endpoint, model, tries
            )
        case CutOffError():
            told = (
                UnusableAnswerError,
                "cut_off",
                f"{host} sent an answer that breaks off in the middle{tries}.",
            )
        case UnicodeEncodeError():
            told = (
                UnusableAnswerError,
                "not_text",
                "The prompt cannot be sent: the text holds a lone surrogate, "
                "which is no character.",
            )
        case _:
            told = (
                CallFailedError,
                "unknown",
                f"The call to {host} failed: {type(error).__name__}.",
            )
    return told


def _told_by_code(error: openai.APIStatusError, host: str, model: str) -> _Told | None:
    """What the body's code says outright, whatever the status."""
    codes = codes_of(error)
    if codes & _TOO_LONG_CODES:
        sentence = f"{host}: the prompt and its answer do not fit the context of {model}."
        return UnusableAnswerError, "too_long", sentence
    if "content_filter" in codes:
        return UnusableAnswerError, "filtered", f"{host}: the content filter refused the prompt."
    if codes & PERMANENT_CODES:
        sentence = (
            f"The quota of this key at {host} is used up ({error.status_code}); check billing."
        )
        return CallFailedError, "quota", sentence
    return None


def _told_by_status(
    error: openai.APIStatusError, endpoint: Endpoint, model: str, tries: str
) -> _Told:
    host, status = endpoint.host, error.status_code
    permanent = {
        401: ("unauthorized", f"does not accept the API key (401); check {endpoint.key_variable}"),
        403: ("forbidden", f"forbids this key to use {model} (403); ask for access to it"),
        404: (
            "not_found",
            f"has no model {model!r}, or no chat completions there (404); "
            "check --model and --base-url",
        ),
    }
    if status in permanent:
        reason, what = permanent[status]
        return CallFailedError, reason, f"{host} {what}."
    if status == 429:
        sentence = f"{host} limits the rate of calls (429){tries}; try again later."
        return UnavailableError, "rate_limited", sentence
    if status in TRANSIENT_STATUSES or status >= 500:
        sentence = f"{host} fails on its side ({status}){tries}; try again later."
        return UnavailableError, "server_error", sentence
    said = _server_message(error.body, endpoint.key)
    return CallFailedError, "refused", f"{host} refuses the request ({status}){said}."


def _server_message(body: object, key: str) -> str:
    message = body.get("message") if isinstance(body, Mapping) else None
    if not isinstance(message, str) or not message.strip():
        return ""
    return ": " + redact(" ".join(message.split()), key)[:_SHOWN].rstrip(".")
