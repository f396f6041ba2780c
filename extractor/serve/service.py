"""What all requests of a process share."""

from __future__ import annotations

import os

from extractor.closing import Closing
from extractor.errors import InputError
from extractor.serve.judging import KnownDocuments
from extractor.serve.metrics import Metrics
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

    def why_not_ready(self) -> str | None:
        """Why no work is taken, in one sentence; None where it is."""
        if not os.access(self.settings.runs, os.W_OK | os.X_OK):
            return "The folder of the runs cannot be written."
        return None

    def close(self) -> None:
        """Give back threads; may be called twice."""
        self.bench.close()
