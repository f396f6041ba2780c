"""What is asked of a user's schema: for each number that a claim can be made for, its fields.

As with the claims of every text, what is offered for a field is what the gate would let pass for
this very number, and a field for which the text leaves one option is not asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from extractor.claims.markers import (
    DateInText,
    EventOf,
    InText,
    NameInText,
    NumberInQuote,
    OneOf,
    PlaceInText,
    UnitOf,
)
from extractor.claims.records import plain
from extractor.claims.schema import ClaimSchema
from extractor.claims.schema_field import SchemaField
from extractor.extraction.anchored import number_question
from extractor.extraction.answers import Options, Question
from extractor.extraction.passages import Passage
from extractor.extraction.windows import own_piece
from extractor.quantities import unit_of
from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.validator import Source, select_rules
from extractor.validator.counted import noun_chunks
from extractor.validator.fields.belonging import neighbourhood
from extractor.validator.fields.dates import dates_in
from extractor.validator.fields.proper_names import names_in
from extractor.validator.fields.roles import has_unit, is_of_unit_of, role_fault
from extractor.validator.own_claims import class_accepts, fault_so_far, standing

_MOST_OPTIONS = 24  # of a field; a longer list only costs tokens
_EDGES = " \t\r\n,;:.-\u2013\u2014"


def takes(source: Source, schema: ClaimSchema, field: SchemaField, quantity: Quantity) -> bool:
    """Whether a number may fill a number field: by its unit, and by the words beside it."""
    fits = is_of_unit_of(source, quantity, field)
    return fits and role_fault(source, schema, field, quantity) is None


def own_question(
    source: Source, schema: ClaimSchema, passage: Passage, quantity: Quantity
) -> Question:
    """The question of one number that a claim of the schema can be made for."""
    if not schema.extends:
        find = partial(_options, source, schema, passage, quantity, {})
        return Question(quantity, find)
    base = number_question(source, passage, quantity)

    def both() -> Options:
        told = base.options
        asked = {name: values for name, values in told.choices.items() if name not in _said(schema)}
        own = _options(source, schema, passage, quantity, {"modality": asked["modality"][0]})
        return Options(
            own.quotes,
            {**asked, **own.choices},
            own.dismissible and told.dismissible,
            own.telling | told.telling,
        )

    return Question(quantity, both, base.claimants)


def _said(schema: ClaimSchema) -> tuple[str, ...]:
    """The fields of every claim in whose place one of the schema stands: what happened."""
    has_event = any(isinstance(field.marker, EventOf) for field in schema.fields)
    return ("event",) if has_event else ()


def lacking(source: Source, schema: ClaimSchema, question: Question) -> str | None:
    """Why no claim can be made of a number, one sentence; None where one can.

    The text does not let it be told as a claim at all, or gives nothing for a field that each has.
    """
    told = {"modality": question.choices["modality"][0]} if schema.extends else {}
    stated = {schema.quote: question.quote, **told, **figure_of(schema, question.quantity)}
    fault = fault_so_far(source, stated, select_rules(None), schema)
    if fault is not None:
        return fault
    required = (field.name for field in schema.fields if field.required)
    name = next((name for name in required if not question.choices[name]), None)
    return None if name is None else f"nothing that the text says of it can be its {name}"


def _options(
    source: Source,
    schema: ClaimSchema,
    passage: Passage,
    quantity: Quantity,
    told: Mapping[str, object],
) -> Options:
    """The options of the schema's own fields; `told` is what the claim says beside them."""
    further = {
        field.name: _numbers(source, schema, field, quantity) for field in schema.numbers[1:]
    }
    widest = [one for numbers in further.values() for one in numbers]
    quote = _quote(source, passage, quantity, widest)
    stated = {schema.quote: quote, **told, **figure_of(schema, quantity)}
    rules = select_rules(None)
    choices: dict[str, tuple[str | None, ...]] = {}
    for field in schema.fields:
        if isinstance(field.marker, NumberInQuote):
            offered: Iterable[str] = (one.text for one in further[field.name])
        else:
            offered = _values(source, field, quantity, passage)
        found = tuple(
            value
            for value in dict.fromkeys(offered)
            if class_accepts(schema, field, value)
            and fault_so_far(source, {**stated, field.name: value}, rules, schema) is None
        )[:_MOST_OPTIONS]
        choices[field.name] = (*found, None) if _may_be_left_out(field, found) else found
    decided = {name: found[0] for name, found in choices.items() if len(found) == 1}
    for field in schema.numbers[1:]:  # one that the claim could not hold is not offered
        others = {name: said for name, said in decided.items() if name != field.name}
        fitting = tuple(
            value
            for value in choices[field.name]
            if value is None
            or fault_so_far(source, {**stated, **others, field.name: value}, rules, schema) is None
        )
        choices[field.name] = fitting if any(fitting) else ()
    said = {value for field in schema.numbers[1:] for value in choices[field.name]}
    quote = _quote(source, passage, quantity, [one for one in widest if one.text in said])
    labels = [f.name for f in schema.fields if isinstance(f.marker, OneOf | EventOf)]
    is_told = any(choices[name] for name in labels) or _is_counted(schema, quantity)
    return Options((quote,), choices, not is_told, frozenset(labels))


def figure_of(schema: ClaimSchema, quantity: Quantity) -> dict[str, object]:
    """The number of a candidate, under the names of the schema, with its place."""
    place = {"position": quantity.span.start}
    if quantity.value is not None:
        return {schema.number.name: plain(quantity.value), **place}
    if schema.extends:
        return {"low": plain(quantity.low), "high": plain(quantity.high), **place}
    return {schema.number.name: quantity.text, **place}


def _may_be_left_out(field: SchemaField, found: Sequence[str]) -> bool:
    """Whether nothing is an option too: of what the text says in so many words it is none."""
    if field.required or not found:
        return False
    if isinstance(field.marker, NumberInQuote):
        return not field.marker.cues or len(found) > 1
    return isinstance(field.marker, InText | NameInText | PlaceInText) or len(found) > 1


def _is_counted(schema: ClaimSchema, quantity: Quantity) -> bool:
    """Whether the number counts what the schema is about ("seats"), by its unit."""
    return quantity.unit is None and any(unit_of(unit) is None for unit in schema.number.units)


def _numbers(
    source: Source, schema: ClaimSchema, field: SchemaField, quantity: Quantity
) -> list[Quantity]:
    """The other numbers of the sentence that may fill a further number field."""
    window = neighbourhood(source, quantity).window
    return [
        one
        for one in source.quantities_touching(window)
        if one.span != quantity.span
        and window.contains(one.number)
        and takes(source, schema, field, one)
    ]


def _quote(
    source: Source, passage: Passage, quantity: Quantity, further: Sequence[Quantity]
) -> str:
    """The number's own piece of the passage, with the numbers that may be of the same claim."""
    text = source.document.text
    piece = own_piece(text, passage.span, passage.quantities, quantity)
    start = min((piece.start, *(one.span.start for one in further)))
    end = max((piece.end, *(one.span.end for one in further)))
    masked = [one.span for one in source.masked_touching(Span(start, end))]
    start = min((start, *(one.start for one in masked)))
    end = max((end, *(one.end for one in masked)))
    return text[start:end].strip(_EDGES) or quantity.text


def _values(source: Source, field: SchemaField, quantity: Quantity, passage: Passage) -> list[str]:
    """What the text has that a field may say of a number, the nearest first."""
    text = source.document.text
    match field.marker:
        case UnitOf():
            return [unit for unit in field.marker.units if has_unit(source, quantity, unit)]
        case OneOf() | EventOf():
            offered = [value for value, _ in field.marker.wordings]
        case DateInText():
            offered = _dates(source, field.marker, quantity)
        case InText() | NameInText() | PlaceInText():
            window = neighbourhood(source, quantity).window
            offered = [name.span.of(text) for name in names_in(source, window)]
            if isinstance(field.marker, InText):
                offered += noun_chunks(text, window, passage.quantities)
            if field.marker.within != "sentence":
                offered += _earlier_names(source, window)
        case _:
            offered = []
    found = ((value, standing(source, quantity, field, value)) for value in offered)
    return [value for value, place in found if place is not None and place.fault is None]


def _dates(source: Source, marker: DateInText, quantity: Quantity) -> list[str]:
    """The dates up to the end of a number's sentence, as far as they may be its own."""
    window = neighbourhood(source, quantity).window
    within = window if marker.within == "sentence" else Span(0, window.end)
    found = [place.of(source.document.text) for place in dates_in(source, within)]
    return found[: -_MOST_OPTIONS - 1 : -1]


def _earlier_names(source: Source, window: Span) -> list[str]:
    """The names of the sentences before, the last first, each once."""
    text = source.document.text

    def found() -> list[tuple[int, str]]:
        names = (name for one in source.document.sentences for name in names_in(source, one))
        return [(name.span.start, name.span.of(text)) for name in names]

    every = source.remembered("names of the document", found)
    before = [name for start, name in every if start < window.start]
    return list(dict.fromkeys(reversed(before)))[:_MOST_OPTIONS]
