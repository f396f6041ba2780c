"""U: the unit and the counted thing are the text's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.claims import Finding
from extractor.quantities.types import Kind, Quantity
from extractor.text import Span
from extractor.text.words import Word, stem, words
from extractor.validator.case import Case
from extractor.validator.figures import mixes_ratios
from extractor.validator.lexicons import negators
from extractor.validator.nouns import noun_field
from extractor.validator.registry import rule
from extractor.validator.sided import side_of, sides_of
from extractor.validator.unit_fit import content, stands, strange_noun, unit_fault, unit_names

_OF_SIDES = (Kind.COUNT, Kind.VAGUE, Kind.FRACTION, Kind.PERCENT)  # a sum has no side
_LONGEST_COUNTED = 200  # characters


@rule("U401")
def unit_is_the_texts(case: Case) -> Iterator[Finding]:
    """A unit or currency that is given must be the one that the number carries in the text.

    Text: The dam cost €40 million and took 300 workers.
    Rejected: {"quote": "cost €40 million", "value": "40000000", "unit": "USD"}
    Accepted: {"quote": "cost €40 million", "value": "40000000", "unit": "euros"}
    """
    quantity, given = case.matched, case.candidate.unit
    if quantity is None or given is None:
        return
    if mixes_ratios(quantity, given):  # N205 tells that
        return
    fault = unit_fault(case.source, quantity, given)
    if fault is not None:
        yield case.finding("U401", "unit", fault, quantity.span)


@rule("U402")
def counted_thing_is_this_numbers(case: Case) -> Iterator[Finding]:
    """The counted thing must be what this number counts, of the side that the text gives it.

    Text: The raid destroyed 17 Aldorian trucks and 56 radar masts.
    Rejected: {"quote": "56 radar masts", "value": "56", "counted": "trucks"}
    Accepted: {"quote": "56 radar masts", "value": "56", "counted": "radar masts"}
    """
    quantity, counted = case.matched, case.candidate.counted
    if quantity is None or counted is None or len(counted) > _LONGEST_COUNTED:
        return
    place = noun_field(case.source, quantity).phrase or quantity.span
    strange = strange_noun(case.source, quantity, counted)
    if strange is not None:
        yield case.finding("U402", "counted", _counts_another(case, quantity, strange), place)
        return
    side = side_of(counted) if quantity.kind in _OF_SIDES else None
    theirs = sides_of(case.source, quantity) if side is not None else ()
    if theirs and side not in theirs:
        message = f"what {quantity.text!r} counts is {' or '.join(theirs)}, not {side}"
        yield case.finding("U402", "counted", message, place)


def _counts_another(case: Case, quantity: Quantity, noun: str) -> str:
    field = noun_field(case.source, quantity)
    if field.phrase is not None and field.settled:
        own = " ".join(field.phrase.of(case.text).split())[:80]
        return f"{quantity.text!r} counts {own!r}, not {noun!r}"
    if stem(noun) in field.taken:
        return f"{noun!r} is what another number of the sentence counts, not {quantity.text!r}"
    return f"nothing near {quantity.text!r} says that it counts {noun!r}"


@rule("U403")
def counted_thing_is_in_the_document(case: Case) -> Iterator[Finding]:
    """Each word of the counted thing must stand in the document, or its country for a side.

    Text: Aldor said 61 of its sailors and 4 pilots were lost.
    Rejected: {"quote": "61 of its sailors", "value": "61", "counted": "Aldorian tanks"}
    Accepted: {"quote": "61 of its sailors", "value": "61", "counted": "Aldorian sailor"}
    """
    quantity, counted = case.matched, case.candidate.counted
    if quantity is None or counted is None:
        return
    if len(counted) > _LONGEST_COUNTED:
        yield case.finding("U403", "counted", "what is counted is no noun phrase", quantity.span)
        return
    if quantity.unit is not None and quantity.unit in unit_names(counted):
        return
    strange = [word.lower for word in content(counted) if not stands(case.source, counted, word)]
    strange += [run for run in re.findall(r"\d+", counted) if run not in case.source.digit_runs]
    strange += [word.lower for word in words(counted, Span(0, len(counted))) if _negates(word)]
    if strange or not any(True for _ in content(counted)):
        message = f"what is counted is not in the document: {', '.join(strange) or counted[:60]!r}"
        yield case.finding("U403", "counted", message, quantity.span)


def _negates(word: Word) -> bool:
    """What is counted is a thing; "soldiers not killed" is a statement."""
    return word.lower in negators()
