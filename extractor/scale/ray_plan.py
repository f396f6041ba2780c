"""How the documents of a dataset are divided among actors, and what each of them may do."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.errors import InputError
from extractor.model import RateCeilings


@dataclass(frozen=True, slots=True)
class RayPlan:
    """How the work is divided, and which columns hold it.

    `text_column` holds texts, or their UTF-8 bytes; `id_column` the ids (default: made from the
    texts); `why_column`, of a row without a text, why there is none. `actors` is how many processes
    extract, each on one logical CPU; `concurrency` (calls in flight), `rpm` and `tpm` (calls and
    tokens a minute) are those of all of them together, and each may use its equal part.
    `documents_per_block` is how many are done again at most when the process that has them ends.

    Raises InputError where a part of it would be less than one.
    """

    text_column: str = "text"
    id_column: str | None = None
    why_column: str | None = None
    actors: int = 1
    concurrency: int = 8
    rpm: float | None = None
    tpm: float | None = None
    documents_per_block: int = 25

    def __post_init__(self) -> None:
        if min(self.actors, self.documents_per_block) < 1:
            raise InputError("There is at least one actor, and one document a block.")
        for what, all_of_it in (
            ("calls in flight", self.concurrency),
            ("calls a minute", self.rpm),
            ("tokens a minute", self.tpm),
        ):
            if all_of_it is not None and all_of_it < self.actors:
                raise InputError(
                    f"{all_of_it:g} {what} cannot be divided among {self.actors} actors; allow "
                    "more, or take fewer actors."
                )

    @property
    def ceilings(self) -> RateCeilings:
        """What one actor may do."""
        parts = [None if whole is None else whole / self.actors for whole in (self.rpm, self.tpm)]
        return RateCeilings(self.concurrency // self.actors, *parts)

    @property
    def documents_at_once(self) -> int:
        """How many documents an actor has under way: a quarter more than calls, as a run has."""
        calls = self.ceilings.concurrency
        return calls + calls // 4

    @property
    def blocks_at_once(self) -> int:
        """How many blocks an actor has: one whose last documents are waited for, and others."""
        return 1 + -(-self.documents_at_once // self.documents_per_block)


def actors_for(ceilings: RateCeilings, most: int) -> int:
    """How many actors a rate is divided among: of those that use most of it, the largest number.

    >>> [actors_for(RateCeilings(8), most) for most in (2, 5, 64)]
    [2, 4, 8]
    >>> actors_for(RateCeilings(8, requests_per_minute=3), 64)
    2
    """
    per_minute = (ceilings.requests_per_minute, ceilings.tokens_per_minute)
    least = min(int(each) for each in (ceilings.concurrency, *filter(None, per_minute)))
    counts = range(1, max(1, min(most, least)) + 1)
    return max(counts, key=lambda count: (ceilings.concurrency // count * count, count))
