"""A: the claimant is somebody whom the document names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.claims import Finding
from extractor.text import Document, Span, occurrences
from extractor.validator.case import Case
from extractor.validator.registry import rule

_ARTICLE = re.compile(r"\A\s*(?:the|an?)\s+", re.IGNORECASE)


@rule("A601")
def claimant_is_in_the_document(case: Case) -> Iterator[Finding]:
    """A claimant that is given must be named in the document, in these words.

    Text: The coast guard said 12 crew were saved.
    Rejected: {"quote": "12 crew were saved", "value": "12", "claimant": "the navy"}
    Accepted: {"quote": "12 crew were saved", "value": "12", "claimant": "Coast guard"}
    """
    claimant = case.candidate.claimant
    if claimant is not None and claimant_span(case.source.document, claimant) is None:
        message = f"the claimant {claimant[:80]!r} is not named in the document"
        yield case.finding("A601", "claimant", message, case.quote)


def claimant_span(document: Document, claimant: str) -> Span | None:
    """The first place where the document names the claimant, as whole words, articles aside."""
    bare = _ARTICLE.sub("", claimant)
    for place in occurrences(document.folded, bare):
        before = document.text[max(0, place.start - 1) : place.start]
        after = document.text[place.end : place.end + 1]
        if not (before.isalnum() or after.isalnum()):
            return place
    return None
