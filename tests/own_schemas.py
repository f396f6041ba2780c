"""Schemas for the tests, as users may write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from extractor import (
    CandidateClaim,
    Claim,
    DateInText,
    Document,
    EventOf,
    Evidence,
    InText,
    NameInText,
    NumberInQuote,
    OneOf,
    PlaceInText,
    UnitOf,
    own_rule,
)


class Seats(BaseModel):
    """Seats of a party."""

    evidence: Annotated[str, Evidence()]
    seats: Annotated[int, NumberInQuote(), UnitOf("seats")]
    share: Annotated[Decimal | None, NumberInQuote(), UnitOf("%")] = None
    party: Annotated[str, NameInText()] = Field(description="the party that won them")


class Price(BaseModel):
    """The price of a good in a market."""

    words: Annotated[str, Evidence()]
    price: Annotated[Decimal, NumberInQuote(), UnitOf("USD", "EUR")]
    currency: Annotated[str, UnitOf("USD", "EUR")]
    good: Annotated[str, OneOf({"flour": ["wheat flour"], "rice": []})]
    moved: Annotated[Literal["up", "down"] | None, EventOf({"up": ["rose"], "down": ["fell"]})] = (
        None
    )
    market: Annotated[str | None, PlaceInText()] = None
    day: Annotated[date | None, DateInText()] = None


class Crowd(CandidateClaim):
    """Who came to a match."""

    venue: Annotated[str, InText()]


@own_rule(Seats, "SE101")
def seats_are_not_thirteen(claim: Claim, document: Document) -> Iterator[tuple[str, str]]:
    """Nobody wins thirteen seats here."""
    if claim.value == 13:
        yield "seats", f"thirteen seats in {document.id}"
