"""How many documents a second the service verifies, and how long an answer takes.

    python benchmarks/service.py [--seconds 10] [--connections 4] [--workers 1]

The document is the first of seeds/ (4 KB) with its 12 claims of the gold data. First the gate by
itself, in this process: a document of which nothing is known, and one that was read before. Then
the service, driven by wrk (Debian: apt-get install wrk) over loopback, in three ways: the same
request again and again; the same document with one claim of it changed in each request, as a
reviewer's tool does; and a document that is new each time. Told are requests a second, requests for
each second of the service's own CPU (which is what one core gives when nothing else wants it), and
the median and the 99th percentile of the time until an answer.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from extractor import Document, verify
from extractor.serve.judging import Judging, KnownDocument

REPOSITORY = Path(__file__).parents[1]
FIELDS = "quote value low high qualifier unit counted event claimant place when modality".split()
_WAYS = {
    "the same request": 'return wrk.format(nil, nil, nil, head .. "briefing" .. tail)',
    "one claim changed": (
        "count = count + 1; "
        'local claim = string.format(\'{"quote": "498 of its troops", "value": "%d"}\', count); '
        'return wrk.format(nil, nil, nil, head .. "briefing" .. middle .. claim .. stop)'
    ),
    "a new document": (
        'count = count + 1; return wrk.format(nil, nil, nil, head .. "doc-" .. count .. tail)'
    ),
}


@dataclass(frozen=True)
class Measured:
    """What wrk told, and the CPU seconds that the service took meanwhile."""

    requests: int
    seconds: float
    cpu: float
    median: str
    p99: str
    errors: str

    def line(self, name: str) -> str:
        """The figures in one line."""
        return (
            f"{name:<20} {self.requests / self.seconds:>9,.0f} {self.requests / self.cpu:>13,.0f} "
            f"{self.median:>9} {self.p99:>9}  {self.errors}"
        )


def claims_of(document: str) -> list[dict[str, Any]]:
    """The gold claims of a seed as candidates."""
    gold = json.loads((REPOSITORY / "tests/data/gold_seeds.json").read_text("utf-8"))["claims"]
    return [
        {name: str(one[name]) for name in FIELDS if one.get(name) is not None}
        for one in gold
        if one["doc"] == document
    ]


def in_process(text: str, claims: list[dict[str, Any]]) -> None:
    """The gate alone: milliseconds of CPU for a document with all its claims."""
    document = Document(text=text, id="briefing")
    judging = Judging(claims, None, strict=False)
    known = KnownDocument.of(document)
    judging.answer(known)
    read = KnownDocument(known.source, 0)
    numbers = iter(range(10**9))

    def judged_anew() -> None:
        read.judgements.clear()
        judging.answer(read)

    def one_judged() -> None:
        changed = {"quote": "498 of its troops", "value": str(next(numbers))}
        Judging([*claims, changed], None, strict=False).answer(known)

    print("the gate in this process, ms of CPU a document:")
    for name, work, times in (
        ("a new document", lambda: verify(Document(text=text), claims), 20),
        ("read before, every claim new", judged_anew, 60),
        ("one claim of it new", one_judged, 200),
        ("all of it known", lambda: Judging(claims, None, strict=False).known_answer(known), 2_000),
    ):
        print(f"  {name:<30} {_best(work, times):8.3f}")


def _best(work: Callable[[], object], times: int) -> float:
    work()
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        for _ in range(times // 5):
            work()
        best = min(best, (time.process_time() - began) / (times // 5))
    return best * 1e3


@contextmanager
def service(workers: int) -> Iterator[tuple[int, int]]:
    """A service on loopback: its port, and the number of its process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "extractor.cli.app", "serve", "--port", "0"]
        command += ["--runs", folder, "--without-model", "--workers", str(workers)]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None  # noqa: S101 - asked for above
        port = int(process.stderr.readline().split("http://")[1].split(" ")[0].rpartition(":")[2])
        try:
            yield port, process.pid
        finally:
            process.terminate()
            process.communicate()


def driven(
    port: int, pid: int, way: str, body: dict[str, Any], given: argparse.Namespace
) -> Measured:
    """The service driven by wrk in one of the ways."""
    _until_it_answers(port, body)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_lua(body, way))
        script.flush()
        command = ["wrk", "-t1", f"-c{given.connections}", f"-d{given.seconds}s", "--latency"]
        command += ["--timeout", "10s", "-s", script.name, f"http://127.0.0.1:{port}/v1/verify"]
        before = _cpu_seconds(pid)
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        cpu = _cpu_seconds(pid) - before
    count = re.search(r"(\d+) requests in ([\d.]+)(m?s)", told)
    assert count is not None, told  # noqa: S101 - wrk's own words
    errors = " ".join(re.findall(r"(?:Non-2xx|Socket errors).*", told))
    latencies = dict(re.findall(r"^\s+(50|99)%\s+(\S+)", told, re.MULTILINE))
    return Measured(int(count[1]), float(count[2]), cpu, latencies["50"], latencies["99"], errors)


def _lua(body: dict[str, Any], way: str) -> str:
    text = json.dumps(body)
    head, _, rest = text.partition('"id": "briefing"')
    middle = f'"{rest[:-2]}, '  # within the list of candidates
    parts = {"head": f'{head}"id": "', "tail": f'"{rest}', "middle": middle, "stop": "]}"}
    named = "\n".join(f"local {name} = {_quoted(part)}" for name, part in parts.items())
    return (
        f"{named}\nlocal count = 0\nwrk.method = 'POST'\n"
        f"wrk.headers['content-type'] = 'application/json'\n"
        f"request = function() {_WAYS[way]} end\n"
    )


def _quoted(text: str) -> str:
    marks = "=" * 3
    assert f"]{marks}]" not in text  # noqa: S101 - the end of a long string of Lua
    return f"[{marks}[{text}]{marks}]"


def _until_it_answers(port: int, body: dict[str, Any]) -> None:
    for _ in range(400):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request(
                "POST", "/v1/verify", json.dumps(body), {"content-type": "application/json"}
            )
            answer = connection.getresponse()
            answer.read()
            connection.close()
        except OSError:
            time.sleep(0.05)
        else:
            assert answer.status == 200, answer.status  # noqa: S101 - else nothing is measured
            return


def _cpu_seconds(pid: int) -> float:
    """What a process and its children have taken of the processor."""
    total = 0.0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(entry.name) == pid or int(fields[1]) == pid:
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def main() -> None:
    """Measure the gate, then the service."""
    parser = argparse.ArgumentParser(description="Verify requests a second.")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    name = "000_fffeef1d6210826a"
    text = (REPOSITORY / "seeds" / f"{name}.txt").read_text("utf-8")
    claims = claims_of(name)
    body = {"document": {"text": text, "id": "briefing"}, "candidates": claims}
    size = len(json.dumps(body))
    print(f"{len(text):,} characters, {len(claims)} claims, a body of {size:,} bytes")
    in_process(text, claims)
    if shutil.which("wrk") is None:
        print("wrk is not here, so the service was not driven (Debian: apt-get install wrk)")
        return
    print(f"\nthe service, {given.workers} workers, {given.connections} connections of wrk:")
    print(f"{'':<20} {'requests/s':>9} {'a CPU second':>13} {'median':>9} {'p99':>9}")
    for way in _WAYS:
        with service(given.workers) as (port, pid):
            print(driven(port, pid, way, body, given).line(way), flush=True)


if __name__ == "__main__":
    main()
