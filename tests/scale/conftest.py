"""Servers with the Batch API, and a run by batch files that is not begun yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from batch_runs import BatchRun, write_texts
from batch_server import Answer, BatchServer, explained, live_too

TEXTS = {
    "a": "Last night 61 sailors died.\n\nOrle lost 12 boats and 340 horses, the mayor said.",
    "b": "Some 4,200 students marched in Orle.",
    "c": "The flood displaced 75 families.\n\nFive bridges collapsed.",
    "d": "Nothing was counted that day.",
}


@pytest.fixture
def serve() -> Iterator[Callable[..., BatchServer]]:
    servers: list[BatchServer] = []

    def start(answer: Answer = explained, **more: Any) -> BatchServer:
        servers.append(BatchServer(live_too(answer), **more))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789abcdef0123")
    for name in ("OPENAI_BASE_URL", "EXTRACTOR_PRICES"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def begun(tmp_path: Path) -> Callable[..., BatchRun]:
    """A run over four documents, five passages of which are asked about; with these changes."""
    documents = write_texts(tmp_path / "docs", TEXTS)

    def made(server: BatchServer, **changes: Any) -> BatchRun:
        return BatchRun(tmp_path / "run", documents, server, changes=changes)

    return made
