"""What a server's headers say about its limits: read once, never trusted to be there or to be sane.

Three conventions are met in the wild under the same names: a bucket that fills all the time, whose
`reset` is when it is full (OpenAI); the same over a day (Groq's requests); a window that starts
anew at `reset`. They are told apart by `server_quota`; here they are only read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from extractor.model.retry_after import asked_wait, number

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h|d)", re.ASCII)
_DURATION = re.compile(rf"(?:{_PART.pattern})+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Quota:
    """One limit (of requests, or of tokens) as one answer told it.

    `limit` is what there is when nothing is used, `remaining` what is left, `reset` the seconds
    until all of it is there again. Each is None where the server does not say.
    """

    limit: float | None = None
    remaining: float | None = None
    reset: float | None = None


@dataclass(frozen=True, slots=True)
class RateLimits:
    """All that one answer says about limits; `retry_after` is in seconds, as it was asked for."""

    requests: Quota = Quota()
    tokens: Quota = Quota()
    retry_after: float | None = None


def read_rate_limits(headers: Mapping[str, str]) -> RateLimits:
    """The limits in `headers`, whatever the case of their names; what is not understood is None."""
    lower = {str(name).lower(): str(value).strip() for name, value in headers.items()}
    return RateLimits(_quota(lower, "requests"), _quota(lower, "tokens"), asked_wait(lower))


def seconds_of(duration: str | None) -> float | None:
    """The seconds in `6m0s`, `120ms`, `1h2m3.5s` or a plain number of seconds; else None."""
    text = (duration or "").strip().lower()
    plain = number(text)
    if plain is not None or not _DURATION.fullmatch(text):
        return plain
    return sum(float(value) * _UNITS[unit] for value, unit in _PART.findall(text))


def _quota(headers: Mapping[str, str], of: str) -> Quota:
    return Quota(
        limit=number(headers.get(f"x-ratelimit-limit-{of}")),
        remaining=number(headers.get(f"x-ratelimit-remaining-{of}")),
        reset=seconds_of(headers.get(f"x-ratelimit-reset-{of}")),
    )
