"""The service as its OpenAPI document describes it: made-up requests find no failure."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from report_runs import ugly_run
from scripted_server import Scripted, Server, completion

from extractor.model import ModelChoice
from extractor.serve import Limits, ServiceSettings, create_app

pytestmark = pytest.mark.filterwarnings("ignore")  # schemathesis's own

EXAMPLES = int(os.environ.get("EXAMPLES", "8"))
"""Requests an operation; more with EXAMPLES=200."""


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Any]:
    """With a run to review, a model that finds nothing, and jobs that wait."""
    (tmp_path / "runs").mkdir()
    ugly_run(tmp_path / "runs")
    server = Server(lambda _: Scripted(completion('{"answers": []}', name="explain_numbers")))
    yield create_app(
        ServiceSettings(
            runs=tmp_path / "runs",
            model=ModelChoice("scripted", server.url),
            limits=Limits(jobs=0),
        )
    )
    server.close()


def test_made_up_requests_find_no_failure(application: Any) -> None:
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.specs.openapi import checks
    from starlette.testclient import TestClient

    asked: Counter[str] = Counter()
    # not every text is a rule's code, and 503 is an answer like another
    left_out = [checks.positive_data_acceptance, schemathesis.checks.not_a_server_error]
    with TestClient(application, base_url="http://localhost") as client:
        schema = schemathesis.openapi.from_asgi(
            "/openapi.json", application, headers={"host": "localhost"}
        )
        operations: list[Any] = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]
        for operation in operations:

            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy())
            def tried(case: Any) -> None:
                answer = case.call(session=client, headers={"host": "localhost"})
                assert answer.status_code != 500
                case.validate_response(answer, excluded_checks=left_out)
                asked[case.operation.label] += 1

            tried()
    assert len(asked) == len(operations) > 14
