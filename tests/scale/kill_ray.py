"""Runs in Ray that are killed, their workers or their driver, held against a plain run.

    python tests/scale/kill_ray.py --documents 10000 --workers 20 --drivers 20

Everything is real: the command line, Ray, and HTTP to a scripted server in this process, which
counts the calls. After the kills the run is gone on with to its end; then every document must be
there once, in the Parquet files and in the ledger, the files of the run must be those of a plain
run, line for line after sorting, and going on once more must ask nothing.
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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

sys.path[:0] = [str(Path(__file__).parents[1])]

from batch_server import BatchServer, explained, live_too  # noqa: E402
from pyarrow import parquet  # noqa: E402

FILES = ("accepted.jsonl", "rejected.jsonl", "numbers.jsonl", "reasks.jsonl")
_COMMAND = [sys.executable, "-c", "from extractor.cli.app import main; main()"]
_ACTOR = b"ray::MapWorker(MapBatches(_Actor))"


@dataclass
class Found:
    """What a run has shown: `needed` calls a plain run made, `made` this one did."""

    kills: int = 0
    seconds: float = 0.0
    needed: int = 0
    made: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Kills:
    """How many, and when."""

    most: int
    rng: random.Random


class RayHarness:
    """A table of documents, a server, and the plain run that others are held against."""

    def __init__(self, folder: Path, documents: int) -> None:
        self._folder = folder
        self._count = documents
        self._server = BatchServer(live_too(explained))
        self._environ = os.environ | {
            "OPENAI_API_KEY": "sk-test-0123456789abcdef0123",
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        self._environ.pop("RAY_ADDRESS", None)
        self._table = folder / "articles.jsonl"
        with self._table.open("w", encoding="utf-8") as file:
            file.writelines(f"{json.dumps({'text': _text(n)})}\n" for n in range(documents))
        plain = self._folder / "plain"
        before, began = self._server.live, time.monotonic()
        self._finish(plain, "--engine", "local")
        self.needed, self.seconds = self._server.live - before, time.monotonic() - began
        self._lines = {name: _lines(plain / name) for name in FILES}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    def unhurt(self) -> Found:
        """A run that nobody disturbs."""
        run, found = self._folder / "unhurt", Found()
        with self._counted(run, found):
            self._finish(run, "--engine", "ray")
        return found

    def with_workers_killed(self, kills: int, rng: random.Random) -> Found:
        """One run, some of whose workers are killed."""
        run, found = self._folder / "workers", Found()
        with self._counted(run, found):
            command = self._begun(run)
            self._kill_workers(command, run, found, _Kills(kills, rng))
            if code := command.wait():
                found.faults.append(f"the run ended with {code}")
        return found

    def ended_in_every_way(self, rng: random.Random) -> Found:
        """One run that gets SIGTERM, then one of its workers is killed, and then its driver."""
        run, found = self._folder / "every", Found()
        with self._counted(run, found):
            command = self._begun(run)
            _wait(lambda: _written(run) > 0, command)
            command.terminate()
            if (code := command.wait()) != 128 + signal.SIGTERM:
                found.faults.append(f"the run that got SIGTERM ended with {code}")
            command = self._begun(run)
            self._kill_workers(command, run, found, _Kills(1, rng))
            if command.poll() is None:
                command.kill()
                found.kills += 1
            command.wait()
            self._finish(run, "--engine", "ray")
        return found

    def _kill_workers(
        self, command: subprocess.Popen[bytes], run: Path, found: Found, kills: _Kills
    ) -> None:
        """Kill an actor after some progress, at any point of it, so often."""
        while found.kills < kills.most and command.poll() is None:
            written = _written(run)
            if not _wait(lambda: _written(run) > written, command):  # noqa: B023
                return
            time.sleep(kills.rng.uniform(0, 1.5))
            actors = list(_actors_of(command.pid))
            if actors and command.poll() is None:
                with _gone_before():
                    os.kill(kills.rng.choice(actors), signal.SIGKILL)
                    found.kills += 1

    def with_drivers_killed(self, kills: int, rng: random.Random) -> Found:
        """One run, whose driver is killed again and again."""
        run, found = self._folder / "drivers", Found()
        with self._counted(run, found):
            while found.kills < kills:
                command = self._begun(run)
                written = _written(run)
                if not _wait(lambda: _written(run) > written, command):  # noqa: B023
                    break
                time.sleep(rng.uniform(0, 3))
                if command.poll() is None:
                    command.kill()
                    found.kills += 1
                command.wait()
            self._finish(run, "--engine", "ray")
        return found

    @contextmanager
    def _counted(self, run: Path, found: Found) -> Iterator[None]:
        """The calls that are made within it, and at its end everything that must hold."""
        before, began = self._server.live, time.monotonic()
        yield
        found.seconds = time.monotonic() - began
        found.needed, found.made = self.needed, self._server.live - before
        found.faults += self._faults(run)

    def _faults(self, run: Path) -> Iterator[str]:
        tables = sorted((run / "ray" / "documents").glob("*.parquet"))
        keys = Counter(
            key for path in tables for key in parquet.read_table(path)["place"].to_pylist()
        )
        if len(keys) != self._count:
            yield f"{len(keys)} documents of {self._count} in the Parquet files"
        if twice := [key for key, count in keys.items() if count > 1]:
            yield f"{len(twice)} documents are twice in the Parquet files"
        connection = sqlite3.connect(run / "ledger.sqlite")
        try:
            (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
            (done,) = connection.execute(
                "SELECT COUNT(*) FROM documents WHERE state = 'done'"
            ).fetchone()
        finally:
            connection.close()
        if sound != "ok" or done != self._count:
            yield f"the ledger is {sound}, and has {done} documents of {self._count}"
        for name, lines in self._lines.items():
            if _lines(run / name) != lines:
                yield f"{name} is not that of a plain run"
        before = self._server.live
        self._finish(run, "--engine", "ray")
        if self._server.live != before:
            yield f"going on with a finished run made {self._server.live - before} calls"

    def _begun(self, run: Path, *options: str) -> subprocess.Popen[bytes]:
        """The command that begins the run, or goes on with it."""
        if (run / "ledger.sqlite").exists():
            arguments = ["resume", str(run)]
        else:
            model = ["--model", "m", "--base-url", self._server.url, "--concurrency", "8"]
            engine = options or ("--engine", "ray")
            arguments = ["run", str(self._table), "--out", str(run), *model, *engine]
        with (self._folder / "said.txt").open("ab") as said:
            return subprocess.Popen(
                [*_COMMAND, *arguments], stdout=said, stderr=said, env=self._environ
            )

    def _finish(self, run: Path, *options: str) -> None:
        code = self._begun(run, *options).wait()
        if code != 0:
            said = (self._folder / "said.txt").read_text("utf-8", "replace")
            raise AssertionError(f"{run.name} ended with {code}: {said[-2000:]}")


def _text(n: int) -> str:
    return (
        f"Officials in Orle said {100 + n} sailors were killed on Monday.\n\n"
        f"Some {2000 + n} students marched, and {n + 7} boats capsized near the coast.\n"
    )


def _lines(path: Path) -> list[str]:
    return sorted(path.read_text("utf-8").splitlines())


def _written(run: Path) -> int:
    """How many files of rows there are."""
    return sum(1 for _ in (run / "ray" / "documents").glob("*.parquet"))


def _wait(condition: object, command: subprocess.Popen[bytes]) -> bool:
    """Until it holds; False when the command has ended before."""
    assert callable(condition)
    while command.poll() is None:
        if condition():
            return True
        time.sleep(0.02)
    return False


def _actors_of(driver: int) -> Iterator[int]:
    """The processes that extract, of the Ray that this driver has started."""
    for path in Path("/proc").glob("[0-9]*"):
        with _gone_before():
            if (path / "cmdline").read_bytes().startswith(_ACTOR) and _comes_from(path, driver):
                yield int(path.name)


def _comes_from(process: Path, driver: int) -> bool:
    parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
    return parent == driver or (parent > 1 and _comes_from(Path("/proc") / str(parent), driver))


@contextmanager
def _gone_before() -> Iterator[None]:
    """Processes end whenever they like."""
    try:
        yield
    except (FileNotFoundError, ProcessLookupError):
        return


def main() -> None:
    """Kill as often as asked, and print what was found."""
    parser = argparse.ArgumentParser(description="Kill runs in Ray, and see what holds.")
    parser.add_argument("--documents", type=int, default=1_000)
    parser.add_argument("--workers", type=int, default=3, help="workers to be killed")
    parser.add_argument("--drivers", type=int, default=3, help="drivers to be killed")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)  # noqa: S311 - when to kill is no secret
    with (
        tempfile.TemporaryDirectory() as name,
        RayHarness(Path(name), options.documents) as harness,
    ):
        sys.stdout.write(f"a plain run: {harness.needed:,} calls, {harness.seconds:.0f} s\n")
        _tell("nothing killed", harness.unhurt())
        if options.workers:
            _tell("workers killed", harness.with_workers_killed(options.workers, rng))
        if options.drivers:
            _tell("drivers killed", harness.with_drivers_killed(options.drivers, rng))


def _tell(what: str, found: Found) -> None:
    faults = "".join(f"\n  {fault}" for fault in found.faults)
    again = found.made - found.needed
    a_kill = f", {again / found.kills:.1f} a kill" if found.kills else ""
    sys.stdout.write(
        f"{what}: {found.kills} kills, {found.made:,} calls ({again:,} paid again{a_kill}), "
        f"{found.seconds:.0f} s, {len(found.faults)} faults{faults}\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
