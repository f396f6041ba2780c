"""Labelled claims for the validator, judged: quotes, probes, labelled pairs, gold and its mutants.

Each of the five sections offers claims whose verdict is known beforehand, every one alone, and
gives them back with the verdict that they got. `figures` counts them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import yaml
from gold_mutants import FIELDS, candidate_of, mutants_of
from label_errors import LabelError

from extractor.claims import Finding, Severity
from extractor.claims.records import plain
from extractor.quantities import read
from extractor.quantities.types import Quantity
from extractor.text import Document
from extractor.validator import Source, all_rules, judge

Record = dict[str, Any]
Figures = dict[str, dict[str, dict[str, int]]]

SECTIONS: Final = ("inputs", "probes", "mutations", "gold", "mutants")
ALONE: Final = "quote, value"
TOGETHER: Final = "all fields"

_OPEN_CLAIMANT = "The gold lets the claimant be left out: the text gives it only far off."
_QUOTE_RULES = frozenset({"Q101", "Q102"})  # the only ones that can tell where there is no number
# which fields the word of a labelled pair is given in; a group of its own for each
_FIELDS_OF_WORD = {
    "hedge": {"hedge": "qualifier"},
    "unit": {"unit": "unit", "unit as counted": "counted"},
    "role": {"role": "counted", "role as unit": "unit"},
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A labelled claim: `supported` is its label, `kind` says how it was made."""

    section: str
    group: str
    kind: str
    candidate: Record
    supported: bool


@dataclass(frozen=True, slots=True)
class Departure:
    """Fields of a gold claim that stand nowhere near its number, and why."""

    fields: frozenset[str]
    reason: str


def read_departures(path: Path) -> dict[str, Departure]:
    """The declared departures of a file, by document and first character of the quote."""
    return {
        key: Departure(frozenset(entry["fields"]), entry["reason"])
        for key, entry in yaml.safe_load(path.read_text("utf-8")).items()
    }


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled claim and what became of it.

    `errors` are the findings that refuse it. `apart` is the reason for which its label is declared
    to err, if it is. `sound` is false for a mutant of a claim that is refused itself: what refuses
    the claim refuses its mutants as well, so they prove little.
    """

    offer: Offer
    document: str
    accepted: bool
    errors: tuple[Finding, ...]
    apart: str | None = None
    sound: bool = True

    @property
    def right(self) -> bool:
        """Whether the verdict is the label."""
        return self.accepted == self.offer.supported


def figures(judged: Iterable[Judged], *, with_apart: bool = False) -> Figures:
    """The counts of every group of every section.

    `wrong` and `right` are how many claims are labelled so, `wrong_accepted` and `right_refused`
    how many of them are judged otherwise; `sound` is how many wrong ones were made from a claim
    that is accepted. Claims set apart count only `with_apart`.
    """
    names = ("wrong", "wrong_accepted", "right", "right_refused", "sound")
    found: Figures = {}
    for one in judged:
        groups = found.setdefault(one.offer.section, {})
        counts = groups.setdefault(one.offer.group, dict.fromkeys(names, 0))
        if one.apart is not None and not with_apart:
            continue
        label, other = ("right", "refused") if one.offer.supported else ("wrong", "accepted")
        counts[label] += 1
        counts[f"{label}_{other}"] += not one.right
        counts["sound"] += one.sound and not one.offer.supported
    return found


def judged_alone(source: Source, offer: Offer) -> Judged:
    """The claim with its verdict by all rules, no other claim beside it."""
    verdict = judge(source, offer.candidate, all_rules())
    errors = tuple(f for f in verdict.findings if f.severity is Severity.ERROR)
    return Judged(offer, source.document.id, verdict.accepted, errors)


def inputs(path: Path) -> Iterator[Judged]:
    """Quotes of whole documents with their own number; verbatim ones with other figures too.

    The file is a list of {"id", "text", "quotes", "kinds", "should_accept"}.
    """
    for source, offer in _quotes("inputs", path):
        yield _with_own_number(source, offer)
        if offer.group == "verbatim":
            for typed in _typed(source, offer.candidate["quote"]):
                yield judged_alone(source, typed)


def probes(path: Path) -> Iterator[Judged]:
    """Quotes that cut a number, hold nothing but one, or are invented; figures in another form.

    The file is like that of `inputs`. For a number in another form ("1597 wounded") the quote is
    the text's ("1,597 wounded") and the value as the probe writes it.
    """
    for source, offer in _quotes("probes", path):
        if offer.group == "reformat_ok":
            yield judged_alone(source, replace(offer, candidate=_reformatted(source, offer)))
        else:
            yield _with_own_number(source, offer)


def _quotes(section: str, path: Path) -> Iterator[tuple[Source, Offer]]:
    for entry in json.loads(path.read_text("utf-8")):
        source = Source(Document(text=entry["text"], id=Path(entry["id"]).stem))
        rows = zip(entry["quotes"], entry["kinds"], entry["should_accept"], strict=True)
        for quote, kind, wanted in rows:
            yield source, Offer(section, kind, "own number", {"quote": quote}, wanted)


def _with_own_number(source: Source, offer: Offer) -> Judged:
    """A quote with its own first number; without one it is held against the quote rules alone."""
    numbers = read(offer.candidate["quote"]).quantities
    figure = _figure_of(numbers[0]) if numbers else {"value": "0"}
    judged = judged_alone(source, replace(offer, candidate=offer.candidate | figure))
    if numbers:
        return judged
    against = tuple(error for error in judged.errors if error.code in _QUOTE_RULES)
    return replace(judged, errors=against, accepted=not against)


def _figure_of(quantity: Quantity) -> Record:
    if quantity.value is not None:
        return {"value": plain(quantity.value)}
    ends = {"low": plain(quantity.low), "high": plain(quantity.high)}
    return {name: figure for name, figure in ends.items() if figure is not None}


def _typed(source: Source, quote: str) -> Iterator[Offer]:
    """A verbatim quote with its first number typed right once, and wrong in four ways."""
    inside = [q.value for q in read(quote).quantities]
    value = inside[0] if inside else None
    if value is None:
        return
    right = {"quote": quote, "value": plain(value)}
    yield Offer("inputs", "typed, right", "own value", right, supported=True)
    elsewhere = (q.value for q in source.reading.quantities if q.value not in {None, *inside})
    others = {
        "digits swapped": _swapped(value),
        "ten times": value * 10,
        "one more": value + 1,
        "another number of the text": next(elsewhere, None),
    }
    for kind, other in others.items():
        if other is not None and other not in inside:
            wrong = {"quote": quote, "value": plain(other)}
            yield Offer("inputs", "typed, wrong", kind, wrong, supported=False)


def _swapped(value: Decimal) -> Decimal | None:
    """The number with its first two unlike neighbouring digits exchanged, if it has such.

    >>> _swapped(Decimal(498)), _swapped(Decimal(22))
    (Decimal('948'), None)
    """
    digits = str(plain(value))
    for i, (one, other) in enumerate(pairwise(digits)):
        if one.isdigit() and other.isdigit() and one != other:
            return Decimal(f"{digits[:i]}{other}{one}{digits[i + 2 :]}")
    return None


def _reformatted(source: Source, offer: Offer) -> Record:
    """The probe's figure as the value, and the quote as the text has it."""
    probe = offer.candidate["quote"]
    (number,) = read(probe).quantities
    value, tail = number.value, probe[number.number.end :]
    text = source.document.text
    for quantity in source.reading.quantities:
        end = quantity.number.end + len(tail)
        if quantity.value == value and text[quantity.number.end : end] == tail:
            return {"quote": text[quantity.number.start : end], "value": number.number.of(probe)}
    message = f"{source.document.id}: no number of the text is {probe!r} in another form"
    raise ValueError(message)


def mutations(folder: Path, declared: Mapping[int, LabelError]) -> Iterator[Judged]:
    """Labelled pairs of a folder with `docs/` and `mutations.jsonl`, as a user's tool offers them.

    The word of a pair is given as what it is: a hedge as the qualifier, a unit as the unit, what a
    number is said to count as the counted thing; and in a second group the other way round.
    `declared` are the rows, by their line from 0, whose label errs.

    Raises:
        ValueError: a declared row has another value than it is declared with.
    """
    for row, line in enumerate((folder / "mutations.jsonl").read_text("utf-8").splitlines()):
        pair = json.loads(line)
        source = _source(folder / "docs" / f"{pair['doc_id']}.txt")
        for group, candidate in _as_claims(pair):
            offer = Offer(
                "mutations",
                group,
                f"{row} {pair['mutation']}",
                candidate,
                supported=pair["expected"] == "supported",
            )
            apart = _reason(row, pair, declared)
            yield replace(judged_alone(source, offer), apart=apart)


def _reason(row: int, pair: Record, declared: Mapping[int, LabelError]) -> str | None:
    """Why the label of a row errs, if it is declared to."""
    error = declared.get(row)
    if error is None:
        return None
    if error.value != Decimal(str(pair["value"])):
        message = f"row {row} has the value {pair['value']}, and {error.value} is declared to err"
        raise ValueError(message)
    return error.reason


def _as_claims(pair: Record) -> Iterator[tuple[str, Record]]:
    # a float is what JSON makes of a figure; every other row is about how the figure is written
    is_float = pair["mutation"] == "same_as_float"
    given = {
        "quote": pair["quote"],
        "value": str(pair["value"]) if is_float else pair["value_text"],
    }
    checks = pair["checks"]
    word = pair.get("hedge") or pair.get("unit")
    if checks not in _FIELDS_OF_WORD:
        yield checks, given
        return
    for group, field in _FIELDS_OF_WORD[checks].items():
        yield group, given | {field: word}


def gold(path: Path, docs: Path, departures: Mapping[str, Departure]) -> Iterator[Judged]:
    """The core gold claims as annotated, with all fields and with one at a time; their mutants.

    GOLD has "claims", `docs` the documents that they name. `departures` are the fields that are set
    apart, by document and first character of the quote; a claim with such a field is offered
    without it as well.
    """
    by_document: dict[str, list[Record]] = defaultdict(list)
    for claim in json.loads(path.read_text("utf-8"))["claims"]:
        by_document[claim["doc"]].append(claim)
    for name, claims in by_document.items():
        source = _source(docs / f"{name}.txt")
        accepted: dict[int, bool] = {}
        for claim in claims:
            if claim["core"]:
                apart = _departure(claim, departures)
                judged = [
                    replace(judged_alone(source, offer), apart=_apart(offer, apart))
                    for offer in _as_annotated(claim)
                ]
                accepted[claim["start"]] = judged[0].accepted
                yield from judged
                if apart is not None:
                    yield judged_alone(source, _without(claim, apart))
        for mutant in mutants_of(source.document.text, claims):
            offer = Offer("mutants", mutant.kind, mutant.change, mutant.candidate, supported=False)
            sound = accepted[mutant.claim["start"]]
            yield replace(judged_alone(source, offer), sound=sound)


def _as_annotated(claim: Record) -> Iterator[Offer]:
    """With all fields, with none, and with one at a time.

    What is no fact is not told as one: its modality goes with every field.
    """
    always = () if claim["modality"] == "asserted" else ("modality",)
    together, alone = candidate_of(claim), candidate_of(claim, always)
    yield Offer("gold", TOGETHER, "as annotated", together, supported=True)
    yield Offer("gold", ALONE, "as annotated", alone, supported=True)
    for field in FIELDS:
        if field in together:
            one = candidate_of(claim, (field, *always))
            yield Offer("gold", field, "one field alone", one, supported=True)


def _departure(claim: Record, declared: Mapping[str, Departure]) -> Departure | None:
    """What of a claim is set apart: declared fields, a claimant that may as well be left out."""
    known = declared.get(f"{claim['doc']}:{claim['start']}")
    fields = frozenset() if known is None else known.fields
    reason = _OPEN_CLAIMANT if known is None else known.reason
    if claim.get("claimant_null_ok") and claim["claimant"] is not None:
        fields |= {"claimant"}
    return Departure(fields, reason) if fields else None


def _apart(offer: Offer, departure: Departure | None) -> str | None:
    if departure is None or not (offer.group == TOGETHER or offer.group in departure.fields):
        return None
    return departure.reason


def _without(claim: Record, departure: Departure) -> Offer:
    fields = tuple(field for field in FIELDS if field not in departure.fields)
    candidate = candidate_of(claim, fields)
    return Offer("gold", TOGETHER, "without what is set apart", candidate, supported=True)


@lru_cache
def _source(path: Path) -> Source:
    """The document as it stands: the gold's offsets count every character."""
    return Source(Document(text=path.read_bytes().decode(), id=path.stem))
