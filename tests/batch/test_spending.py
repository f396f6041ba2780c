"""What a run adds up: tokens of every attempt, and which of them nobody counted."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from runs_in_process import Outcome, run_over

from extractor.batch.runner import RunPlan
from extractor.batch.spending import add_up
from extractor.claims import Attempt, CallRecord, Usage, count_unmetered
from extractor.extraction import AskingPolicy
from extractor.model import ScriptedModel, UnavailableError
from extractor.model.prices import Price

PRICE = Price(Decimal(1), Decimal("0.1"), Decimal(10), as_of="2026-11-02", source="ours")
ANSWER = {"answers": [{"dismissed": "no claim"}]}


@pytest.mark.parametrize(
    ("attempt", "unmetered"),
    [
        (Attempt("ok", 1, Usage(5, 1)), False),
        (Attempt("truncated", 1, Usage(5, 1)), False),
        (Attempt("timeout", 1, Usage(5, 1)), False),
        (Attempt("ok"), True),
        (Attempt("not_a_completion"), True),
        (Attempt("timeout"), True),
        (Attempt("disconnected"), True),
        (Attempt("cut off"), True),
        (Attempt("too large"), True),
        (Attempt("interrupted"), True),
        (Attempt("unreachable"), False),
        (Attempt("http 429"), False),
        (Attempt("http 503"), False),
        (Attempt("http 401"), False),
    ],
)
def test_what_may_have_been_charged_without_a_count(attempt: Attempt, unmetered: bool) -> None:
    assert attempt.is_unmetered is unmetered
    assert count_unmetered([attempt, attempt]) == 2 * unmetered


def test_failed_attempts_are_added_up_with_the_rest() -> None:
    first = (Attempt("http 429"), Attempt("http 429"), Attempt("ok", 1, Usage(1000, 100, 500)))
    second = (Attempt("truncated", 1, Usage(1000, 200)),)
    spent = add_up([CallRecord(0, 9, 0, first), CallRecord(9, 12, 1, second)], PRICE)
    assert spent.to_json() == {
        "calls": 2,
        "attempts": 4,
        "failed_attempts": {"http 429": 2, "truncated": 1},
        "prompt_tokens": 2000,
        "cached_tokens": 500,
        "completion_tokens": 300,
        "unmetered": 0,
        "usage_complete": True,
        "cost": "0.00455",
        "currency": "USD",
        "price": {
            "input": "1",
            "cached_input": "0.1",
            "output": "10",
            "per_tokens": 1_000_000,
            "as_of": "2026-11-02",
            "source": "ours",
        },
    }


def test_without_a_price_the_cost_is_unknown_and_not_nothing() -> None:
    record = add_up([CallRecord(0, 9, 0, (Attempt("ok", 1, Usage(5, 1)),))], None).to_json()
    assert (record["cost"], record["currency"], record["price"]) == (None, None, None)


def test_an_attempt_without_a_count_makes_a_lower_bound() -> None:
    attempts = (Attempt("timeout", 9), Attempt("ok", 1, Usage(1000, 0)))
    record = add_up([CallRecord(0, 9, 0, attempts)], PRICE).to_json()
    assert (record["unmetered"], record["usage_complete"]) == (1, False)
    assert record["cost"] == "0.001"


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Outcome]:
    docs = tmp_path / "docs"
    docs.mkdir()
    for name, text in (("a", "Orle lost 5 carts."), ("b", "Ames lost 6 boats.\n\nIt has 7 left.")):
        (docs / f"{name}.txt").write_text(text, "utf-8")

    def start(answers: list[Any]) -> Outcome:
        model = ScriptedModel(answers, usage=Usage(10, 2), narrows_schema=False)
        return run_over(tmp_path / "run", docs, model, RunPlan(policy=AskingPolicy(reasks=0)))

    return start


def test_every_call_of_a_run_is_told_once(run: Callable[..., Outcome]) -> None:
    outcome = run([ANSWER] * 3)
    assert [document for document, _ in outcome.calls] == ["a", "b", "b"]
    assert add_up((call for _, call in outcome.calls), PRICE).usage == Usage(30, 6)


def test_what_was_spent_on_a_document_without_a_result_is_told(
    run: Callable[..., Outcome],
) -> None:
    attempts = (Attempt("http 503", 1.0), Attempt("timeout", 2.0))
    failure = UnavailableError("no answer", reason="timeout", attempts=attempts)
    outcome = run([ANSWER, ANSWER, failure])
    assert outcome.named("done") == ["a"]
    assert [document for document, _ in outcome.calls] == ["a", "b", "b"]
    (_, answered), (_, failed) = outcome.calls[1:]
    assert answered.usage == Usage(10, 2)
    assert (failed.attempts, failed.unmetered, failed.turn) == (attempts, 1, 0)
    assert failed.start > answered.start, "its place in the document is told"
