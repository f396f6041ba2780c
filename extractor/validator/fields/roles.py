"""Which number field of a schema a number may fill: by its unit, and by the words beside it."""

from __future__ import annotations

import re

from extractor.claims.markers import NumberInQuote
from extractor.claims.schema import ClaimSchema
from extractor.claims.schema_field import SchemaField
from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.text.words import stem, words
from extractor.validator.fields.belonging import leading_places, neighbourhood
from extractor.validator.fields.cues import cue_places
from extractor.validator.figures import mixes_ratios
from extractor.validator.source import Source
from extractor.validator.unit_fit import unit_fault

_LEADING_WORDS = frozenset(
    map(stem, "from against versus vs with to than after before of by at on over under".split())
)
_NOTHING = re.compile(r"\s*(?:(?:an?|the|its|some|a total of)\s+)?")


def unit_of_field_fault(source: Source, quantity: Quantity, field: SchemaField) -> str | None:
    """Why a number has none of a field's units, one sentence; None where it has."""
    if is_of_unit_of(source, quantity, field):
        return None
    wanted = " or ".join(field.units)
    return f"{field.name} is of the unit {wanted}, and {quantity.text!r} is not"


def is_of_unit_of(source: Source, quantity: Quantity, field: SchemaField) -> bool:
    """Whether a number has one of a field's units; any has, where the field names none."""
    return not field.units or any(has_unit(source, quantity, unit) for unit in field.units)


def has_unit(source: Source, quantity: Quantity, unit: str) -> bool:
    """Whether a number has a unit."""

    def found() -> bool:
        return not mixes_ratios(quantity, unit) and unit_fault(source, quantity, unit) is None

    return source.remembered(("unit", quantity.span, unit), found)


def role_fault(
    source: Source, schema: ClaimSchema, field: SchemaField, quantity: Quantity
) -> str | None:
    """Why the words beside a number do not let it fill a field; None where they do.

    A field with cues wants one of them at the number; one without wants none of another's.
    """
    own = _cues(field)
    if own:
        if _stands(source, quantity, own):
            return None
        return f"none of the words for {field.name} stands at {quantity.text!r}"
    for other in schema.numbers:
        fits = other.name != field.name and is_of_unit_of(source, quantity, other)
        if fits and _stands(source, quantity, _cues(other)):
            return f"the words at {quantity.text!r} are those of {other.name}"
    return None


def _cues(field: SchemaField) -> tuple[str, ...]:
    return field.marker.cues if isinstance(field.marker, NumberInQuote) else ()


def _stands(source: Source, quantity: Quantity, cues: tuple[str, ...]) -> bool:
    text, window = source.document.text, neighbourhood(source, quantity).window
    for place in leading_places(source, quantity, cue_places(source, window, cues)):
        last = [word.stem for word in words(text, place)][-1:]
        if not last or last[0] not in _LEADING_WORDS:
            return True
        # "from" leads to the number behind it: in "40 cases from Orle" it says nothing of the 40
        between = Span(place.end, max(place.end, quantity.span.start))
        if place.end <= quantity.span.start and _NOTHING.fullmatch(between.of(text)):
            return True
    return False
