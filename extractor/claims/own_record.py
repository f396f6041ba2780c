"""An accepted claim as an instance of the user's own class."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from extractor.claims.records import plain
from extractor.claims.schema import ClaimSchema, schema_of
from extractor.claims.schema_field import SchemaField
from extractor.quantities.types import Quantity
from extractor.text.days import full_date

if TYPE_CHECKING:
    from pydantic import BaseModel

    from extractor.claims.verdicts import Claim

Model = TypeVar("Model", bound="BaseModel")

_OF_A_CLAIM = ("counted", "event", "claimant", "place", "when", "modality", "unit")


def own_record(claim: Claim, model: type[Model]) -> Model:
    """The claim as an instance of `model`. Raises ValidationError when the class refuses it."""
    return model.model_validate(_values(claim, schema_of(model)))


def changed_field(claim: Claim, schema: ClaimSchema, record: BaseModel) -> str | None:
    """The first field of a record that is not what was checked; None where all are.

    A class may have validators and defaults of its own: what they say, no text says.
    """
    given = _values(claim, schema)
    base = (*_OF_A_CLAIM, "qualifier", "low", "high") if schema.extends else ()
    own = [field.name for field in schema.fields]
    names: list[str] = [schema.quote, schema.number.name, *base, *own]
    return next((name for name in names if getattr(record, name, None) != given.get(name)), None)


def _values(claim: Claim, schema: ClaimSchema) -> dict[str, Any]:
    values: dict[str, Any] = {schema.quote: claim.quote}
    if schema.extends:
        told = {name: getattr(claim, name) for name in _OF_A_CLAIM}
        values |= {name: said for name, said in told.items() if said is not None}
        values["qualifier"] = claim.qualifier.value
        if claim.value is not None:
            values["value"] = plain(claim.value)
        else:
            values |= {"low": plain(claim.low), "high": plain(claim.high)}
    else:
        values[schema.number.name] = _number(schema.number, claim.quantity)
    for field in schema.fields:
        stated = claim.field(field.name)
        if stated is None:
            continue
        if stated.quantity is not None:
            values[field.name] = _number(field, stated.quantity)
        elif field.of_type is date:
            values[field.name] = full_date(stated.text)
        else:
            values[field.name] = stated.text
    return values


def _number(field: SchemaField, quantity: Quantity) -> object:
    """The figure of a number, or for a str its words; None where it is a range and no figure."""
    if field.of_type is str:
        return quantity.text
    value = quantity.value
    # a strict class takes no Decimal for an int, and an int no fraction
    whole = field.of_type is int and value is not None and value == value.to_integral_value()
    return int(value) if whole and value is not None else value
