"""One accepted claim, read for reconciliation: its keys, figure, day, and where it stands."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, cast

from extractor.quantities.types import Kind, Qualifier
from extractor.reconcile.aliases import Aliases
from extractor.reconcile.claimants import Teller, teller
from extractor.reconcile.counted import Counted, counted_as
from extractor.reconcile.dates import day_in, document_date, names_a_day
from extractor.reconcile.groups import Place, Standing
from extractor.reconcile.happened import happened
from extractor.reconcile.scope import Scope, scope_of
from extractor.text import Document, Span
from extractor.text.clauses import boundaries
from extractor.validator.sides import sides

_FLED = re.compile(r"\b(?:fled|flee|flees|fleeing|left|leaving|escaped|escaping)\s+")
_CAPITALS = re.compile(r"[A-Z][\w-]+(?:\s[A-Z][\w-]+)?")


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure as one document has it.

    `kind` is what sort of figure it is, `unit` its unit. `teller` is None where nobody is named.
    `as_of` is a day, and `as_of_by` says what it was taken from.
    """

    event: str | None
    counted: Counted
    scope: Scope
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
    def voice(self) -> tuple[object, ...]:
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
        for claim in claims:
            number = Span(*claim["number_span"])
            place = bisect_right(starts, number.start) - 1
            sentence = document.sentences[place] if place >= 0 else number
            kind = kinds.get((number.start, number.end), Kind.COUNT)
            yield self._statement(run, document, claim, _Site(number, sentence, day, kind))

    def _statement(
        self, run: int, document: Document, claim: Mapping[str, Any], site: _Site
    ) -> Statement:
        text, named = document.text, claim["claimant"]
        counted = self._counted(claim["counted"])
        event = self._happened(claim["event"], counted)
        if counted.is_anybody and counted.side is None and event == "displaced":
            counted = self._fled(text, site, counted)
        told = None if claim["when"] is None else _within(text, claim["when"], site.sentence)
        by_claim = None
        if names_a_day(text, site.sentence):  # seldom: and a clause takes a while to find
            by_claim = day_in(text, told or _clause(text, site), site.day)
        return Statement(
            event=event,
            counted=counted,
            scope=scope_of(text, site.sentence, site.number, claim["place"], self._aliases),
            kind=site.kind,
            unit=claim["unit"],
            teller=None if named is None else self._teller(named),
            value=_decimal(claim["value"]),
            low=_decimal(claim["low"]),
            high=_decimal(claim["high"]),
            qualifier=claim["qualifier"],
            standing=_standing(claim),
            as_of=by_claim or site.day,
            as_of_by="claim" if by_claim else "document" if site.day else None,
            place=Place(
                run=run,
                document=document.id,
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

    def _fled(self, text: str, site: _Site, counted: Counted) -> Counted:
        """People who fled a country are counted as that country's."""
        for match in _FLED.finditer(text, site.sentence.start, site.sentence.end):
            name = _CAPITALS.match(text, match.end())
            if name is not None:
                country = next((n for n in (name[0], name[0].split()[0]) if n in sides()), None)
                if country is not None:
                    return self._counted(f"people of {country}")
        return counted


Kinds = Mapping[tuple[int, int], Kind]


@dataclass(frozen=True, slots=True)
class _Site:
    number: Span
    sentence: Span
    day: dt.date | None
    kind: Kind


def _standing(claim: Mapping[str, Any]) -> Standing:
    if claim["modality"] != "asserted":
        return cast("Standing", claim["modality"])
    return "vague" if claim["qualifier"] == Qualifier.VAGUE else "stated"


def _clause(text: str, site: _Site) -> Span:
    """From the boundary before the number to the one after what follows it."""
    before = boundaries(text, Span(site.sentence.start, site.number.start))
    after = boundaries(text, Span(site.number.end, site.sentence.end))
    after = [mark for mark in after if mark.of(text).lower() != "as"]  # "killed as of March 2"
    return Span(
        before[-1].end if before else site.sentence.start,
        after[0].start if after else site.sentence.end,
    )


def _within(text: str, words: str, sentence: Span) -> Span | None:
    at = text.find(words, sentence.start, sentence.end)
    return None if at < 0 else Span(at, at + len(words))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
