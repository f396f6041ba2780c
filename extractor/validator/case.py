"""One candidate held against one number at one place of its quote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from extractor.claims import Finding, Severity
from extractor.quantities.types import Quantity
from extractor.text import Span, occurrences
from extractor.validator.derived import derived_quantity
from extractor.validator.figures import Figure, mismatch
from extractor.validator.source import Source

if TYPE_CHECKING:
    from extractor.claims.wire import CandidateClaim
    from extractor.validator.fields.stated import OwnFields

_MOST_MATCHED = 500  # equal figures in one quote that are tried
_MOST_COMPARED = 50_000_000  # characters of a quote, times its occurrences, that are compared
_UNMATCHED_SHOWN = 4  # wrong numbers of a quote that are worth explaining; the first ones are told


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule sees.

    `quote` is None where the quote stands nowhere in the document, `quantity` where it holds no
    number. `matched` is the number that the candidate speaks of: the quantity, when the figure is
    its figure. `own` are the fields of a user's schema, None without one.
    """

    candidate: CandidateClaim
    source: Source
    figure: Figure
    quote: Span | None = None
    quantity: Quantity | None = None
    matched: Quantity | None = None
    own: OwnFields | None = None

    @property
    def text(self) -> str:
        """The document's text."""
        return self.source.document.text

    def finding(self, code: str, field: str, message: str, span: Span | None = None) -> Finding:
        """An error of this case, with the sentence and a mark under `span`."""
        return found(self.source, Severity.ERROR, code, field, message, span)

    def flag(self, code: str, field: str, message: str, span: Span | None = None) -> Finding:
        """A warning of this case: it does not reject."""
        return found(self.source, Severity.WARNING, code, field, message, span)


def found(
    source: Source, severity: Severity, code: str, field: str, message: str, span: Span | None
) -> Finding:
    """A finding in a document, with the sentence and a mark under `span`."""
    excerpt = "" if span is None else source.excerpt(span)
    # a candidate is hostile text too: nothing of it may steer a terminal
    plain = "".join(char if char.isprintable() else " " for char in message)
    return Finding(code, severity, field, plain, span, excerpt)


def cases(source: Source, candidate: CandidateClaim, figure: Figure) -> Iterator[Case]:
    """The places that the candidate may speak of, in text order.

    Every number whose figure is the stated one comes, at every occurrence of the quote; where a
    position is stated, only those at that position, if there are any. Where no number matches, the
    first few others come, so that the findings have something to point at.
    """
    unmatched: list[Case] = []
    elsewhere: list[Case] = []
    matched = 0
    for case in _places(source, candidate, figure):
        if case.matched is None:
            if len(unmatched) < _UNMATCHED_SHOWN:
                unmatched.append(case)
        elif _is_at(case.matched, candidate.position):
            matched += 1
            yield case
            if matched == _MOST_MATCHED:
                return
        elif len(elsewhere) < _UNMATCHED_SHOWN:
            elsewhere.append(case)
    if not matched:
        yield from elsewhere or unmatched or [Case(candidate, source, figure)]


def _places(source: Source, candidate: CandidateClaim, figure: Figure) -> Iterator[Case]:
    """Each number inside an occurrence of the quote, once; occurrences may overlap."""
    seen = 0  # where the numbers that came already end
    most = max(1, _MOST_COMPARED // max(1, len(candidate.quote)))
    for quote in islice(occurrences(source.document.folded, candidate.quote), most):
        fresh = Span(min(max(quote.start, seen), quote.end), quote.end)
        inside = [q for q in source.quantities_touching(fresh) if quote.contains(q.number)]
        if candidate.derived_from is not None:
            derived = derived_quantity(source.document.text, inside, candidate.derived_from)
            yield _case(candidate, source, figure, quote, derived)
            continue
        for quantity in inside:
            if quantity.span.start >= seen:
                seen = quantity.span.end
                yield _case(candidate, source, figure, quote, quantity)
        if not inside and seen <= quote.start:
            yield Case(candidate, source, figure, quote)


def _case(
    candidate: CandidateClaim,
    source: Source,
    figure: Figure,
    quote: Span,
    quantity: Quantity | None,
) -> Case:
    unfit = quantity is None or figure.unreadable or mismatch(figure, quantity) is not None
    return Case(candidate, source, figure, quote, quantity, None if unfit else quantity)


def _is_at(quantity: Quantity, position: int | None) -> bool:
    return position is None or quantity.span.start <= position < quantity.span.end
