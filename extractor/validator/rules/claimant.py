"""A: the claimant is somebody whom the text names, and makes the source of this very number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractor.claims import Finding, Severity
from extractor.text import Span
from extractor.text.words import words
from extractor.validator.case import Case
from extractor.validator.lexicons import function_stems, reporting_stems
from extractor.validator.registry import rule

if TYPE_CHECKING:
    from extractor.validator.attribution import Attribution

_FIGURE = re.compile(r"(?<![\w-])\d")  # "498", but not "Channel-4" or "RT24"
_MOST_WORDS = 16  # of a name with its titles and offices


@rule("A601")
def claimant_is_in_the_document(case: Case) -> Iterator[Finding]:
    """A claimant that is given must be named in the document, in these words.

    Text: The coast guard said 12 crew were saved.
    Rejected: {"quote": "12 crew were saved", "value": "12", "claimant": "the navy"}
    Accepted: {"quote": "12 crew were saved", "value": "12", "claimant": "Coast guard"}
    """
    claimant = case.candidate.claimant
    if claimant is None:
        return
    if not _is_name(claimant):
        message = f"{claimant[:80]!r} names nobody"
        yield case.finding("A601", "claimant", message, case.quote)
    elif case.source.claimant_span(claimant) is None:
        message = f"the claimant {claimant[:80]!r} is not named in the document"
        yield case.finding("A601", "claimant", message, case.quote)


@rule("A602")
def claimant_is_not_contradicted(case: Case) -> Iterator[Finding]:
    """A claimant that is given must not be another than the one to whom the text gives the number.

    Text: Aldor's navy was at sea when the coast guard said 12 crew were saved.
    Rejected: {"quote": "12 crew were saved", "value": "12", "claimant": "Aldor's navy"}
    Accepted: {"quote": "12 crew were saved", "value": "12", "claimant": "the coast guard"}
    """
    quantity, claimant = case.matched, _named(case)
    if quantity is None or claimant is None:
        return
    from extractor.validator.attribution import names_source

    given = case.source.attributions_of(quantity)
    if given and not any(names_source(claimant, found) for found in given):
        message = f"{quantity.text!r} is given to {_shown(given[0])}, not to {claimant[:80]!r}"
        yield case.finding("A602", "claimant", message, given[0].source)


@rule("A603", Severity.WARNING)
def attribution_is_not_dropped(case: Case) -> Iterator[Finding]:
    """An event that the text tells on somebody's word is flagged where the claim names nobody.

    Text: The coast guard said 12 crew were saved. A further 3 swam ashore.
    Flagged: {"quote": "12 crew were saved", "value": "12", "event": "saved"}
    Accepted: {"quote": "3 swam ashore", "value": "3", "event": "swam"}
    """
    quantity = case.matched
    if quantity is None or case.candidate.event is None or case.candidate.claimant is not None:
        return
    stated = [a for a in case.source.attributions_of(quantity) if a.is_stated]
    if stated:
        message = f"{quantity.text!r} is given on the word of {_shown(stated[0])}"
        yield case.flag("A603", "claimant", f"{message}; the claim names nobody", stated[0].source)


@rule("A604")
def claimant_is_the_source(case: Case) -> Iterator[Finding]:
    """A claimant that is given must be made the source of the number by something in the text.

    A reporting verb, an "according to", quoted speech or the like make a source; a name alone does
    not.

    Text: The coast guard lost sight of the ferry. Later 12 crew were saved.
    Rejected: {"quote": "12 crew were saved", "value": "12", "claimant": "The coast guard"}
    Accepted: {"quote": "12 crew were saved", "value": "12"}
    """
    quantity, claimant = case.matched, _named(case)
    if quantity is None or claimant is None or case.source.attributions_of(quantity):
        return
    message = f"nothing in the text makes {claimant[:80]!r} the source of {quantity.text!r}"
    yield case.finding("A604", "claimant", message, quantity.span)


def _named(case: Case) -> str | None:
    """The claimant, where A601 has nothing against the name."""
    claimant = case.candidate.claimant
    if claimant is None or not _is_name(claimant):
        return None
    return claimant if case.source.claimant_span(claimant) is not None else None


def _shown(attribution: Attribution) -> str:
    return repr(attribution.full_name[:80])


def _is_name(claimant: str) -> bool:
    """A name has a word that is neither a function word nor a reporting verb, and no figure."""
    found = list(words(claimant, Span(0, len(claimant))))
    empty = function_stems() | reporting_stems()
    telling = any(word.stem not in empty for word in found)
    return telling and len(found) <= _MOST_WORDS and _FIGURE.search(claimant) is None
