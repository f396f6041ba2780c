"""Runs by batch files that are killed again and again, and what must hold of them.

    python tests/scale/kill_batches.py --random 60 --failpoints 2 [--bug NAME]

No batch is created twice, no request is asked of the model twice, nothing that was paid for is
lost, no claim is there twice, and in the end the run's files equal those of a plain run against the
same server. Batches end in all ways meanwhile: whole, and expired with some of their requests.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from batch_runs import FILES, plain_lines, write_texts  # noqa: E402
from batch_server import BatchServer, Plan, explained, live_too  # noqa: E402

from extractor.cli.batch_running import WAITING  # noqa: E402

FAILPOINTS = (
    "mid-file",
    "after-file",
    "mid-intent",
    "after-intent",
    "before-upload",
    "after-upload",
    "after-file-id",
    "before-create",
    "after-create",
    "after-batch-id",
    "after-download",
    "mid-ingest",
    "before-ingest-commit",
    "after-ingest-commit",
    # of the ledger's own commits
    "mid-transaction",
    "mid-output",
    "after-output",
    "before-commit",
    "after-commit",
    "after-acknowledgement",
)
_MOST_COMMANDS = 40  # of one run; more is a run that does not come to its end


@dataclass
class Findings:
    """What went wrong, how often a command was killed, and how many runs there were."""

    faults: list[str] = field(default_factory=list)
    kills: int = 0
    runs: int = 0


class Harness:
    """A server, documents, and a process whose commands are killed."""

    def __init__(self, folder: Path, *, documents: int, lines: int = 4) -> None:
        self.folder = folder
        self._lines = lines
        texts = {
            f"{n:03}": f"Last night {n + 60} sailors died.\n\nOrle lost {n + 10} boats, 9 horses."
            for n in range(documents)
        }
        self._documents = write_texts(folder / "documents", texts)
        self._names = set(texts)
        self._runs = 0
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        server = BatchServer(live_too(explained))
        self._plain = plain_lines(folder / "plain", self._documents, server.url)
        server.close()
        command = [sys.executable, str(Path(__file__).with_name("killed_batch_child.py"))]
        path = os.pathsep.join([str(TESTS), str(TESTS.parent)])
        self._zygote = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": path},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zygote.communicate()

    def at_random(self, kills: int, seed: int, bug: str | None = None) -> Findings:
        """Kill commands at random moments, several of one run."""
        rng = random.Random(seed)  # noqa: S311 - a trial, not a secret
        began = time.monotonic()
        found = Findings()
        self._trial(found, rng, bug, failpoint=None, most=0)
        whole = (time.monotonic() - began) / 3  # of a command
        while found.kills < kills:
            self._trial(found, rng, bug, failpoint=None, most=5, within=whole)
        return found

    def at_failpoints(
        self,
        times: Sequence[int],
        *,
        most: int = 1,
        seed: int = 1,
        bug: str | None = None,
        points: Sequence[str] = FAILPOINTS,
    ) -> Findings:
        """Kill at each failpoint, when it is reached for the first, second, … of `times`.

        Up to `most` commands of one run are killed there.
        """
        rng = random.Random(seed)  # noqa: S311 - a trial, not a secret
        found = Findings()
        for point in points:
            for after in times:
                self._trial(found, rng, bug, failpoint=(point, after), most=most)
        return found

    def _trial(
        self,
        found: Findings,
        rng: random.Random,
        bug: str | None,
        *,
        failpoint: tuple[str, int] | None,
        most: int,
        within: float | None = None,
    ) -> None:
        """One run to its end, of which up to `most` commands are killed."""
        self._runs += 1
        found.runs += 1
        run = self.folder / f"run{self._runs}"
        server = BatchServer(live_too(explained))
        server.usual = partial(_some_plan, rng)
        try:
            kills = 0
            for _ in range(_MOST_COMMANDS):
                may_kill = kills < most
                armed = failpoint if may_kill else None
                after = rng.uniform(0, within) if within is not None and may_kill else None
                code = self._go(run, server, bug, armed, after)
                if code == -signal.SIGKILL:
                    kills += 1
                    continue
                # `submit` ends with 0 though answers are waited for
                if code not in (0, WAITING):
                    said = run.with_suffix(".said").read_text("utf-8")[-500:]
                    found.faults.append(f"{run.name} {failpoint}: ended with {code}: {said}")
                    break
                if code == 0 and _is_done(run):
                    break
            else:
                found.faults.append(f"{run.name} {failpoint}: does not come to its end")
            found.kills += kills
            found.faults += [f"{run.name} {failpoint}: {one}" for one in self._faults(run, server)]
        finally:
            server.close()

    def _go(
        self,
        run: Path,
        server: BatchServer,
        bug: str | None,
        failpoint: tuple[str, int] | None,
        kill_after: float | None,
    ) -> int:
        name, after = failpoint or (None, 0)
        spec = {
            "run": str(run),
            "documents": str(self._documents),
            "url": server.url,
            "lines": self._lines,
            "failpoint": name,
            "after": after,
            "bug": bug,
            "said": str(run.with_suffix(".said")),
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

    def _faults(self, run: Path, server: BatchServer) -> list[str]:
        """What does not hold of a run that has come to its end."""
        faults = []
        server.end_all()  # what nobody looks at is paid for too
        keys = Counter(batch.metadata["extractor_batch"] for batch in server.batches.values())
        if set(keys.values()) > {1}:
            faults.append(f"{sum(keys.values()) - len(keys)} batches created twice")
        twice = sum(count > 1 for count in server.paid.values())
        if twice:
            faults.append(f"{twice} requests paid twice")
        connection = sqlite3.connect(run / "ledger.sqlite")
        try:
            (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
            if sound != "ok":
                faults.append(f"the ledger is not sound: {sound}")
            ids = [name for (name,) in connection.execute("SELECT id FROM documents")]
            if sorted(ids) != sorted(self._names):
                faults.append(f"{len(ids)} documents of {len(self._names)}")
            known = {name for (name,) in connection.execute("SELECT id FROM batches")}
            if strangers := set(server.batches) - known:
                faults.append(f"batches that the run does not know: {sorted(strangers)}")
            (calls,) = connection.execute("SELECT COUNT(*) FROM calls").fetchone()
            if calls != len(server.paid):
                faults.append(f"{calls} calls for {len(server.paid)} paid requests")
        finally:
            connection.close()
        faults += [
            f"{name} is not that of a plain run"
            for name in FILES
            if sorted((run / name).read_text("utf-8").splitlines()) != self._plain[name]
        ]
        if left := sorted(path.name for path in (run / "batches").iterdir()):
            faults.append(f"files left over: {left}")
        return faults


def _is_done(run: Path) -> bool:
    summary: dict[str, object] = json.loads((run / "summary.json").read_text("utf-8"))
    return bool(summary["complete"])


def _some_plan(rng: random.Random) -> Plan:
    """A batch that ends at once or later, whole or expired with some of its requests."""
    looks = rng.choice((0, 0, 1))
    if rng.random() < 0.3:
        return Plan("expired", looks, finished=rng.randrange(3), tells_rest=rng.random() < 0.5)
    return Plan(looks=looks)


def main() -> None:
    """Kill as often as asked, and print what was found."""
    parser = argparse.ArgumentParser(description="Kill runs by batch files, and see what holds.")
    parser.add_argument("--random", type=int, default=60, help="kills at random moments")
    parser.add_argument("--failpoints", type=int, default=2, help="times that one is reached")
    parser.add_argument("--most", type=int, default=4, help="kills of one run at a failpoint")
    parser.add_argument("--documents", type=int, default=12)
    parser.add_argument("--bug", help="build this fault in")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        Harness(Path(name), documents=options.documents) as harness,
    ):
        times = range(1, options.failpoints + 1)
        _tell(
            "at failpoints",
            harness.at_failpoints(times, most=options.most, seed=options.seed, bug=options.bug),
        )
        if options.random:
            _tell("at random", harness.at_random(options.random, options.seed, options.bug))


def _tell(what: str, found: Findings) -> None:
    faults = "".join(f"\n  {fault}" for fault in found.faults[:10])
    sys.stdout.write(
        f"{what}: {found.kills} kills in {found.runs} runs, {len(found.faults)} faults{faults}\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
