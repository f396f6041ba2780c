"""The further numbers of a claim: which number of the quote each one is, held to every rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from extractor.claims import Finding
from extractor.claims.schema import ClaimSchema
from extractor.claims.schema_field import SchemaField
from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.text.clauses import boundaries
from extractor.validator.case import Case
from extractor.validator.fields.belonging import neighbourhood
from extractor.validator.fields.roles import is_of_unit_of, role_fault
from extractor.validator.figures import mismatch, stated_figure
from extractor.validator.source import Source

_OF_A_NUMBER = frozenset("value low high qualifier unit modality".split())
_MOST_INSIDE = 24  # numbers of a quote of several sentences that are looked at
_REACH = 8  # numbers on either side of one that another claim may be made for
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
    assert case.matched is not None  # noqa: S101 - told by the caller
    # nothing further away than that is of one claim
    window = neighbourhood(case.source, case.matched).window
    near = case.source.numbers_around(window, case.matched, _REACH)
    if not window.contains(case.quote):
        near = [*near, *case.source.quantities_touching(case.quote)[:_MOST_INSIDE]]
    inside = [
        one
        for one in dict.fromkeys(near)
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
        if not findings:
            break
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
    """Why a number is another claim's.

    A number of its sort, or one that another claim can be made for, stands between; or the latter
    stands nearer to it.
    """
    assert case.matched is not None  # noqa: S101 - told by the caller
    source, own = case.source, case.matched
    first, second = sorted((own.span, quantity.span))
    for one in source.numbers_around(neighbourhood(source, own).window, quantity, _REACH):
        if one.span in (first, second) or neighbourhood(source, one).part is not None:
            continue
        is_between = first.end <= one.span.start < second.start
        if _fits(source, schema, schema.number, one):
            if is_between or _apartness(source, one, quantity) < _apartness(source, own, quantity):
                return f"{quantity.text!r} stands with {one.text!r}, not with {own.text!r}"
        elif is_between and _fits(source, schema, field, one):
            return f"{one.text!r} stands between {own.text!r} and {quantity.text!r}"
    return None


def _fits(source: Source, schema: ClaimSchema, field: SchemaField, quantity: Quantity) -> bool:
    fits = is_of_unit_of(source, quantity, field)
    return fits and role_fault(source, schema, field, quantity) is None


def _apartness(source: Source, one: Quantity, other: Quantity) -> tuple[int, int]:
    """How many numbers, and how many boundaries of clauses, stand between two numbers."""
    first, second = sorted((one.span, other.span))
    between = Span(first.end, max(first.end, second.start))
    numbers = source.quantities_touching(between)
    return (
        sum(neighbourhood(source, number).part is None for number in numbers),
        len(boundaries(source.document.text, between)),
    )
