"""An accepted claim as an instance of the user's own class."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from extractor.claims.records import plain
from extractor.claims.schema import SchemaField, schema_of
from extractor.quantities.types import Quantity
from extractor.text.days import full_date

if TYPE_CHECKING:
    from pydantic import BaseModel

    from extractor.claims.verdicts import Claim

Model = TypeVar("Model", bound="BaseModel")

_OF_A_CLAIM = ("counted", "event", "claimant", "place", "when", "modality", "unit")


def own_record(claim: Claim, model: type[Model]) -> Model:
    """The claim as an instance of `model`. Raises ValidationError when the class refuses it."""
    schema = schema_of(model)
    values: dict[str, Any] = {schema.quote: claim.quote}
    if schema.extends:
        values |= {name: getattr(claim, name) for name in _OF_A_CLAIM}
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
    return model.model_validate(values)


def _number(field: SchemaField, quantity: Quantity) -> object:
    """The figure of a number, or for a str its words; None where it is a range and no figure."""
    return quantity.text if field.of_type is str else quantity.value
