"""How long recordings take to replay, and how that grows with their number.

    python benchmarks/cassettes.py [--rounds 3]

A scripted server on loopback is recorded, about 4 KB of prompt and a schema a call, and then
replayed with the server gone; a replay has everything in it that a run has: the files are read, and
the client of this project asks. CPU is that of the whole process, wall time what a user waits.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from pydantic import BaseModel

from extractor.model import (
    ChatModel,
    Message,
    ModelRequest,
    Origin,
    ToolSpec,
    recording_deck,
    replaying_deck,
)
from extractor.model.endpoints import resolve_endpoint

ORIGIN = Origin("scripted", "the server of benchmarks/cassettes.py")
NOWHERE = "http://127.0.0.1:9/v1"
SIZES = (200, 1_000, 2_000)  # calls
A_FILE = 200  # calls
TARGET = 5.0  # seconds for 1,000 calls
_LINEAR = 1.25  # times the time a call takes among 200
_PASSAGE = "The ministry said 498 of its troops had been killed and 1,597 wounded. " * 57
_ARGUMENTS = json.dumps({"answers": [{"id": n, "counted": "troops"} for n in range(8)]})


class Answer(BaseModel):
    """One answer, as an extraction asks for it."""

    id: int
    counted: str


class Sheet(BaseModel):
    """What the tool takes."""

    answers: tuple[Answer, ...]


class Time(NamedTuple):
    """Seconds of a replay."""

    cpu: float
    wall: float


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # headers and body in one packet: two would wait for each other

    def log_message(self, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        function = {"name": "explain", "arguments": _ARGUMENTS}
        call = {"id": "call_1", "type": "function", "function": function}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
        choice = {"index": 0, "finish_reason": "tool_calls", "message": message}
        usage = {"prompt_tokens": 900, "completion_tokens": 90, "total_tokens": 990}
        body = json.dumps({"id": "1", "created": 1, "choices": [choice], "usage": usage}).encode()
        self.send_response_only(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def request(document: str, place: int) -> ModelRequest[Sheet]:
    """A call like that for a passage."""
    return ModelRequest(
        messages=(
            Message("system", "You explain the numbers of a passage."),
            Message("user", f"{document}, {place}: {_PASSAGE}"),
        ),
        tool=ToolSpec("explain", "Say what each number counts.", Sheet),
        document=f"{document}:{place}-{place + 1}",
        max_tokens=500,
    )


def documents(calls: int, a_file: int) -> dict[str, int]:
    """How many calls each document has: `a_file`, until there are `calls`."""
    return {
        f"{calls}-{a_file}-{first}": min(a_file, calls - first) for first in range(0, calls, a_file)
    }


def record(folder: Path, url: str) -> None:
    """Record every set of documents that is timed."""
    sets = [documents(size, A_FILE) for size in SIZES] + [documents(1_000, 1_000)]
    with (
        ChatModel("scripted", resolve_endpoint(url, {})) as model,
        recording_deck(folder, ORIGIN, "2026-11-27") as deck,
    ):
        for name, calls in (pair for one in sets for pair in one.items()):
            with deck.tape(name):
                for place in range(calls):
                    model.ask(request(name, place))


def replay(folder: Path, wanted: dict[str, int], threads: int) -> Time:
    """Ask it all again, each document in one of `threads` workers."""
    started = time.process_time(), time.perf_counter()
    with (
        ChatModel("scripted", resolve_endpoint(NOWHERE, {})) as model,
        replaying_deck(folder) as deck,
    ):

        def ask(name: str) -> None:
            with deck.tape(name) as tape:
                for place in range(wanted[name]):
                    model.ask(request(name, place))
            if tape.unplayed:
                raise SystemExit(f"{name}: {tape.unplayed} recordings were not asked for")

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(ask, wanted))
    return Time(time.process_time() - started[0], time.perf_counter() - started[1])


def main() -> None:
    """Record once, and print the best of some replays of each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        record(folder, f"http://127.0.0.1:{server.server_port}/v1")
        server.shutdown()
        replay(folder, documents(200, A_FILE), 1)  # packages are loaded, code is warm
        base = 0.0
        for calls, a_file, threads in (
            *((size, A_FILE, 1) for size in SIZES),
            (1_000, 1_000, 1),
            (2_000, A_FILE, 16),
        ):
            times = [replay(folder, documents(calls, a_file), threads) for _ in range(rounds)]
            best = Time(min(one.cpu for one in times), min(one.wall for one in times))
            base = base or best.cpu / calls
            growth = best.cpu / calls / base
            print(
                f"{calls:5} calls, {a_file:5} a file, {threads:2} threads: {best.cpu:5.2f} s CPU, "
                f"{best.wall:5.2f} s, {1000 * best.cpu / calls:.2f} ms CPU a call, "
                f"{growth:.2f} times that of 200; linear: {'yes' if growth <= _LINEAR else 'no'}"
            )
            if calls == 1_000:
                print(f"      at most {TARGET:g} s: {'yes' if best.cpu <= TARGET else 'no'}")


if __name__ == "__main__":
    main()
