"""The gate between threads: places are given back, turns are kept, deadlines are told."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock, Thread

import pytest

from extractor.errors import ModelError
from extractor.model.admission import RateCeilings
from extractor.model.protocol import UnavailableError
from extractor.model.rate_gate import RateGate, shared_gate


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_place_is_given_back_however_the_block_is_left() -> None:
    gate = RateGate(RateCeilings(concurrency=1), Clock())
    with gate.admit():
        assert gate.state().in_flight == 1
    with pytest.raises(KeyError), gate.admit():
        raise KeyError
    with pytest.raises(KeyboardInterrupt), gate.admit():
        raise KeyboardInterrupt
    assert gate.state().in_flight == 0


def test_a_deadline_that_a_pause_would_pass_is_told_at_once() -> None:
    clock = Clock()
    gate = RateGate(clock=clock)
    with gate.admit() as admission:
        admission.answered(429, {"Retry-After": "30"})
    assert gate.state().paused == 30
    with pytest.raises(UnavailableError, match="before its deadline") as caught:
        gate.admit(deadline=clock.now + 29).__enter__()
    assert caught.value.reason == "deadline"
    assert isinstance(caught.value, ModelError)
    assert gate.state().in_flight == gate.state().waiting == 0
    clock.now += 30.001
    with gate.admit(deadline=clock.now + 29):
        assert gate.state().in_flight == 1


def test_a_deadline_is_told_while_others_are_in_flight() -> None:
    gate = RateGate(RateCeilings(concurrency=1))
    with gate.admit(), pytest.raises(UnavailableError):
        gate.admit(deadline=0).__enter__()
    with gate.admit():
        assert gate.state().in_flight == 1
    assert gate.state().waiting == 0


def test_who_gives_up_in_the_queue_holds_nobody_up() -> None:
    gate = RateGate(RateCeilings(concurrency=1))
    done, queued = [], Event()

    def wait_in_line(deadline: float | None) -> None:
        try:
            with gate.admit(deadline=deadline):
                done.append("through")
        except UnavailableError:
            done.append("gave up")

    with gate.admit():
        soon = gate._clock() + 0.05
        threads = [Thread(target=wait_in_line, args=(limit,)) for limit in (soon, None)]
        for thread in threads:
            thread.start()
        threads[0].join()
        while gate.state().waiting != 1:
            queued.wait(0.001)
        assert done == ["gave up"]
    threads[1].join()
    assert done == ["gave up", "through"]


def test_32_threads_never_exceed_the_ceiling_and_all_get_through() -> None:
    gate = RateGate(RateCeilings(concurrency=8))
    lock, inside, most, through = Lock(), 0, 0, 0
    chance = random.Random(1)  # noqa: S311 - chance that can be played again
    fates = [chance.choice([200, 200, 200, 200, 500, None]) for _ in range(640)]

    def call(fate: int | None) -> None:
        nonlocal inside, most, through
        with gate.admit(10) as admission:
            with lock:
                inside += 1
                most = max(most, inside)
            if fate is None:
                admission.failed()
            else:
                admission.answered(fate, {"x-ratelimit-remaining-requests": "many"})
                admission.used(12)
            with lock:
                inside -= 1
                through += 1

    with ThreadPoolExecutor(32) as threads:
        for done in [threads.submit(call, fate) for fate in fates]:
            done.result()
    assert through == 640
    assert most <= 8
    assert gate.state().in_flight == gate.state().waiting == 0
    assert gate.state().limited == 0


def test_32_threads_share_one_pause_and_come_through_a_storm() -> None:
    gate = RateGate(RateCeilings(concurrency=32))
    lock, refusals, answered = Lock(), 8, 0

    def call() -> None:
        nonlocal refusals, answered
        status = 0
        while status != 200:
            with gate.admit() as admission:
                with lock:
                    refusals -= 1
                    status = 429 if refusals >= 0 else 200
                admission.answered(status, {"retry-after-ms": "1"} if status == 429 else {})
        with lock:
            answered += 1

    with ThreadPoolExecutor(32) as threads:
        for done in [threads.submit(call) for _ in range(32)]:
            done.result()
    assert answered == 32
    assert gate.state().limited == 8
    assert gate.state().in_flight == gate.state().waiting == 0


def test_one_gate_for_an_endpoint_a_key_and_a_model() -> None:
    wide, narrow = RateCeilings(concurrency=64), RateCeilings(16, requests_per_minute=60)
    gate = shared_gate("http://gate.test/v1", "sk-secret", "m", wide)
    assert shared_gate("http://gate.test/v1/", "sk-secret", "m", narrow) is gate
    assert gate.ceilings == RateCeilings(16, 60)
    assert shared_gate("http://gate.test/v1", "sk-secret", "m", wide).ceilings == gate.ceilings
    for other in (
        ("http://gate.test/v2", "sk-secret", "m"),
        ("http://gate.test/v1", "sk-other", "m"),
        ("http://gate.test/v1", "sk-secret", "n"),
    ):
        assert shared_gate(*other, wide) is not gate


def test_no_key_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    from extractor.model import rate_gate

    shared_gate("http://gate.test/v1", "sk-secret-key", "m", RateCeilings())
    assert "sk-secret-key" not in repr(rate_gate._gates)
    assert "sk-secret-key" not in caplog.text
