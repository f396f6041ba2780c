"""What a call costs the client: CPU beside the bare SDK and plain instructor, and memory.

    python benchmarks/client.py [--calls 400] [--rounds 5] [--flat 10000]

A server in a process of its own answers every request alike; the client asks about a 4 KB passage.
Each round times the three in turn, so that the machine's pace is shared, and the ratios are taken
in each round. Memory is the resident size after the first tenth of `--flat` calls and after all.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from extractor.model import ChatModel, Message, ModelRequest, ToolSpec
from extractor.model.endpoints import resolve_endpoint

PASSAGE = "The ministry said 498 of its troops had been killed and 1,597 wounded. " * 57
ARGUMENTS = json.dumps(
    {"answers": [{"id": place, "counted": "troops", "event": "killed"} for place in range(8)]}
)


class Answer(BaseModel):
    """One answer, as an extraction asks for it."""

    id: int | None = None
    counted: str | None = None
    event: str | None = None


class Sheet(BaseModel):
    """What the tool takes."""

    answers: tuple[Answer, ...]


BODY = json.dumps(
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "any",
        "choices": [
            {
                "index": 0,
                "finish_reason": "tool_calls",
                "message": {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [
                        {
                            "id": "call_1",
                            "type": "function",
                            "function": {"name": "explain", "arguments": ARGUMENTS},
                        }
                    ],
                },
            }
        ],
        "usage": {"prompt_tokens": 900, "completion_tokens": 90, "total_tokens": 990},
    }
).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response_only(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)


def _serve(ports: multiprocessing.Queue[int]) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    ports.put(server.server_port)
    server.serve_forever()


def bare(url: str) -> Callable[[], object]:
    """The SDK alone: the tool is sent, and the answer comes back unread."""
    import instructor
    import openai

    client = openai.OpenAI(base_url=url, api_key="none", max_retries=0)
    schema: Any = instructor.openai_schema(Sheet)
    tool: Any = {
        "type": "function",
        "function": schema.openai_schema | {"name": "explain"},
    }
    messages: Any = _messages()
    return lambda: client.chat.completions.create(
        model="any",
        messages=messages,
        tools=[tool],
        tool_choice={"type": "function", "function": {"name": "explain"}},
        max_tokens=500,
        temperature=0,
        seed=0,
    )


def plain_instructor(url: str) -> Callable[[], object]:
    """Instructor as its own documentation has it."""
    import instructor
    import openai

    sdk = openai.OpenAI(base_url=url, api_key="none", max_retries=0)
    client = instructor.from_openai(sdk, mode=instructor.Mode.TOOLS)
    client.on("parse:error", lambda *_: None)
    messages: Any = _messages()
    return lambda: client.create(
        model="any",
        messages=messages,
        response_model=Sheet,
        max_tokens=500,
        temperature=0,
        seed=0,
    )


def ours(url: str) -> Callable[[], object]:
    """The client of this project, with all that it checks and counts."""
    model = ChatModel("any", resolve_endpoint(url, {}))
    request = ModelRequest(
        messages=tuple(Message(one["role"], one["content"]) for one in _messages()),
        tool=ToolSpec("explain", "Say what each number counts.", Sheet),
        document="doc#0",
        max_tokens=500,
    )
    return lambda: model.ask(request)


def _messages() -> list[Any]:
    return [
        {"role": "system", "content": "You explain the numbers of a passage."},
        {"role": "user", "content": PASSAGE},
    ]


def cpu_per_call(call: Callable[[], object], count: int) -> float:
    """CPU of this process, all threads, in milliseconds a call."""
    started = time.process_time()
    for _ in range(count):
        call()
    return (time.process_time() - started) / count * 1000


def resident_kb() -> int:
    """The resident size of this process, in KB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def main() -> None:
    """Time the three, then watch the memory of ours."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--flat", type=int, default=10_000, help="calls for the memory; 0: none")
    options = parser.parse_args()

    ports: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(target=_serve, args=(ports,), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{ports.get()}/v1"
    ways = {"bare SDK": bare(url), "plain instructor": plain_instructor(url), "ours": ours(url)}
    for call in ways.values():
        cpu_per_call(call, 50)
    rounds = [
        {name: cpu_per_call(call, options.calls) for name, call in ways.items()}
        for _ in range(options.rounds)
    ]
    for name in ways:
        print(f"{name:18} {statistics.median(r[name] for r in rounds):.2f} ms CPU a call")
    for other in ("bare SDK", "plain instructor"):
        ratios = sorted(r["ours"] / r[other] for r in rounds)
        print(
            f"ours / {other:18} median {statistics.median(ratios):.2f} "
            f"({ratios[0]:.2f} to {ratios[-1]:.2f})"
        )
    if options.flat:
        cpu_per_call(ways["ours"], options.flat // 10)
        before = resident_kb()
        cpu_per_call(ways["ours"], options.flat - options.flat // 10)
        print(
            f"memory {before} KB after a tenth of {options.flat} calls, "
            f"{resident_kb()} KB after all"
        )
    server.terminate()


if __name__ == "__main__":
    main()
