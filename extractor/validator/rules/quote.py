"""Q: the quote stands in the document, whole, and holds the number."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.claims import Finding
from extractor.text import Span, cut_word
from extractor.validator.case import Case
from extractor.validator.glued import pieces_of
from extractor.validator.registry import rule


@rule("Q101")
def quote_is_in_the_document(case: Case) -> Iterator[Finding]:
    """The quote must stand in the document, but for the listed folding.

    Text: The harbour master counted 412 boats.
    Rejected: {"quote": "counted 421 boats", "value": "421"}
    Accepted: {"quote": "counted 412  boats", "value": "412"}
    """
    if case.quote is None and not _pieces(case):
        yield case.finding("Q101", "quote", f"the quote is not in the document: {_shown(case)}")


@rule("Q104")
def quote_is_of_one_piece(case: Case) -> Iterator[Finding]:
    """The quote must be one passage, not pieces of the text glued together.

    Text: The storm, the worst in years, sank 14 boats in the old harbour.
    Rejected: {"quote": "The storm ... sank 14 boats", "value": "14"}
    Accepted: {"quote": "sank 14 boats in the old harbour", "value": "14"}
    """
    pieces = _pieces(case) if case.quote is None else ()
    if pieces:
        message = f"the quote is glued from pieces of the document: {_shown(case)}"
        yield case.finding("Q104", "quote", message, pieces[0])


def _shown(case: Case) -> str:
    quote = case.candidate.quote
    return repr(quote) if len(quote) <= 80 else "it begins " + repr(quote[:70])


def _pieces(case: Case) -> tuple[Span, ...]:
    quote = case.candidate.quote
    return case.source.remembered(("pieces", quote), lambda: pieces_of(case.source.document, quote))


@rule("Q102")
def quote_is_not_cut(case: Case) -> Iterator[Finding]:
    """The quote must not begin or end inside a word or a number.

    Text: The storm left 12,870 homes without power.
    Rejected: {"quote": "870 homes without power", "value": "870"}
    Accepted: {"quote": "12,870 homes without power", "value": "12870"}
    """
    if case.quote is None:
        return
    for edge in (case.quote.start, case.quote.end):
        cut = _cut_number(case, edge) or cut_word(case.text, edge)
        if cut is not None:
            yield case.finding("Q102", "quote", f"the quote cuts {cut.of(case.text)!r}", cut)


def _cut_number(case: Case, edge: int) -> Span | None:
    around = Span(max(0, edge - 1), min(len(case.text), edge + 1))
    numbers = [q.number for q in case.source.quantities_touching(around)]
    numbers += [m.span for m in case.source.masked_touching(around)]
    return next((span for span in numbers if _parts(case.text, span, edge)), None)


def _parts(text: str, span: Span, edge: int) -> bool:
    """Whether the edge leaves something readable on both sides ("p.m|." cuts nothing off)."""
    before, after = text[span.start : edge], text[edge : span.end]
    return any(map(str.isalnum, before)) and any(map(str.isalnum, after))


@rule("Q103")
def quote_holds_a_number(case: Case) -> Iterator[Finding]:
    """The quote must hold a number, and the one at the stated position where one is stated.

    Text: The figure rose again, and 31 villages were cut off.
    Rejected: {"quote": "The figure rose again", "value": "31"}
    Accepted: {"quote": "31 villages were cut off", "value": "31"}
    """
    if case.quote is None:
        return
    if case.quantity is None and case.candidate.derived_from is not None:
        return  # N207 says what is missing
    if case.quantity is None:
        yield case.finding("Q103", "quote", "the quote holds no number", case.quote)
    elif case.candidate.position is not None and not (
        case.quantity.span.start <= case.candidate.position < case.quantity.span.end
    ):
        message = f"the number at character {case.candidate.position} is not the one of this quote"
        yield case.finding("Q103", "position", message, case.quantity.span)
