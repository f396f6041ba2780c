"""U: the unit and the counted thing are the text's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.claims import Finding
from extractor.quantities import unit_of
from extractor.text import Span
from extractor.text.words import Word, words
from extractor.validator.case import Case
from extractor.validator.counted import supports_side
from extractor.validator.lexicons import function_stems, general_stems
from extractor.validator.registry import rule


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
    if quantity.unit is None:
        # a plain count takes its noun as unit ("people"), never a currency or a measure
        if unit_of(given) is not None:
            message = f"the unit {given!r} is not the text's: {quantity.text!r} is a plain count"
            yield case.finding("U401", "unit", message, quantity.span)
    elif quantity.unit not in (given, unit_of(given)):
        message = (
            f"the unit differs: {given!r} is claimed, and {quantity.text!r} is {quantity.unit}"
        )
        yield case.finding("U401", "unit", message, quantity.span)


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
    strange = [word.lower for word in _content(counted) if not _stands(case, counted, word)]
    strange += [run for run in re.findall(r"\d+", counted) if run not in case.text]
    if strange or not any(True for _ in _content(counted)):
        message = f"what is counted is not in the document: {', '.join(strange) or counted[:60]!r}"
        yield case.finding("U403", "counted", message, quantity.span)


def _content(phrase: str) -> Iterator[Word]:
    everything = words(phrase, Span(0, len(phrase)))
    return (word for word in everything if word.stem not in function_stems())


def _stands(case: Case, phrase: str, word: Word) -> bool:
    if word.stem in case.source.stems or word.stem in general_stems():
        return True
    written = word.span.of(phrase)
    return written[:1].isupper() and supports_side(case.text, written)
