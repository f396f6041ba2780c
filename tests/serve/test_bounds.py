"""How large, how slow, how many: what is too much is told, and nothing else suffers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from service_process import ServiceProcess, until

from extractor.serve import Limits, protocol
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
    asyncio.run(bounds(_request(), never, send))
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

            return asyncio.create_task(bounds(_request(caller=caller), body, send))

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


@pytest.mark.parametrize("head", [b"x: " + b"a" * 200_000, b"x: y\r\n" * 40_000])
def test_a_head_without_an_end_is_refused(tmp_path: Path, head: bytes) -> None:
    with ServiceProcess(tmp_path / "runs", "--without-model") as service:
        for start in (
            b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n",
            b"GET /" + b"a" * 200_000,
            b"POST /v1/verify HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n"
            b"content-type: application/json\r\n\r\n2\r\n{}\r\n0\r\n",
        ):
            got = _raw(service, start + head)
            assert got.startswith(b"HTTP/1.1 431 ")
            assert b"application/problem+json" in got
        assert service.ask("GET", "/healthz").status == 200


def test_chunks_of_any_size_are_taken(tmp_path: Path) -> None:
    body = b'{"document": {"text": "' + b"7 men. " * 3_000 + b'"}, "candidates": []}'
    with ServiceProcess(tmp_path / "runs", "--without-model") as service:
        for size in (1, 10, 50_000):
            pieces = [body[at : at + size] for at in range(0, len(body), size)]
            chunks = b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in pieces)
            got = _raw(
                service,
                b"POST /v1/verify HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
                b"content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
                + chunks
                + b"0\r\n\r\n",
            )
            assert got.startswith(b"HTTP/1.1 200 "), got[:200]


def test_what_is_no_http_is_a_problem(tmp_path: Path) -> None:
    with ServiceProcess(tmp_path / "runs", "--without-model") as service:
        got = _raw(service, b"\x16\x03\x01 hello\r\n\r\n")
        assert got.startswith(b"HTTP/1.1 400 ")
        assert b"application/problem+json" in got


def test_a_slow_head_and_too_many_connections_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.05)
    monkeypatch.setattr(protocol, "MOST_CONNECTIONS", 2)

    async def trial() -> list[bytes]:
        config = uvicorn.Config(lambda *_: None, lifespan="off", log_level="error")
        state = uvicorn.server.ServerState()
        server = await asyncio.get_running_loop().create_server(
            lambda: protocol.BoundedProtocol(config, state, {}), "127.0.0.1", 0
        )
        port = server.sockets[0].getsockname()[1]
        opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        opened[0][1].write(b"GET / HTTP/1.1\r\nhost: loc")
        got = [await reader.read() for reader, _ in opened]
        for _, writer in opened:
            writer.close()
        server.close()
        return got

    slow, silent, third = asyncio.run(trial())
    assert slow.startswith(b"HTTP/1.1 408 ")
    assert silent.startswith(b"HTTP/1.1 408 ")
    assert third.startswith(b"HTTP/1.1 503 ")


def _raw(service: ServiceProcess, data: bytes) -> bytes:
    """What comes back for these bytes, until the connection is closed."""
    got = b""
    with socket.create_connection(("127.0.0.1", service.port), timeout=30) as connection:
        try:
            connection.sendall(data)
            while piece := connection.recv(65_536):
                got += piece
        except ConnectionError:  # closed before all was sent
            pass
    return got
