"""What a run cost: calls, attempts and tokens added up, and the price put on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from extractor.claims import CallRecord, Usage
from extractor.claims.records import Record, plain, usage_record
from extractor.model.prices import Price, cost_of


@dataclass(frozen=True, slots=True)
class Spending:
    """The calls of a run, added up.

    `failed` counts the attempts that came to nothing, by outcome. `unmetered` attempts may have
    cost tokens that are not in `usage`: above 0, `usage` and `cost` are lower bounds. `price` is
    None where it is not known.
    """

    usage: Usage
    calls: int
    attempts: int
    failed: Mapping[str, int]
    unmetered: int
    price: Price | None

    @property
    def cost(self) -> Decimal | None:
        """In the price's currency; None where there is no price."""
        return cost_of(self.usage, self.price)

    @property
    def is_complete(self) -> bool:
        """Whether every token that may have been charged was counted."""
        # what costs nothing costs nothing uncounted too, but its tokens are still not all told
        return self.unmetered == 0

    def to_json(self) -> Record:
        """The `usage` block of run.json: plain JSON values, amounts as strings."""
        price = self.price
        return {
            "calls": self.calls,
            "attempts": self.attempts,
            "failed_attempts": dict(sorted(self.failed.items())),
            **(usage_record(self.usage) or {}),
            "unmetered": self.unmetered,
            "usage_complete": self.is_complete,
            "cost": plain(self.cost),
            "currency": price.currency if price else None,
            "price": None if price is None else _price_record(price),
        }


def add_up(calls: Iterable[CallRecord], price: Price | None) -> Spending:
    """The spending of these calls, all asked of one model at one price; they are read once."""
    usage, count, attempts, unmetered = Usage(), 0, 0, 0
    failed: Counter[str] = Counter()
    for call in calls:
        usage += call.usage
        count += 1
        attempts += len(call.attempts)
        unmetered += call.unmetered
        failed.update(one.outcome for one in call.attempts if one.outcome != "ok")
    return Spending(usage, count, attempts, failed, unmetered, price)


def _price_record(price: Price) -> Record:
    halved = {"halved": "batch files"} if price.is_halved else {}
    return {
        "input": plain(price.input),
        "cached_input": plain(price.cached_input),
        "output": plain(price.output),
        "per_tokens": 1_000_000,
        "as_of": price.as_of,
        "source": price.source,
        **halved,
    }
