"""The further numbers of a claim: which number of the quote each one is, held to every rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from extractor.claims import Finding
from extractor.claims.schema import ClaimSchema, SchemaField
from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.validator.case import Case
from extractor.validator.fields.roles import is_of_unit_of, role_fault
from extractor.validator.figures import mismatch, stated_figure

_OF_A_NUMBER = frozenset("value low high qualifier unit modality".split())
_SHOWN = 60  # characters of a figure in a message

Check = Callable[[Case], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Bound:
    """The number of the text that a field's figure is, if any, and what is wrong with it."""

    quantity: Quantity | None
    findings: tuple[Finding, ...]


def bound_numbers(
    schema: ClaimSchema, stated: Mapping[str, str], case: Case, checks: Sequence[Check]
) -> dict[str, Bound]:
    """Each further number that is stated, bound to a number of the quote."""
    bound: dict[str, Bound] = {}
    if case.matched is None or case.quote is None:
        return bound
    taken = [case.matched.span]
    for field in schema.numbers[1:]:
        if field.name not in stated:
            continue
        found = _bound(schema, field, stated[field.name], case, checks, taken)
        bound[field.name] = found
        if found.quantity is not None:
            taken.append(found.quantity.span)
    return bound


def _bound(
    schema: ClaimSchema,
    field: SchemaField,
    said: str,
    case: Case,
    checks: Sequence[Check],
    taken: Sequence[Span],
) -> Bound:
    from extractor.claims.wire import CandidateClaim

    assert case.quote is not None  # noqa: S101 - told by the caller
    candidate = CandidateClaim(
        quote=case.candidate.quote, value=said, modality=case.candidate.modality
    )
    figure = stated_figure(candidate)
    inside = [
        one
        for one in case.source.quantities_touching(case.quote)
        if case.quote.contains(one.number) and one.span not in taken
    ]
    tried: list[Bound] = []
    for quantity in inside:
        if figure.unreadable or mismatch(figure, quantity) is not None:
            continue
        alone = replace(case, candidate=candidate, figure=figure, quantity=quantity)
        findings = _told(field, replace(alone, matched=quantity), checks)
        fault = role_fault(case.source, schema, field, quantity) or _apart(
            schema, field, case, quantity
        )
        if fault is not None:
            findings = (case.finding("F905", field.name, fault, quantity.span), *findings)
        tried.append(Bound(quantity, findings))
    if tried:
        return min(tried, key=lambda one: sum(finding.rejects for finding in one.findings))
    others = ", ".join(repr(one.text) for one in inside[:4]) or "none"
    message = f"no other number of the quote is {said[:_SHOWN]!r} (there: {others})"
    return Bound(None, (case.finding("F905", field.name, message, case.quote),))


def _told(field: SchemaField, case: Case, checks: Iterable[Check]) -> tuple[Finding, ...]:
    """What the rules say of a number, told of its field."""
    found = (finding for check in checks for finding in check(case))
    return tuple(replace(f, field=field.name) for f in found if f.field in _OF_A_NUMBER)


def _apart(schema: ClaimSchema, field: SchemaField, case: Case, quantity: Quantity) -> str | None:
    """Why a number is another claim's: one of its sort, or of the claim's own, stands between."""
    assert case.matched is not None  # noqa: S101 - told by the caller
    first, second = sorted((case.matched.span, quantity.span))
    between = case.source.quantities_touching(Span(first.end, max(first.end, second.start)))
    for one in between:
        if one.span in (first, second):
            continue
        for like in (field, schema.number):
            fits = is_of_unit_of(case.source, one, like)
            if fits and role_fault(case.source, schema, like, one) is None:
                return (
                    f"{one.text!r} stands between {case.matched.text!r} and {quantity.text!r}, "
                    "which may be another claim's"
                )
    return None
