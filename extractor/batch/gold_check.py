"""What is wrong with a file of gold claims: by its own lights, by its documents, by the gate."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from extractor.batch.gold_claims import Gold
from extractor.batch.gold_scoring import belongs
from extractor.claims import Verdict
from extractor.claims.records import plain, quantity_record
from extractor.claims.schema import ClaimSchema
from extractor.quantities import Kind, Quantity, read
from extractor.text import Document
from extractor.validator import verify


@dataclass(frozen=True, slots=True)
class GoldFault:
    """Something to look at. `place` is the claim's place in the file, from 0, None for a number.

    `is_error` says that the file contradicts itself or its document; otherwise the gate would judge
    otherwise, or a number is not mentioned, and a person decides.
    """

    document: str
    place: int | None
    message: str
    is_error: bool

    def told(self) -> str:
        """The fault on one line."""
        where = f"claim {self.place} ({self.document})" if self.place is not None else self.document
        return f"{'error' if self.is_error else 'look'}: {where}: {self.message}"


def check_gold(
    claims: Sequence[Gold],
    skipped: Sequence[Any],
    document_of: Callable[[str], Document | None],
    schema: ClaimSchema | None = None,
) -> Iterator[GoldFault]:
    """The faults of gold claims, document by document.

    `document_of` gives a document by its id, None where there is none. `schema` is the user's own
    that the claims are of; without it nothing is held to the gate of claims that have its fields.
    """
    by_document: dict[str, list[int]] = defaultdict(list)
    for place, claim in enumerate(claims):
        by_document[claim["doc"]].append(place)
    passed_over: dict[str, set[int]] = defaultdict(set)
    for one in skipped:
        if isinstance(one, dict) and isinstance(one.get("start"), int):
            passed_over[str(one.get("doc"))].add(one["start"])
    for name in dict.fromkeys((*by_document, *passed_over)):
        places = by_document[name]
        document = document_of(name)
        if document is None:
            yield GoldFault(name, None, "there is no such document", is_error=True)
            continue
        # an ordinal is no claim by the guide
        numbers = [q for q in read(document.text).quantities if q.kind is not Kind.ORDINAL]
        mentioned: set[int] = set()
        for place in places:
            claim = claims[place]
            yield from _faults(claim, place, document, numbers, schema)
            mentioned |= {
                at for at, number in enumerate(numbers) if _is_mentioned(name, number, claim)
            }
        yield from _repeated(claims, places)
        for at, number in enumerate(numbers):
            if at not in mentioned and number.span.start not in passed_over[name]:
                yield GoldFault(
                    name,
                    None,
                    f"{number.text!r} at character {number.span.start} is neither claimed nor "
                    "skipped",
                    is_error=False,
                )


def _is_mentioned(name: str, number: Quantity, claim: Gold) -> bool:
    """Whether a number is the claim's, or in its quote the figure of a field of its own."""
    if belongs(_predicted(name, number), claim):
        return True
    if number.span.end <= claim["start"] or number.span.start >= claim["end"]:
        return False
    told = {str(one) for one in (claim["fields"] or {}).values()}
    return plain(number.value) in told or number.text in told


def _faults(
    claim: Gold,
    place: int,
    document: Document,
    numbers: Sequence[Quantity],
    schema: ClaimSchema | None,
) -> Iterator[GoldFault]:
    name = document.id
    found = document.text[claim["start"] : claim["end"]]
    if found != claim["quote"]:
        told = f"the quote is not what stands at its offsets ({found[:60]!r})"
        yield GoldFault(name, place, told, is_error=True)
        return
    if not any(belongs(_predicted(name, number), claim) for number in numbers):
        yield GoldFault(name, place, "its quote holds no number of this figure", is_error=True)
        return
    strange = (
        sorted(set(claim["fields"] or {}) - {field.name for field in schema.fields})
        if (schema is not None)
        else []
    )
    if strange:
        told = f"{strange[0]!r} is no field of the schema"
        yield GoldFault(name, place, told, is_error=True)
        return
    verdict = _judged(claim, document, schema)
    if verdict is not None and not verdict.accepted:
        why = "; ".join(f"{one.code} {one.message}" for one in verdict.findings if one.rejects)
        yield GoldFault(name, place, f"the gate would refuse it: {why}", is_error=False)


def _judged(claim: Gold, document: Document, schema: ClaimSchema | None) -> Verdict | None:
    """The gate's verdict on a gold claim, its event as a class and its unit left out.

    None where the claim is of a schema that is not known.
    """
    if claim["fields"] is not None:
        return None if schema is None else _judged_own(claim, document, schema)
    stated = {
        name: str(claim[name])
        for name in ("value", "low", "high", "counted", "event", "claimant", "place", "when")
        if claim.get(name) not in (None, "")
    }
    stated |= {"qualifier": claim["qualifier"], "modality": claim["modality"]}
    if claim["qualifier"] == "vague":
        stated.pop("high", None)  # the reader leaves it open
    (verdict,) = verify(document, [{"quote": claim["quote"], **stated}])
    return verdict


def _judged_own(claim: Gold, document: Document, schema: ClaimSchema) -> Verdict:
    figures = {name: claim[name] for name in ("value", "low", "high")}
    if not schema.extends:
        value = figures["value"]
        words = f"{figures['low']} to {figures['high']}"
        figures = {schema.number.name: words if value is None else value}
    else:
        figures |= {name: claim[name] or None for name in ("counted", "claimant", "modality")}
    own = {name: None if given is None else str(given) for name, given in claim["fields"].items()}
    stated = {schema.quote: claim["quote"], **figures, **own}
    (verdict,) = verify(document, [stated], schema=schema.model)
    return verdict


def _repeated(claims: Sequence[Gold], places: Sequence[int]) -> Iterator[GoldFault]:
    """Claims of one quote and figure: one of them is in the file twice."""
    seen = Counter[tuple[object, ...]]()
    for place in places:
        claim = claims[place]
        figure = tuple(
            None if claim[name] is None else Decimal(str(claim[name]))
            for name in ("value", "low", "high")
        )
        key = (claim["start"], claim["end"], *figure)
        seen[key] += 1
        if seen[key] == 2:
            told = "the same quote and figure stand in the file before"
            yield GoldFault(claim["doc"], place, told, is_error=True)


def _predicted(document: str, number: Quantity) -> dict[str, Any]:
    """A number in the form of a claim, to be held against gold."""
    record = quantity_record(number)
    return {"document": document, "number_span": record["span"], **record}
