"""How large, how slow, how many: what is too much is told, and nothing else suffers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from service_process import ServiceProcess, until

from extractor.serve import Limits
from extractor.serve.bounds import Bounds
from extractor.serve.doorway import CALLER

JSON = {"content-type": "application/json"}


def test_a_body_is_bounded_by_its_told_length_and_by_its_real_one(client_of: Any) -> None:
    client = client_of(limits=Limits(body_bytes=1_000, job_body_bytes=5_000))
    large = b'{"x": "' + b"a" * 2_000 + b'"}'

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(large), 100):
            yield large[start : start + 100]

    for body in (large, chunks()):
        answer = client.post("/v1/verify", content=body, headers=JSON)
        assert answer.status_code == 413
        assert answer.headers["connection"] == "close"
        assert answer.json()["type"].endswith(":body-too-large")
    assert client.post("/v1/jobs", content=large, headers=JSON).status_code == 422
    assert client.post("/v1/jobs", content=large * 3, headers=JSON).status_code == 413


def test_a_packed_body_is_refused(client_of: Any) -> None:
    headers = JSON | {"content-encoding": "gzip"}
    assert client_of().post("/v1/verify", content=b"\x1f\x8b", headers=headers).status_code == 415


def _request(path: str = "/v1/verify", caller: str = "") -> dict[str, Any]:
    return {"type": "http", "method": "POST", "path": path, "headers": [], CALLER: caller}


def test_a_body_that_never_ends_is_given_up() -> None:
    async def never() -> dict[str, Any]:
        await asyncio.sleep(60)
        raise AssertionError

    async def unreached(*_: Any) -> None:
        raise AssertionError("the application was asked")

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    bounds = Bounds(unreached, Limits(body_seconds=0.01))
    asyncio.run(bounds(_request(), never, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 408


@pytest.mark.parametrize(
    ("limits", "callers", "status"),
    [
        (Limits(at_once=2), ("a", "b", "c"), 503),
        (Limits(at_once=9, at_once_a_key=2), ("a", "a", "a"), 429),
    ],
)
def test_too_much_at_once_is_refused_with_a_time_to_come_again(
    limits: Limits, callers: tuple[str, ...], status: int
) -> None:
    answers: dict[int, list[Any]] = {0: [], 1: [], 2: [], 3: []}

    async def trial() -> None:
        going = asyncio.Event()

        async def waits(_: Any, __: Any, send: Any) -> None:
            await going.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def body() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        bounds = Bounds(waits, limits)

        def asked(number: int, caller: str) -> asyncio.Task[None]:
            async def send(message: Any) -> None:
                answers[number].append(message)

            return asyncio.create_task(bounds(_request(caller=caller), body, send))  # type: ignore[arg-type]

        first = [asked(number, caller) for number, caller in enumerate(callers[:2])]
        await asyncio.sleep(0)
        await asked(2, callers[2])
        going.set()
        await asyncio.gather(*first)
        await asked(3, callers[2])  # there is room again

    asyncio.run(trial())
    assert [messages[0]["status"] for messages in answers.values()] == [200, 200, status, 200]
    assert (b"retry-after", b"1") in answers[2][0]["headers"]


def test_health_is_told_when_all_else_is_busy(client_of: Any) -> None:
    client = client_of(limits=Limits(at_once=0))
    assert client.post("/v1/verify", json={}).status_code == 503
    for path in ("/healthz", "/readyz", "/metrics", "/review"):
        assert client.get(path).status_code == 200


def test_a_client_that_leaves_takes_no_place(tmp_path: Path) -> None:
    with ServiceProcess(tmp_path / "runs", "--without-model", "--max-at-once", "2") as service:
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", service.port)) as half:
                half.sendall(
                    b"POST /v1/verify HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99\r\n"
                    b"content-type: application/json\r\n\r\n{"
                )
        body = {"document": {"text": "7 men"}, "candidates": []}
        until(lambda: service.ask("POST", "/v1/verify", body).status == 200)
        assert service.stop() == 0
