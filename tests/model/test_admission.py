"""The rate gate's reckoning, in time that is made up: what it learns, cuts and keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.model.admission import AdmissionControl, RateCeilings, Ticket
from extractor.model.rate_limits import Quota, RateLimits
from extractor.model.token_bucket import TokenBucket
from model.simulated_server import IDEAL, Limit, Sent, simulate

DOCUMENTS = [0.0] * 500


def opened(control: AdmissionControl, answers: int = 40) -> float:
    """Let answers of 200 come in, one round of as many calls as may go after another."""
    now = 0.0
    while answers > 0:
        round_ = sent(control, now)
        now += 0.1
        for ticket in round_:
            end(control, ticket, 200, now)
        answers -= len(round_)
    return now


def sent(control: AdmissionControl, now: float) -> list[Ticket]:
    tickets = []
    while control.ready_in(0, now) == 0:
        tickets.append(control.admit(0, now))
    return tickets


def end(control: AdmissionControl, ticket: Ticket, status: int, now: float, **said: object) -> None:
    control.in_flight -= 1
    control.answered(ticket, status, RateLimits(**said), now)  # type: ignore[arg-type]


# ---- the note's test: 20, then 6, then 40 calls a second, 500 documents


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("latency", [0.05, 0.2])
@pytest.mark.parametrize(
    ("kind", "tells"),
    [
        ("bucket", "full"),
        ("bucket", "next"),
        ("bucket", "whole seconds"),
        ("bucket", "a minute"),
        ("bucket", "a minute, next"),
        ("window", "full"),
    ],
)
def test_with_headers_nearly_nothing_is_refused_and_nearly_no_time_lost(
    kind: str, tells: str, latency: float, seed: int
) -> None:
    run = simulate(Limit(kind, tells=tells), DOCUMENTS, latency=latency, seed=seed)
    assert run.seconds <= 1.06 * IDEAL
    assert run.refused <= 5


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("latency", [0.05, 0.2])
@pytest.mark.parametrize("size", [0.5, 1.0])
@pytest.mark.parametrize("kind", ["bucket", "window"])
def test_without_headers_the_gate_stands_alone(
    kind: str, size: float, latency: float, seed: int
) -> None:
    run = simulate(Limit(kind, size, "nothing"), DOCUMENTS, latency=latency, seed=seed)
    assert run.seconds <= 1.15 * IDEAL
    assert run.refused <= 150


def test_a_wait_that_is_asked_for_is_kept_by_all() -> None:
    run = simulate(Limit(tells="nothing", retry_after=1.0), DOCUMENTS)
    assert run.seconds <= 1.15 * IDEAL
    assert run.refused <= 40


def test_a_server_without_limits_is_not_slowed_down() -> None:
    run = simulate(Limit(size=1000, tells="nothing"), DOCUMENTS, latency=1.0)
    assert run.refused == 0
    assert run.seconds < 1.3 * (500 / 64 + 5)  # five rounds to open the gate


# ---- what a 429 does


def test_calls_in_flight_double_with_each_round_up_to_the_ceiling() -> None:
    control = AdmissionControl(RateCeilings(concurrency=20))
    sizes, now = [], 0.0
    for _ in range(5):
        round_ = sent(control, now)
        sizes.append(len(round_))
        now += 0.1
        for ticket in round_:
            end(control, ticket, 200, now)
    assert sizes == [4, 8, 16, 20, 20]


def test_one_episode_is_one_cut_and_the_next_is_another() -> None:
    control = AdmissionControl(RateCeilings(concurrency=20))
    now = opened(control)
    burst = sent(control, now)
    for ticket in burst[:5]:
        end(control, ticket, 429, now + 0.1)
    assert control.state(now, 0).ceiling == 16
    assert control.limited == 5
    for ticket in burst[5:]:
        end(control, ticket, 200, now + 0.2)
    assert control.state(now, 0).ceiling == 16
    later = now + 1
    fresh = [control.admit(0, later) for _ in range(16)]
    end(control, fresh[0], 429, later + 0.01)
    assert control.state(later, 0).ceiling == 16  # nothing has got through since the cut
    end(control, fresh[1], 200, later + 0.02)
    again = control.admit(0, later + 0.03)
    end(control, again, 429, later + 0.04)
    assert control.state(later, 0).ceiling == 12


def test_pauses_grow_while_the_server_stays_closed_up_to_15_s() -> None:
    control = AdmissionControl(RateCeilings())
    now, pauses = 0.0, []
    for _ in range(12):
        now += control.ready_in(0, now) or 0.0
        end(control, control.admit(0, now), 429, now)
        pauses.append(control.state(now, 0).paused)
    assert all(later >= sooner for sooner, later in pairwise(pauses))
    assert pauses[0] < 1
    assert pauses[-1] == 15


@pytest.mark.parametrize(("asked", "paused"), [(7.0, 7.0), (86400.0, 60.0)])
def test_what_the_server_asks_for_is_waited_up_to_a_minute(asked: float, paused: float) -> None:
    control = AdmissionControl(RateCeilings())
    ticket = control.admit(0, 5.0)
    end(control, ticket, 429, 5.0, retry_after=asked)
    assert control.state(5.0, 0).paused == pytest.approx(paused)
    assert control.ready_in(0, 5.0) == pytest.approx(paused)
    assert control.ready_in(0, 5.0 + paused) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 529, 408])
def test_failures_of_the_server_hold_growth_and_cut_nothing(status: int) -> None:
    control = AdmissionControl(RateCeilings(concurrency=64))
    first = sent(control, 0.0)
    end(control, first[0], status, 0.1)
    for ticket in first[1:]:
        end(control, ticket, 200, 0.2)
    assert control.state(0.2, 0).ceiling == 4
    assert control.limited == 0
    for ticket in sent(control, 9.0):  # the hold is over
        end(control, ticket, 200, 9.1)
    assert control.state(9.1, 0).ceiling == 8


def test_a_failed_call_is_no_episode() -> None:
    control = AdmissionControl(RateCeilings())
    control.admit(0, 0.0)
    control.failed(0.0)
    assert control.state(0.0, 0).limited == 0
    assert control.state(0.0, 0).paused == 0
    assert control.state(0.0, 0).ceiling == 4


def test_a_gate_that_is_not_used_does_not_open() -> None:
    control = AdmissionControl(RateCeilings())
    for second in range(20):
        end(control, control.admit(0, float(second)), 200, second + 0.5)
    assert control.state(20.0, 0).ceiling == 4


# ---- what headers do


def test_headers_give_the_rate_and_a_drained_bucket_is_waited_for() -> None:
    control = AdmissionControl(RateCeilings())
    ticket = control.admit(0, 0.0)
    end(control, ticket, 200, 0.1, requests=Quota(limit=60, remaining=0, reset=60))
    state = control.state(0.1, 0)
    assert state.requests_per_minute == pytest.approx(60)
    assert 0.5 <= (control.ready_in(0, 0.1) or 0) <= 1


def test_tokens_that_are_not_there_are_waited_for() -> None:
    control = AdmissionControl(RateCeilings())
    ticket = control.admit(500, 0.0)
    said = Quota(limit=6000, remaining=5000, reset=10)
    end(control, ticket, 200, 0.0, tokens=said)
    assert (control.ready_in(100, 1.0) or 0) == pytest.approx(0, abs=0.1)
    control.admit(5000, 1.0)
    assert (control.ready_in(1000, 1.0) or 0) > 5


@pytest.mark.parametrize("quota", [Quota(0, 0, 0), Quota(0, 5, 1), Quota(5, 9, 0), Quota(1, 0, 0)])
def test_headers_that_make_no_sense_stop_nothing_for_good(quota: Quota) -> None:
    control = AdmissionControl(RateCeilings())
    now = 0.0
    for _ in range(20):
        wait = control.ready_in(1, now)
        assert wait is not None
        assert wait <= 61
        now += wait + 1e-6
        end(control, control.admit(1, now), 200, now + 0.1, requests=quota, tokens=quota)


# ---- the user's ceilings


@pytest.mark.parametrize(
    "wrong",
    [{"concurrency": 0}, {"requests_per_minute": 0}, {"tokens_per_minute": float("nan")}],
)
def test_a_ceiling_below_one_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        RateCeilings(**wrong)  # type: ignore[arg-type]


def test_real_tokens_take_the_place_of_the_estimate() -> None:
    control = AdmissionControl(RateCeilings(tokens_per_minute=6000))
    ticket = control.admit(1000, 0.0)
    assert control.ready_in(25, 0.0) == pytest.approx((1000) / ((6000 - 25 + 1) / 60))
    control.used(ticket, 10, 0.0)
    assert control.ready_in(15, 0.0) == 0
    control.used(ticket, 1000, 0.0)
    assert control.ready_in(25, 0.0) == pytest.approx((1000) / ((6000 - 25 + 1) / 60))


def windows(sent: Sequence[Sent]) -> Iterator[Sequence[Sent]]:
    """What was sent in each of the minutes that begin with a call."""
    for first in range(len(sent)):
        yield [call for call in sent[first:] if call.at < sent[first].at + 60]


LIMITS = st.builds(
    Limit,
    st.sampled_from(["bucket", "window"]),
    st.sampled_from([0.5, 1.0, 10.0]),
    st.sampled_from(["full", "next", "a minute", "nothing"]),
    st.none() | st.floats(0, 2),
)
CEILINGS = st.builds(
    RateCeilings,
    st.integers(1, 20),
    st.none() | st.floats(20, 2000),
    st.none() | st.floats(2000, 50000),
)


@settings(deadline=None, max_examples=25)
@given(
    limit=LIMITS,
    calls=st.lists(st.sampled_from([0.0, 1.0, 100.0, 299.5]), max_size=60),
    ceilings=CEILINGS,
    seed=st.integers(0, 9),
)
def test_no_ceiling_is_ever_exceeded_and_every_call_gets_through(
    limit: Limit, calls: list[float], ceilings: RateCeilings, seed: int
) -> None:
    run = simulate(limit, calls, ceilings, seed=seed)
    assert len(run.sent) == len(calls) + run.refused
    assert all(call.in_flight <= ceilings.concurrency for call in run.sent)
    requests, tokens = ceilings.requests_per_minute, ceilings.tokens_per_minute
    for minute in windows(run.sent):
        assert requests is None or len(minute) <= requests + 1
        most = max(call.tokens for call in minute)
        assert tokens is None or sum(call.tokens for call in minute) <= tokens + most


@given(
    rate=st.floats(1, 5000),
    asks=st.lists(st.floats(0, 3), min_size=1, max_size=300),
)
def test_a_bucket_of_a_minute_lets_no_more_through_in_any_minute(
    rate: float, asks: list[float]
) -> None:
    bucket, now, sent = TokenBucket.a_minute(rate), 0.0, []
    for pause in asks:
        now += pause
        now += bucket.ready_in(1, now)
        bucket.take(1, now)
        sent.append(Sent(now, 1, 1))
    assert all(len(minute) <= rate + 1 for minute in windows(sent))


def test_whole_calls_a_minute_are_kept_to_the_call() -> None:
    for rate in (1, 2, 60, 240, 600, 3000):
        bucket, now, sent = TokenBucket.a_minute(rate), 0.0, []
        while now < 130:
            bucket.take(1, now)
            sent.append(now)
            now += bucket.ready_in(1, now)
        counts = [
            sum(1 for at in sent if begin <= at < begin + 60) for begin in sent[:: rate // 9 + 1]
        ]
        assert max(counts) <= rate
        assert max(counts) >= 0.99 * rate - 1
