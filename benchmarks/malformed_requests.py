"""Malformed requests against a real service, and how they are answered.

    python benchmarks/malformed_requests.py [--requests 10000] [--seed 1]

Bodies of right requests with bytes changed, cut or doubled, values of another kind, names that are
none, nested thousands deep; odd paths, methods, headers and lengths; and bytes that are no HTTP at
all. Prints how many answers there were of each status. An answer of 500, one that is no problem
though it is an error, or a service that does not live on is a fault, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

TEXT = "Russia said 498 of its troops have been killed and 1,597 wounded in 3 days."
CLAIM = {"quote": "498 of its troops", "value": "498", "event": "killed", "claimant": "Russia"}
DOCUMENT = {"id": "briefing", "text": TEXT}
RIGHT: list[tuple[str, dict[str, Any]]] = [
    ("/v1/verify", {"document": DOCUMENT, "candidates": [CLAIM, CLAIM], "strict": True}),
    ("/v1/numbers", {"document": DOCUMENT, "explain": True}),
    ("/v1/extract", {"document": DOCUMENT, "ask": "free", "reasks": 1}),
    ("/v1/jobs", {"documents": [DOCUMENT], "budget": "5", "prompt": "claims.v2"}),
    ("/v1/jobs/job-1/cancel", {}),
    (
        "/v1/review/runs/x/decisions",
        {"document": "briefing", "claim": 0, "decision": "accept", "reason": "so", "seen": 0},
    ),
]
PATHS = [
    "/", "/v1", "/v1/verify/", "/v1/jobs/../../etc/passwd", "/v1/jobs/%00", "/v1/jobs/job-%ff",
    "/v1/jobs/job-1/results/claims", "/v1/review/runs/%2e%2e/claims?offset=-1",
    "/v1/review/runs?x=%ff%fe", "/v1/review/runs/a/claims?offset=1e9&kind=%00&rule=" + "R" * 300,
    "/v1/review/runs/a/document?document=" + "%ed%a0%80" * 5, "/review/../metrics", "//", "/%",
    "/metrics?" + "a=b&" * 500, "http://evil.example/v1/verify", "*",
]  # fmt: skip
ODD: list[Any] = [
    None, True, -1, 0, 10**400, 1.5, "", "\x00", "\ud800", "\u202e12", "a" * 5_000, [], {}, [[]],
    {"": None}, "1" * 5_000, "NaN", {"text": {"text": 1}}, "../../etc/passwd",
    "http://169.254.169.254/latest", "file:///etc/passwd", "{{7*7}}", "' OR 1=1 --", "<script>",
]  # fmt: skip
HEADERS = [
    b"host: localhost", b"host: localhost\r\nhost: localhost", b"host: evil.example", b"host:",
    b"x: y", b"origin: null\r\nhost: localhost", b"host: localhost\r\nauthorization: Bearer \xff",
    b"host: localhost\r\nidempotency-key: " + b"k" * 400, b"host: \xff\xfe",
    b"host: localhost\r\ncookie: " + b"c" * 9_000, b"host: localhost\r\nexpect: 100-continue",
    b"host: localhost\r\nsec-fetch-site: cross-site", b"host: [::1]:x",
    b"host: localhost\r\ncontent-encoding: gzip",
]  # fmt: skip
METHODS = [b"POST"] * 40 + [
    b"GET",
    b"PUT",
    b"DELETE",
    b"PATCH",
    b"OPTIONS",
    b"HEAD",
    b"TRACE",
    b"X",
]
TYPES = [b"application/json"] * 30 + [b"text/plain", b"", b"application/json; charset=utf-16", b";"]

HEALTH = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"


def changed(rng: random.Random, value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON value
    """A JSON value with something in it replaced by something odd."""
    if depth > 3 or rng.random() < 0.2:
        return rng.choice(ODD)
    if isinstance(value, dict) and value:
        copy = dict(value)
        name = rng.choice(list(copy))
        if rng.random() < 0.2:
            copy[rng.choice(["x", "", "\x00", name.upper()])] = copy.pop(name)
        else:
            copy[name] = changed(rng, copy[name], depth + 1)
        return copy
    if isinstance(value, list) and value:
        place = rng.randrange(len(value))
        return [*value[:place], changed(rng, value[place], depth + 1), *value[place + 1 :]]
    return rng.choice(ODD)


def body_of(rng: random.Random, right: dict[str, Any]) -> bytes:
    """A body that is nearly right."""
    data = json.dumps(changed(rng, right) if rng.random() < 0.7 else right).encode()
    kinds: list[Callable[[], bytes]] = [
        lambda: data,
        lambda: data[: rng.randrange(len(data) + 1)],
        lambda: data + data,
        lambda: bytes(rng.choice([byte, byte, byte, rng.randrange(256)]) for byte in data),
        lambda: b"[" * rng.randrange(1, 60_000),
        lambda: b'{"document":' * rng.randrange(1, 20_000),
        lambda: data.replace(b"498", b"9" * rng.randrange(1, 9_000)),
        lambda: data.decode().encode("utf-16"),
        lambda: b"\xef\xbb\xbf" + data,
        lambda: rng.randbytes(rng.randrange(200)),
    ]
    return rng.choice([kinds[0], *kinds])()


def request(rng: random.Random) -> tuple[bytes, bool]:
    """One request, malformed in some way or other, and whether it has an end to answer at."""
    if rng.random() < 0.03:
        return rng.randbytes(rng.randrange(1, 300)) + b"\r\n\r\n", False
    path, right = rng.choice(RIGHT)
    body = body_of(rng, right)
    if rng.random() < 0.15:
        path = rng.choice(PATHS)
    head = HEADERS[0] if rng.random() < 0.8 else rng.choice(HEADERS)
    start = rng.choice(METHODS) + b" " + path.encode("latin-1") + b" HTTP/1.1\r\n" + head
    start += b"\r\ncontent-type: " + rng.choice(TYPES) + b"\r\nconnection: close\r\n"
    if rng.random() < 0.2:
        pieces = [body[at : at + 500] for at in range(0, len(body), 500)]
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
        return start + b"transfer-encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n", True
    told = len(body) if rng.random() < 0.95 else rng.choice([-5, 0, 10**30, len(body) // 2])
    return start + b"content-length: %d\r\n\r\n" % told + body, 0 <= told <= len(body)


def answer_to(port: int, data: bytes, *, patience: float = 20.0) -> tuple[str, bytes]:
    """The status and the whole answer; "none" where there was none, "hangs" where none came."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
        try:
            connection.sendall(data)
            while piece := connection.recv(65_536):
                got += piece
        except TimeoutError:
            if not got:
                return "hangs", got
        except OSError:  # it was closed before all of it was sent
            pass
    head = got
    while head.startswith(b"HTTP/1.1 100"):
        head = head.partition(b"\r\n\r\n")[2]
    return (head.split(b" ")[1].decode() if head.startswith(b"HTTP/1.1 ") else "none"), got


def faults_in(status: str, got: bytes) -> str | None:
    """What is wrong with an answer, if anything is."""
    if status in ("500", "hangs"):
        return status
    is_error = status.isdigit() and int(status) >= 400
    if is_error and b"application/problem+json" not in got:
        return f"{status} is no problem"
    return None


def main() -> None:
    """Send them, and tell what came back."""
    parser = argparse.ArgumentParser(description="Malformed requests against a service.")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng = random.Random(given.seed)  # noqa: S311 - a trial, not a secret
    statuses: Counter[str] = Counter()
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "extractor.cli.app", "serve", "--port", "0"]
        command += ["--runs", f"{folder}/runs", "--model", "nobody"]
        command += ["--base-url", "http://127.0.0.1:9/v1"]
        service = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert service.stderr is not None  # noqa: S101 - asked for above
        port = int(service.stderr.readline().split("http://")[1].split(" ")[0].rpartition(":")[2])
        until_it_answers(port)
        try:
            for number in range(given.requests):
                data, is_whole = request(rng)
                status, got = answer_to(port, data, patience=20.0 if is_whole else 0.2)
                if not is_whole and status == "hangs":
                    status = "unfinished"
                statuses[status] += 1
                fault = faults_in(status, got)
                if fault is not None:
                    faults.append(f"request {number}: {fault}: {data[:200]!r} -> {got[:300]!r}")
            lives = answer_to(port, HEALTH)[0] == "200"
        finally:
            service.terminate()
            service.wait()
            told = service.stderr.read()
        jobs = len(list(Path(folder, "runs").glob(".service/inbox/*.jsonl")))
    for status, count in sorted(statuses.items()):
        print(f"{status:>6} {count:>7,}")
    print(f"{len(faults)} faults, {jobs} jobs were right after all; lives on: {lives}")
    print(*faults[:20], sep="\n")
    print(told[-2_000:])
    sys.exit(bool(faults) or not lives)


def until_it_answers(port: int) -> None:
    """Wait for a service that has its socket already."""
    for _ in range(200):
        try:
            if answer_to(port, HEALTH)[0] == "200":
                return
        except OSError:
            pass
        time.sleep(0.05)


if __name__ == "__main__":
    main()
