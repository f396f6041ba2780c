"""How close the rate gate comes to what a server allows, over real HTTP on loopback.

    python benchmarks/rate_gate.py [--rounds 3] [--limit bucket|window] [--latency 0.2]

A server in a process of its own takes 20 calls a second for 9 s, then 6 for 8 s, then 40: with 500
documents the best that anybody can do is 9 + 8 + (500 - 180 - 48) / 40 = 23.8 s. It limits by a
bucket that holds `capacity` seconds' worth (full at first: up to half a second better than 23.8),
or by windows of that length; answers take `latency` seconds, give or take 30 %, and those of 429
none. The client has 64 threads with one connection each and asks again until every document is
answered. Four ways of asking: fixed concurrency with exponential back-off (0.5 s, doubling, with
jitter), and the gate where the server sends all headers, only Retry-After (200 ms), and none.

Times are of the wall clock, on which the server's limits run: what else the machine does shows in
them. The smallest and the median of all rounds are printed, and the most answers of 429.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import itertools
import random
import statistics
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import local
from typing import Final

from extractor.model.admission import RateCeilings
from extractor.model.rate_gate import RateGate

_PHASES: Final = ((9.0, 20.0), (17.0, 6.0), (float("inf"), 40.0))  # until (s), calls a second
_RETRY_AFTER_MS: Final = 200
_FIRST_WAIT: Final = 0.5  # seconds, of the back-off
_LONGEST_WAIT: Final = 60.0


@dataclass(frozen=True, slots=True)
class Setting:
    """How the server limits and answers; times in seconds."""

    limit: str = "bucket"
    capacity: float = 1.0
    latency: float = 0.2
    tells: str = "all"  # or retry-after, or nothing


class Limit:
    """The server's limit: whether a call is let in now, and what is said about it."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._started: float | None = None
        self._level = self._at = 0.0

    def meets(self, now: float) -> tuple[bool, dict[str, str]]:
        """Whether a call at `now` is let in, and the headers of its answer."""
        if self._started is None:
            self._started = now
            self._level = self._size(0.0)
        at = now - self._started
        size, rate = self._size(at), self._rate(at)
        window = self._setting.capacity
        if self._setting.limit == "bucket":
            self._level = min(size, self._level + rate * (at - self._at))
        elif int(at / window) > int(self._at / window):
            self._level = size
        self._level = min(self._level, size)
        self._at = at
        is_let_in = self._level >= 1
        self._level -= is_let_in
        is_bucket = self._setting.limit == "bucket"
        reset = (size - self._level) / rate if is_bucket else window - at % window
        told = {
            "x-ratelimit-limit-requests": f"{size:g}",
            "x-ratelimit-remaining-requests": str(int(self._level)),
            "x-ratelimit-reset-requests": f"{reset * 1000:.0f}ms",
        }
        if self._setting.tells != "all":
            told = {}
        if self._setting.tells == "retry-after" and not is_let_in:
            told["retry-after-ms"] = str(_RETRY_AFTER_MS)
        return is_let_in, told

    def _size(self, at: float) -> float:
        return max(1.0, self._rate(at) * self._setting.capacity)

    @staticmethod
    def _rate(at: float) -> float:
        return next(rate for until, rate in _PHASES if at < until)


def serve(setting: Setting, pipe: Connection) -> None:
    """The process of the server; sends its port, then answers until it is ended."""
    limit = Limit(setting)
    jitter = random.Random(0)  # noqa: S311 - not for secrets

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                is_let_in, told = limit.meets(time.monotonic())
                if is_let_in:
                    await asyncio.sleep(setting.latency * jitter.uniform(0.7, 1.3))
                status = "200 OK" if is_let_in else "429 Too Many Requests"
                lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
                writer.write(f"HTTP/1.1 {status}\r\n{lines}content-length: 0\r\n\r\n".encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


class Client:
    """Threads that ask until each document is answered; counts what they meet."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._own = local()
        self._limited = itertools.count()
        self.most_attempts = 0

    def attempt(self) -> tuple[int, Mapping[str, str]]:
        """One HTTP call on this thread's connection."""
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            self._own.connection = connection
        connection.request("POST", "/v1/chat/completions", headers={"content-length": "0"})
        response = connection.getresponse()
        response.read()
        if response.status == 429:
            next(self._limited)
        return response.status, dict(response.headers)

    @property
    def limited(self) -> int:
        """Answers of 429 so far; asked once, at the end."""
        return next(self._limited)

    def backing_off(self) -> None:
        """One document, with fixed concurrency and exponential back-off."""
        for attempts in itertools.count(1):
            status, _ = self.attempt()
            if status == 200:
                break
            wait = _FIRST_WAIT * 2.0 ** (attempts - 1) + random.uniform(0, _FIRST_WAIT)  # noqa: S311
            time.sleep(min(wait, _LONGEST_WAIT))
        self.most_attempts = max(self.most_attempts, attempts)

    def gated(self, gate: RateGate) -> None:
        """One document, every attempt through the gate."""
        status = attempts = 0
        while status != 200:
            attempts += 1
            with gate.admit() as admission:
                status, headers = self.attempt()
                admission.answered(status, headers)
        self.most_attempts = max(self.most_attempts, attempts)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run: seconds, answers of 429, the most attempts that one document took."""

    seconds: float
    limited: int
    attempts: int


def measure(setting: Setting, documents: int, workers: int, *, is_gated: bool) -> Outcome:
    """Ask for all documents against a fresh server."""
    context = get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=serve, args=(setting, there), daemon=True)
    server.start()
    try:
        client, gate = Client(here.recv()), RateGate(RateCeilings(concurrency=workers))
        ask: Callable[[], None] = (lambda: client.gated(gate)) if is_gated else client.backing_off
        started = time.monotonic()
        with ThreadPoolExecutor(workers) as threads:
            for done in [threads.submit(ask) for _ in range(documents)]:
                done.result()
        return Outcome(time.monotonic() - started, client.limited, client.most_attempts)
    finally:
        server.terminate()
        server.join()


def ideal(documents: int) -> float:
    """The seconds that a client with perfect knowledge takes, bursts and latency left out."""
    begun = 0.0
    for until, rate in _PHASES:
        if documents <= (until - begun) * rate:
            return begun + documents / rate
        documents -= int((until - begun) * rate)
        begun = until
    raise AssertionError("the last phase has no end")


def main() -> None:
    """Measure every way of asking, print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--workers", type=int, default=64, help="threads, the gate's ceiling too")
    parser.add_argument("--limit", choices=("bucket", "window"), default="bucket")
    parser.add_argument("--capacity", type=float, default=1.0, help="seconds' worth")
    parser.add_argument("--latency", type=float, default=0.2, help="seconds")
    parser.add_argument("--gate-only", action="store_true", help="leave the slow back-off out")
    options = parser.parse_args()
    best = ideal(options.documents)
    print(
        f"{options.documents} documents, {options.workers} threads, {options.limit} of "
        f"{options.capacity:g} s, answers in {options.latency:g} s: ideal {best:.1f} s"
    )
    ways = [("gate, all headers", "all"), ("gate, Retry-After only", "retry-after")]
    ways += [("gate, no headers", "nothing")]
    if not options.gate_only:
        ways += [("fixed, back-off", "nothing")]
    for name, tells in ways:
        setting = Setting(options.limit, options.capacity, options.latency, tells)
        runs = [
            measure(setting, options.documents, options.workers, is_gated=name != "fixed, back-off")
            for _ in range(options.rounds)
        ]
        times = [run.seconds for run in runs]
        print(
            f"  {name:24} min {min(times):6.2f} s ({min(times) / best:.3f} of ideal)  median "
            f"{statistics.median(times):6.2f} s ({statistics.median(times) / best:.3f})  "
            f"429: {'/'.join(str(run.limited) for run in runs)}  "
            f"attempts of one document at most {max(run.attempts for run in runs)}",
            flush=True,
        )


if __name__ == "__main__":
    main()
