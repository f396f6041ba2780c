"""U: the unit is the text's unit."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.claims import Finding
from extractor.quantities import unit_of
from extractor.validator.case import Case
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
