"""`/v1/verify` and `/v1/numbers` say what the library says, however often they are asked."""

from __future__ import annotations

import asyncio
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
        body: dict[str, Any] = {
            "document": {"id": document.id, "text": document.text},
            "candidates": claims,
        }
        wanted = [verdict_record(one, document.id) for one in verify(document, claims)]
        for _ in range(2):
            assert client.post("/v1/verify", json=body).json()["verdicts"] == wanted
        for value in ("7", "498"):  # a document that is known, with a claim that is not
            changed = [*claims, claims[0] | {"value": value}]
            body["candidates"] = changed
            wanted = [verdict_record(one, document.id) for one in verify(document, changed)]
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


async def _judged(kept: KnownDocuments, document: Document, candidates: list[Any]) -> KnownDocument:
    async with kept.lent(document) as known:
        Judging(candidates, None, strict=False).answer(known)
    return known


def test_what_is_kept_of_documents_is_bounded() -> None:
    kept = KnownDocuments(most=100_000)
    documents = [Document(text=f"{number} men " * 20, id=str(number)) for number in range(50)]

    async def ask() -> list[KnownDocument]:
        known = [await _judged(kept, one, [{"quote": "men", "value": "1"}]) for one in documents]
        again = [await _judged(kept, documents[-1], []), await _judged(kept, documents[0], [])]
        assert again[0] is known[-1]
        assert again[1] is not known[0]
        return known

    known = asyncio.run(ask())
    assert 0 < kept.cost <= 100_000
    assert 0 < len(kept) < 50
    assert sum(one.cost for one in known) > 100_000


def test_a_document_that_was_judged_too_often_is_read_anew() -> None:
    kept = KnownDocuments()
    document = Document(text="7 men", id="d")
    many = [{"quote": "7 men", "value": str(number)} for number in range(5_001)]

    async def twice() -> tuple[KnownDocument, KnownDocument]:
        return await _judged(kept, document, many), await _judged(kept, document, [])

    first, second = asyncio.run(twice())
    assert first is not second


def test_one_at_a_time_has_a_document_and_what_failed_is_not_kept() -> None:
    kept = KnownDocuments()
    document = Document(text="7 men", id="d")
    had: list[KnownDocument] = []
    at_it = 0

    async def ask(*, fails: bool) -> None:
        nonlocal at_it
        async with kept.lent(document) as known:
            assert not at_it
            at_it += 1
            await asyncio.sleep(0)
            at_it -= 1
            had.append(known)
            if fails:
                raise TimeoutError

    async def all_of_them() -> None:
        await asyncio.gather(
            *(ask(fails=number == 1) for number in range(4)), return_exceptions=True
        )

    asyncio.run(all_of_them())
    assert had[0] is had[1]
    assert had[1] is not had[2]
    assert had[2] is had[3]
