"""A server with the Batch API on loopback, over real HTTP, with faults to order.

It answers each request of a batch by a function of the request's body, as it answers live calls, so
that a run by batches can be held against a plain one. By hand:

    python tests/batch_server.py --port 8123 --looks 2
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import struct
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zlib import crc32

sys.path[:0] = [str(Path(__file__).parent)]

from scripted_server import completion  # noqa: E402

Body = dict[str, Any]
Answer = Callable[[Body], Any]
"""The completion that a request's body gets, or an `Err`."""


@dataclass(frozen=True)
class Err:
    """An error in place of an answer: an HTTP status, or (0) the batch's own `code`."""

    status: int
    code: str | None = None
    message: str = "no"

    @property
    def body(self) -> Body:
        return {"error": {"message": self.message, "type": "some", "code": self.code}}


@dataclass
class Plan:
    """How a batch goes. Lines are those of its output file, and are never in the input's order.

    `looks` is how often it is looked at before it ends as `status`; `finished` how many requests
    it comes to when it does not complete, `tells_rest` whether the error file names the others;
    `keeps` says which ids have a line at all; `lines` are put among those of the output.
    """

    status: str = "completed"
    looks: int = 0
    finished: int | None = None
    tells_rest: bool = True
    keeps: Callable[[str], bool] = lambda _: True
    lines: list[bytes] = field(default_factory=list)
    twice: bool = False
    errors: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Fault:
    """What happens to the next call of `method` to a path that matches `path`.

    `kind`: "refuse" (status, before anything is done), "lose" (done, and the connection broken
    off), "say" (done, and answered with this status and body), "cut" (answered with the begin of
    the body).
    """

    method: str
    path: str
    kind: str = "refuse"
    status: int = 503
    body: Any = field(default_factory=lambda: {"error": {"message": "no", "code": None}})
    headers: Mapping[str, str] = field(default_factory=dict)

    def is_for(self, method: str, path: str) -> bool:
        return method == self.method and re.fullmatch(self.path, path) is not None


@dataclass
class _Batch:
    id: str
    file: str
    metadata: Any
    plan: Plan
    created: int
    looked: int = 0
    output: str | None = None
    error: str | None = None
    is_over: bool = False
    is_cancelled: bool = False
    total: int = 0
    completed: int = 0
    failed: int = 0

    @property
    def status(self) -> str:
        if self.is_over:
            return "cancelled" if self.is_cancelled else self.plan.status
        return "validating" if self.looked < 1 else "in_progress"

    def to_json(self) -> Body:
        over = self.is_over
        return {
            "id": self.id,
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "errors": {"object": "list", "data": self.plan.errors} if over else None,
            "input_file_id": self.file,
            "completion_window": "24h",
            "status": self.status,
            "output_file_id": self.output if over else None,
            "error_file_id": self.error if over else None,
            "created_at": self.created,
            "request_counts": {
                "total": self.total,
                "completed": self.completed if over else 0,
                "failed": self.failed if over else 0,
            },
            "metadata": self.metadata,
        }


class _Quiet(ThreadingHTTPServer):
    """Says nothing of a client that was killed in the middle of a call."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class BatchServer:
    """Serves files, batches and live completions until it is closed; its state may be looked at.

    `paid` counts, by id, how often a request of a batch was asked of the model. `plans` are those
    of the next batches, in their order; then comes the `usual` one. `page` bounds the list.
    """

    def __init__(self, answer: Answer, *, port: int = 0, page: int = 100) -> None:
        self.answer = answer
        self.page = page
        self.usual: Callable[[], Plan] = Plan
        self.plans: deque[Plan] = deque()
        self.faults: list[Fault] = []
        self.files: dict[str, bytes] = {}
        self.names: dict[str, str] = {}
        self.batches: dict[str, _Batch] = {}
        self.paid: Counter[str] = Counter()
        self.calls: list[tuple[str, str]] = []
        self.live = 0
        self.lock = Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 64 * 1024  # headers and body go in one piece, or each waits 40 ms

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                server._met(self, "GET", b"")

            def do_POST(self) -> None:
                size = int(self.headers.get("content-length") or 0)
                data = self.rfile.read(size)
                if len(data) == size:  # or the client was killed while it was sending
                    server._met(self, "POST", data)

        self._http = _Quiet(("127.0.0.1", port), Handler)
        self._http.daemon_threads = True
        self._http.block_on_close = False
        self._thread = Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def requests_of(self, batch: str) -> list[Body]:
        """The lines that a batch was made of."""
        data = self.files[self.batches[batch].file]
        return [json.loads(line) for line in data.splitlines()]

    def add_foreign(self, count: int) -> None:
        """Batches of other people, some with odd metadata."""
        odd: list[Any] = [None, {}, {"extractor_batch": "0" * 32}, {"job": "x"}, "text", {"a": 1}]
        for number in range(count):
            batch = _Batch(f"batch_f{number}", "file-x", odd[number % len(odd)], Plan(), 1)
            batch.is_over = number % 2 == 0
            self.batches[batch.id] = batch

    def end_all(self) -> None:
        """Bring every batch to its end, looked at or not."""
        with self.lock:
            for batch in self.batches.values():
                self._end(batch)

    def _met(self, handler: BaseHTTPRequestHandler, method: str, data: bytes) -> None:
        parts = urlsplit(handler.path)
        path = parts.path.removeprefix("/v1")
        with self.lock:
            self.calls.append((method, path))
            fault = next((one for one in self.faults if one.is_for(method, path)), None)
            if fault is not None:
                self.faults.remove(fault)
            if fault is not None and fault.kind == "refuse":
                status, answer = fault.status, fault.body
            else:
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                status, answer = self._done(method, path, query, (handler, data))
        if fault is not None and fault.kind == "lose":
            linger = struct.pack("ii", 1, 0)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            handler.connection.close()
            handler.close_connection = True
            return
        if fault is not None and fault.kind == "say":
            status, answer = fault.status, fault.body
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        handler.send_response_only(status)
        for name, value in (fault.headers if fault else {}).items():
            handler.send_header(name, value)
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        if fault is not None and fault.kind == "cut":
            handler.wfile.write(body[: len(body) // 2])
            handler.close_connection = True
            return
        handler.wfile.write(body)

    def _done(  # noqa: PLR0911 - a return for each path
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        sent: tuple[BaseHTTPRequestHandler, bytes],
    ) -> tuple[int, Any]:
        handler, data = sent
        match method, path.strip("/").split("/"):
            case "POST", ["chat", "completions"]:
                self.live += 1
                answer = self.answer(json.loads(data))
                return (answer.status, answer.body) if isinstance(answer, Err) else (200, answer)
            case "POST", ["files"]:
                return self._uploaded(handler.headers["content-type"], data)
            case "GET", ["files", name, "content"]:
                return (200, self.files[name]) if name in self.files else _NOT_FOUND
            case "POST", ["batches"]:
                return self._created(json.loads(data))
            case "GET", ["batches"]:
                return 200, self._listed(query)
            case "GET", ["batches", name]:
                return self._looked_at(name)
            case "POST", ["batches", name, "cancel"]:
                batch = self.batches[name]
                batch.is_cancelled = True
                self._end(batch)
                return 200, batch.to_json()
        return _NOT_FOUND

    def _uploaded(self, kind: str, data: bytes) -> tuple[int, Any]:
        head = f"content-type: {kind}\r\n\r\n".encode()
        parts: dict[str, Any] = {}
        for part in message_from_bytes(head + data).walk():
            name = part.get_param("name", header="content-disposition")
            if isinstance(name, str):
                parts[name] = part
        if parts["purpose"].get_payload(decode=True).strip() != b"batch":
            return 400, Err(400, message="purpose").body
        name = f"file-{len(self.files)}"
        self.files[name] = parts["file"].get_payload(decode=True)
        self.names[name] = parts["file"].get_filename()
        return 200, {"id": name, "object": "file", "purpose": "batch"}

    def _created(self, body: Body) -> tuple[int, Any]:
        if body["input_file_id"] not in self.files:
            return 400, Err(400, message="no such file").body
        if body["endpoint"] != "/v1/chat/completions" or body["completion_window"] != "24h":
            return 400, Err(400, message="endpoint or window").body
        plan = self.plans.popleft() if self.plans else self.usual()
        name = f"batch_{len(self.batches)}"
        batch = _Batch(name, body["input_file_id"], body.get("metadata"), plan, int(time.time()))
        batch.total = len(self.files[batch.file].splitlines())
        self.batches[name] = batch
        return 200, batch.to_json()

    def _listed(self, query: Mapping[str, str]) -> Body:
        names = list(reversed(self.batches))
        begin = names.index(query["after"]) + 1 if "after" in query else 0
        size = min(self.page, int(query.get("limit", "20")))
        shown = names[begin : begin + size]
        return {
            "object": "list",
            "data": [self.batches[name].to_json() for name in shown],
            "has_more": begin + size < len(names),
        }

    def _looked_at(self, name: str) -> tuple[int, Any]:
        batch = self.batches.get(name)
        if batch is None:
            return _NOT_FOUND
        if not batch.is_over and batch.looked >= batch.plan.looks:
            self._end(batch)
        batch.looked += 1
        return 200, batch.to_json()

    def _end(self, batch: _Batch) -> None:
        """The batch is over: its requests are answered, as far as it comes to them."""
        if batch.is_over:
            return
        batch.is_over = True
        if batch.plan.status == "failed":
            return
        output, errors = self._results(batch)
        for what, lines in (("output", output), ("error", errors)):
            if lines:
                name = f"file-{batch.id}-{what}"
                self.files[name] = b"".join(line + b"\n" for line in lines)
                setattr(batch, what, name)

    def _results(self, batch: _Batch) -> tuple[list[bytes], list[bytes]]:
        plan = batch.plan
        requests = self.requests_of(batch.id)
        finished = len(requests) if plan.finished is None else plan.finished
        output: list[bytes] = []
        errors: list[bytes] = []
        for place, request in enumerate(requests):
            name = request["custom_id"]
            if place >= finished:
                code = "batch_cancelled" if batch.is_cancelled else "batch_expired"
                if plan.tells_rest:
                    errors.append(_error_line(name, code))
                continue
            self.paid[name] += 1
            answer = self.answer(request["body"])
            if not plan.keeps(name):
                continue
            if isinstance(answer, Err):
                batch.failed += 1
                line = _line(name, answer.status, answer.body)
                errors.append(line if answer.status else _error_line(name, answer.code or "odd"))
            else:
                batch.completed += 1
                output += [_line(name, 200, answer)] * (1 + plan.twice)
        output.sort(key=crc32)
        return [*output[:1], *plan.lines, *output[1:]], errors


_NOT_FOUND = 404, {"error": {"message": "not here", "type": "x", "code": None}}


def _line(name: str, status: int, body: Any) -> bytes:
    response = {"status_code": status, "request_id": f"req-{name}", "body": body}
    line = {"id": f"batch_req_{name}", "custom_id": name, "response": response, "error": None}
    return json.dumps(line).encode()


def _error_line(name: str, code: str) -> bytes:
    error = {"code": code, "message": "This request was not executed."}
    line = {"id": f"batch_req_{name}", "custom_id": name, "response": None, "error": error}
    return json.dumps(line).encode()


def explained(body: Body) -> Body:
    """An answer to a question of the claims prompt, about a third of it wrong at first.

    What it says of a number depends on the question alone.
    """
    asked = [one["content"] for one in body["messages"] if one["role"] == "user"]
    passage = next(text for text in reversed(asked) if text.startswith("Passage: "))
    is_again = not asked[-1].startswith("Passage: ")
    text, _, rest = passage.removeprefix("Passage: ").partition("\nNumbers: ")
    listed = asked[-1].rpartition("\n")[2] if is_again else rest.partition("\n")[0]
    answers = [
        _about(int(place), number, text, is_again=is_again)
        for place, number in re.findall(r"(\d+)\) ([^;\n]+)", listed)
    ]
    return completion(json.dumps({"answers": answers}), name="explain_numbers")


def _about(place: int, number: str, text: str, *, is_again: bool) -> Body:
    at = max(text.find(number), 0)
    end = at + len(number)
    before, after = text[:at].split(" "), text[end:].split(" ")
    if crc32(f"{number} {text}".encode("utf-8", "surrogatepass")) % 3 == 0 and not is_again:
        return {"id": place, "quote": f"about {number} of them or so", "counted": "people"}
    quote = " ".join(before[-4:]) + number + " ".join(after[:6])
    words: Iterator[str] = (word.strip(".,;:") for word in after if len(word) > 3)
    counted = next(words, "people")
    event = next((word for word in words if word.endswith("ed")), None)
    answer = {"id": place, "quote": quote.strip(), "counted": counted}
    return answer | ({"event": event} if event else {})


def live_too(answer: Answer) -> Answer:
    """`answer`, and a fixed one to the question that finds out what the endpoint takes."""

    def answered(body: Body) -> Any:
        (tool,) = body.get("tools", [{}])
        if tool.get("function", {}).get("name") == "report_boats":
            return completion('{"boats": "9"}', name="report_boats")
        return answer(body)

    return answered


def lines_of(files: Iterable[bytes]) -> list[Body]:
    """The lines of files, in their order."""
    return [json.loads(line) for data in files for line in data.splitlines()]


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description="A Batch API on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--looks", type=int, default=0, help="looks before a batch has ended")
    options = parser.parse_args()
    server = BatchServer(live_too(explained), port=options.port)
    server.usual = lambda: Plan(looks=options.looks)
    sys.stdout.write(f"{server.url}\n")
    sys.stdout.flush()
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        server.close()


if __name__ == "__main__":
    main()
