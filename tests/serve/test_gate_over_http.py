"""`/v1/verify` and `/v1/numbers` say what the library says, however often they are asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extractor import Document, verify
from extractor.claims.records import verdict_record
from extractor.serve import Limits
from extractor.serve.judging import Judging, KnownDocument, KnownDocuments

TEXT = "Russia said 498 of its troops have been killed and 1,597 wounded. Cafés: 12."
CANDIDATES: list[Any] = [
    {"quote": "498 of its troops", "value": "498", "event": "killed", "claimant": "Russia"},
    {"quote": "498 of its troops", "value": "489"},
    {"quote": "498 of its troops", "value": "498", "event": "killed", "claimant": "Russia"},
    {"quote": "Cafés: 12", "value": 12},
    {"nothing": [1, {"of": "it"}]},
    7,
    None,
]


@pytest.mark.parametrize("rules", [None, ["E", "h"]])
@pytest.mark.parametrize("strict", [False, True])
def test_verdicts_are_those_of_the_library(client_of: Any, rules: Any, strict: bool) -> None:
    client = client_of()
    body = {
        "document": {"id": "d", "text": TEXT},
        "candidates": CANDIDATES,
        "rules": rules,
        "strict": strict,
    }
    upper = None if rules is None else [one.upper() for one in rules]
    wanted = [
        verdict_record(verdict, "d")
        for verdict in verify(Document(text=TEXT, id="d"), CANDIDATES, rules=upper, strict=strict)
    ]
    for _ in range(3):  # judged, then remembered
        answer = client.post("/v1/verify", json=body)
        assert answer.status_code == 200
        assert answer.json()["verdicts"] == wanted
    accepted = sum(one["accepted"] for one in wanted)
    assert (answer.json()["accepted"], answer.json()["rejected"]) == (accepted, 7 - accepted)


def test_every_seed_claim_is_judged_as_by_the_library(client_of: Any, seeds: Path) -> None:
    client = client_of()
    gold = json.loads((seeds.parent / "tests/data/gold_seeds.json").read_text())["claims"]
    fields = "quote value low high qualifier unit counted event claimant place when modality"
    for path in sorted(seeds.glob("*.txt")):
        document = Document.from_path(path)
        claims = [
            {name: one[name] for name in fields.split() if one.get(name) is not None}
            for one in gold
            if one["doc"] == document.id
        ]
        body = {"document": {"id": document.id, "text": document.text}, "candidates": claims}
        wanted = [verdict_record(one, document.id) for one in verify(document, claims)]
        for _ in range(2):
            assert client.post("/v1/verify", json=body).json()["verdicts"] == wanted


def test_a_figure_is_judged_as_it_was_written(client_of: Any) -> None:
    body = (
        b'{"document": {"text": "It cost 0.1000000000000000055 dollars."}, '
        b'"candidates": [{"quote": "cost 0.1000000000000000055", "value": 0.1}, '
        b'{"quote": "cost 0.1000000000000000055", "value": 0.1000000000000000055}]}'
    )
    headers = {"content-type": "application/json"}
    answer = client_of().post("/v1/verify", content=body, headers=headers).json()
    assert [one["accepted"] for one in answer["verdicts"]] == [False, True]


def test_spans_are_characters_and_surrogates_are_taken(client_of: Any) -> None:
    text = "\U0001f6a2 \ud800 lost 40 men."
    body = {"document": {"text": text}, "candidates": [{"quote": "lost 40 men", "value": "40"}]}
    answer = client_of().post(
        "/v1/verify", content=json.dumps(body), headers={"content-type": "application/json"}
    )
    (verdict,) = answer.json()["verdicts"]
    start, end = verdict["claim"]["quote_span"]
    assert text[start:end] == "lost 40 men"


def test_numbers_are_those_of_the_command(client_of: Any) -> None:
    body = {"document": {"text": "almost 10,000 soldiers in 2022"}, "explain": True}
    answer = client_of().post("/v1/numbers", json=body).json()
    assert [(one["text"], one["high"]) for one in answer["numbers"]] == [("almost 10,000", "10000")]
    assert [one["masked"] for one in answer["masked"]] == ["year"]


def test_too_many_candidates_and_unknown_rules_are_problems(client_of: Any) -> None:
    client = client_of(limits=Limits(candidates=2))
    body: dict[str, Any] = {"document": {"text": "1"}, "candidates": [1, 2, 3]}
    assert client.post("/v1/verify", json=body).status_code == 413
    body = {"document": {"text": "1"}, "candidates": [1], "rules": ["Z999"]}
    assert client.post("/v1/verify", json=body).status_code == 422


def test_what_takes_too_long_is_told_and_the_service_goes_on(client_of: Any, seeds: Path) -> None:
    client = client_of(limits=Limits(judging_seconds=0.0))
    text = (seeds / "000_fffeef1d6210826a.txt").read_text()
    answer = client.post("/v1/verify", json={"document": {"text": text}, "candidates": CANDIDATES})
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert client.get("/healthz").status_code == 200


def test_what_is_kept_of_documents_is_bounded() -> None:
    kept = KnownDocuments(most=100_000)
    for number in range(50):
        known = kept.take(Document(text=f"{number} men " * 20, id=str(number)))
        Judging([{"quote": "men", "value": str(number)}], None, strict=False).records(known)
        kept.give_back(known)
    assert 0 < kept._cost <= 100_000
    assert kept._cost == sum(one.cost for one in kept._kept.values())
    assert len(kept._kept) < 50
    assert "49" in [name for name, _ in kept._kept]


def test_a_document_that_was_judged_too_often_is_read_anew() -> None:
    kept = KnownDocuments()
    known = KnownDocument.of(Document(text="7 men", id="d"))
    many = [{"quote": "7 men", "value": str(number)} for number in range(5_001)]
    Judging(many, None, strict=False).records(known)
    kept.give_back(known)
    assert kept.take(known.source.document) is not known


def test_one_at_a_time_has_a_document() -> None:
    kept = KnownDocuments()
    document = Document(text="7 men", id="d")
    first, second = kept.take(document), kept.take(document)
    assert first is not second
    kept.give_back(first)
    kept.give_back(second)
    assert kept.take(document) is first
