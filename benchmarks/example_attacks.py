"""Attack the shipped examples: each field of each gold claim made wrong, one at a time.

    python benchmarks/example_attacks.py [-v]

For each example: how many right claims the gate accepts, and how many of the wrong ones, by field.
Wrong values are those that a careless table would have: another number, label, name or date of the
same document, and figures with a digit moved. With -v those that are accepted are shown.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractor.batch.gold_claims import Gold, read_gold
from extractor.claims.markers import (
    DateInText,
    EventOf,
    InText,
    NameInText,
    NumberInQuote,
    OneOf,
    PlaceInText,
)
from extractor.claims.schema import ClaimSchema
from extractor.claims.schema_field import SchemaField
from extractor.claims.schema_source import load_schema
from extractor.text import Document, Span
from extractor.validator import Source, verify
from extractor.validator.fields.dates import dates_in
from extractor.validator.fields.proper_names import names_in

EXAMPLES = Path(__file__).parent.parent / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/schema.py"))


def schema_in(folder: Path) -> ClaimSchema:
    """The schema of an example."""
    return load_schema(str(folder / "schema.py"))


def document_in(folder: Path, name: str) -> Document:
    """A document of an example."""
    return Document.from_path(folder / "documents" / f"{name}.txt")


def stated(schema: ClaimSchema, gold: Gold) -> dict[str, Any]:
    """The candidate that a gold claim is."""
    figures: dict[str, Any] = {schema.number.name: str(gold["value"])}
    if schema.extends:
        figures |= {name: gold[name] or None for name in ("counted", "claimant", "modality")}
    return {schema.quote: gold["quote"], **figures, **gold["fields"]}


def others(document: Document, field: SchemaField) -> Iterator[str]:
    """What else of the document somebody may write into a field."""
    source, whole = Source(document), Span(0, len(document.text))
    match field.marker:
        case OneOf() | EventOf():
            yield from (value for value, _ in field.marker.wordings)
        case NameInText() | PlaceInText() | InText():
            for sentence in document.sentences:
                yield from (name.span.of(document.text) for name in names_in(source, sentence))
        case DateInText():
            yield from (place.of(document.text) for place in dates_in(source, whole))
        case NumberInQuote():
            yield from (number.text for number in source.reading.quantities)


def attacks(schema: ClaimSchema, document: Document, gold: Gold) -> Iterator[dict[str, Any]]:
    """The right candidate with one field made wrong."""
    right = stated(schema, gold)
    figure = str(gold["value"])
    wrong = {figure[::-1], f"{figure}0", str(int(figure) + 1), figure[:-1] or "0"}
    wrong |= {str(q.value) for q in Source(document).reading.quantities if q.value is not None}
    for value in wrong - {figure}:
        yield {**right, schema.number.name: value}
    for field in schema.fields:
        given = gold["fields"].get(field.name)
        for value in dict.fromkeys(others(document, field)):
            if not _same(document, field, value, given):
                yield {**right, field.name: value}


def _same(document: Document, field: SchemaField, value: str, given: object) -> bool:
    if isinstance(field.marker, NumberInQuote):
        numbers = Source(document).reading.quantities
        return any(q.text == value and str(q.value) == str(given) for q in numbers)
    # a part of the right words, and nothing else, is no wrong statement
    return given is not None and (value in str(given) or str(given) in value)


def main() -> None:
    """Print a line for each example and field."""
    for name in NAMES:
        folder = EXAMPLES / name
        schema, gold = schema_in(folder), read_gold(folder / "gold.json")
        tried, passed, accepted = Counter[str](), Counter[str](), 0
        for claim in gold:
            document, right = document_in(folder, claim["doc"]), stated(schema, claim)
            accepted += verify(document, [right], schema=schema.model)[0].accepted
            wrong = list(attacks(schema, document, claim))
            verdicts = verify(document, wrong, schema=schema.model)
            for one, verdict in zip(wrong, verdicts, strict=True):
                changed = next(key for key in one if one[key] != right.get(key))
                tried[changed] += 1
                passed[changed] += verdict.accepted
                if verdict.accepted and "-v" in sys.argv:
                    print(f"    {changed} {one[changed]!r}: {claim['quote']}")
        total, through = sum(tried.values()), sum(passed.values())
        print(f"{name}: {accepted} of {len(gold)} right claims accepted")
        print(f"  wrong ones accepted: {through} of {total} ({through / total:.2%})")
        for field in tried:
            print(f"    {field:10} {passed[field]} of {tried[field]}")


if __name__ == "__main__":
    main()
