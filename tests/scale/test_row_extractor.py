"""What an actor makes of documents: rows, and an end where every document would meet the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from batch_server import Answer, BatchServer, Err, explained

from extractor.errors import InputError, ModelError
from extractor.extraction import AskingPolicy, prompt_for
from extractor.model import (
    ModelChoice,
    ModelRequest,
    RateCeilings,
    ScriptedModel,
    UnavailableError,
)
from extractor.scale import row_extractor
from extractor.scale.ray_plan import RayPlan
from extractor.scale.row_extractor import Asked, RowExtractor
from extractor.text import Document

from .ray_rows import scripted

Rows = Callable[[Answer], RowExtractor]


@pytest.fixture
def rows_of(serve: Callable[..., BatchServer]) -> Iterator[Rows]:
    with ExitStack() as stack:
        yield lambda answer: stack.enter_context(_of(serve(answer)))


def _of(server: BatchServer) -> RowExtractor:
    policy = AskingPolicy()
    asked = Asked(ModelChoice("m", server.url), prompt_for(policy), policy)
    return RowExtractor(asked, RateCeilings(2))


def test_a_document_becomes_a_row_with_its_calls(rows_of: Rows) -> None:
    row = rows_of(explained).row(Document(text="Some 12 boats sank.", id="a"))
    assert (row["state"], row["document"], len(row["accepted"])) == ("done", "a", 1)
    assert len(row["calls"]) == 1
    assert row["prompt_tokens"] > 0
    assert row["error"] is None


def test_a_document_that_is_refused_is_a_row_and_others_go_on(
    rows_of: Rows,
) -> None:
    rows = rows_of(lambda body: Err(400) if "77 boats" in str(body) else explained(body))
    refused = rows.row(Document(text="Some 77 boats sank.", id="a"))
    assert (refused["state"], refused["reason"]) == ("failed", "refused")
    assert refused["accepted"] == refused["numbers"] == []
    assert len(refused["calls"]) == 1
    assert rows.row(Document(text="Some 12 boats sank.", id="b"))["state"] == "done"


def test_however_many_are_refused_the_others_go_on(rows_of: Rows) -> None:
    rows = rows_of(lambda body: Err(400) if "boats" in str(body) else explained(body))
    states = [
        rows.row(Document(text=f"Some {n} {things} burned.", id=str(n)))["state"]
        for n, things in enumerate(["boats"] * 5 + ["huts"], 60)
    ]
    assert states == ["failed"] * 5 + ["done"]


def test_three_in_a_row_without_an_answer_end_it(
    rows_of: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(request: ModelRequest[Any]) -> Any:
        asked = request.messages[-1].content
        return UnavailableError("away", reason="timeout") if "boats" in asked else scripted(request)

    model = ScriptedModel(answer, narrows_schema=False)
    monkeypatch.setattr(row_extractor, "open_any_model", lambda *_, **__: model)
    rows = rows_of(explained)
    documents = [Document(text=f"Some {n} boats sank.", id=str(n)) for n in range(60, 65)]
    assert rows.row(documents[0])["reason"] == "timeout"
    assert rows.row(documents[1])["state"] == "failed"
    assert rows.row(Document(text="Some 12 huts burned."))["state"] == "done"
    assert rows.row(documents[2])["state"] == "failed"
    assert rows.row(documents[3])["state"] == "failed"
    with pytest.raises(ModelError, match="3 documents in a row got no answer"):
        rows.row(documents[4])


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_every_document_would_meet_is_raised(rows_of: Rows, status: int) -> None:
    rows = rows_of(lambda _: Err(status))
    with pytest.raises(ModelError) as raised:
        rows.row(Document(text="Some 12 boats sank."))
    assert type(raised.value) is ModelError  # others could not travel from an actor


def test_the_rate_is_divided_among_actors() -> None:
    plan = RayPlan(actors=4, concurrency=64, rpm=600, tpm=100_000)
    assert plan.ceilings == RateCeilings(16, 150, 25_000)
    assert plan.documents_at_once == 20
    assert plan.blocks_at_once == 2


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"actors": 9}, "8 calls in flight cannot be divided among 9 actors"),
        ({"actors": 2, "rpm": 1}, "1 calls a minute"),
        ({"actors": 2, "tpm": 1}, "1 tokens a minute"),
        ({"actors": 0}, "at least one actor"),
        ({"documents_per_block": 0}, "at least one actor, and one document a block"),
    ],
)
def test_what_cannot_be_divided_is_refused(given: dict[str, int], what: str) -> None:
    with pytest.raises(InputError, match=what):
        RayPlan(**given)  # type: ignore[arg-type]
