"""The test client of an application with settings of a test's own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "report")]

MakeClient = Callable[..., Any]


@pytest.fixture
def client_of(tmp_path: Path) -> Iterator[MakeClient]:
    """Makes a client of a service; `settings` are those of ServiceSettings."""
    from starlette.testclient import TestClient

    from extractor.serve import ServiceSettings, create_app

    with ExitStack() as stack:

        def make(**settings: Any) -> TestClient:
            given = {"runs": tmp_path / "runs", "model": None} | settings
            app = create_app(ServiceSettings(**given))
            return stack.enter_context(TestClient(app, base_url="http://localhost"))

        yield make
