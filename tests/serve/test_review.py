"""Decisions of people: kept apart, signed, never lost, and never the gate's."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from report_runs import HOSTILE_ID, ugly_run

from extractor.batch.ledger_reader import open_ledger
from extractor.serve.keys import KeyRing, new_key
from extractor.serve.review_queue import run_folder, run_names
from extractor.serve.review_store import REVIEWS

CLAIMS = "/v1/review/runs/ugly/claims"
DECISIONS = "/v1/review/runs/ugly/decisions"


@pytest.fixture
def client(client_of: Any, tmp_path: Path) -> Any:
    (tmp_path / "runs").mkdir()
    ugly_run(tmp_path / "runs")
    return client_of()


def _dump(run: Path) -> list[str]:
    with open_ledger(run) as ledger:
        return list(ledger.connection.iterdump())


def _first(client: Any, **query: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(CLAIMS, params=query).json()["claims"][0]
    return found


def _decide(client: Any, item: dict[str, Any], decision: str, **more: Any) -> Any:
    body = {"document": item["document"], "claim": item["claim"], "decision": decision} | more
    return client.post(DECISIONS, json=body)


def test_the_queue_holds_what_was_refused_or_flagged(client: Any, tmp_path: Path) -> None:
    found = client.get(CLAIMS).json()
    with open_ledger(tmp_path / "runs" / "ugly") as ledger:
        (rejected,) = ledger.connection.execute(
            "SELECT COUNT(*) FROM verdicts WHERE NOT accepted"
        ).fetchone()
    assert found["total"] == len(found["claims"]) == rejected > 0
    assert {one["accepted"] for one in found["claims"]} == {False}
    narrowed = client.get(CLAIMS, params={"rule": "N201", "q": "MORE than"}).json()
    assert narrowed["total"] == 2
    assert {tuple(one["rules"]) for one in narrowed["claims"]} == {("N201",)}
    assert client.get(CLAIMS, params={"kind": "flagged"}).json()["total"] == 0
    later = client.get(CLAIMS, params={"offset": "3"}).json()
    assert later["claims"] == found["claims"][3:]


def test_a_flagged_claim_is_in_it_and_needs_a_reason_to_be_rejected(
    client: Any, tmp_path: Path
) -> None:
    connection = sqlite3.connect(tmp_path / "runs" / "ugly" / "ledger.sqlite")
    document, n = connection.execute(
        "SELECT document, n FROM verdicts WHERE accepted LIMIT 1"
    ).fetchone()
    connection.execute(
        "INSERT INTO findings VALUES (?, ?, 0, 'A603', 'warning', 'claimant', 'nobody', 1, 2, '')",
        (document, n),
    )
    connection.commit()
    connection.close()
    item = _first(client, kind="flagged")
    assert (item["document"], item["claim"], item["accepted"]) == (document, n, True)
    assert _decide(client, item, "reject").status_code == 422
    assert _decide(client, item, "accept").status_code == 200


def test_a_decision_never_touches_the_ledger(client: Any, tmp_path: Path) -> None:
    run = tmp_path / "runs" / "ugly"
    before = _dump(run)
    files = {path.name: path.read_bytes() for path in run.glob("*.jsonl")}
    item = _first(client)
    assert _decide(client, item, "accept").json()["type"].endswith(":reason")
    assert _decide(client, item, "accept", reason=" \n ").status_code == 422
    kept = _decide(client, item, "accept", reason="It stands in the table.", reviewer="Ada")
    assert kept.status_code == 200
    assert (kept.json()["reviewer"], kept.json()["choice"]) == ("Ada", "accept")
    assert _dump(run) == before
    assert {path.name: path.read_bytes() for path in run.glob("*.jsonl")} == files
    assert _first(client)["decision"] == "accept"
    assert client.get(CLAIMS, params={"state": "open"}).json()["total"] == 7
    assert client.get("/v1/review/runs").json()["runs"][0]["decided"] == 1


def test_nobody_overwrites_what_they_have_not_seen(client: Any, tmp_path: Path) -> None:
    item = _first(client)
    first = _decide(client, item, "reject", reviewer="Ada").json()
    assert _decide(client, item, "accept", reason="no", reviewer="Bob").status_code == 409
    again = _decide(client, item, "open", reviewer="Bob", seen=first["n"])
    assert again.status_code == 200
    assert _first(client)["decision"] is None
    history = sqlite3.connect(tmp_path / "runs" / "ugly" / REVIEWS)
    rows = history.execute("SELECT reviewer, choice FROM decisions ORDER BY n").fetchall()
    history.close()
    assert rows == [("Ada", "reject"), ("Bob", "open")]


def test_with_a_key_the_key_signs(client_of: Any, tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    ugly_run(tmp_path / "runs")
    key, line = new_key("ada")
    client = client_of(keys=KeyRing.parse([line], "k"))
    client.headers["authorization"] = f"Bearer {key}"
    kept = _decide(client, _first(client), "reject", reviewer="somebody else")
    assert kept.json()["reviewer"] == "ada"


def test_the_reviewed_table(client: Any) -> None:
    items = client.get(CLAIMS).json()["claims"]
    _decide(client, items[0], "accept", reason="=HYPERLINK(1)", reviewer="Ada")
    _decide(client, items[1], "reject", reviewer="Ada")
    kept = _decide(client, items[2], "reject", reviewer="Ada").json()
    _decide(client, items[2], "open", reviewer="Ada", seen=kept["n"])
    export = "/v1/review/runs/ugly/export"
    rows = [json.loads(line) for line in client.get(export, params={"form": "jsonl"}).iter_lines()]
    decided = {(row["document"], row["claim"]): row for row in rows if row["decision"]}
    assert len(decided) == 2
    for item, outcome in zip(items[:2], (True, False), strict=True):
        row = decided[item["document"], item["claim"]]
        assert row["accepted"] is False
        assert row["accepted_after_review"] is outcome
    assert all(
        row["accepted_after_review"] == row["accepted"] for row in rows if not row["decision"]
    )
    answer = client.get(export, params={"only_decided": "true"})
    assert "attachment" in answer.headers["content-disposition"]
    table = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["reason"] for row in table] == ["'=HYPERLINK(1)", ""]  # no formula


def test_the_numbers_of_the_export_are_those_of_the_ledger(client: Any, tmp_path: Path) -> None:
    rows = [
        json.loads(line)
        for line in client.get("/v1/review/runs/ugly/export?form=jsonl").iter_lines()
    ]
    with open_ledger(tmp_path / "runs" / "ugly") as ledger:
        wanted = ledger.connection.execute(
            "SELECT v.document, v.n, v.accepted FROM verdicts v JOIN documents d "
            "ON d.id = v.document ORDER BY d.number, v.n"
        ).fetchall()
    assert [(row["document"], row["claim"], row["accepted"]) for row in rows] == wanted


def test_a_run_that_cannot_be_read_costs_no_other(client: Any, tmp_path: Path) -> None:
    for name, content in (("empty", b""), ("garbage", b"no database at all" * 500)):
        (tmp_path / "runs" / name).mkdir()
        (tmp_path / "runs" / name / "ledger.sqlite").write_bytes(content)
    found = {one["run"]: one for one in client.get("/v1/review/runs").json()["runs"]}
    assert found["ugly"]["rejected"] == 8
    for name in ("empty", "garbage"):
        assert "ledger.sqlite" in found[name]["error"]
        assert client.get(f"/v1/review/runs/{name}/claims").status_code == 422


def test_hostile_names_are_data(client: Any) -> None:
    found = client.get("/v1/review/runs/ugly/document", params={"document": HOSTILE_ID})
    assert found.status_code == 200
    assert "\u202e" not in found.json()["name"]
    assert found.headers["content-type"] == "application/json"


def test_a_name_leads_nowhere_else(tmp_path: Path) -> None:
    runs, other = tmp_path / "runs", tmp_path / "other"
    for folder in (runs, other):
        folder.mkdir()
    ugly_run(other)
    (runs / "link").symlink_to(other / "ugly")
    assert run_names(runs) == []
    for name in ("link", "../other/ugly", str(other / "ugly"), "", ".", ".."):
        assert run_folder(runs, name) is None


def test_the_page_may_run_nothing_but_its_own(client: Any) -> None:
    page = client.get("/review")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script>" not in page.text
    assert " style=" not in page.text
    assert "http://" not in page.text + client.get("/review/page.js").text
    assert "innerHTML" not in client.get("/review/page.js").text
