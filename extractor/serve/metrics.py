"""What is counted, for Prometheus. No text, no key and no name of a document is a label."""

from __future__ import annotations

import os

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SHARED = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
    10.0,
    30.0,
    60.0,
)


class Metrics:
    """The counters of a process; with several processes, each answers for all of them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "extractor_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "extractor_request_seconds",
            "Seconds until an answer was sent.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._verdicts = Counter(
            "extractor_verdicts",
            "Candidates judged for requests.",
            ("verdict",),
            registry=self.registry,
        )
        self._jobs = Gauge(
            "extractor_jobs",
            "Jobs by their state.",
            ("state",),
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered; `route` is the route's pattern, never the path."""
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(route).observe(seconds)

    def judged(self, accepted: int, rejected: int) -> None:
        """So many candidates were judged."""
        self._verdicts.labels("accepted").inc(accepted)
        self._verdicts.labels("rejected").inc(rejected)

    def jobs(self, counts: dict[str, int]) -> None:
        """So many jobs are in each state."""
        for state, count in counts.items():
            self._jobs.labels(state).set(count)

    def exposition(self) -> bytes:
        """The text that Prometheus reads."""
        if _SHARED not in os.environ:
            return generate_latest(self.registry)
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
