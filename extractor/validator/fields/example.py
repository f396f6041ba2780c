"""The schema in which the rules of fields are shown."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from pydantic import BaseModel


@lru_cache(maxsize=1)
def example_schema() -> type[BaseModel]:
    """Seats of a party, with its share of the votes; made when it is asked for, with pydantic."""
    from decimal import Decimal

    from pydantic import BaseModel

    from extractor.claims.markers import (
        DateInText,
        EventOf,
        Evidence,
        NameInText,
        NumberInQuote,
        OneOf,
        UnitOf,
    )

    class PartyResult(BaseModel):
        """What a party won in an election."""

        evidence: Annotated[str, Evidence()]
        seats: Annotated[int, NumberInQuote(), UnitOf("seats")]
        share: Annotated[Decimal | None, NumberInQuote(), UnitOf("%")] = None
        party: Annotated[str | None, NameInText()] = None
        chamber: Annotated[str | None, OneOf("senate", "assembly")] = None
        outcome: Annotated[str | None, EventOf({"won": ["won"], "lost": ["lost"]})] = None
        day: Annotated[str | None, DateInText()] = None

    # the names above are this function's own, and pydantic looks for them in the module
    PartyResult.model_rebuild(_types_namespace=locals())
    return PartyResult
