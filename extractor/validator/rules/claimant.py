"""A: the claimant is somebody whom the document names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.claims import Finding
from extractor.text import Span
from extractor.text.words import words
from extractor.validator.case import Case
from extractor.validator.lexicons import function_stems, reporting_stems
from extractor.validator.registry import rule

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


def _is_name(claimant: str) -> bool:
    """A name has a word that is neither a function word nor a reporting verb, and no figure."""
    found = list(words(claimant, Span(0, len(claimant))))
    empty = function_stems() | reporting_stems()
    telling = any(word.stem not in empty for word in found)
    return telling and len(found) <= _MOST_WORDS and _FIGURE.search(claimant) is None
