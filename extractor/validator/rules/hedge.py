"""H: the hedge is the text's hedge, on its own number."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.claims import Finding
from extractor.quantities import qualifier_of
from extractor.quantities.types import Qualifier, Quantity
from extractor.validator.case import Case
from extractor.validator.registry import rule

# English uses "up to 700" and "at most 700" for the same interval; a claim may name either.
_LONGEST_HEDGE = 60  # characters
_SAME = {Qualifier.AT_MOST: Qualifier.UP_TO}


@rule("H301")
def hedge_is_the_texts(case: Case) -> Iterator[Finding]:
    """A hedge that is given must be of the class that the text uses.

    Text: Nearly 900 hectares burned.
    Rejected: {"quote": "Nearly 900 hectares", "value": "900", "qualifier": "more_than"}
    Accepted: {"quote": "Nearly 900 hectares", "value": "900", "qualifier": "almost"}
    """
    quantity = case.matched
    if quantity is None:
        return
    for given in _given(case):
        if given is None:
            message = f"{case.candidate.qualifier!r} is no hedge that this project knows"
            yield case.finding("H301", "qualifier", message, quantity.span)
        elif Qualifier.EXACT not in (quantity.qualifier, given) and (
            _class(given) is not _class(quantity.qualifier)
        ):
            yield _differs(case, "H301", quantity, f"the hedge is changed to {given}")


@rule("H302")
def hedge_is_not_dropped(case: Case) -> Iterator[Finding]:
    """An exact figure must not be claimed where the text hedges.

    Text: More than 7,000 seals were counted on the ice.
    Rejected: {"quote": "7,000 seals were counted", "value": "7000", "qualifier": "exact"}
    Accepted: {"quote": "7,000 seals were counted", "value": "7000", "qualifier": "more_than"}
    """
    quantity = case.matched
    hedged = quantity is not None and quantity.qualifier is not Qualifier.EXACT
    if quantity is not None and hedged and Qualifier.EXACT in _given(case):
        yield _differs(case, "H302", quantity, "the hedge is dropped")


@rule("H303")
def hedge_is_not_invented(case: Case) -> Iterator[Finding]:
    """A hedge must not be claimed where the text gives the bare figure.

    Text: The ferry carried 212 passengers.
    Rejected: {"quote": "212 passengers", "value": "212", "qualifier": "about"}
    Accepted: {"quote": "212 passengers", "value": "212", "qualifier": "exact"}
    """
    quantity = case.matched
    if quantity is None or quantity.qualifier is not Qualifier.EXACT:
        return
    for given in _given(case):
        if given not in (None, Qualifier.EXACT):
            message = f"the hedge {given} is invented: the text says {quantity.text!r}"
            yield case.finding("H303", "qualifier", message, quantity.span)


def _given(case: Case) -> tuple[Qualifier | None, ...]:
    """The hedges that the candidate names: in its field (None if unknown) and inside its value."""
    field = case.candidate.qualifier
    named = () if field is None else (qualifier_of(field[:_LONGEST_HEDGE]),)
    carried = () if case.figure.hedge is None else (case.figure.hedge,)
    return (*named, *carried)


def _class(qualifier: Qualifier) -> Qualifier:
    return _SAME.get(qualifier, qualifier)


def _differs(case: Case, code: str, quantity: Quantity, what: str) -> Finding:
    message = f"{what}: the text says {quantity.text!r}, which is {quantity.qualifier.value}"
    return case.finding(code, "qualifier", message, quantity.hedge or quantity.span)
