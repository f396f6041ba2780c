"""A candidate of a user's schema taken apart: the claim that rules know, and its own fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unicodedata import category

from extractor.claims import Finding, Severity
from extractor.claims.markers import NumberInQuote
from extractor.claims.records import as_text
from extractor.claims.schema import ClaimSchema
from extractor.claims.schema_field import SchemaField
from extractor.quantities.types import Quantity

if TYPE_CHECKING:
    from pydantic import BaseModel

_LONGEST_INTEGER = 4096  # bits
_LONGEST = 400  # characters; nothing that a text says in a field is longer


@dataclass(frozen=True, slots=True)
class OwnFields:
    """What a candidate states in the fields of its schema, as text.

    `numbers` are the numbers of the quote that its further figures are, by field.
    """

    schema: ClaimSchema
    stated: Mapping[str, str]
    numbers: Mapping[str, Quantity]


def stated_record(given: BaseModel | Mapping[str, object]) -> Mapping[str, Any]:
    """A candidate as a mapping; an instance of the schema gives its stated fields.

    Whatever is neither becomes a mapping that has no shape of a claim.
    """
    if isinstance(given, Mapping):
        return given
    if hasattr(given, "model_dump") and not isinstance(given, type):
        try:
            dumped = given.model_dump(exclude_none=True)
        except Exception:  # noqa: BLE001 - an object of somebody else's: it has no shape of ours
            return {"candidate": given}
        if isinstance(dumped, dict):
            return dumped
    return {"candidate": given}


def as_claim(schema: ClaimSchema, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a candidate that every claim has, under the names that the rules know.

    What a class of its own states is told as a fact, if it does not say how it is told.
    """
    record = {as_text(name): value for name, value in given.items()} if schema.extends else {}
    if not schema.extends:
        quote = given.get(schema.quote) if schema.quote in given else given.get("quote")
        record = {"quote": quote, "value": _text(given.get(schema.number.name))}
        if given.get("position") is not None:
            record["position"] = given["position"]
    told = record.get("modality")
    if told is None or (isinstance(told, str) and not told.strip()):
        record["modality"] = "asserted"
    return record


def own_fields(
    schema: ClaimSchema, given: Mapping[str, Any]
) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """What is stated in the schema's own fields, as text, and what has not their shape."""
    stated: dict[str, str] = {}
    findings = []
    for field in schema.fields:
        value = _text(given.get(field.name))
        fault = _misshapen(field, value)
        if fault is not None:
            message = f"the candidate has not the shape of {schema.name}: {field.name}: {fault}"
            findings.append(Finding("S001", Severity.ERROR, field.name, message))
        elif isinstance(value, str) and value.strip():
            stated[field.name] = value.strip()
    return stated, tuple(findings)


def _misshapen(field: SchemaField, value: object) -> str | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return "it is missing" if field.required else None
    if not isinstance(value, str):
        figure = isinstance(field.marker, NumberInQuote)
        return f"wanted is {'one figure' if figure else 'a text'}, as a string"
    if len(value) > _LONGEST:
        return f"it is longer than {_LONGEST} characters"
    if any(category(char) in ("Cc", "Cs") for char in value):
        return "it holds a control character"
    return None


def _text(value: object) -> object:
    """A plain number as it prints, so that none is rounded; everything else as it is."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, date)):
        return value
    if isinstance(value, int) and value.bit_length() > _LONGEST_INTEGER:
        return hex(value)  # Python prints no longer one in decimals
    return as_text(value)
