"""A user's schema as the gate sees it: which field is checked how. What it cannot check is refused.

A schema is a pydantic class with annotated fields (see `markers`): a subclass of CandidateClaim,
whose own fields stand beside those of every claim, or a class of its own with one Evidence field.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from extractor.claims.markers import (
    DateInText,
    EventOf,
    Evidence,
    Marker,
    NumberInQuote,
    OneOf,
    Reach,
    UnitOf,
)
from extractor.errors import InputError
from extractor.quantities import unit_of
from extractor.text.words import stem

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    from extractor.claims.own_rules import OwnRule

_FIGURES: tuple[object, ...] = (Decimal, int, str)
_VALUE = "value"
_OF_A_CLAIM = ("low", "high", "position", "derived_from", "quote")
_ANY_COUNT = "a count"
_RESERVED = ("position", "id", "dismissed")
"""What answers and candidates hold beside the fields of a claim."""

_WITHOUT_MARKER = (
    "nothing checks it; annotate it with one of NameInText(), PlaceInText(), InText(), OneOf(...), "
    "EventOf(...), UnitOf(...) or DateInText()"
)


_MARKERS = (Evidence, *get_args(Marker))


class SchemaError(InputError):
    """A class that is no schema, or holds a field that the gate cannot check."""


@dataclass(frozen=True, slots=True)
class SchemaField:
    """One field: how it is checked, the units that its number may have, and whether it must be.

    `of_type` is what the class has for an accepted value: str, int, Decimal or date. `common` are
    the stems of words that no name begins with: those by which the schema's own values are said.
    """

    name: str
    marker: Marker
    units: tuple[str, ...] = ()
    required: bool = True
    description: str = ""
    of_type: type = str
    common: frozenset[str] = frozenset()


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
    evidence = [name for name, field in model.model_fields.items() if _is_evidence(field)]
    if not extends and len(evidence) == 1 and not _is_plain(model.model_fields[evidence[0]]):
        raise _refused(model, evidence[0], "the evidence is a str, always there, without a check")
    if extends and evidence:
        raise _refused(model, evidence[0], "the evidence of a CandidateClaim is its quote")
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
    _refuse_exchangeable(schema)
    return schema


def _found(model: type[BaseModel], taken: Mapping[str, FieldInfo]) -> list[SchemaField]:
    found = []
    for name, info in model.model_fields.items():
        if _is_evidence(info):
            continue
        markers = _markers(info)
        if name in taken and name != _VALUE:
            if _fault_of_form(info) is not None:
                raise _refused(model, name, str(_fault_of_form(info)))
            if markers or (name in _OF_A_CLAIM and _is_redeclared(model, name)):
                raise _refused(model, name, "every claim has it, and the project's rules check it")
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
    kinds, optional = _kinds(info.annotation)
    is_number = any(kind in (int, float, Decimal, complex) for kind in kinds)
    fault = _fault_of_form(info)
    if fault is not None:
        raise _refused(model, name, fault)
    leading = [one for one in markers if not isinstance(one, UnitOf)] or markers
    if name in _RESERVED or (name == "quote" and not extends):
        raise _refused(model, name, "this name has a meaning of its own; choose another")
    if len(leading) != 1 or len(markers) - len(leading) > 1:
        if markers:
            raise _refused(model, name, "two checks exclude each other; one is wanted")
        if is_number:
            raise _refused(
                model, name, "it is a number that nothing checks; annotate it with NumberInQuote()"
            )
        raise _refused(model, name, _WITHOUT_MARKER)
    marker = leading[0]
    units = tuple(unit for one in markers if isinstance(one, UnitOf) for unit in one.units)
    if units and not isinstance(marker, NumberInQuote | UnitOf):
        raise _refused(model, name, "a unit belongs to a number: UnitOf() stands beside it alone")
    _check_type(model, name, marker, kinds)
    _check_values(model, name, marker)
    return SchemaField(
        name=name,
        marker=marker,
        units=units,
        required=info.is_required() and not optional,
        description=info.description or "",
        of_type=str if get_origin(kinds[0]) is Literal else kinds[0],
    )


def _fault_of_form(info: FieldInfo) -> str | None:
    """What a field may not have, since it would say what no text was asked for."""
    if info.default_factory is not None or not (info.is_required() or info.default is None):
        return "a default would be said of every text; None is the only one"
    if info.alias or info.validation_alias:
        return "a field goes by its own name, without an alias"
    if any(one is not None and isinstance(one, type) and one in _MARKERS for one in info.metadata):
        return "a marker is called: write NumberInQuote(), not NumberInQuote"
    return None


def _check_type(model: type[BaseModel], name: str, marker: Marker, kinds: list[Any]) -> None:
    kind = kinds[0] if len(kinds) == 1 else None
    if isinstance(marker, NumberInQuote):
        if kind is float:
            raise _refused(model, name, "a float rounds what the text says; make it a Decimal")
        if kind not in _FIGURES:
            raise _refused(model, name, "a number is a Decimal, an int, or a str")
    elif isinstance(marker, DateInText):
        if kind not in (str, date):
            raise _refused(model, name, "a date is a str, or a datetime.date")
    elif kind is not str and get_origin(kind) is not Literal:
        raise _refused(model, name, f"what {type(marker).__name__} checks is a str")


def _check_values(model: type[BaseModel], name: str, marker: Marker) -> None:
    """Each value can be said, and none is said by the words of another."""
    units = [one for one in _metadata(model.model_fields[name]) if isinstance(one, UnitOf)]
    if any(not one.units or not _are_words(one.units) for one in units):
        raise _refused(model, name, "UnitOf() names no unit")
    if isinstance(marker, NumberInQuote) and not _are_words(marker.cues):
        raise _refused(model, name, "a cue is a text with a word in it")
    if getattr(marker, "within", "sentence") not in get_args(Reach):
        raise _refused(model, name, f"within is one of {', '.join(get_args(Reach))}")
    if not isinstance(marker, OneOf | EventOf):
        return
    if len(marker.wordings) < 1:
        raise _refused(model, name, f"{type(marker).__name__} lists no values")
    owner: dict[str, str] = {}
    for value, wordings in marker.wordings:
        if not _are_words((value, *wordings)) or not wordings:
            raise _refused(model, name, f"the value {value!r} has no words by which a text says it")
        for word in wordings:
            other = owner.setdefault(_alike(word), value)
            if other != value:
                raise _refused(model, name, f"{word!r} says {other!r} and {value!r} alike")


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
    return info.annotation is str and info.is_required() and not _markers(info)


def _refuse_exchangeable(schema: ClaimSchema) -> None:
    """Two numbers of a claim must be told apart by the text, or nothing keeps them in place."""
    numbers = schema.numbers
    for place, one in enumerate(numbers):
        for other in numbers[place + 1 :]:
            mine, theirs = _cue_stems(one), _cue_stems(other)
            nested = any(_is_part(a, b) or _is_part(b, a) for a in mine for b in theirs)
            if (mine or theirs) and not nested:
                continue
            units, others = ({*map(_unit_key, units)} for units in (one.units, other.units))
            if not nested and _are_apart(units, others):
                continue
            raise _refused(
                schema.model,
                other.name,
                f"nothing in a text tells it from {one.name}; give each its UnitOf(...), or one of "
                "them NumberInQuote(cues=[...])",
            )


def _are_apart(units: set[str], others: set[str]) -> bool:
    """Whether no number has a unit of both; a count is of any noun."""
    if not units or not others or units & others:
        return False
    for one, other in ((units, others), (others, units)):
        if _ANY_COUNT in one and any(unit_of(name) is None for name in other):
            return False
    return True


def _cue_stems(field: SchemaField) -> set[str]:
    cues = field.marker.cues if isinstance(field.marker, NumberInQuote) else ()
    return {_alike(cue) for cue in cues}


def _is_part(one: str, other: str) -> bool:
    """Whether the words of a cue stand in another one: "from" in "up from"."""
    return f" {one} " in f" {other} "


def _alike(words: str) -> str:
    """A key under which wordings meet that the text could not tell apart."""
    return " ".join(stem(word.lower()) for word in words.split())


def _unit_key(unit: str) -> str:
    known = unit_of(unit)
    if known is not None:
        return known
    return _ANY_COUNT if unit in ("count", "number") else _alike(unit)


def _are_words(texts: object) -> bool:
    """Whether each is a text with a letter, a digit or a sign of money or share in it."""
    if not isinstance(texts, tuple):
        return False
    signs = "%$£€¥₹°"
    return all(
        isinstance(one, str) and any(char.isalnum() or char in signs for char in one)
        for one in texts
    )


def _refused(model: type[BaseModel], name: str, why: str) -> SchemaError:
    return SchemaError(f"{model.__name__}.{name} cannot be checked: {why}.")


def _is_evidence(info: FieldInfo) -> bool:
    return any(isinstance(one, Evidence) for one in _metadata(info))


def _markers(info: FieldInfo) -> list[Marker]:
    return [one for one in _metadata(info) if isinstance(one, Marker)]


def _metadata(info: FieldInfo) -> Iterator[object]:
    """What a field is annotated with, also within `Annotated[…] | None`."""
    yield from info.metadata
    for part in get_args(info.annotation):
        if get_origin(part) is Annotated:
            yield from part.__metadata__


def _kinds(annotation: Any) -> tuple[list[Any], bool]:  # noqa: ANN401 - any annotation
    """The types of a field without None, and whether None is among them."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) not in (Union, types.UnionType):
        return [annotation], False
    inner = [_kinds(part)[0][0] for part in get_args(annotation)]
    kinds = [kind for kind in inner if kind is not types.NoneType]
    return kinds, len(kinds) < len(inner)


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
