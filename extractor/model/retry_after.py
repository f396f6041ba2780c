"""How long a server asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date."""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from datetime import UTC, datetime


def asked_wait(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """The seconds that the server asks to wait; None when it says nothing that can be read.

    Names of `headers` are in lower case, or it looks them up in any. A date is taken from the
    server's own `Date` where it sends one, so that a clock that is wrong, here or there, does not
    count. A moment that is over says nothing about when to come back.
    """
    milliseconds = number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    after = headers.get("retry-after")
    seconds = number(after)
    if seconds is not None:
        return seconds
    until = _date(after)
    if until is None:
        return None
    left = (until - (_date(headers.get("date")) or now or datetime.now(UTC))).total_seconds()
    return left if left > 0 else None


def number(value: str | None) -> float | None:
    """A plain number of a header, from 0 up to a billion; None for anything else."""
    try:
        read = float(value or "")
    except ValueError:
        return None
    return read if 0 <= read < 1e9 else None


def _date(value: str | None) -> datetime | None:
    try:
        date = email.utils.parsedate_to_datetime(value or "")
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None  # the parser of dates has more than one way to say that this is none
