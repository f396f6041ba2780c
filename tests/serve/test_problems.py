"""Every error is a problem, and none says what was sent."""

from __future__ import annotations

import logging
from typing import Any

import pytest

SECRET = "Zanzibar-7311"
HALF = b'{"document": "\\ud800", "claim": 0, "decision": "accept"}'
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", "/", None, 404),
        ("GET", f"/{SECRET}", None, 404),
        ("GET", "/docs", None, 404),
        ("DELETE", "/v1/verify", None, 405),
        ("POST", "/v1/verify", b"", 422),
        ("POST", "/v1/verify", b"{", 400),
        ("POST", "/v1/verify", f'{{"{SECRET}'.encode(), 400),
        ("POST", "/v1/verify", b"\xff", 400),
        ("POST", "/v1/verify", b"[" * 100_000, 400),
        ("POST", "/v1/verify", b'{"document": {"text": 3}, "candidates": []}', 422),
        ("POST", "/v1/verify", f'{{"document": {{"id": "{SECRET}\\n"}}}}'.encode(), 422),
        ("POST", "/v1/verify", b'{"document": {"text": "a"}, "candidates": [NaN]}', 400),
        ("POST", "/v1/numbers", b"null", 422),
        ("POST", "/v1/jobs", b'{"documents": []}', 422),
        ("POST", "/v1/jobs", b'{"documents": [{"text": "a"}]}', 503),
        ("POST", "/v1/extract", b'{"document": {"text": "a"}}', 503),
        ("GET", "/v1/jobs/job-1", None, 404),
        ("GET", "/v1/jobs/..%2f..%2fetc", None, 404),
        ("GET", "/v1/jobs/nope", None, 422),
        ("GET", "/v1/jobs/job-1/results/everything", None, 422),
        ("GET", "/v1/review/runs/nope/claims", None, 404),
        ("GET", "/v1/review/runs/..%2f../claims", None, 404),
        ("GET", "/v1/review/runs/.service/claims", None, 404),
        ("POST", "/v1/review/runs/x/decisions", HALF, 422),
    ],
)  # fmt: skip
def test_errors_are_problems(
    client_of: Any, method: str, path: str, content: bytes | None, status: int
) -> None:
    answer = client_of().request(method, path, content=content, headers=JSON)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) <= {"type", "title", "status", "detail", "errors"}
    assert problem["status"] == status
    assert problem["detail"].endswith(".")
    assert SECRET not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_shape_names_its_fields(client_of: Any) -> None:
    body = {"document": {"text": "a", "url": "http://evil.example"}, "strict": "perhaps"}
    problem = client_of().post("/v1/verify", json=body).json()
    assert [one["field"] for one in problem["errors"]] == [
        "body.document.url",
        "body.candidates",
        "body.strict",
    ]


def test_a_failure_tells_nothing_of_the_text(
    client_of: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from extractor.serve import verify_routes

    def fails(*_: Any, **__: Any) -> str:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(verify_routes, "_numbers", fails)
    with caplog.at_level(logging.DEBUG):
        answer = client_of(access_log=True).post("/v1/numbers", json={"document": {"text": SECRET}})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "RuntimeError" in caplog.text
    assert "verify_routes.py" in caplog.text
    assert SECRET not in caplog.text + answer.text


def test_metrics_count_routes_and_never_paths(client_of: Any) -> None:
    client = client_of()
    client.get(f"/v1/jobs/job-{'a' * 8}")
    client.get(f"/{SECRET}")
    counted = client.get("/metrics").text
    assert 'route="/v1/jobs/{name}",status="404"} 1.0' in counted
    assert 'route="none",status="404"} 1.0' in counted
    assert SECRET not in counted
    assert "aaaaaaaa" not in counted


def test_openapi_has_examples_that_work(client_of: Any) -> None:
    client = client_of()
    document = client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    verify = schemas["VerifyRequest"]["examples"][0]
    answer = client.post("/v1/verify", json=verify).json()
    assert [one["accepted"] for one in answer["verdicts"]] == [True, False]
    assert client.post("/v1/numbers", json=schemas["NumbersRequest"]["examples"][0]).is_success
    for name in ("ExtractRequest", "JobRequest"):
        path = "/v1/extract" if name == "ExtractRequest" else "/v1/jobs"
        # the shape is right: what is missing is a model
        assert client.post(path, json=schemas[name]["examples"][0]).status_code == 503
