"""The transport policy on its own: budgets and waits, with a clock that only writes down."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import openai
import pytest

from extractor.model.failures import (
    PERMANENT_CODES,
    DeadlineError,
    Worth,
    asked_wait,
    worth_retrying,
)
from extractor.model.retries import Clock, RetryPolicy, call_with_retries

STAMP = "Wed, 21 Oct 2015 07:28:"


def status_error(
    status: int, headers: dict[str, str] | None = None, body: dict[str, str] | None = None
) -> openai.APIStatusError:
    request = httpx2.Request("POST", "http://127.0.0.1/v1/chat/completions")
    response = httpx2.Response(status, headers=headers or {}, request=request)
    return openai.APIStatusError("no", response=response, body=body)


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
    policy = replace(policy, clock=Clock(sleep=waits.append))
    assert call_with_retries(Failing(*errors), policy) == "done"
    return waits


PATIENT = RetryPolicy(clock=Clock(sleep=lambda _: None))


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
        ({"retry-after": "0"}, 0),
        ({"retry-after": f"{STAMP}30 GMT", "date": f"{STAMP}00 GMT"}, 30),
    ],
)
def test_the_wait_that_is_asked_for_is_kept_with_jitter_behind_it(
    headers: dict[str, str], expected: float
) -> None:
    (wait,) = waits_of(RetryPolicy(first_wait=0.5), status_error(429, headers))
    assert expected <= wait <= expected + 0.5
    assert waits_of(RetryPolicy(first_wait=0), status_error(429, headers)) == [expected]


def test_those_who_are_told_to_wait_alike_do_not_return_together() -> None:
    asked = [status_error(429, {"retry-after": "7"}) for _ in range(8)]
    assert len(set(waits_of(RetryPolicy(attempts=9), *asked))) > 1


@pytest.mark.parametrize(
    "headers",
    [
        {"retry-after": "61"},
        {"retry-after-ms": "60001"},
        {"retry-after": "Fri, 21 Oct 2095 07:28:00 GMT"},
        {"retry-after": f"{STAMP}59 GMT", "date": "Tue, 20 Oct 2015 07:28:00 GMT"},
    ],
)
def test_a_server_that_asks_for_more_than_we_wait_is_not_asked_again(
    headers: dict[str, str],
) -> None:
    call = Failing(*[status_error(429, headers)] * 9)
    with pytest.raises(openai.APIStatusError):
        call_with_retries(call, PATIENT)
    assert call.calls == 1


@pytest.mark.parametrize(
    "value",
    ["soon", "-1", "nan", "inf", "", "1e300", f"{STAMP}00 GMT", "Wed, 99 Oct 99999 07:28 GMT"],
)
def test_a_wait_that_is_none_is_ours_to_choose(value: str) -> None:
    (wait,) = waits_of(RetryPolicy(first_wait=0.5), status_error(429, {"retry-after": value}))
    assert 0.5 <= wait <= 1


def test_an_http_date_is_a_wait_from_now() -> None:
    error = status_error(503, {"retry-after": "Wed, 21 Oct 2015 07:28:30 GMT"})
    assert asked_wait(error, datetime(2015, 10, 21, 7, 28, 0, tzinfo=UTC)) == 30


def test_the_date_is_held_against_the_servers_own_clock() -> None:
    """Ours may be years off, or be set while a call waits."""
    headers = {"retry-after": f"{STAMP}30 GMT", "date": f"{STAMP}10 GMT"}
    error = status_error(503, headers)
    for ours in (datetime(1999, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)):
        assert asked_wait(error, ours) == 20


def test_replay_does_not_wait() -> None:
    waits: list[float] = []
    policy = RetryPolicy(clock=Clock(sleep=waits.append)).without_waits()
    asked = status_error(429, {"retry-after": "30"})
    assert call_with_retries(Failing(asked, status_error(500)), policy) == "done"
    assert waits == []
    assert policy.deadline is None


class Time:
    """A clock that stands still but for the waits, and whatever the test adds."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.now, self.sleep)


@pytest.mark.parametrize(
    ("deadline", "calls", "waits"),
    [(10, 2, [6]), (18, 3, [6, 6]), (18.1, 4, [6, 6, 6]), (6, 1, [])],
)
def test_no_attempt_begins_behind_the_deadline(
    deadline: float, calls: int, waits: list[float]
) -> None:
    time = Time()
    policy = RetryPolicy(first_wait=0, deadline=deadline, clock=time.clock)
    call = Failing(*[status_error(503, {"retry-after": "6"}) for _ in range(9)])
    expected = openai.APIStatusError if calls == policy.attempts else DeadlineError
    with pytest.raises(expected) as caught:
        call_with_retries(call, policy)
    assert (call.calls, time.waits) == (calls, waits)
    if isinstance(caught.value, DeadlineError):
        assert isinstance(caught.value.__cause__, openai.APIStatusError)


def test_time_that_a_call_takes_counts_too() -> None:
    time = Time()

    def slow() -> str:
        time.now += 50
        raise status_error(500)

    with pytest.raises(DeadlineError, match="90 s"):
        call_with_retries(slow, RetryPolicy(first_wait=0, deadline=90, clock=time.clock))
    assert time.now == 1_100


def test_a_permanent_error_behind_the_deadline_is_told_as_what_it_is() -> None:
    time = Time()

    def slow() -> str:
        time.now += 50
        raise status_error(401)

    with pytest.raises(openai.APIStatusError):
        call_with_retries(slow, RetryPolicy(deadline=9, clock=time.clock))


def test_a_server_that_does_not_listen_has_the_smaller_budget() -> None:
    request = httpx2.Request("POST", "http://127.0.0.1/")

    def refused() -> Exception:
        error = openai.APIConnectionError(request=request)
        error.__cause__ = httpx2.ConnectError("refused")
        return error

    call = Failing(*[refused() for _ in range(9)])
    with pytest.raises(openai.APIConnectionError):
        call_with_retries(call, PATIENT)
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
        call_with_retries(call, PATIENT)
    assert call.calls == calls


@pytest.mark.parametrize("hint", ["true", "false", None])
@pytest.mark.parametrize("code", PERMANENT_CODES)
def test_a_code_that_settles_it_ends_at_once_whatever_status_and_hint_say(
    code: str, hint: str | None
) -> None:
    headers = {"x-should-retry": hint} if hint else {}
    for status in (400, 429, 503):
        error = status_error(status, headers, {"code": code})
        assert worth_retrying(error) is Worth.NO


def test_each_call_has_its_own_count() -> None:
    """A call inside another's wait must not use up the other's budget."""
    inner_calls: list[int] = []

    def sleep(_: float) -> None:
        if not inner_calls:
            inner = Failing(*[status_error(500)] * 3)
            inner_calls.append(0)
            call_with_retries(inner, PATIENT)
            inner_calls[0] = inner.calls

    outer: Any = Failing(*[status_error(500)] * 3)
    assert call_with_retries(outer, RetryPolicy(clock=Clock(sleep=sleep))) == "done"
    assert (outer.calls, inner_calls) == (4, [4])
