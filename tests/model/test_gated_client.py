"""Every HTTP call goes through the gate of its endpoint, and the gate hears of each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from time import sleep

import pytest
from scripted_server import Scripted, Server, Wire, completion

from extractor.model import ChatModel, RateCeilings, RateGate, RetryPolicy
from extractor.model.endpoints import Endpoint
from extractor.model.opening import open_hosted
from extractor.model.protocol import CallFailedError

from .conftest import KEY, api_error, make_request

POLICY = RetryPolicy(first_wait=0)


def test_no_more_calls_are_in_flight_than_the_ceiling_says() -> None:
    """The server counts: a call is with it from its arrival until it is answered."""
    lock, seen = Lock(), [0, 0]

    class Slow(Scripted):
        def play(self, wire: Wire) -> bool:
            with lock:
                seen[0] += 1
                seen[1] = max(seen)
            sleep(0.01)
            with lock:
                seen[0] -= 1
            return super().play(wire)

    server = Server(lambda _: Slow(completion()))
    gate = RateGate(RateCeilings(concurrency=3))
    with (
        ChatModel("m", Endpoint(server.url, KEY), policy=POLICY, gate=gate) as model,
        ThreadPoolExecutor(12) as pool,
    ):
        list(pool.map(lambda _: model.ask(make_request()), range(60)))
    server.close()
    assert len(server.calls) == 60
    assert 1 <= seen[1] <= 3
    assert gate.state().in_flight == 0


def test_each_attempt_is_told_and_a_used_up_quota_is_no_matter_of_the_rate() -> None:
    gate = RateGate()
    limited = api_error(429, headers={"retry-after": "0"})
    server = Server([limited, Scripted(completion()), api_error(429, "insufficient_quota")])
    with ChatModel("m", Endpoint(server.url, KEY), policy=POLICY, gate=gate) as model:
        assert len(model.ask(make_request()).attempts) == 2
        assert gate.state().limited == 1
        with pytest.raises(CallFailedError, match="quota"):
            model.ask(make_request())
    server.close()
    assert gate.state().limited == 1
    assert gate.state().in_flight == 0


def test_models_of_one_endpoint_and_key_share_a_gate() -> None:
    one, other = (open_hosted("m", Endpoint("https://one.example/v1", KEY)) for _ in range(2))
    assert one.gate is other.gate is not None
    assert open_hosted("n", Endpoint("https://one.example/v1", KEY)).gate is not one.gate
    assert open_hosted("m", Endpoint("https://one.example/v1", KEY + "2")).gate is not one.gate


def test_a_model_that_is_to_finish_ends_the_waits_for_the_gate_and_lets_calls_end() -> None:
    """One call in flight, one that waits for the gate: the first is answered, the other is not."""
    arrived, may_come = Event(), Event()

    class Late(Scripted):
        def play(self, wire: Wire) -> bool:
            arrived.set()
            may_come.wait(30)
            return super().play(wire)

    server = Server(lambda _: Late(completion()))
    gate = RateGate(RateCeilings(concurrency=1))
    with (
        ChatModel("m", Endpoint(server.url, KEY), policy=POLICY, gate=gate) as model,
        ThreadPoolExecutor(2) as pool,
    ):
        first = pool.submit(model.ask, make_request())
        arrived.wait(30)
        second = pool.submit(model.ask, make_request())
        while not gate.state().waiting:
            sleep(0.01)
        model.finish()
        with pytest.raises(CallFailedError, match="closed"):
            second.result(30)
        may_come.set()
        assert len(first.result(30).attempts) == 1
    server.close()
    assert len(server.calls) == 1
    assert gate.state().waiting == gate.state().in_flight == 0
