"""Works through the jobs: one service of those that share a folder does, and another if it dies."""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
from collections import Counter
from contextlib import suppress
from threading import Event, Thread
from time import monotonic

from extractor.closing import Closing
from extractor.model import ModelChoice
from extractor.serve.accounting import told
from extractor.serve.job_process import JobProcess, stop_elsewhere
from extractor.serve.job_store import Job, JobState, JobStore

LOG = logging.getLogger("extractor.serve")
_LOOK = 0.2  # seconds between two looks at the jobs
_PATIENCE = 30.0  # seconds that a cancelled job may take for the calls under way
_MOST_DEATHS = 5  # times that a job's process may be killed without a reason of ours


class JobRunner(Closing):
    """Begins jobs in their order, at most so many at once, and tells the store how they end."""

    def __init__(self, store: JobStore, model: ModelChoice, at_once: int, drain: float) -> None:
        self._store = store
        self._model = model
        self._at_once = at_once
        self._drain = drain
        self._ends = Event()
        self._running: dict[str, JobProcess] = {}
        self._told_to_stop: dict[str, float] = {}
        self._deaths: Counter[str] = Counter()
        self._thread = Thread(target=self._work, name="jobs", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let the calls of jobs under way end; the jobs go on with the next service."""
        self._ends.set()
        self._thread.join()

    def _work(self) -> None:
        path = self._store.folder / "runner.lock"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while not self._ends.is_set():
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    self._ends.wait(1.0)  # another process does it; it may die
                    continue
                self._run_until_end()
        finally:
            os.close(handle)

    def _run_until_end(self) -> None:
        while not self._ends.wait(_LOOK):
            try:
                self._look()
            except Exception as error:  # noqa: BLE001 - the disk may be full: it is tried again
                LOG.error("the jobs cannot be looked at: %s", told(error))
        self._let_go()

    def _look(self) -> None:
        for name, process in list(self._running.items()):
            code = process.exit_code
            if code is not None:
                self._ended(process, code)
                del self._running[name]
        for job in self._store.unfinished():
            if job.cancel:
                self._cancel(job)
            elif job.id not in self._running and len(self._running) < self._at_once:
                self._begin(job)

    def _begin(self, job: Job) -> None:
        process = JobProcess.begun(job, self._store, self._model)
        if process is not None:
            self._running[job.id] = process
        if job.state == "waiting":
            self._store.begins(job.id)

    def _cancel(self, job: Job) -> None:
        process = self._running.get(job.id)
        if process is None:
            if job.state == "running":
                stop_elsewhere(job, self._store)
            self._store.ends(job.id, "cancelled", None, None)
            return
        asked = self._told_to_stop.get(job.id)
        if asked is None or monotonic() - asked > _PATIENCE:
            self._told_to_stop[job.id] = monotonic()
            process.stop()

    def _ended(self, process: JobProcess, code: int) -> None:
        name = process.job.id
        current = self._store.job(name)
        was_cancelled = current is not None and current.cancel
        message = process.message()
        if was_cancelled and code != 0:
            self._store.ends(name, "cancelled", code, None)
        elif code < 0 or code in (130, 143):  # killed: it goes on at the next look
            self._deaths[name] += 1
            if self._deaths[name] >= _MOST_DEATHS:
                why = f"Its process was killed {_MOST_DEATHS} times; ask for it to go on."
                self._store.ends(name, "failed", code, why)
        else:
            state: JobState = "done" if code == 0 else "failed"
            self._store.ends(name, state, code, message or _REASONS.get(code))
        # only now that the store knows: what fails before this is tried again
        self._told_to_stop.pop(name, None)
        process.close()

    def _let_go(self) -> None:
        """End of the service: jobs stay as they are in the store, and so go on with the next."""
        for process in self._running.values():
            process.stop()
        end = monotonic() + self._drain
        for process in self._running.values():
            while process.exit_code is None and monotonic() < end:
                Event().wait(0.05)
            code = process.exit_code
            if code is None:
                process.stop()  # at once; what was acknowledged is on the disk
            elif code not in (130, 143):
                with suppress(OSError, sqlite3.Error):  # the next service finds it out by itself
                    self._ended(process, code)
            process.close()
        self._running.clear()


_REASONS = {1: "Documents failed; its results of /documents say which, and why."}
