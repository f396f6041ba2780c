"""The transport policy on its own: budgets and waits, with a clock that only writes down."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx2
import openai
import pytest

from extractor.model.failures import asked_wait
from extractor.model.retries import NO_WAITS, RetryPolicy, call_with_retries


def status_error(status: int, headers: dict[str, str] | None = None) -> openai.APIStatusError:
    request = httpx2.Request("POST", "http://127.0.0.1/v1/chat/completions")
    response = httpx2.Response(status, headers=headers or {}, request=request)
    return openai.APIStatusError("no", response=response, body=None)


class Failing:
    """Raises its errors in turn, then returns "done"."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def waits_of(policy: RetryPolicy, *errors: Exception) -> list[float]:
    waits: list[float] = []
    assert call_with_retries(Failing(*errors), policy, sleep=waits.append) == "done"
    return waits


def test_waits_grow_with_jitter_and_stay_bounded() -> None:
    policy = RetryPolicy(attempts=8, first_wait=1, longest_wait=10)
    waits = waits_of(policy, *[status_error(500) for _ in range(6)])
    for number, wait in enumerate(waits):
        assert min(2**number, 10) <= wait <= min(2**number + 1, 10)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "86400"}, 60),
    ],
)
def test_the_wait_that_is_asked_for_is_kept_up_to_a_minute(
    headers: dict[str, str], expected: float
) -> None:
    assert waits_of(RetryPolicy(), status_error(429, headers)) == [expected]


@pytest.mark.parametrize(
    "value", ["soon", "-1", "nan", "inf", "", "1e300", "Wed, 21 Oct 2015 07:28:00 GMT"]
)
def test_a_wait_that_is_none_is_ours_to_choose(value: str) -> None:
    (wait,) = waits_of(RetryPolicy(first_wait=0.5), status_error(429, {"retry-after": value}))
    assert 0.5 <= wait <= 1


def test_an_http_date_is_a_wait_from_now() -> None:
    error = status_error(503, {"retry-after": "Wed, 21 Oct 2015 07:28:30 GMT"})
    assert asked_wait(error, datetime(2015, 10, 21, 7, 28, 0, tzinfo=UTC)) == 30


def test_replay_does_not_wait() -> None:
    asked = status_error(429, {"retry-after": "30"})
    assert waits_of(NO_WAITS, asked, status_error(500)) == [0, 0]


def test_a_server_that_does_not_listen_has_the_smaller_budget() -> None:
    request = httpx2.Request("POST", "http://127.0.0.1/")

    def refused() -> Exception:
        error = openai.APIConnectionError(request=request)
        error.__cause__ = httpx2.ConnectError("refused")
        return error

    call = Failing(*[refused() for _ in range(9)])
    with pytest.raises(openai.APIConnectionError):
        call_with_retries(call, RetryPolicy(), sleep=lambda _: None)
    assert call.calls == 3


@pytest.mark.parametrize(
    ("error", "calls"),
    [
        (openai.APITimeoutError(request=httpx2.Request("POST", "http://127.0.0.1/")), 4),
        (openai.APIConnectionError(request=httpx2.Request("POST", "http://127.0.0.1/")), 4),
        (ValueError("a mistake of ours"), 1),
        (status_error(400), 1),
        (status_error(422), 1),
    ],
)
def test_budgets(error: Exception, calls: int) -> None:
    call = Failing(*[error] * 9)
    with pytest.raises(type(error)):
        call_with_retries(call, RetryPolicy(), sleep=lambda _: None)
    assert call.calls == calls


def test_each_call_has_its_own_count() -> None:
    """A call inside another's wait must not use up the other's budget."""
    inner_calls: list[int] = []

    def sleep(_: float) -> None:
        if not inner_calls:
            inner = Failing(*[status_error(500)] * 3)
            inner_calls.append(0)
            call_with_retries(inner, NO_WAITS, sleep=lambda _: None)
            inner_calls[0] = inner.calls

    outer: Any = Failing(*[status_error(500)] * 3)
    assert call_with_retries(outer, NO_WAITS, sleep=sleep) == "done"
    assert (outer.calls, inner_calls) == (4, [4])
