"""One job in a process of its own: `extractor run` or `extractor resume` on its run folder.

A run takes the processor, may load a model, and may be killed; the service goes on beside it. The
process inherits a lock of the job's own: as long as any process works on the job, whichever service
began it, no other is begun.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from extractor.batch.ledger_reader import open_ledger
from extractor.batch.run_lock import is_locked
from extractor.closing import Closing
from extractor.errors import InputError
from extractor.model import ModelChoice
from extractor.serve.job_store import FOLDER, Job, JobStore
from extractor.serve.keys import KEYS_VARIABLE

_SAID = "extractor: "
_MOST_SAID = 8 * 1024  # bytes at the end of what a run says on stderr
_NOT_FOR_RUNS = (KEYS_VARIABLE, "PROMETHEUS_MULTIPROC_DIR")


class JobProcess(Closing):
    """A job that this service works on."""

    def __init__(
        self, job: Job, lock: int, process: subprocess.Popen[bytes], said: IO[bytes]
    ) -> None:
        self.job = job
        self._lock = lock
        self._process = process
        self._said = said

    @classmethod
    def begun(cls, job: Job, store: JobStore, model: ModelChoice) -> JobProcess | None:
        """The job under way, from its start or from where it was; None where another is at it."""
        runs = store.folder.parent
        lock = _locked(_lock_path(store, job.id))
        if lock is None:
            return None
        said: IO[bytes] | None = None
        try:
            if is_locked(runs / job.id):  # somebody resumed it by hand
                os.close(lock)
                return None
            command = [sys.executable, "-m", "extractor.cli.app", *_arguments(job, runs, model)]
            said = _lock_path(store, job.id).with_suffix(".said").open("w+b")
            process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                cwd=runs,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                pass_fds=(lock,),
                start_new_session=True,  # Ctrl-C is for the service, which tells the job itself
                env={k: v for k, v in os.environ.items() if k not in _NOT_FOR_RUNS},
            )
        except BaseException:
            os.close(lock)
            if said is not None:
                said.close()
            raise
        os.pwrite(lock, f"{process.pid}\n".encode(), 0)
        return cls(job, lock, process, said)

    @property
    def exit_code(self) -> int | None:
        """How it ended, None while it is under way."""
        return self._process.poll()

    def stop(self) -> None:
        """Let the calls under way end; said again, end at once. What was acknowledged is kept."""
        with suppress(ProcessLookupError):
            self._process.terminate()

    def message(self) -> str | None:
        """The sentence that the run ended with, if it ended with one."""
        self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, self._said.tell() - _MOST_SAID))
        lines = self._said.read().decode("utf-8", "replace").splitlines()
        sentences = [line.removeprefix(_SAID) for line in lines if line.startswith(_SAID)]
        return sentences[-1] if sentences else None

    def close(self) -> None:
        """Give the job back; a process that still runs keeps it."""
        with suppress(OSError):
            os.close(self._lock)
        self._lock = -1
        if not self._said.closed:
            self._said.close()
            Path(self._said.name).unlink(missing_ok=True)


def stop_elsewhere(job: Job, store: JobStore) -> None:
    """Stop a job that the process of an earlier service is still at."""
    path = _lock_path(store, job.id)
    lock = _locked(path)
    if lock is not None:
        os.close(lock)  # nobody is at it
        return
    with suppress(OSError, ValueError):
        os.kill(int(path.read_text("ascii")), signal.SIGTERM)


def _lock_path(store: JobStore, job: str) -> Path:
    return store.folder / f"{job}.lock"


def _locked(path: Path) -> int | None:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _arguments(job: Job, runs: Path, model: ModelChoice) -> list[str]:
    asked = job.asked
    pace: list[str] = []
    if asked["budget"] is not None:
        pace += [f"--budget={asked['budget']}"]
    if asked["max_failures"] is not None:
        pace += [f"--max-failures={asked['max_failures']}"]
    if _was_begun(runs / job.id):
        return ["resume", job.id, *pace, *(["--retry-failed"] if job.retry else [])]
    shutil.rmtree(runs / job.id, ignore_errors=True)  # it was killed before it began
    arguments = ["run", f"{FOLDER}/inbox/{job.id}.jsonl", "--out", job.id, *pace]
    arguments += ["--id-column", "id", "--date-column", "published"]
    arguments += [f"--ask={asked['ask']}", f"--reasks={asked['reasks']}"]
    for name in ("prompt", "passage"):
        if asked[name] is not None:
            arguments += [f"--{name}={asked[name]}"]
    if model.name is not None:
        arguments += [f"--model={model.name}"]
    if model.base_url is not None:
        arguments += [f"--base-url={model.base_url}"]
    return arguments


def _was_begun(run: Path) -> bool:
    try:
        with open_ledger(run) as ledger:
            return bool(ledger.plan)
    except InputError:
        return False
