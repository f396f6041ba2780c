"""H: the hedge is the text's hedge, on its own number."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.claims import Finding
from extractor.quantities import qualifier_of
from extractor.quantities.types import Qualifier, Quantity
from extractor.validator.case import Case
from extractor.validator.registry import rule

# English uses "up to 700" and "at most 700" for the same interval; a claim may name either.
_SAME = {Qualifier.AT_MOST: Qualifier.UP_TO}


@rule("H301")
def hedge_is_the_texts(case: Case) -> Iterator[Finding]:
    """A hedge that is given must be of the class that the text uses.

    Text: Nearly 900 hectares burned.
    Rejected: {"quote": "Nearly 900 hectares", "value": "900", "qualifier": "more_than"}
    Accepted: {"quote": "Nearly 900 hectares", "value": "900", "qualifier": "almost"}
    """
    quantity, given = case.matched, _given(case)
    if quantity is None or given is None:
        return
    if given == "unknown":
        message = f"{case.candidate.qualifier!r} is no hedge that this project knows"
        yield case.finding("H301", "qualifier", message, quantity.span)
    elif Qualifier.EXACT not in (quantity.qualifier, given) and (
        _class(Qualifier(given)) is not _class(quantity.qualifier)
    ):
        yield _differs(case, "H301", quantity, f"the hedge is changed to {given}")


@rule("H302")
def hedge_is_not_dropped(case: Case) -> Iterator[Finding]:
    """An exact figure must not be claimed where the text hedges.

    Text: More than 7,000 seals were counted on the ice.
    Rejected: {"quote": "7,000 seals were counted", "value": "7000", "qualifier": "exact"}
    Accepted: {"quote": "7,000 seals were counted", "value": "7000", "qualifier": "more_than"}
    """
    quantity, given = case.matched, _given(case)
    hedged = quantity is not None and quantity.qualifier is not Qualifier.EXACT
    if quantity is not None and hedged and given is Qualifier.EXACT:
        yield _differs(case, "H302", quantity, "the hedge is dropped")


@rule("H303")
def hedge_is_not_invented(case: Case) -> Iterator[Finding]:
    """A hedge must not be claimed where the text gives the bare figure.

    Text: The ferry carried 212 passengers.
    Rejected: {"quote": "212 passengers", "value": "212", "qualifier": "about"}
    Accepted: {"quote": "212 passengers", "value": "212", "qualifier": "exact"}
    """
    quantity, given = case.matched, _given(case)
    if quantity is None or given in (None, "unknown", Qualifier.EXACT):
        return
    if quantity.qualifier is Qualifier.EXACT:
        message = f"the hedge {given} is invented: the text says {quantity.text!r}"
        yield case.finding("H303", "qualifier", message, quantity.span)


def _given(case: Case) -> Qualifier | str | None:
    """The hedge that the candidate names, alone or inside its value; "unknown" if it is none."""
    if case.candidate.qualifier is None:
        return case.figure.hedge
    return qualifier_of(case.candidate.qualifier) or "unknown"


def _class(qualifier: Qualifier) -> Qualifier:
    return _SAME.get(qualifier, qualifier)


def _differs(case: Case, code: str, quantity: Quantity, what: str) -> Finding:
    message = f"{what}: the text says {quantity.text!r}, which is {quantity.qualifier.value}"
    return case.finding(code, "qualifier", message, quantity.hedge or quantity.span)
