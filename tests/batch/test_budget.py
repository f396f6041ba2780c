"""A budget is never overspent: the worst case of all calls in flight fits below it."""

from __future__ import annotations

from decimal import Decimal
from threading import Thread
from time import sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from extractor.batch.budget import Budget, BudgetReachedError, Ceiling
from extractor.batch.stopping import Stopping
from extractor.claims import Attempt, Usage
from extractor.errors import InputError
from extractor.model import Message, ModelRequest, ToolSpec
from extractor.model.prices import Price

PRICE = Price(Decimal(1), Decimal("0.1"), Decimal(10))


class Answer(BaseModel):
    event: str


def request(characters: int, most: int = 50) -> ModelRequest[Answer]:
    tool = ToolSpec("answer", "", Answer, narrowed={"a": 1})
    return ModelRequest((Message("user", "x" * characters),), tool, "d:0-1", most)


def answered(tokens_in: int, tokens_out: int) -> tuple[Attempt, ...]:
    return (Attempt("ok", 1.0, Usage(tokens_in, tokens_out)),)


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 99)), max_size=20))
def test_what_is_admitted_stays_below_the_ceiling(calls: list[tuple[int, int]]) -> None:
    budget, spent = Budget(Ceiling(Decimal(3000), in_tokens=True), None, Usage(100, 0)), 100
    for characters, share in calls:
        asked = request(characters)
        try:
            reserved = budget.admit(asked, Stopping())
        except BudgetReachedError:
            break
        # an endpoint charges no more than a token for two bytes of what it was sent
        tokens_in, tokens_out = characters // 2, asked.max_tokens * share // 100
        budget.settle(reserved, answered(tokens_in, tokens_out))
        spent += tokens_in + tokens_out
    assert spent <= 3000


def test_it_waits_for_calls_in_flight_that_may_cost_less() -> None:
    budget = Budget(Ceiling(Decimal(1100), in_tokens=True), None, Usage())
    first = budget.admit(request(1800), Stopping())
    second: list[Decimal] = []
    thread = Thread(target=lambda: second.append(budget.admit(request(1800), Stopping())))
    thread.start()
    sleep(0.05)
    assert second == []
    budget.settle(first, answered(100, 10))
    thread.join(10)
    assert len(second) == 1


def test_attempts_that_nobody_counts_cost_their_worst() -> None:
    budget = Budget(Ceiling(Decimal(1500), in_tokens=True), None, Usage())
    budget.settle(budget.admit(request(1800), Stopping()), (Attempt("timeout", 1.0),))
    with pytest.raises(BudgetReachedError, match=r"1,500 tokens is reached: 95\d tokens spent"):
        budget.admit(request(1800), Stopping())


def test_money_needs_a_price() -> None:
    with pytest.raises(InputError, match="the price of this model is not known"):
        Budget(Ceiling.parse("5"), None, Usage())
    budget = Budget(Ceiling.parse("0.001"), PRICE, Usage())
    with pytest.raises(BudgetReachedError, match=r"The budget of 0\.001 USD is reached: 0 USD"):
        budget.admit(request(1800), Stopping())


@pytest.mark.parametrize("text", ["", "0", "-5", "five", "nan", "inf", "tokens", "5 dollars"])
def test_what_is_no_budget(text: str) -> None:
    with pytest.raises(InputError, match="give an amount"):
        Ceiling.parse(text)


def test_amounts_of_tokens() -> None:
    for text in ("200000 tokens", "200,000 tokens", "200k tokens", "0.2M tok", "200_000 token"):
        assert Ceiling.parse(text) == Ceiling(Decimal(200_000), in_tokens=True)
