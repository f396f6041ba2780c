"""Seats that parties win in an election, with their share of the votes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from extractor import Claim, Document, Evidence, NameInText, NumberInQuote, UnitOf, own_rule


class PartyResult(BaseModel):
    """The seats that a party wins, with its share of the votes and the seats that it had before."""

    evidence: Annotated[str, Evidence()]
    seats: Annotated[int, NumberInQuote(), UnitOf("seats", "seat")]
    before: Annotated[
        int | None, NumberInQuote(cues=["from", "down from", "up from"]), UnitOf("seats", "count")
    ] = Field(None, description="the seats that it had before")
    share: Annotated[Decimal | None, NumberInQuote(), UnitOf("%")] = Field(
        None, description="its share of the votes"
    )
    party: Annotated[str, NameInText()] = Field(description="whose seats they are")


@own_rule(PartyResult, "PR101")
def a_share_is_no_more_than_all_votes(
    claim: Claim,
    document: Document,  # noqa: ARG001 - a rule is given both
) -> Iterator[tuple[str, str]]:
    """A share of the votes is 100 per cent at most."""
    share = claim.field("share")
    if share is not None and share.value is not None and share.value > 100:
        yield "share", f"{share.text} is more than all votes"
