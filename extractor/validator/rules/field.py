"""F: the fields of a user's schema are what the text says of the claim's own numbers."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType

from extractor.claims import Finding
from extractor.claims.markers import (
    DateInText,
    EventOf,
    InText,
    NameInText,
    OneOf,
    PlaceInText,
    UnitOf,
)
from extractor.claims.schema_field import SchemaField
from extractor.quantities import unit_of
from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.validator.case import Case
from extractor.validator.fields.cues import verbatim_places
from extractor.validator.fields.dates import date_places
from extractor.validator.fields.example import example_schema
from extractor.validator.fields.proper_names import names_in
from extractor.validator.fields.roles import has_unit, role_fault, unit_of_field_fault
from extractor.validator.fields.standing import (
    Standing,
    standing_date,
    standing_value,
)
from extractor.validator.fields.standing_words import standing_words
from extractor.validator.registry import rule
from extractor.validator.telling import negation

_WORDS = InText | NameInText | PlaceInText
_SHOWN = 80  # characters of a value in a message


@rule("F901", schema=example_schema)
def field_is_in_the_document(case: Case) -> Iterator[Finding]:
    """Words of a text field (InText, a name, a place) must stand in the document, as whole words.

    Text: The Meadow Party won 41 seats.
    Rejected: {"evidence": "won 41 seats", "seats": "41", "party": "Meadow League"}
    Accepted: {"evidence": "won 41 seats", "seats": "41", "party": "Meadow Party"}
    """
    for field, said, _ in _stated(case, _WORDS):
        if not verbatim_places(case.source, said):
            message = f"{said[:_SHOWN]!r} is not in the document"
            yield case.finding("F901", field.name, message, case.quote)


@rule("F902", schema=example_schema)
def field_is_said_of_these_numbers(case: Case) -> Iterator[Finding]:
    """Words of a text field must be said of each number of the claim, not of another's.

    Text: The Meadow Party won 41 seats and the Harbour Union 17.
    Rejected: {"evidence": "the Harbour Union 17", "seats": "17", "party": "Meadow Party"}
    Accepted: {"evidence": "the Harbour Union 17", "seats": "17", "party": "Harbour Union"}
    """
    for field, said, numbers in _stated(case, _WORDS):
        # a place is the claim's, as its day is, and a name that of all of its numbers
        held = numbers[:1] if isinstance(field.marker, PlaceInText) else numbers
        if verbatim_places(case.source, said):
            first = standing_words(case.source, held[0], field, said)
            others = [one for one in held[1:] if not _is_fronted(case, first.place, held[0], one)]
            found = [standing_words(case.source, one, field, said) for one in others]
            yield from _faults(case, "F902", field, (first, *found))


@rule("F903", schema=example_schema)
def value_is_said_of_these_numbers(case: Case) -> Iterator[Finding]:
    """A value of a list (OneOf) must be on it, and be said of each number of the claim.

    Text: The Meadow Party won 41 seats of the assembly, and 7 of the senate.
    Rejected: {"evidence": "won 41 seats", "seats": "41", "chamber": "senate"}
    Accepted: {"evidence": "won 41 seats", "seats": "41", "chamber": "assembly"}
    """
    for field, said, numbers in _stated(case, OneOf):
        if isinstance(field.marker, OneOf):
            found = (standing_value(case.source, one, field.marker, said) for one in numbers)
            yield from _faults(case, "F903", field, found)


@rule("F904", schema=example_schema)
def label_is_said_of_the_number(case: Case) -> Iterator[Finding]:
    """The label of an event (EventOf) must have a cue at the number, that nothing negates.

    Text: The Meadow Party won 41 seats and lost 17.
    Rejected: {"evidence": "won 41 seats", "seats": "41", "outcome": "lost"}
    Accepted: {"evidence": "won 41 seats", "seats": "41", "outcome": "won"}
    """
    for field, said, numbers in _stated(case, EventOf):
        if isinstance(field.marker, EventOf):
            found = standing_value(case.source, numbers[0], field.marker, said)
            yield from _faults(case, "F904", field, (found,))


@rule("F905", schema=example_schema)
def number_fills_its_field(case: Case) -> Iterator[Finding]:
    """A number of the claim must be that of its field, not negated, and none another claim's.

    Text: The Meadow Party won 41 seats with 34% of the vote, the Harbour Union 17 seats with 15%.
    Rejected: {"evidence": "won 41 seats with 34% of the vote, the Harbour Union 17 seats with 15%",
        "seats": "41", "share": "15%"}
    Accepted: {"evidence": "won 41 seats with 34%", "seats": "41", "share": "34%"}
    """
    own, quantity = case.own, case.matched
    if own is None or quantity is None:
        return
    name = own.schema.number.name
    fault = role_fault(case.source, own.schema, own.schema.number, quantity)
    if fault is not None:
        yield case.finding("F905", name, fault, quantity.span)
    against = negation(case.source, quantity, [quantity.span.start])
    if against is not None and case.candidate.modality == "asserted":
        message = f"the text says {against.of(case.text)!r} of {quantity.text!r}"
        yield case.finding("F905", name, message, against)


@rule("F906", schema=example_schema)
def unit_is_the_fields(case: Case) -> Iterator[Finding]:
    """A number must have a unit of its field (UnitOf), and a field of units say the number's.

    Text: The Meadow Party won 41 seats with 34% of the vote.
    Rejected: {"evidence": "won 41 seats with 34%", "seats": "34"}
    Accepted: {"evidence": "won 41 seats with 34%", "seats": "41"}
    """
    own, quantity = case.own, case.matched
    if own is None or quantity is None:
        return
    for field in own.schema.numbers:
        is_first = field.name == own.schema.number.name
        number = quantity if is_first else own.numbers.get(field.name)
        fault = None if number is None else unit_of_field_fault(case.source, number, field)
        if fault is not None and number is not None:
            yield case.finding("F906", field.name, fault, number.span)
    for field, said, _ in _stated(case, UnitOf):
        if isinstance(field.marker, UnitOf) and not _is_one_of(said, field.marker.units):
            known = ", ".join(field.marker.units)[:200]
            message = f"{said[:_SHOWN]!r} is none of the schema's units ({known})"
            yield case.finding("F906", field.name, message, quantity.span)
        elif not has_unit(case.source, quantity, said):
            message = f"{quantity.text!r} is not of the unit {said[:_SHOWN]!r}"
            yield case.finding("F906", field.name, message, quantity.span)


@rule("F907", schema=example_schema)
def date_is_said_of_the_number(case: Case) -> Iterator[Finding]:
    """A date (DateInText) must be one of the document, and be said of the claim's own number.

    Text: The Meadow Party won 41 seats on 3 May 2026, after 17 on 8 May 2022.
    Rejected: {"evidence": "won 41 seats", "seats": "41", "day": "8 May 2022"}
    Accepted: {"evidence": "won 41 seats", "seats": "41", "day": "3 May 2026"}
    """
    for field, said, numbers in _stated(case, DateInText):
        if not isinstance(field.marker, DateInText):
            continue
        found = standing_date(case.source, numbers[0], field.marker, said)
        faults = list(_faults(case, "F907", field, (found,)))
        if not faults and field.of_type is not str and not _has_year(case, said):
            message = f"{said[:_SHOWN]!r} is no day of a year, as {field.name} wants it"
            faults = [case.finding("F907", field.name, message, numbers[0].span)]
        yield from faults


def _is_one_of(said: str, units: tuple[str, ...]) -> bool:
    """Whether a unit is one of a list, by whatever name: "EUR" of "euros"."""
    known = unit_of(said)
    return said in units or (known is not None and any(unit_of(one) == known for one in units))


def _has_year(case: Case, said: str) -> bool:
    from extractor.text.days import full_date

    return full_date(said) is not None and bool(date_places(case.source, said))


def _stated(
    case: Case, marker: type[object] | UnionType
) -> Iterator[tuple[SchemaField, str, tuple[Quantity, ...]]]:
    """The stated fields of one kind, each with the claim's numbers, the first of them its own."""
    if case.own is None or case.matched is None:
        return
    numbers = (case.matched, *case.own.numbers.values())
    for field in case.own.schema.fields:
        said = case.own.stated.get(field.name)
        if said is not None and isinstance(field.marker, marker):
            yield field, said, numbers


def _is_fronted(case: Case, place: Span | None, own: Quantity, other: Quantity) -> bool:
    """Whether a number leads up to the name: "With 52% of the vote, Labour took 66 seats"."""
    window = case.source.window_of(own)
    if place is None or not (other.span.end <= place.start and place.end <= own.span.start):
        return False
    names = names_in(case.source, window)
    return window.contains(other.span) and all(n.span.start >= other.span.end for n in names)


def _faults(
    case: Case, code: str, field: SchemaField, found: Iterator[Standing] | tuple[Standing, ...]
) -> Iterator[Finding]:
    for standing in found:
        if standing.fault is not None:
            at = standing.at or (case.matched.span if case.matched else case.quote)
            yield case.finding(code, field.name, standing.fault, at)
            return
