"""T: the time and the place are the document's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from extractor.claims import Finding
from extractor.text import cut_word, occurrences
from extractor.validator.case import Case
from extractor.validator.registry import rule
from extractor.validator.source import LONGEST_NAME


@rule("T701")
def time_and_place_are_in_the_document(case: Case) -> Iterator[Finding]:
    """A time or a place that is given must stand in the document, in these words.

    Text: On Friday 40 boats were lost off Ames.
    Rejected: {"quote": "40 boats were lost", "value": "40", "place": "Orle"}
    Accepted: {"quote": "40 boats were lost", "value": "40", "place": "Ames", "when": "on Friday"}
    """
    for field in ("place", "when"):
        said = getattr(case.candidate, field)
        if said is None:
            continue
        find = partial(_stands, case, said)
        if not case.source.remembered((field, said), find):
            yield case.finding("T701", field, f"{said[:80]!r} is not in the document", case.quote)


def _stands(case: Case, said: str) -> bool:
    text = case.text
    return len(said) <= LONGEST_NAME and any(
        cut_word(text, place.start) is None and cut_word(text, place.end) is None
        for place in occurrences(case.source.document.folded, said)
    )
