"""Headers about limits: what is read, and that nothing in them can do harm."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.model.rate_limits import Quota, RateLimits, read_rate_limits, seconds_of
from extractor.model.retry_after import asked_wait

NAMES = [
    "Retry-After",
    "retry-after-ms",
    "date",
    *(
        f"X-RateLimit-{what}-{of}"
        for what in ("Limit", "Remaining", "Reset")
        for of in ("Requests", "tokens")
    ),
]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6m0s", 360),
        ("120ms", 0.12),
        ("1s", 1),
        ("2.5", 2.5),
        ("0", 0),
        ("1h2m3.5s", 3723.5),
        ("2m59.56s", 179.56),
        ("1d", 86400),
        (" 7.66S ", 7.66),
        ("1m500ms", 60.5),
    ],
)
def test_a_duration_is_read(text: str, seconds: float) -> None:
    assert seconds_of(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "-1", "1 s", "5x", "s", "nan", "inf", "1e300", "٣s", "1.s", "1761000000", None],
)
def test_what_is_no_duration_is_none(text: str | None) -> None:
    assert seconds_of(text) is None


def test_names_are_found_in_any_case() -> None:
    headers = {
        "X-RateLimit-Limit-Requests": "60",
        "x-ratelimit-remaining-requests": "59",
        "X-RATELIMIT-RESET-REQUESTS": "1s",
        "x-ratelimit-limit-tokens": "150000",
        "x-ratelimit-remaining-tokens": "149984",
        "x-ratelimit-reset-tokens": "6m0s",
        "Retry-After-Ms": "1500",
        "Retry-After": "9",
    }
    assert read_rate_limits(headers) == RateLimits(
        requests=Quota(60, 59, 1), tokens=Quota(150000, 149984, 360), retry_after=1.5
    )


def test_nothing_said_is_nothing_known() -> None:
    assert read_rate_limits({"content-type": "application/json"}) == RateLimits()


def test_a_date_counts_from_the_servers_own_clock() -> None:
    headers = {
        "retry-after": "Wed, 21 Oct 2015 07:28:30 GMT",
        "date": "Wed, 21 Oct 2015 07:28:00 GMT",
    }
    assert asked_wait(headers, datetime(2026, 1, 1, tzinfo=UTC)) == 30
    assert asked_wait({"retry-after": headers["retry-after"]}) is None  # it is over


@given(
    st.dictionaries(
        st.sampled_from(NAMES) | st.text(),
        st.text()
        | st.from_regex(r"[-+]?[0-9]{1,30}(\.[0-9]+)?(ms|s|m|h|d)?", fullmatch=True)
        | st.from_regex(
            r"Wed, [0-9]{1,3} Oct [0-9]{1,6} [0-9]{2}:28:00 (GMT|[+-][0-9]{4})", fullmatch=True
        ),
    )
)
def test_any_headers_give_finite_limits(headers: dict[str, str]) -> None:
    limits = read_rate_limits(headers)
    for quota in (limits.requests, limits.tokens):
        for value in (quota.limit, quota.remaining, quota.reset):
            assert value is None or 0 <= value < 1e15
    assert limits.retry_after is None or 0 <= limits.retry_after < 1e12
