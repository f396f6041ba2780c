"""Two runs on one gold: by how much one is better, and whether that is shown at all.

The documents are drawn again, with replacement, and both runs scored on each draw (paired
bootstrap; Efron and Tibshirani, An Introduction to the Bootstrap, 1993): claims of one document are
wrong together, so that documents are drawn and not claims.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractor.batch.gold_scoring import Score

_DRAWS = 2_000
_SEED = 20_221  # the same two runs always give the same interval
_SHARE = 0.95
_FEW = 10  # documents, below which an interval says little


@dataclass(frozen=True, slots=True)
class Difference:
    """An F1 of this run and of the other one, and the interval in which the difference lies.

    `low` and `high` bound the middle 95 % of the draws of this run's F1 less the other's.
    """

    name: str
    this: float
    other: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """What is shown: "better", "worse", or "no difference shown"."""
        if self.low > 0:
            return "better"
        return "worse" if self.high < 0 else "no difference shown"

    def told(self) -> str:
        """The difference on one line."""
        return (
            f"{self.name} F1 {self.this:.3f}, other {self.other:.3f}: "
            f"{self.this - self.other:+.3f} ({self.low:+.3f} to {self.high:+.3f}), {self.verdict}"
        )

    def to_json(self) -> dict[str, Any]:
        """The difference as plain JSON values."""
        return {
            "this": round(self.this, 4),
            "other": round(self.other, 4),
            "difference": round(self.this - self.other, 4),
            "low": round(self.low, 4),
            "high": round(self.high, 4),
            "verdict": self.verdict,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences of two runs over the documents that both of them have."""

    documents: int
    number: Difference
    full: Difference

    def lines(self) -> list[str]:
        """The comparison for a person."""
        few = f"; fewer than {_FEW}, so the interval is rough" if self.documents < _FEW else ""
        head = f"against the other run, over {self.documents} documents{few}:"
        return [head, *(f"  {one.told()}" for one in (self.number, self.full))]

    def to_json(self) -> dict[str, Any]:
        """The comparison as plain JSON values."""
        return {
            "documents": self.documents,
            "number": self.number.to_json(),
            "full": self.full.to_json(),
        }


def compare(this: Mapping[str, Score], other: Mapping[str, Score]) -> Comparison:
    """Compare two runs by their scores of each document; what only one of them has is left out."""
    shared = sorted(this.keys() & other.keys())
    pairs = [(_counts(this[name]), _counts(other[name])) for name in shared]
    return Comparison(
        len(shared), _difference("number", pairs, hits=0), _difference("full", pairs, hits=1)
    )


_Counts = tuple[int, int, int]


def _counts(score: Score) -> _Counts:
    """Claims found, of those with all fields right, and what an F1 is of: predicted and core."""
    return score.found, score.full, score.predicted + score.core


def _difference(name: str, pairs: Sequence[tuple[_Counts, _Counts]], *, hits: int) -> Difference:
    mine = [one[hits] for one, _ in pairs]
    theirs = [other[hits] for _, other in pairs]
    all_mine, all_theirs = [one[2] for one, _ in pairs], [other[2] for _, other in pairs]

    def f1s(places: Sequence[int]) -> tuple[float, float]:
        return (
            _f1(sum(mine[at] for at in places), sum(all_mine[at] for at in places)),
            _f1(sum(theirs[at] for at in places), sum(all_theirs[at] for at in places)),
        )

    every = range(len(pairs))
    this, other = f1s(every)
    chance = random.Random(_SEED)  # noqa: S311 - a draw, no secret
    draws = sorted(
        first - second
        for first, second in (
            f1s(chance.choices(every, k=len(pairs))) for _ in range(_DRAWS if pairs else 0)
        )
    ) or [0.0]
    edge = int((1 - _SHARE) / 2 * len(draws))
    return Difference(name, this, other, draws[edge], draws[-1 - edge])


def _f1(hits: int, of: int) -> float:
    return 2 * hits / of if of else 0.0
