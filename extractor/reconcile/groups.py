"""What reconciliation finds: competing figures side by side, and nothing made of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from extractor.claims.records import plain
from extractor.text import Span

Standing = Literal["stated", "projected", "denied", "hypothetical", "vague"]
"""Whether a figure competes ("stated"), or is told in another way, or names no figure."""

Agreement = Literal["alone", "agree", "differ"]
"""Of all who tell a group's figures: one only, all intervals share a figure, or they do not."""

Dissent = Literal["contradiction", "update", "same_day", "undated"]
"""Two figures of one party that exclude each other.

In one document, of two days, of one day in two documents, or of days that are not known.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands: the document, the number in it, and the sentence around it.

    Spans are in characters of the document's text; `sentence` is what stands at `sentence_span`.
    `run` is the place of the run among those that were reconciled, from 0. `flags` are the
    warnings that the gate left on the claim, as sentences that begin with the rule's code.
    """

    run: int
    document: str
    number_span: Span
    sentence_span: Span
    sentence: str
    quote: str
    number: str
    claimant: str | None
    counted: str | None
    event: str | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as one party has it, wherever it stands.

    `claimant` is whom it is told by, by the name that says most, and `party` for whom that one
    speaks (a state for its ministries), None where nobody is named. `low` and `high` are what the
    words leave open ("more than 7,000" has no `high`); `value` is the figure as named. `as_of` is
    the day it is told of or from, as far as that is known, and `as_of_by` says by what: the claim,
    or the document. `places` are copies of the same claim, counted once. `why` says in a sentence
    or more why the figure is in its group.
    """

    claimant: str | None
    party: str | None
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    qualifier: str
    standing: Standing
    as_of: dt.date | None
    as_of_by: Literal["claim", "document"] | None
    places: tuple[Place, ...]
    why: tuple[str, ...]

    @property
    def named(self) -> Decimal | None:
        """The figure that is named, or the bound that is: what lowest and highest go by."""
        if self.value is not None:
            return self.value
        return self.low if self.low is not None else self.high


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two figures of a group by one party that exclude each other; places in `figures`, from 0."""

    kind: Dissent
    first: int
    second: int
    sentence: str


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Figures about the same thing: what happened, to whom or what, of which side, and where.

    `key` is a short name made of these, which no other group of the same answer has. `lowest` and
    `highest` are places in `figures` (from 0) of the figures that compete, None where none does;
    `parties` is how many independent ones tell them. `figures` stand in the order of their dates,
    then their size.
    """

    key: str
    title: str
    event: str | None
    counted: str
    side: str | None
    place: str | None
    unit: str | None
    figures: tuple[Figure, ...]
    lowest: int | None
    highest: int | None
    parties: int
    agreement: Agreement
    disagreements: tuple[Disagreement, ...]


def group_record(group: FigureGroup) -> dict[str, Any]:
    """A group as plain JSON values; figures are strings, spans are pairs, days are ISO 8601."""
    return {
        "key": group.key,
        "title": group.title,
        "event": group.event,
        "counted": group.counted,
        "side": group.side,
        "place": group.place,
        "unit": group.unit,
        "lowest": group.lowest,
        "highest": group.highest,
        "parties": group.parties,
        "agreement": group.agreement,
        "figures": [figure_record(figure) for figure in group.figures],
        "disagreements": [
            {"kind": one.kind, "first": one.first, "second": one.second, "sentence": one.sentence}
            for one in group.disagreements
        ],
    }


def figure_record(figure: Figure) -> dict[str, Any]:
    """A figure as plain JSON values."""
    return {
        "claimant": figure.claimant,
        "party": figure.party,
        "value": plain(figure.value),
        "low": plain(figure.low),
        "high": plain(figure.high),
        "qualifier": figure.qualifier,
        "standing": figure.standing,
        "as_of": None if figure.as_of is None else figure.as_of.isoformat(),
        "as_of_by": figure.as_of_by,
        "why": list(figure.why),
        "places": [
            {
                "run": place.run,
                "document": place.document,
                "number_span": [place.number_span.start, place.number_span.end],
                "sentence_span": [place.sentence_span.start, place.sentence_span.end],
                "sentence": place.sentence,
                "quote": place.quote,
                "number": place.number,
                "claimant": place.claimant,
                "counted": place.counted,
                "event": place.event,
                "flags": list(place.flags),
            }
            for place in figure.places
        ],
    }
