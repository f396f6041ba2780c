"""One accepted claim, read for reconciliation: its keys, figure, day, and where it stands."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Literal, cast

from extractor.quantities.types import Kind, Qualifier
from extractor.reconcile.aliases import Aliases
from extractor.reconcile.claimants import Teller, teller
from extractor.reconcile.counted import Counted, counted_as
from extractor.reconcile.dates import day_in, document_date
from extractor.reconcile.groups import Place, Standing
from extractor.reconcile.happened import happened
from extractor.reconcile.scope import Scope, scope_of, theatre_of, war_in
from extractor.reconcile.site import Hints, Site
from extractor.text import Document, Span
from extractor.text.days import MONTH_WORDS
from extractor.validator.sides import sides

_FLED = re.compile(r"\b(?:fled|flee|flees|fleeing|left|leaving|escaped|escaping)\s+(?:from\s+)?")
_NAME = r"(?:the\s+)?([A-Z][\w-]+(?:\s[A-Z][\w-]+)?)"
_CAPITALS = re.compile(_NAME)
_BOUND_FOR = re.compile(rf"\b(?:to|into|through|across|in)\s+{_NAME}")
_WITHIN = re.compile(r"\b(?:internally|inside|within)\b", re.IGNORECASE)
_EARLIER = re.compile(
    r"\b(?:had\s+(?:said|claimed|put|reported|announced)|earlier|initially|at\s+first|previously)\b",
    re.IGNORECASE,
)
_OF_EARLIER = frozenset("had earlier initially first previously".split())
_LARGEST = 400  # digits of a figure that can be held against another


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure as one document has it.

    `kind` is what sort of figure it is, `unit` its unit. `theatre` is a country or a war that it
    happened in, neither the side's own country nor the teller's. `teller` is None where nobody is
    named.
    `as_of` is a day, and `as_of_by` says what it was taken from.
    """

    event: str | None
    counted: Counted
    scope: Scope
    theatre: str | None
    kind: Kind
    unit: str | None
    teller: Teller | None
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    qualifier: str
    standing: Standing
    as_of: dt.date | None
    as_of_by: Literal["claim", "document"] | None
    place: Place

    @property
    def named(self) -> Decimal | None:
        """The figure that is named, or the bound that is."""
        if self.value is not None:
            return self.value
        return self.low if self.low is not None else self.high

    @property
    def source(self) -> tuple[int, str]:
        """The document, of all runs."""
        return self.place.run, self.place.document

    @property
    def voice(self) -> tuple[str | int | None, ...]:
        """Who tells it: a party that is the same everywhere, or somebody of this document."""
        if self.teller is None:
            return (None, *self.source)
        return (self.teller.party,) if self.teller.is_named else (self.teller.party, *self.source)


class Reading:
    """Reads the claims of documents; what recurs from claim to claim is read once."""

    def __init__(self, aliases: Aliases) -> None:
        self._aliases = aliases
        self._teller = lru_cache(maxsize=10_000)(lambda name: teller(name, aliases))
        self._counted = lru_cache(maxsize=10_000)(lambda name: counted_as(name, aliases))
        self._happened = lru_cache(maxsize=10_000)(happened)

    def statements(
        self, run: int, document: Document, claims: Sequence[Mapping[str, Any]], kinds: Kinds
    ) -> Iterator[Statement]:
        """The claims of one document, as `claim_record` makes them, in their order.

        `kinds` has the kind of each number by its span.
        """
        day = document_date(document.published, document.text)
        starts = [sentence.start for sentence in document.sentences]
        told: dict[Span, str | None] = {}  # of each sentence, the event of its latest figure
        for claim in claims:
            number = _span(claim["number_span"], document.text)
            place = bisect_right(starts, number.start) - 1
            sentence = document.sentences[place] if place >= 0 else number
            sentence = Span(min(sentence.start, number.start), max(sentence.end, number.end))
            kind = kinds.get((number.start, number.end), Kind.COUNT)
            site = Site.of(document.text, sentence, number)
            one = self._statement(_Origin(run, document, day), claim, site, kind)
            if one.scope.part == "a further" and told.get(sentence, one.event) != one.event:
                # "498 killed and a further 1,597 wounded": they come beside the dead
                one = replace(one, scope=replace(one.scope, part=None))
            told[sentence] = one.event
            yield one

    def _statement(
        self, origin: _Origin, claim: Mapping[str, Any], site: Site, kind: Kind
    ) -> Statement:
        text, named = origin.document.text, claim["claimant"]
        spoken = claim.get("claimant_span")
        hints = Hints(claim["place"] or None, None if spoken is None else _span(spoken, text))
        scope = scope_of(site, hints, self._aliases)
        counted = self._counted(claim["counted"])
        event = self._happened(claim["event"], counted)
        if event == "captured":
            counted = counted.as_captured()
        if event == "displaced":
            counted, event = self._fled(text, site, counted)
        who = None if named is None else self._teller(named)
        day, by = _day(text, claim, site, origin.day)
        return Statement(
            event=event,
            counted=counted,
            scope=scope,
            theatre=war_in(site)
            or theatre_of(scope.location, counted.side, None if who is None else who.camp),
            kind=kind,
            unit=claim["unit"],
            teller=who,
            value=_decimal(claim["value"]),
            low=_decimal(claim["low"]),
            high=_decimal(claim["high"]),
            qualifier=claim["qualifier"],
            standing=_standing(claim),
            as_of=day,
            as_of_by=by,
            place=Place(
                run=origin.run,
                document=origin.document.id,
                number_span=site.number,
                sentence_span=site.sentence,
                sentence=site.sentence.of(text),
                quote=claim["quote"],
                number=claim["number"],
                claimant=named,
                counted=claim["counted"],
                event=claim["event"],
                flags=tuple(f"{one['code']}: {one['message']}" for one in claim["warnings"]),
            ),
        )

    def _fled(self, text: str, site: Site, counted: Counted) -> tuple[Counted, str]:
        """Whose refugees they are, and where they went: "fled Norland", "fled to Aldor"."""
        clause = site.clause
        if counted.is_anybody and counted.side is None:
            # where the clause says nothing, what all others of the sentence say
            fled = _countries_left(text, clause) or _countries_left(text, site.near)
            if len(fled) == 1:
                counted = self._counted(f"people of {fled.pop()}")
        if _WITHIN.search(text, clause.start, clause.end):
            return counted, "displaced within the country"
        bound = _BOUND_FOR.search(text, clause.start, clause.end)
        return counted, "displaced" if bound is None else f"displaced to {bound[1]}"


def _day(
    text: str, claim: Mapping[str, Any], site: Site, document: dt.date | None
) -> tuple[dt.date | None, Literal["claim", "document"] | None]:
    """The day of a figure, and what it was taken from."""
    if site.has(MONTH_WORDS):
        told = None if claim["when"] is None else _within(text, claim["when"], site.sentence)
        day = day_in(text, told or site.clause, site.near, document)
        if day is not None:
            return day, "claim"
    is_earlier = site.has(_OF_EARLIER) and _EARLIER.search(text, site.clause.start, site.clause.end)
    if document is None or is_earlier:
        return None, None  # "had said": of a day that the document does not tell
    return document, "document"


def _countries_left(text: str, stretch: Span) -> set[str]:
    found = set()
    for match in _FLED.finditer(text, stretch.start, stretch.end):
        name = _CAPITALS.match(text, match.end(), stretch.end)
        if name is not None:
            found |= {one for one in (name[1], name[1].split()[0]) if one in sides()}
    return found


@dataclass(frozen=True, slots=True)
class _Origin:
    """The document of some claims, its run, and its day."""

    run: int
    document: Document
    day: dt.date | None


Kinds = Mapping[tuple[int, int], Kind]


def _standing(claim: Mapping[str, Any]) -> Standing:
    if claim["modality"] != "asserted":
        return cast("Standing", claim["modality"])
    return "vague" if claim["qualifier"] == Qualifier.VAGUE else "stated"


def _within(text: str, words: str, sentence: Span) -> Span | None:
    at = text.find(words, sentence.start, sentence.end)
    return None if at < 0 else Span(at, at + len(words))


def _decimal(text: str | None) -> Decimal | None:
    """A figure, None for what is none that can be compared: a ledger may come from elsewhere."""
    try:
        found = Decimal(text) if text else None
    except InvalidOperation:
        return None
    if found is None or not found.is_finite() or abs(found.adjusted()) > _LARGEST:
        return None
    return found


def _span(pair: Sequence[int], text: str) -> Span:
    """A span within the text, whatever the record says."""
    start = min(max(0, pair[0]), len(text))
    return Span(start, min(max(start, pair[1]), len(text)))
