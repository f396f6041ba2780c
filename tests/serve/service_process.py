"""The service as a process of its own, and a scripted model for it to ask."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self

from scripted_server import Call, Scripted, completion

from extractor.serve.job_store import FOLDER

_PATIENCE = 60.0  # seconds after which a service counts as hanging


@dataclass(frozen=True)
class Answered:
    """An answer of the service."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def lines(self) -> list[Any]:
        """The objects of JSON lines."""
        return [json.loads(line) for line in self.body.splitlines()]


class ServiceProcess:
    """`extractor serve` on a free port of loopback; `with` ends it."""

    def __init__(
        self, runs: Path, *options: str, environment: dict[str, str] | None = None
    ) -> None:
        self.runs = runs
        command = [sys.executable, "-m", "extractor.cli.app", "serve", "--port", "0"]
        command += ["--runs", str(runs), *options]
        self.log = runs.parent / f"{runs.name}.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "COVERAGE_PROCESS_START": "", **(environment or {})},
            )
        start = self.log.stat().st_size
        until(lambda: b"listening on" in self.log.read_bytes()[start:] or self.has_ended)
        told = self.log.read_bytes()[start:].decode()
        assert "listening on" in told, told
        self.port = int(told.split("http://")[1].split(" ")[0].rpartition(":")[2])
        until(self._answers)

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answered:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        given = {"content-type": "application/json"} if body is not None else {}
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        try:
            connection.request(method, path, data, given | (headers or {}))
            response = connection.getresponse()
            return Answered(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def job(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", f"/v1/jobs/{name}").json
        return found

    def job_ended(self, name: str) -> dict[str, Any]:
        """The job when it has come to an end."""
        until(lambda: self.job(name)["state"] not in ("waiting", "running"))
        return self.job(name)

    def kill(self) -> None:
        """As a crash of the service does: its jobs' processes live on."""
        self.process.kill()
        self.process.wait()

    def kill_all(self) -> None:
        """As a machine that goes down does: the processes of its jobs as well."""
        self.kill()
        for path in (self.runs / FOLDER).glob("job-*.lock"):
            with suppress(ValueError, ProcessLookupError):
                os.kill(int(path.read_text("ascii")), signal.SIGKILL)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(_PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self.has_ended:
            self.stop()

    def _answers(self) -> bool:
        try:
            return self.ask("GET", "/healthz").status == 200
        except OSError:
            assert not self.has_ended, self.log.read_text()
            return False


def until(holds: Callable[[], object], seconds: float = _PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to it"
        time.sleep(0.02)


def sailors(call: Call) -> Scripted:
    """The answer about the one number that is asked about."""
    (tool,) = call.body["tools"]
    if tool["function"]["name"] == "report_boats":  # which form is taken, where one was refused
        return Scripted(completion('{"boats": "9"}', name="report_boats"))
    time.sleep(0.02)  # so that a job takes long enough to be met half done
    number = call.body["messages"][-1]["content"].split("Numbers: 1) ")[1].split()[0]
    answer = {"id": 1, "quote": number, "counted": "sailors", "event": "died"}
    return Scripted(completion(json.dumps({"answers": [answer]}), name="explain_numbers"))


def fleet(count: int) -> list[dict[str, str]]:
    """Documents with one number to ask about."""
    return [
        {"id": f"ship-{n:03}", "text": f"Last night {n + 60} sailors died."} for n in range(count)
    ]
