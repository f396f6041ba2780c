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
    DeadlineError,
    asked_wait,
    is_untrusted,
    may_pass,
    never_connected,
    permanent_reason,
)
from extractor.model.protocol import CallFailedError, UnavailableError, UnusableAnswerError

if TYPE_CHECKING:
    import openai

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
    if isinstance(error, DeadlineError) and error.__cause__ is not None:
        within = f" ({len(attempts)} attempts in the {error.seconds:g} s that a call has)"
        kind, reason, sentence = _told(error.__cause__, endpoint, model, within)
        # whatever it was would have been tried again
        kind, reason = UnavailableError, "deadline"
    else:
        kind, reason, sentence = _told(error, endpoint, model, tries)
    return kind(sentence, reason=reason, attempts=attempts)


def redact(text: str, key: str) -> str:
    """`text` without the key, or anything that looks like one."""
    return _KEY_LIKE.sub("[key]", text.replace(key, "[key]") if key else text)


def _told(error: BaseException, endpoint: Endpoint, model: str, tries: str) -> _Told:
    import openai

    host = endpoint.host
    match error:
        case openai.APIConnectionError() if is_untrusted(error):
            told: _Told = (
                CallFailedError,
                "untrusted",
                f"{host} shows a certificate that this machine does not trust; check --base-url, "
                "or name the certificates to trust with SSL_CERT_FILE.",
            )
        case openai.APIConnectionError() if never_connected(error):
            told = (
                CallFailedError,
                "unreachable",
                f"{host} cannot be reached{tries}; check --base-url, the network, "
                "and that the server is running.",
            )
        case openai.APITimeoutError():
            told = (
                UnavailableError,
                "timeout",
                f"{host} did not answer in time{tries}; try again later.",
            )
        case openai.APIConnectionError():
            told = (
                UnavailableError,
                "disconnected",
                f"{host} broke the connection off{tries}; try again later.",
            )
        case openai.APIStatusError():
            told = _told_of_status(error, endpoint, model, tries)
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


_REASONS = {401: "unauthorized", 403: "forbidden", 404: "not_found", 413: "too_long"}
"""What a status says where no code says it better."""


def _told_of_status(
    error: openai.APIStatusError, endpoint: Endpoint, model: str, tries: str
) -> _Told:
    host, status = endpoint.host, error.status_code
    if may_pass(error):
        return _told_of_this_moment(error, host, tries)
    reason = permanent_reason(error) or _REASONS.get(status)
    settled: dict[str | None, _Told] = {
        "too_long": (
            UnusableAnswerError,
            "too_long",
            f"{host}: the prompt and its answer do not fit the context of {model}.",
        ),
        "filtered": (
            UnusableAnswerError,
            "filtered",
            f"{host}: the content filter refused the prompt.",
        ),
        "quota": (
            CallFailedError,
            "quota",
            f"The quota of this key at {host} is used up ({status}); check billing.",
        ),
        "unauthorized": (
            CallFailedError,
            "unauthorized",
            f"{host} does not accept the API key ({status}); check {endpoint.key_variable}.",
        ),
        "forbidden": (
            CallFailedError,
            "forbidden",
            f"{host} forbids this key to use {model} ({status}); ask for access to it.",
        ),
        "not_found": (
            CallFailedError,
            "not_found",
            f"{host} has no model {model!r}, or no chat completions there ({status}); "
            "check --model and --base-url.",
        ),
    }
    if reason in settled:
        return settled[reason]
    if status < 400:
        sentence = (
            f"{host} redirects to another address ({status}), where neither key nor text is sent; "
            "give the final address with --base-url."
        )
        return CallFailedError, "redirected", sentence
    if status >= 500 or status == 429:  # with the server's own word that it will not pass
        return _told_of_this_moment(error, host, tries)
    said = _server_message(error.body, endpoint.key)
    return CallFailedError, "refused", f"{host} refuses the request ({status}){said}."


def _told_of_this_moment(error: openai.APIStatusError, host: str, tries: str) -> _Told:
    status = error.status_code
    asked = asked_wait(error)
    wait = f"it asks to wait {asked:.4g} s" if asked else "try again later"
    if status == 429:
        sentence = f"{host} limits the rate of calls (429){tries}; {wait}."
        return UnavailableError, "rate_limited", sentence
    return UnavailableError, "server_error", f"{host} fails on its side ({status}){tries}; {wait}."


def _server_message(body: object, key: str) -> str:
    message = body.get("message") if isinstance(body, Mapping) else None
    if not isinstance(message, str) or not message.strip():
        return ""
    return ": " + redact(" ".join(message.split()), key)[:_SHOWN].rstrip(".")
