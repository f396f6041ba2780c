"""What of a user's schema the gate could not check: told with the reason, before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

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
from extractor.claims.schema_field import SchemaField, metadata_of, refused
from extractor.quantities import unit_of
from extractor.text.words import stem

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

_FIGURES: tuple[object, ...] = (Decimal, int, str)
_ANY_COUNT = "a count"
_MARKERS = (Evidence, *get_args(Marker))


def fault_of_form(info: FieldInfo) -> str | None:
    """What a field may not have, since it would say what no text was asked for."""
    if info.default_factory is not None or not (info.is_required() or info.default is None):
        return "a default would be said of every text; None is the only one"
    if info.alias or info.validation_alias:
        return "a field goes by its own name, without an alias"
    if any(one is not None and isinstance(one, type) and one in _MARKERS for one in info.metadata):
        return "a marker is called: write NumberInQuote(), not NumberInQuote"
    return None


def refuse_wrong_type(model: type[BaseModel], name: str, marker: Marker, kinds: list[Any]) -> None:
    """Raise SchemaError where a field is of a type that its marker does not check."""
    kind = kinds[0] if len(kinds) == 1 else None
    if isinstance(marker, NumberInQuote):
        if kind is float:
            raise refused(model, name, "a float rounds what the text says; make it a Decimal")
        if kind not in _FIGURES:
            raise refused(model, name, "a number is a Decimal, an int, or a str")
    elif isinstance(marker, DateInText):
        if kind not in (str, date):
            raise refused(model, name, "a date is a str, or a datetime.date")
    elif kind is not str and get_origin(kind) is not Literal:
        raise refused(model, name, f"what {type(marker).__name__} checks is a str")


def refuse_wrong_values(model: type[BaseModel], name: str, marker: Marker) -> None:
    """Each value can be said, and none is said by the words of another."""
    units = [one for one in metadata_of(model.model_fields[name]) if isinstance(one, UnitOf)]
    if any(not one.units or not _are_words(one.units) for one in units):
        raise refused(model, name, "UnitOf() names no unit")
    if isinstance(marker, NumberInQuote) and not _are_words(marker.cues):
        raise refused(model, name, "a cue is a text with a word in it")
    if getattr(marker, "within", "sentence") not in get_args(Reach):
        raise refused(model, name, f"within is one of {', '.join(get_args(Reach))}")
    if not isinstance(marker, OneOf | EventOf):
        return
    if len(marker.wordings) < 1:
        raise refused(model, name, f"{type(marker).__name__} lists no values")
    owner: dict[str, str] = {}
    for value, wordings in marker.wordings:
        if not _are_words((value, *wordings)) or not wordings:
            raise refused(model, name, f"the value {value!r} has no words by which a text says it")
        for word in wordings:
            other = owner.setdefault(_alike(word), value)
            if other != value:
                raise refused(model, name, f"{word!r} says {other!r} and {value!r} alike")


def refuse_exchangeable(model: type[BaseModel], numbers: Sequence[SchemaField]) -> None:
    """Two numbers of a claim must be told apart by the text, or nothing keeps them in place."""
    for place, one in enumerate(numbers):
        for other in numbers[place + 1 :]:
            mine, theirs = _cue_stems(one), _cue_stems(other)
            nested = any(_is_part(a, b) or _is_part(b, a) for a in mine for b in theirs)
            if (mine or theirs) and not nested:
                continue
            units, others = ({*map(_unit_key, units)} for units in (one.units, other.units))
            if not nested and _are_apart(units, others):
                continue
            raise refused(
                model,
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
