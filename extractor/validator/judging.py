"""One candidate at all the places that it may speak of: the best one counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from extractor.claims import Claim, Finding, Severity
from extractor.claims.verdicts import finding_order
from extractor.quantities import qualifier_of
from extractor.validator.case import Case, cases
from extractor.validator.figures import as_stated, stated_figure
from extractor.validator.registry import RESERVED, Check
from extractor.validator.source import Source
from extractor.validator.telling import telling

if TYPE_CHECKING:
    from pydantic import ValidationError

    from extractor.claims.wire import CandidateClaim

Found = tuple[Case, tuple[Finding, ...]]
"""A place that a candidate may speak of, and what is wrong there, in order."""


def best_place(source: Source, candidate: CandidateClaim, look: Callable[[Case], Found]) -> Found:
    """The place with the fewest errors, among those the one with the fewest flags, the first."""
    best: tuple[tuple[int, ...], Found] | None = None
    for place in cases(source, candidate, stated_figure(candidate)):
        case, findings = look(place)
        weight = _weight(case, findings)
        if best is None or weight < best[0]:
            best = weight, (case, findings)
        if not findings:
            break
    assert best is not None  # noqa: S101 - `cases` always yields
    return best[1]


def _weight(case: Case, findings: Sequence[Finding]) -> tuple[int, ...]:
    """How much speaks against a place: by our rules, and among equals by those of plugins."""
    ours = [finding for finding in findings if finding.code[0] in RESERVED]
    theirs = [finding for finding in findings if finding.code[0] not in RESERVED]
    return (
        sum(finding.rejects for finding in ours) + (case.quantity is None),
        len(ours),
        sum(finding.rejects for finding in theirs),
        len(theirs),
    )


def checked(case: Case, checks: Sequence[Check]) -> tuple[Finding, ...]:
    """All findings of some rules at one place, in order."""
    return tuple(sorted((f for check in checks for f in check(case)), key=finding_order))


def accepted_claim(case: Case, findings: tuple[Finding, ...]) -> Claim:
    """The claim that an accepting verdict carries, with what the text supplies filled in."""
    candidate, quantity, quote = case.candidate, case.quantity, case.quote
    assert quantity is not None and quote is not None  # noqa: S101, PT018 - told by the caller
    document = case.source.document
    filled = {
        name for name in ("qualifier", "unit", "modality") if getattr(candidate, name) is None
    }
    if quantity.unit is None:
        filled.discard("unit")
    given = qualifier_of(candidate.qualifier) if candidate.qualifier else None
    claimant = candidate.claimant
    return Claim(
        document_id=document.id,
        quote=quote.of(document.text),
        quote_span=quote,
        quantity=as_stated(case.figure, quantity),
        qualifier=given or quantity.qualifier,
        unit=quantity.unit or candidate.unit,
        counted=candidate.counted,
        event=candidate.event,
        claimant=claimant,
        claimant_span=case.source.claimant_span(claimant) if claimant else None,
        place=candidate.place,
        when=candidate.when,
        modality=candidate.modality or telling(case.source, quantity).decided or "asserted",
        derived_from=candidate.derived_from,
        filled=frozenset(filled),
        warnings=findings,
    )


def misshapen(error: ValidationError) -> tuple[Finding, ...]:
    """What a candidate lacks of the shape of a claim, a finding for each field."""
    return tuple(
        Finding(
            code="S001",
            severity=Severity.ERROR,
            field=(field := ".".join(map(str, problem["loc"])) or "candidate"),
            message=f"the candidate has not the shape of a claim: {field}: "
            + problem["msg"].removeprefix("Value error, "),
        )
        for problem in error.errors(include_url=False, include_context=False, include_input=False)
    )
