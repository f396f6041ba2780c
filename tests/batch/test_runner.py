"""What a failing call ends: the passage, the document, or the run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from runs_in_process import Outcome, run_over

from extractor.batch.runner import MOST_UNANSWERED, RunPlan
from extractor.claims import Attempt
from extractor.extraction import AskingPolicy
from extractor.model import (
    CallFailedError,
    ModelRequest,
    ScriptedModel,
    UnavailableError,
    UnusableAnswerError,
)

TRIED = (Attempt("http 503"),)
AWAY = UnavailableError("host fails on its side (503).", reason="server_error", attempts=TRIED)
REFUSED = CallFailedError("host refuses the request (400).", reason="refused")
NO_KEY = CallFailedError("host does not accept the API key (401).", reason="unauthorized")
ODD = UnusableAnswerError("The answer holds no choices.", reason="empty")
FINE = {"answers": [{"quote": "61 sailors died", "counted": "sailors", "event": "died"}]}
BLANK = "no number here"


def run(folder: Path, script: Sequence[Any], texts: Sequence[str] | None = None) -> Outcome:
    """A run over one document an answer (or over `texts`), each with one passage."""
    docs = folder / "docs"
    docs.mkdir()
    several = [f"Last{' long' * n} night 61 sailors died." for n in range(len(script))]
    for place, text in enumerate(texts or several):
        (docs / f"{place}.txt").write_text(text, "utf-8")
    model = ScriptedModel(script, narrows_schema=False)
    outcome = run_over(folder / "run", docs, model, RunPlan(policy=AskingPolicy(reasks=0)))
    assert len(outcome.ended) == len(outcome.documents)
    return outcome


def shape(outcome: Outcome) -> tuple[list[str], list[str], bool]:
    """The documents with claims, those that failed, and whether the run was stopped."""
    return list(outcome.claims), outcome.named("failed"), bool(outcome.stopped_by)


@pytest.mark.parametrize("error", [AWAY, REFUSED])
def test_a_document_without_an_answer_does_not_stop_the_rest(
    tmp_path: Path, error: Exception
) -> None:
    outcome = run(tmp_path, [FINE, error, FINE])
    assert shape(outcome) == (["0", "2"], ["1"], False)
    assert outcome.errors == [str(error)]


def test_the_calls_of_a_document_without_an_answer_are_told_too(tmp_path: Path) -> None:
    outcome = run(tmp_path, [AWAY, FINE, AWAY, FINE])
    attempts = {document: call.attempts for document, call in outcome.calls}
    assert list(attempts) == ["0", "1", "2", "3"]
    assert (attempts["0"], attempts["2"]) == (TRIED, TRIED)


def test_an_answer_that_is_none_costs_its_numbers_only(tmp_path: Path) -> None:
    outcome = run(tmp_path, [FINE, ODD, FINE])
    assert shape(outcome) == (["0", "2"], [], False)
    assert [row["why"] for row in outcome.numbers["1"]] == [str(ODD)]


def test_what_would_meet_every_document_ends_the_run(tmp_path: Path) -> None:
    outcome = run(tmp_path, [FINE, NO_KEY, FINE])
    assert shape(outcome) == (["0"], [], True)
    assert outcome.stopped_by is NO_KEY


@pytest.mark.parametrize("error", [AWAY, REFUSED])
def test_three_documents_without_an_answer_end_the_run(tmp_path: Path, error: Exception) -> None:
    outcome = run(tmp_path, [FINE, *[error] * MOST_UNANSWERED, FINE])
    assert shape(outcome) == (["0"], ["1", "2", "3"], True)
    assert type(outcome.stopped_by) is type(error)
    assert str(outcome.stopped_by) == (
        f"3 documents in a row got no answer, so the run ends here: {error}"
    )
    assert isinstance(outcome.stopped_by, CallFailedError)
    assert outcome.stopped_by.exit_code == 3


@pytest.mark.parametrize("between", [FINE, ODD])
def test_an_answer_in_between_begins_the_count_anew(tmp_path: Path, between: Any) -> None:
    outcome = run(tmp_path, [AWAY, AWAY, between, AWAY, AWAY, FINE])
    assert shape(outcome)[1:] == (["0", "1", "3", "4"], False)


def test_a_document_that_nothing_is_asked_about_does_not(tmp_path: Path) -> None:
    texts = ["61 died.", BLANK, "62 died.", "\ufffe", BLANK, "63 died.", "64 died."]
    outcome = run(tmp_path, [AWAY] * 4, texts)
    assert shape(outcome)[2]
    assert outcome.named("failed") == ["0", "2", "5"]


def test_a_document_that_fails_in_its_midst_gives_nothing_half(tmp_path: Path) -> None:
    def answer(request: ModelRequest[Any]) -> Any:
        return AWAY if "340" in request.messages[-1].content else FINE

    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "0.txt").write_text("Last night 61 sailors died.\n\nToday 340 were hurt.", "utf-8")
    model = ScriptedModel(answer, narrows_schema=False)
    outcome = run_over(tmp_path / "run", docs, model)
    assert len(model.requests) == 2
    assert shape(outcome) == ([], ["0"], False)


def test_documents_at_once_give_the_same(tmp_path: Path) -> None:
    """Eight wait for each other in their calls, so that all of them must be under way."""
    together = Barrier(8)

    def answer(request: ModelRequest[Any]) -> Any:
        together.wait(timeout=30)
        number = request.messages[-1].content.split("Numbers: 1) ")[1]
        if number == "64":
            raise AWAY
        quote = {"quote": f"{number} sailors died", "counted": "sailors", "event": "died"}
        return {"answers": [{"id": 1, **quote}]}

    docs = tmp_path / "docs"
    docs.mkdir()
    for place in range(24):
        text = f"Last night {60 + place} sailors died."
        (docs / f"{place:02}.txt").write_text(text, "utf-8")
    model = ScriptedModel(answer, narrows_schema=False)
    outcome = run_over(tmp_path / "run", docs, model, RunPlan(concurrency=8))
    names = [f"{place:02}" for place in range(24) if place != 4]
    assert [claims[0]["number"] for claims in outcome.claims.values()] == [
        str(60 + int(name)) for name in names
    ]
    assert shape(outcome) == (names, ["04"], False)
    assert len(outcome.ended) == 24
