"""What a service is told when it starts; nothing of it can be changed by a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from extractor.model import ModelChoice
from extractor.serve.keys import KeyRing


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request, and all of them together, may take.

    Sizes are in bytes, times in seconds. `buffered_bytes` is what all bodies under way may hold
    together. `at_once` is how many requests are under way before more
    are refused (503), `at_once_a_key` how many of them one key may have (429). `threads` is how
    many documents are judged or read at once in a process. `extractions` are those that wait for a
    model, `jobs` run at once, and `waiting_jobs` may stand in the queue behind them.
    """

    body_bytes: int = 4 * 2**20
    job_body_bytes: int = 16 * 2**20
    buffered_bytes: int = 64 * 2**20
    body_seconds: float = 30.0
    judging_seconds: float = 30.0
    extraction_seconds: float = 300.0
    candidates: int = 1_000
    at_once: int = 64
    at_once_a_key: int = 48
    threads: int = 2
    extractions: int = 4
    jobs: int = 1
    waiting_jobs: int = 100


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """How a service is set up.

    `runs` is the folder of the run folders; jobs become run folders in it. `model` is what
    extraction and jobs ask, None where there is no model. `keys` empty means that no key is wanted,
    which is for loopback alone. `access_log` has each answer told on stderr, without any text.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    runs: Path = Path("runs")
    model: ModelChoice | None = field(default_factory=ModelChoice)
    keys: KeyRing = field(default_factory=KeyRing)
    limits: Limits = field(default_factory=Limits)
    workers: int = 1
    drain_seconds: int = 30
    access_log: bool = False
