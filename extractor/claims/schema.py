"""A user's schema as the gate sees it: which field is checked how. What it cannot check is refused.

A schema is a pydantic class with annotated fields (see `markers`): a subclass of CandidateClaim,
whose own fields stand beside those of every claim, or a class of its own with one Evidence field.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, get_origin

from extractor.claims.markers import (
    EventOf,
    Marker,
    NumberInQuote,
    OneOf,
    UnitOf,
)
from extractor.claims.schema_faults import (
    fault_of_form,
    refuse_exchangeable,
    refuse_wrong_type,
    refuse_wrong_values,
)
from extractor.claims.schema_field import (
    SchemaError,
    SchemaField,
    is_evidence,
    kinds_of,
    markers_of,
    refused,
)
from extractor.text.words import stem

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    from extractor.claims.own_rules import OwnRule

_VALUE = "value"
_OF_A_CLAIM = ("low", "high", "position", "derived_from", "quote")
_RESERVED = ("position", "id", "dismissed")
"""What answers and candidates hold beside the fields of a claim."""

_WITHOUT_MARKER = (
    "nothing checks it; annotate it with one of NameInText(), PlaceInText(), InText(), OneOf(...), "
    "EventOf(...), UnitOf(...) or DateInText()"
)


@dataclass(frozen=True, slots=True)
class ClaimSchema:
    """A schema taken apart.

    `quote` names the field of the evidence. `number` is the number that a claim is made for, and
    `fields` are the others, in the order of the class. `extends` says that the fields of every
    claim (counted, event, claimant, …) stand beside them.
    """

    name: str
    description: str
    model: type[BaseModel]
    number: SchemaField
    fields: tuple[SchemaField, ...]
    quote: str = "quote"
    extends: bool = False

    @property
    def numbers(self) -> tuple[SchemaField, ...]:
        """The fields of numbers, that of the claim first."""
        further = (one for one in self.fields if isinstance(one.marker, NumberInQuote))
        return (self.number, *further)

    @property
    def rules(self) -> tuple[OwnRule, ...]:
        """The rules that were registered for the class, or for one that it extends."""
        from extractor.claims.own_rules import rules_for

        return rules_for(self.model)

    @property
    def sha256(self) -> str:
        """A hash of all that decides a verdict: fields, checks, and the source of its own rules."""
        outline = {
            "name": self.name,
            "fields": [_outline(one) for one in (self.number, *self.fields)],
            "model": self.model.model_json_schema(),
            "rules": [[rule.code, _source(rule.check)] for rule in self.rules],
            "class": [_source(one) for one in self.model.__mro__ if one.__module__ != "builtins"][
                : self.model.__mro__.index(_first_of_ours(self.model))
            ],
        }
        text = json.dumps(outline, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def schema_of(model: type[BaseModel]) -> ClaimSchema:
    """The schema that a class is.

    Raises SchemaError when it is none, or when the gate could not check one of its fields.
    """
    from pydantic import BaseModel

    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise SchemaError(
            f"{str(model)[:80]} is no schema: wanted is a pydantic class that extends "
            "CandidateClaim, or has an Evidence() field."
        )
    return _taken_apart(model)


@lru_cache(maxsize=64)
def _taken_apart(model: type[BaseModel]) -> ClaimSchema:
    from extractor.claims.wire import CandidateClaim

    extends = issubclass(model, CandidateClaim)
    evidence = [name for name, field in model.model_fields.items() if is_evidence(field)]
    if not extends and len(evidence) == 1 and not _is_plain(model.model_fields[evidence[0]]):
        raise refused(model, evidence[0], "the evidence is a str, always there, without a check")
    if extends and evidence:
        raise refused(model, evidence[0], "the evidence of a CandidateClaim is its quote")
    if not extends and len(evidence) != 1:
        raise SchemaError(
            f"{model.__name__} is no schema: it extends CandidateClaim, or has one field that is "
            "Annotated[str, Evidence()], the passage that holds its numbers."
        )
    found = _found(model, CandidateClaim.model_fields if extends else {})
    number = next((one for one in found if isinstance(one.marker, NumberInQuote)), None)
    if extends and (number is None or number.name != _VALUE):
        number = SchemaField(_VALUE, NumberInQuote(), required=False)
    elif number is None or not (extends or number.required):
        raise SchemaError(
            f"{model.__name__} has no number that every claim has: its first NumberInQuote() field "
            "must be there, and not be optional."
        )
    common = frozenset(_common(found))
    found = [replace(one, common=common) for one in found]
    schema = ClaimSchema(
        name=model.__name__,
        description=_docstring(model),
        model=model,
        number=replace(number, common=common),
        fields=tuple(one for one in found if one.name != number.name),
        quote="quote" if extends else evidence[0],
        extends=extends,
    )
    refuse_exchangeable(model, schema.numbers)
    return schema


def _found(model: type[BaseModel], taken: Mapping[str, FieldInfo]) -> list[SchemaField]:
    found = []
    for name, info in model.model_fields.items():
        if is_evidence(info):
            continue
        markers = markers_of(info)
        if name in taken and name != _VALUE:
            if fault_of_form(info) is not None:
                raise refused(model, name, str(fault_of_form(info)))
            if markers or (name in _OF_A_CLAIM and _is_redeclared(model, name)):
                raise refused(model, name, "every claim has it, and the project's rules check it")
            continue
        if name in taken and not markers:
            continue
        found.append(_field(model, name, info, markers))
    return found


def _is_redeclared(model: type[BaseModel], name: str) -> bool:
    from extractor.claims.wire import CandidateClaim

    below = model.__mro__[: model.__mro__.index(CandidateClaim)]
    return any(name in vars(one).get("__annotations__", ()) for one in below)


def _field(
    model: type[BaseModel], name: str, info: FieldInfo, markers: list[Marker]
) -> SchemaField:
    from extractor.claims.wire import CandidateClaim

    extends = issubclass(model, CandidateClaim)
    kinds, optional = kinds_of(info.annotation)
    is_number = any(kind in (int, float, Decimal, complex) for kind in kinds)
    fault = fault_of_form(info)
    if fault is not None:
        raise refused(model, name, fault)
    leading = [one for one in markers if not isinstance(one, UnitOf)] or markers
    if name in _RESERVED or (name == "quote" and not extends):
        raise refused(model, name, "this name has a meaning of its own; choose another")
    if len(leading) != 1 or len(markers) - len(leading) > 1:
        if markers:
            raise refused(model, name, "two checks exclude each other; one is wanted")
        if is_number:
            raise refused(
                model, name, "it is a number that nothing checks; annotate it with NumberInQuote()"
            )
        raise refused(model, name, _WITHOUT_MARKER)
    marker = leading[0]
    units = tuple(unit for one in markers if isinstance(one, UnitOf) for unit in one.units)
    if units and not isinstance(marker, NumberInQuote | UnitOf):
        raise refused(model, name, "a unit belongs to a number: UnitOf() stands beside it alone")
    refuse_wrong_type(model, name, marker, kinds)
    refuse_wrong_values(model, name, marker)
    return SchemaField(
        name=name,
        marker=marker,
        units=units,
        required=info.is_required() and not optional,
        description=info.description or "",
        of_type=str if get_origin(kinds[0]) is Literal else kinds[0],
    )


def _common(fields: Iterable[SchemaField]) -> Iterator[str]:
    """The stems of all words by which a schema says its values."""
    for field in fields:
        said = [*field.units]
        if isinstance(field.marker, EventOf | NumberInQuote):
            said += _cues(field.marker)
        elif isinstance(field.marker, UnitOf):
            said += field.marker.units
        elif isinstance(field.marker, OneOf):  # of a list of common words: "bread"
            said += [
                words for _, cues in field.marker.wordings for words in cues if words.islower()
            ]
        yield from (stem(word.lower()) for words in said for word in words.split())


def _cues(marker: EventOf | NumberInQuote) -> list[str]:
    if isinstance(marker, NumberInQuote):
        return [*marker.cues]
    return [cue for _, cues in marker.wordings for cue in cues]


def _is_plain(info: FieldInfo) -> bool:
    return info.annotation is str and info.is_required() and not markers_of(info)


def _docstring(model: type[BaseModel]) -> str:
    from pydantic import BaseModel

    from extractor.claims.wire import CandidateClaim

    inherited = {BaseModel.__doc__, CandidateClaim.__doc__}
    return "" if model.__doc__ in inherited else inspect.cleandoc(model.__doc__ or "")


def _outline(field: SchemaField) -> list[Any]:
    marker = [type(field.marker).__name__, asdict(field.marker)]
    return [field.name, marker, field.units, field.required, field.of_type.__name__]


def _first_of_ours(model: type[BaseModel]) -> type[object]:
    """The first class that a schema extends and that is no user's."""
    from pydantic import BaseModel

    from extractor.claims.wire import CandidateClaim

    return next(one for one in model.__mro__ if one in (CandidateClaim, BaseModel))


def _source(check: object) -> str:
    try:
        return inspect.getsource(check)  # type: ignore[arg-type]
    except (OSError, TypeError):  # typed into an interpreter: the compiled code has to do
        code = getattr(check, "__code__", None)
        return repr((code.co_code, code.co_consts)) if code is not None else repr(check)
