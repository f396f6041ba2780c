"""Runs that are killed again and again, and what must hold of them after each kill.

    python tests/batch/kill_harness.py --random 100 --failpoints 20 [--bug NAME] [--disk]

Nothing that was acknowledged is lost, nothing is there twice, the files equal the ledger, and the
ledger is sound; in the end every document is there once. Prints what was found, and how many calls
were paid for more than once.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from scripted_server import Call, Scripted, Server, completion  # noqa: E402

from extractor.batch.ledger_rows import FILES, call_line, result_lines, stored_rows  # noqa: E402

FAILPOINTS = (
    "mid-transaction",
    "mid-output",
    "after-output",
    "before-commit",
    "after-commit",
    "after-acknowledgement",
)
_LATENCY = 0.005  # seconds an answer takes
_PATIENCE = 60.0  # seconds that a run may take before it counts as hanging


@dataclass
class Findings:
    """What went wrong, how often a run was killed, and the calls that had to be made again."""

    faults: list[str] = field(default_factory=list)
    kills: int = 0
    most_repaid: int = 0


def build_shim(folder: Path) -> Path | None:
    """The library that makes the disk fail; None where there is no compiler."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        return None
    source, library = Path(__file__).with_name("failing_disk.c"), folder / "failing_disk.so"
    command = [compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True)
    return library


class Harness:
    """A scripted server, documents, and a process whose runs are killed."""

    def __init__(
        self, folder: Path, *, documents: int, concurrency: int = 8, shim: Path | None = None
    ) -> None:
        self.folder = folder
        self.concurrency = concurrency
        self.names = [f"{number:04}" for number in range(documents)]
        self._documents = folder / "documents"
        self._documents.mkdir()
        for number, name in enumerate(self.names):
            text = f"Last night {number + 60} sailors died.\n\nOrle lost {number + 10} boats."
            (self._documents / f"{name}.txt").write_text(text, "utf-8")
        self._server = Server(_answer)
        command = [sys.executable, str(Path(__file__).with_name("killed_child.py"))]
        path = os.pathsep.join([str(TESTS), str(TESTS.parent)])
        environment = os.environ | {"PYTHONPATH": path}
        if shim is not None:
            environment["LD_PRELOAD"] = str(shim)
        self._zygote = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        self._runs = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zygote.communicate()
        self._server.close()

    def at_random(self, kills: int, seed: int, bug: str | None = None) -> Findings:
        """Kill runs at random moments of the time that a whole one takes."""
        rng = random.Random(seed)  # noqa: S311 - a trial, not a secret
        self._go(self._new_run(), None)  # the first one of a process takes several times as long
        began = time.monotonic()
        self._go(self._new_run(), None)
        whole = time.monotonic() - began
        found = Findings()
        while found.kills < kills:
            self._killed_until_done(found, bug, lambda: rng.uniform(0.0, whole), None)
        return found

    def at_failpoints(self, times: Sequence[int], bug: str | None = None) -> Findings:
        """Kill at each failpoint, when it is reached for the first, second, … of `times`."""
        found = Findings()
        for failpoint in FAILPOINTS:
            for after in times:
                self._killed_until_done(found, bug, None, (failpoint, after), most=1)
        return found

    def count_disk_calls(self) -> int:
        """How many calls that change files a whole run makes, about.

        With a model in its own process, as below: the disk knows nothing of servers.
        """
        run = self._new_run()
        assert self._go(run, None, disk=(0, 0, 0)) == 0
        return int(run.with_suffix(".counted").read_text("ascii"))

    def with_failing_disk(self, at: Iterable[int], error: int, *, lasting: bool) -> Findings:
        """Let the n-th call that changes a file fail, for each n of `at`; then go on."""
        found = Findings()
        for n in at:
            run = self._new_run()
            code = self._go(run, None, disk=(n, error, int(lasting)))
            found.kills += 1
            told = run.with_suffix(".told")
            if code not in (0, 2, 3):
                found.faults.append(f"{run.name}, call {n}: ended with {code}")
            elif code and "cannot be" not in told.read_text("utf-8"):
                found.faults.append(f"{run.name}, call {n}: {told.read_text('utf-8')}")
            found.faults += self._faults(run, is_whole=False)
            again = self._go(run, None, disk=(0, 0, 0))
            if again != 0:
                found.faults.append(f"{run.name}, call {n}: ended with {again} afterwards")
            found.faults += self._faults(run, is_whole=True)
        return found

    def _killed_until_done(
        self,
        found: Findings,
        bug: str | None,
        wait: Any,
        failpoint: tuple[str, int] | None,
        most: int = 3,
    ) -> None:
        """A run that is killed up to `most` times, then left to end."""
        run = self._new_run()
        for _ in range(most):
            paid = len(self._server.calls)
            before = _calls(run)
            code = self._go(run, bug, wait() if wait else None, failpoint)
            if code == 0:
                break
            if code != -signal.SIGKILL:
                found.faults.append(f"{run.name}: ended with {code} before it was killed")
            found.kills += 1
            in_ledger = _calls(run) - before
            found.most_repaid = max(found.most_repaid, len(self._server.calls) - paid - in_ledger)
            found.faults += self._faults(run, is_whole=False)
        code = self._go(run, bug)
        if code != 0:
            found.faults.append(f"{run.name}: ended with {code} when it was gone on with")
        found.faults += self._faults(run, is_whole=True)

    def _new_run(self) -> Path:
        self._runs += 1
        return self.folder / f"run{self._runs}"

    def _go(
        self,
        run: Path,
        bug: str | None,
        kill_after: float | None = None,
        failpoint: tuple[str, int] | None = None,
        disk: tuple[int, int, int] | None = None,
    ) -> int:
        name, after = failpoint or (None, 0)
        spec = {
            "run": str(run),
            "documents": str(self._documents),
            "acknowledged": str(run.with_suffix(".acknowledged")),
            "url": self._server.url if disk is None else None,
            "concurrency": self.concurrency,
            "failpoint": name,
            "after": after,
            "bug": bug,
            "disk": disk,
            "told": str(run.with_suffix(".told")),
            "counted": str(run.with_suffix(".counted")),
        }
        assert self._zygote.stdin is not None
        assert self._zygote.stdout is not None
        self._zygote.stdin.write(json.dumps(spec) + "\n")
        self._zygote.stdin.flush()
        child = int(self._zygote.stdout.readline())
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):  # it has ended already
                os.kill(child, signal.SIGKILL)
        return int(self._zygote.stdout.readline())

    def _faults(self, run: Path, *, is_whole: bool) -> list[str]:
        """What does not hold of a run folder."""
        if not (run / "ledger.sqlite").exists():
            return []
        path = run.with_suffix(".acknowledged")
        told = path.read_text("ascii").splitlines() if path.exists() else []
        connection = sqlite3.connect(run / "ledger.sqlite")
        try:
            return [f"{run.name}: {fault}" for fault in self._held(connection, run, told, is_whole)]
        finally:
            connection.close()

    def _held(
        self, connection: sqlite3.Connection, run: Path, told: list[str], is_whole: bool
    ) -> list[str]:
        faults = []
        (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
        if sound != "ok":
            faults.append(f"the ledger is not sound: {sound}")
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            return faults
        ids = Counter(name for (name,) in connection.execute("SELECT id FROM documents"))
        lost = set(told) - set(ids)
        if lost:
            faults.append(f"acknowledged and lost: {sorted(lost)}")
        twice = [name for name, count in ids.items() if count > 1]
        if twice:
            faults.append(f"there twice: {sorted(twice)}")
        if is_whole and set(ids) != set(self.names):
            faults.append(f"{len(ids)} documents of {len(self.names)} in the end")
        for name, lines in _lines(connection).items():
            if _is_other(connection, run / name, lines, is_whole=is_whole):
                faults.append(f"{name} does not equal the ledger")
        return faults


def _lines(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """The lines of each file, by the tables alone."""
    lines: dict[str, list[str]] = {name: [] for name in FILES}
    done = connection.execute("SELECT DISTINCT id FROM documents WHERE state = 'done'").fetchall()
    for (document,) in done:
        for name, added in result_lines(document, stored_rows(connection, document)).items():
            lines[name] += added
    calls = 'SELECT document, start, "end", turn, attempts FROM calls'
    lines["calls.jsonl"] = [call_line(*row) for row in connection.execute(calls)]
    return lines


def _is_other(
    connection: sqlite3.Connection, path: Path, lines: list[str], *, is_whole: bool
) -> bool:
    """Whether the file holds other lines than these, up to where the ledger says that it goes."""
    row = connection.execute("SELECT bytes FROM outputs WHERE name = ?", (path.name,)).fetchone()
    size = row[0] if row else 0
    data = path.read_bytes() if path.exists() else b""
    if is_whole and len(data) != size:
        return True
    found = data[:size].decode().splitlines()
    return len(data) < size or sorted(found) != sorted(lines)


def _calls(run: Path) -> int:
    if not (run / "ledger.sqlite").exists():
        return 0
    connection = sqlite3.connect(run / "ledger.sqlite")
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            return 0
        count: int = connection.execute("SELECT COUNT(*) FROM calls").fetchone()[0]
        return count
    finally:
        connection.close()


def _answer(call: Call) -> Scripted:
    time.sleep(_LATENCY)
    number = call.body["messages"][-1]["content"].split("Numbers: 1) ")[1].split()[0]
    answer = {"id": 1, "quote": number, "counted": "sailors", "event": "died"}
    return Scripted(completion(json.dumps({"answers": [answer]}), name="explain_numbers"))


def main() -> None:
    """Kill as often as asked, and print what was found."""
    parser = argparse.ArgumentParser(description="Kill runs, and see what holds.")
    parser.add_argument("--random", type=int, default=100, help="kills at random moments")
    parser.add_argument("--failpoints", type=int, default=20, help="kills at each failpoint")
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--bug", help="build this fault in")
    parser.add_argument("--disk", action="store_true", help="let every write fail once instead")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    times = range(1, options.failpoints + 1)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        shim = build_shim(Path(name)) if options.disk else None
        made = Harness(Path(name), documents=options.documents, shim=shim)
        harness = stack.enter_context(made)
        if options.disk:
            calls = range(1, harness.count_disk_calls() + 1)
            for error in (errno.ENOSPC, errno.EIO, errno.EROFS):
                for lasting in (False, True):
                    found = harness.with_failing_disk(calls, error, lasting=lasting)
                    _tell(f"{errno.errorcode[error]}{' from then on' * lasting}", found)
            return
        _tell("at random", harness.at_random(options.random, options.seed, options.bug))
        _tell("at failpoints", harness.at_failpoints(times, options.bug))


def _tell(what: str, found: Findings) -> None:
    faults = "".join(f"\n  {fault}" for fault in found.faults[:10])
    sys.stdout.write(
        f"{what}: {found.kills} kills, {len(found.faults)} faults, at most {found.most_repaid} "
        f"calls to be paid again after one{faults}\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
