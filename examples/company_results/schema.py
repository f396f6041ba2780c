"""Figures that companies report: revenue, profit and the like, and what they were before."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from extractor import (
    Claim,
    DateInText,
    Document,
    EventOf,
    Evidence,
    NameInText,
    NumberInQuote,
    UnitOf,
    own_rule,
)

MONEY = UnitOf("USD", "EUR", "GBP")
MOVES = ["rose", "grew", "climbed", "jumped", "up", "fell", "dropped", "slipped", "shrank", "down"]


class CompanyFigure(BaseModel):
    """A figure that a company reports for a period, in money."""

    evidence: Annotated[str, Evidence()]
    amount: Annotated[Decimal, NumberInQuote(), MONEY]
    before: Annotated[
        Decimal | None,
        NumberInQuote(cues=["from", "compared with", "compared to", "against", "versus"]),
        MONEY,
    ] = Field(None, description="the same figure for the period before")
    moved_by: Annotated[Decimal | None, NumberInQuote(cues=["by"]), MONEY] = Field(
        None, description="by how much money it moved"
    )
    change: Annotated[Decimal | None, NumberInQuote(cues=MOVES), UnitOf("%")] = Field(
        None, description="by how many per cent it changed"
    )
    figure: Annotated[
        str,
        EventOf(
            {
                "revenue": ["revenue", "sales", "turnover"],
                "operating profit": ["operating profit", "operating income"],
                "net profit": ["net profit", "net income", "profit after tax", "earnings"],
                "loss": ["loss", "net loss", "operating loss"],
                "debt": ["debt", "borrowings"],
                "dividend": ["dividend"],
            }
        ),
    ] = Field(description="which figure it is")
    company: Annotated[str, NameInText(within="document")] = Field(description="whose figure it is")
    period: Annotated[str | None, DateInText()] = Field(
        None, description="of which year it is", pattern=r"\d{4}"
    )


@own_rule(CompanyFigure, "CR101")
def the_change_is_what_the_two_figures_give(
    claim: Claim,
    document: Document,  # noqa: ARG001 - a rule is given both
) -> Iterator[tuple[str, str]]:
    """A change that is given must be the one from the figure before, to a per cent."""
    before, change = claim.field("before"), claim.field("change")
    if before is None or change is None or not before.value or claim.value is None:
        return
    worked_out = abs(claim.value / before.value - 1) * 100
    if change.value is not None and abs(worked_out - change.value) > 1:
        yield "change", f"from {before.text} it is {worked_out:.1f}%, not {change.text}"
