"""A ceiling on what a run may spend: the worst case of each call is set aside before it is made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from threading import Condition
from typing import Any, Self

from extractor.batch.stopping import Stopping
from extractor.claims import Attempt, Usage, count_unmetered, total_usage
from extractor.errors import ExtractorError, InputError
from extractor.model import ModelRequest
from extractor.model.prices import Price, cost_of

_BYTES_A_TOKEN = 2  # of UTF-8 at worst, in news text; four are usual
_TOKENS = re.compile(r"(\d[\d_,.]*)\s*(k|m)?\s*tok(?:en)?s?\Z", re.IGNORECASE)
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000}


class BudgetReachedError(ExtractorError):
    """The next call could cost more than is left of the budget."""

    exit_code = 4


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What a run may cost at most, in tokens (read and written together) or in money.

    >>> Ceiling.parse("200k tokens")
    Ceiling(amount=Decimal('200000'), in_tokens=True)
    >>> Ceiling.parse("2.50")
    Ceiling(amount=Decimal('2.50'), in_tokens=False)
    """

    amount: Decimal
    in_tokens: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """What a user types: `5` is money in the price's currency, `200k tokens` are tokens.

        Raises InputError where it is neither, or not above 0.
        """
        tokens = _TOKENS.match(text.strip())
        digits = tokens[1].replace(",", "").replace("_", "") if tokens else text.strip()
        try:
            amount = Decimal(digits) * (_TIMES[(tokens[2] or "").lower()] if tokens else 1)
        except InvalidOperation:
            amount = Decimal(0)
        if not amount.is_finite() or amount <= 0:
            raise InputError(
                f"--budget {text[:40]!r}: give an amount of money (5, 2.50) or of tokens "
                "('200000 tokens', '2M tokens')."
            )
        return cls(amount, tokens is not None)

    def told(self, price: Price | None) -> str:
        """The ceiling, for a person."""
        if self.in_tokens:
            return f"{int(self.amount):,} tokens"
        return f"{self.amount} {price.currency if price else ''}".strip()


class Budget:
    """Admits calls as long as the worst case of all that are under way stays below the ceiling.

    `spent` is what the run cost before. Without a ceiling everything is admitted. A call whose
    tokens nobody tells is taken to have cost its worst case. Raises InputError for a ceiling in
    money where the price is not known.
    """

    def __init__(self, ceiling: Ceiling | None, price: Price | None, spent: Usage) -> None:
        if ceiling is not None and not ceiling.in_tokens and price is None:
            raise InputError(
                "--budget is in money, but the price of this model is not known: give prices with "
                "--prices, or a budget in tokens ('200000 tokens')."
            )
        self._ceiling = ceiling
        self._price = price
        self._changed = Condition()
        self._spent = self._worth(spent)
        self._reserved = Decimal(0)

    def admit(self, request: ModelRequest[Any], stopping: Stopping) -> Decimal:
        """Set the worst case of a call aside, and return it for `settle`.

        Where it does not fit, calls under way may cost less than was set aside for them: so it
        waits for those. Raises BudgetReachedError when there are none, and what `stopping` raises.
        """
        if self._ceiling is None:
            return Decimal(0)
        worst = self._worth(worst_case(request))
        with self._changed:
            while self._spent + self._reserved + worst > self._ceiling.amount:
                if not self._reserved:
                    raise BudgetReachedError(
                        f"The budget of {self._ceiling.told(self._price)} is reached: "
                        f"{self._amount(self._spent)} spent, and the next call may cost "
                        f"{self._amount(worst)}."
                    )
                self._changed.wait(0.1)
                stopping.raise_if_stopped()
            self._reserved += worst
        return worst

    def take(self, request: ModelRequest[Any]) -> bool:
        """Set the worst case of a request aside for good; False, and nothing, if it does not fit.

        For requests that are only sent off now, and cost what they cost later.
        """
        if self._ceiling is None:
            return True
        worst = self._worth(worst_case(request))
        with self._changed:
            fits = self._spent + self._reserved + worst <= self._ceiling.amount
            self._reserved += worst if fits else 0
        return fits

    def settle(self, reserved: Decimal, attempts: tuple[Attempt, ...]) -> None:
        """A call has ended: what it cost takes the place of what was set aside."""
        if self._ceiling is None:
            return
        cost = self._worth(total_usage(attempts)) + reserved * count_unmetered(attempts)
        with self._changed:
            self._reserved -= reserved
            self._spent += cost
            self._changed.notify_all()

    def _worth(self, usage: Usage) -> Decimal:
        if self._ceiling is None:
            return Decimal(0)
        if self._ceiling.in_tokens:
            return Decimal(usage.prompt_tokens + usage.completion_tokens)
        return cost_of(usage, self._price) or Decimal(0)

    def _amount(self, worth: Decimal) -> str:
        assert self._ceiling is not None  # noqa: S101 - only then is anything told
        return Ceiling(worth, self._ceiling.in_tokens).told(self._price)


def worst_case(request: ModelRequest[Any]) -> Usage:
    """The tokens that a call may take at most, by the size of what it sends."""
    messages = (*request.messages, *request.turns)
    size = sum(len(one.content.encode("utf-8", "surrogatepass")) for one in messages)
    schema = len(str(request.tool.narrowed or "")) or 4_000  # the static one is well below
    return Usage((size + schema) // _BYTES_A_TOKEN, request.max_tokens)
