"""Jobs in a real service: they end, they are cancelled, and no kill loses what was accepted."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kill_jobs import killed_again_and_again
from scripted_server import Call, Scripted, Server
from service_process import ServiceProcess, fleet, sailors, until

from extractor.model import ModelChoice
from extractor.serve.job_runner import JobRunner
from extractor.serve.job_store import JobStore
from extractor.text import Document


@pytest.fixture(scope="module")
def model() -> Iterator[list[str]]:
    """The options that name a scripted model."""
    server = Server(sailors)
    yield ["--model", "scripted", "--base-url", server.url]
    server.close()


@pytest.fixture(scope="module")
def service(model: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    with ServiceProcess(tmp_path_factory.mktemp("jobs") / "runs", *model) as started:
        yield started


def test_a_job_becomes_a_run_with_all_its_results(service: ServiceProcess) -> None:
    headers = {"Idempotency-Key": "monday"}
    taken = service.ask("POST", "/v1/jobs", {"documents": fleet(5)}, headers)
    assert taken.status == 202
    name = taken.json["id"]
    assert taken.headers["location"] == f"/v1/jobs/{name}"
    again = service.ask("POST", "/v1/jobs", {"documents": fleet(5)}, headers)
    assert (again.status, again.json["id"]) == (200, name)
    other = service.ask("POST", "/v1/jobs", {"documents": fleet(4)}, headers)
    assert (other.status, "id" in other.json) == (422, False)
    job = service.job_ended(name)
    assert (job["state"], job["exit_code"], job["message"]) == ("done", 0, None)
    assert job["progress"]["done"] == 5
    verdicts = service.ask("GET", f"/v1/jobs/{name}/results/verdicts")
    claims = service.ask("GET", f"/v1/jobs/{name}/results/claims").lines
    assert verdicts.headers["x-job-state"] == "done"
    assert [one["claim"] for one in verdicts.lines] == claims
    assert [claim["value"] for claim in claims] == ["60", "61", "62", "63", "64"]
    accepted = (service.runs / name / "accepted.jsonl").read_text().splitlines()
    assert sorted(accepted) == sorted(json.dumps(claim) for claim in claims)
    states = service.ask("GET", f"/v1/jobs/{name}/results/documents").lines
    assert [one["state"] for one in states] == ["done"] * 5
    assert name in [one["id"] for one in service.ask("GET", "/v1/jobs").json["jobs"]]
    assert 'extractor_jobs{state="done"} ' in service.ask("GET", "/metrics").body.decode()
    assert "sailors" not in service.log.read_text()
    command = [sys.executable, "-m", "extractor.cli.app", "status", str(service.runs / name)]
    told = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True).stdout
    assert json.loads(told)["done"] == 5  # a run as the command line makes it


def test_one_document_while_the_caller_waits(service: ServiceProcess) -> None:
    (document,) = fleet(1)
    found = service.ask("POST", "/v1/extract", {"document": document})
    assert found.status == 200
    assert [claim["value"] for claim in found.json["accepted"]] == ["60"]
    assert found.json["numbers"][0]["outcome"] == "accepted"
    assert found.json["calls"][0]["attempts"][0]["outcome"] == "ok"
    assert found.json["usage"]["prompt_tokens"] == 11


@pytest.mark.parametrize(
    "odd",
    [
        {"prompt": "../../etc/passwd"},
        {"prompt": "/etc/passwd"},
        {"prompt": "published"},
        {"prompt": "free.v1"},
        {"ask": "everything"},
    ],
)
def test_only_a_shipped_prompt_that_fits_is_taken(
    service: ServiceProcess, odd: dict[str, str]
) -> None:
    (document,) = fleet(1)
    assert service.ask("POST", "/v1/extract", {"document": document} | odd).status == 422
    assert service.ask("POST", "/v1/jobs", {"documents": [document]} | odd).status == 422


def test_a_job_is_cancelled_and_goes_on(service: ServiceProcess) -> None:
    name = service.ask("POST", "/v1/jobs", {"documents": fleet(150)}).json["id"]
    until(lambda: (service.job(name)["progress"] or {"done": 0})["done"])
    assert service.ask("POST", f"/v1/jobs/{name}/resume").status == 409
    assert service.ask("POST", f"/v1/jobs/{name}/cancel").status == 202
    job = service.job_ended(name)
    assert job["state"] == "cancelled"
    assert 0 < job["progress"]["done"] < 150
    assert service.ask("POST", f"/v1/jobs/{name}/resume").status == 202
    assert service.job_ended(name)["state"] == "done"
    assert len(service.ask("GET", f"/v1/jobs/{name}/results/claims").lines) == 150


def test_a_document_that_failed_is_asked_about_again(tmp_path: Path) -> None:
    """Refused at first; then it is not."""
    refuses = [True]

    def answer(call: Call) -> Scripted:
        is_third = "62 sailors" in call.body["messages"][-1]["content"]
        return Scripted({"error": "no"}, 400) if is_third and refuses else sailors(call)

    server = Server(answer)
    options = ["--model", "scripted", "--base-url", server.url]
    with ServiceProcess(tmp_path / "runs", *options) as service:
        name = service.ask("POST", "/v1/jobs", {"documents": fleet(4)}).json["id"]
        job = service.job_ended(name)
        assert (job["state"], job["exit_code"], job["progress"]["failed"]) == ("failed", 1, 1)
        assert "/documents" in job["message"]
        refuses.clear()
        assert service.ask("POST", f"/v1/jobs/{name}/resume").status == 202
        job = service.job_ended(name)
        assert (job["state"], job["progress"]["done"], job["progress"]["failed"]) == ("done", 4, 0)
    server.close()


def test_a_disk_that_was_full_for_a_moment_costs_no_job(
    tmp_path: Path, model: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = JobStore(tmp_path / "runs")
    asked = {"prompt": None, "ask": "anchored", "passage": None, "reasks": 1}
    asked |= {"budget": None, "max_failures": None}
    job, _ = store.accept([Document(**one) for one in fleet(1)], asked, "", None)
    full = [sqlite3.OperationalError("database or disk is full")] * 2
    ends = store.ends

    def fails_at_first(*how: Any) -> None:
        if full:
            raise full.pop()
        ends(*how)

    monkeypatch.setattr(store, "ends", fails_at_first)
    with JobRunner(store, ModelChoice(model[1], model[3]), at_once=1, drain=5.0):
        until(lambda: (found := store.job(job.id)) is not None and found.has_ended)
    found = store.job(job.id)
    assert found is not None
    assert (found.state, full) == ("done", [])


def test_a_model_that_is_not_there_fails_the_job_in_one_sentence(tmp_path: Path) -> None:
    options = ["--model", "nobody", "--base-url", "http://127.0.0.1:9/v1"]
    with ServiceProcess(tmp_path / "runs", *options) as service:
        name = service.ask("POST", "/v1/jobs", {"documents": fleet(1)}).json["id"]
        job = service.job_ended(name)
        assert job["state"] == "failed"
        assert job["exit_code"] != 0
        assert job["message"].endswith(".")


@pytest.mark.parametrize("everything", [False, True], ids=["the service", "its jobs too"])
def test_kills_lose_no_accepted_job(tmp_path: Path, everything: bool) -> None:
    """The short form of kill_jobs.py."""
    found = killed_again_and_again(tmp_path, kills=2, seed=5, everything=everything)
    assert found == []


def test_sigterm_lets_a_job_go_on_with_the_next_service(tmp_path: Path, model: list[str]) -> None:
    with ServiceProcess(tmp_path / "runs", *model) as service:
        name = service.ask("POST", "/v1/jobs", {"documents": fleet(100)}).json["id"]
        until(lambda: (service.job(name)["progress"] or {"done": 0})["done"])
        assert service.stop() == 0
    with ServiceProcess(tmp_path / "runs", *model) as service:
        assert service.job_ended(name)["state"] == "done"
        claims = service.ask("GET", f"/v1/jobs/{name}/results/claims").lines
        assert len({one["document"] for one in claims}) == len(claims) == 100
