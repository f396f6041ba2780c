"""What all requests of a process share."""

from __future__ import annotations

import os

from extractor.closing import Closing
from extractor.errors import InputError
from extractor.serve.job_runner import JobRunner
from extractor.serve.job_store import JobStore
from extractor.serve.judging import KnownDocuments
from extractor.serve.metrics import Metrics
from extractor.serve.model_access import ModelAccess
from extractor.serve.settings import ServiceSettings
from extractor.serve.work import Workbench


class Service(Closing):
    """The parts that routes work with; made when the application is, closed when it ends."""

    def __init__(self, settings: ServiceSettings) -> None:
        self.settings = settings
        try:
            settings.runs.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"{settings.runs}: cannot be made ({error.strerror or error}); name a folder for "
                "the runs with --runs."
            ) from error
        self.metrics = Metrics()
        self.documents = KnownDocuments()
        self.bench = Workbench(settings.limits.threads, "judging")
        self.model = ModelAccess(settings.model, settings.limits.extractions)
        self.jobs = JobStore(settings.runs)
        self._runner: JobRunner | None = None

    def begin(self) -> None:
        """Work through the jobs, those of an earlier service first."""
        if self.settings.model is not None:
            self._runner = JobRunner(
                self.jobs,
                self.settings.model,
                self.settings.limits.jobs,
                self.settings.drain_seconds,
            )

    def why_not_ready(self) -> str | None:
        """Why no work is taken, in one sentence; None where it is."""
        if not os.access(self.settings.runs, os.W_OK | os.X_OK):
            return "The folder of the runs cannot be written."
        return None

    def close(self) -> None:
        """Let jobs and calls under way end, and give back threads; may be called twice."""
        if self._runner is not None:
            self._runner.close()
            self._runner = None
        self.bench.close()
        self.model.close()
