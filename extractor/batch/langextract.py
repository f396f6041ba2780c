"""LangExtract's annotated documents, as `save_annotated_documents` writes them, read as claims.

Each extraction is one claim. Its quote is the extraction's text, which is what the model said, and
never the text at its interval, which is where an alignment put it, perhaps by likeness alone: to
take that would mend a wrong quote in silence. The interval only tells which of several places is
meant, where the quote itself stands there.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from extractor.batch.field_names import FIGURES, FieldNames, as_stated
from extractor.claims.records import plain
from extractor.quantities import read_quantities
from extractor.quantities.types import Quantity
from extractor.text import Span, fold

TEXT = "text"
INTERVAL = "char_interval"
_EXTRACTIONS = "extractions"
_NOT_ATTRIBUTES = ("quote", "position")  # a quote is the extraction's own, "position" is an office
_LISTS = ("derived_from",)
_VALUE_NAMES = ("value", "number", "count")
_LONGEST_FIGURE = 400  # characters


def is_annotated(record: Mapping[str, Any]) -> bool:
    """Whether a record is an annotated document rather than a claim."""
    return _EXTRACTIONS in record


def extractions(record: Mapping[str, Any]) -> list[Any]:
    """The extractions of an annotated document. Raises ValueError where they are no list."""
    found = record[_EXTRACTIONS]
    if found is None:  # as it writes a document in which nothing was found
        return []
    if not isinstance(found, list):
        raise ValueError("its extractions are no list")
    return found


def candidate_of(extraction: Mapping[str, Any], names: FieldNames) -> dict[str, Any]:
    """The candidate that an extraction states.

    A mapped field is looked for in the extraction, then in its attributes; the others are
    attributes with our names, where "number" and "count" are a value too. Without any figure the
    value is the one number of the extraction's text, if it has exactly one.

    >>> extraction = {"extraction_text": "some 40 boats", "attributes": {"event": "lost"}}
    >>> candidate_of(extraction, FieldNames())
    {'quote': 'some 40 boats', 'event': 'lost', 'value': '40'}
    """
    found = extraction.get("attributes")
    attributes: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    candidate: dict[str, Any] = {}
    for ours in names.fields:
        if ours in names.paths:
            given = names.stated(ours, extraction, attributes)
        elif ours == names.quote:
            given = extraction.get("extraction_text")
        elif ours in _NOT_ATTRIBUTES:
            continue
        else:
            given = as_stated(ours, attributes.get(ours), names.figures)
        if given is not None:
            candidate[ours] = given if ours in _LISTS else _single(given)
    if not any(_is_said(candidate.get(name)) for name in FIGURES):
        candidate |= _figure(attributes, candidate.get("quote"), names)
    return candidate


def position_of(candidate: Mapping[str, Any], interval: object, text: str) -> int | None:
    """Where the candidate's number stands in the document, as far as its "char_interval" tells.

    None without an interval, where another text than the quote stands there, and where it is open
    which of several numbers is meant.

    >>> interval = {"start_pos": 9, "end_pos": 16}
    >>> position_of({"quote": "5 boats"}, interval, "5 boats, 5 boats")
    9
    """
    place = _span(interval, len(text))
    quote = candidate.get("quote")
    if place is None or not isinstance(quote, str):
        return None
    there = place.of(text)
    if fold(there).text.strip() != fold(quote).text.strip():
        return None
    found = read_quantities(there)
    if len(found) > 1:
        stated = _decimal(candidate.get("value"))
        found = [q for q in found if stated is not None and q.value == stated]
    return place.start + found[0].number.start if len(found) == 1 else None


def _figure(attributes: Mapping[str, Any], quote: object, names: FieldNames) -> dict[str, Any]:
    if not any(name in names.paths for name in FIGURES):
        for name in _VALUE_NAMES:
            given = as_stated("value", attributes.get(name))
            if _is_said(given):
                return {"value": _single(given)}
    found = read_quantities(quote) if isinstance(quote, str) else []
    return _ends(found[0]) if len(found) == 1 else {}


def _ends(quantity: Quantity) -> dict[str, Any]:
    """The figure of a number: its value, or its ends where it has none."""
    if quantity.value is not None:
        return {"value": plain(quantity.value)}
    ends = {"low": plain(quantity.low), "high": plain(quantity.high)}
    return {name: end for name, end in ends.items() if end is not None}


def _single(given: object) -> object:
    """An attribute may be a list of strings; a list of one is that one."""
    return given[0] if isinstance(given, list) and len(given) == 1 else given


def _is_said(given: object) -> bool:
    return given is not None and not (isinstance(given, str) and not given.strip())


def _span(given: object, length: int) -> Span | None:
    if not isinstance(given, Mapping):
        return None
    start, end = given.get("start_pos"), given.get("end_pos")
    if not isinstance(start, int) or not isinstance(end, int):
        return None
    return Span(start, end) if 0 <= start < end <= length else None


def _decimal(given: object) -> Decimal | None:
    if not isinstance(given, (str, int)) or len(str(given)) > _LONGEST_FIGURE:
        return None
    try:
        number = Decimal(str(given).replace(",", "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
