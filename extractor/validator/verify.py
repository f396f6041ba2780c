"""`verify`: candidates in, verdicts out. Pure, offline, deterministic, total."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from pydantic import ValidationError

from extractor.claims import CandidateClaim, Claim, Finding, Severity, Verdict
from extractor.errors import InputError
from extractor.quantities import qualifier_of
from extractor.text import Document
from extractor.validator.case import Case, cases
from extractor.validator.figures import stated_figure
from extractor.validator.rules import Rule, all_rules
from extractor.validator.source import Source

Candidate = CandidateClaim | Mapping[str, object]
_ALWAYS = {"Q", "N"}  # a claim is a quote with its number: no selection leaves these out


def verify(
    document: Document, candidates: Iterable[Candidate], *, rules: Collection[str] | None = None
) -> list[Verdict]:
    """Judge each candidate against the document; one verdict a candidate, in their order.

    A candidate is a CandidateClaim or a mapping with its fields; a mapping of another shape gets a
    verdict with the finding S001. `rules` limits the judgement to some codes or families ("E502",
    "H") beside those of quote and number, without which nothing is accepted; by default all apply,
    and InputError is raised for an unknown one. No candidate and no document raises, and no verdict
    depends on another candidate.

    >>> doc = Document(text="Officials said 498 of its troops have been killed.")
    >>> verify(doc, [{"quote": "498 of its troops have been killed", "value": "489"}])[0].accepted
    False
    """
    source = Source(document)
    chosen = select_rules(rules)
    return [judge(source, candidate, chosen) for candidate in candidates]


def select_rules(codes: Collection[str] | None) -> Sequence[Rule]:
    """The rules of these codes or families ("H"), and always those of quote and number.

    None means all of them. Raises InputError when one of them is no rule, or when none is named.
    """
    if codes is None:
        return all_rules()
    wanted = {codes} if isinstance(codes, str) else set(codes)
    known = {name for rule in all_rules() for name in (rule.code, rule.code[0])}
    strange = sorted(wanted - known)
    if strange or not wanted:
        raise InputError(f"there is no rule {', '.join(strange) or 'named'}; see `rules list`.")
    wanted |= _ALWAYS
    return [rule for rule in all_rules() if {rule.code, rule.code[0]} & wanted]


def judge(source: Source, candidate: Candidate, rules: Sequence[Rule]) -> Verdict:
    """The verdict on one candidate.

    Every place that the candidate may speak of is tried; it is accepted at the first without an
    error, and otherwise told of the place with the fewest.
    """
    if not isinstance(candidate, CandidateClaim):
        try:
            candidate = CandidateClaim.model_validate(candidate)
        except ValidationError as error:
            return Verdict(candidate, None, findings=_misshapen(error))
    figure = stated_figure(candidate)
    best: tuple[int, Case, tuple[Finding, ...]] | None = None
    for case in cases(source, candidate, figure):
        findings = tuple(finding for rule in rules for finding in rule.check(case))
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        if errors == 0 and case.quantity is not None:
            return Verdict(candidate, _claim(case, findings), case.quantity, findings)
        if best is None or errors < best[0]:
            best = errors, case, findings
    if best is None:  # cannot happen: `cases` always yields; kept total for the type checker
        return Verdict(candidate, None)
    return Verdict(candidate, None, best[1].quantity, best[2])


def _claim(case: Case, findings: tuple[Finding, ...]) -> Claim:
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
        quantity=quantity,
        qualifier=given or quantity.qualifier,
        unit=quantity.unit or candidate.unit,
        counted=candidate.counted,
        event=candidate.event,
        claimant=claimant,
        claimant_span=case.source.claimant_span(claimant) if claimant else None,
        place=candidate.place,
        when=candidate.when,
        modality=candidate.modality or "asserted",
        filled=frozenset(filled),
        warnings=findings,
    )


def _misshapen(error: ValidationError) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            code="S001",
            severity=Severity.ERROR,
            field=(field := ".".join(map(str, problem["loc"])) or "candidate"),
            message=f"the candidate has not the shape of a claim: {field}: {problem['msg']}",
        )
        for problem in error.errors(include_url=False, include_context=False, include_input=False)
    )
