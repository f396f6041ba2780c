"""`verify`: candidates in, verdicts out. Pure, offline, deterministic, total."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from extractor.claims import Claim, Finding, Severity, Verdict
from extractor.claims.verdicts import finding_order
from extractor.errors import InputError
from extractor.quantities import qualifier_of
from extractor.text import Document
from extractor.validator.case import Case, cases
from extractor.validator.figures import as_stated, stated_figure
from extractor.validator.registry import RESERVED
from extractor.validator.rules import Rule, all_rules
from extractor.validator.source import Source
from extractor.validator.telling import telling

if TYPE_CHECKING:
    from pydantic import ValidationError

    from extractor.claims.wire import CandidateClaim

Candidate: TypeAlias = "CandidateClaim | Mapping[str, object]"
_ALWAYS = {"Q", "N"}  # a claim is a quote with its number: no selection leaves these out


def verify(
    document: Document,
    candidates: Iterable[Candidate],
    *,
    rules: Collection[str] | None = None,
    strict: bool = False,
) -> list[Verdict]:
    """Judge each candidate against the document; one verdict a candidate, in their order.

    A candidate is a CandidateClaim or a mapping with its fields; a mapping of another shape gets a
    verdict with the finding S001. `rules` limits the judgement to some codes or families ("E502",
    "H") beside those of quote and number, without which nothing is accepted; by default all apply,
    and InputError is raised for an unknown one. `strict` rejects what would only be flagged. No
    candidate and no document raises. Other candidates can flag one (D801, D802; with `strict` such
    a flag rejects), whatever their order, but never change what is found in it alone.

    >>> doc = Document(text="Officials said 498 of its troops have been killed.")
    >>> verify(doc, [{"quote": "498 of its troops have been killed", "value": "489"}])[0].accepted
    False
    """
    source = Source(document)
    chosen = select_rules(rules)
    verdicts = [judge(source, candidate, chosen) for candidate in candidates]
    if not strict:
        return compared(source, verdicts, chosen)
    # what is refused by itself makes no copy and contradicts nobody
    verdicts = compared(source, [strictly(verdict) for verdict in verdicts], chosen)
    return [strictly(verdict) for verdict in verdicts]


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

    Every place that the candidate may speak of is tried; the one with the fewest errors counts, and
    among those the one with the fewest flags, the first in the text. Rules of plugins choose only
    among places that are alike by this package's own.
    """
    from pydantic import ValidationError

    from extractor.claims.wire import CandidateClaim  # at the first claim: pydantic takes its time

    if not isinstance(candidate, CandidateClaim):
        try:
            candidate = CandidateClaim.model_validate(candidate)
        except ValidationError as error:
            shown = candidate if isinstance(candidate, Mapping) else {"candidate": candidate}
            return Verdict(shown, None, findings=_misshapen(error))
    figure = stated_figure(candidate)
    checks = [rule.check for rule in rules if rule.check is not None]
    best: tuple[tuple[int, ...], Case, tuple[Finding, ...]] | None = None
    for case in cases(source, candidate, figure):
        findings = tuple(sorted((f for check in checks for f in check(case)), key=finding_order))
        weight = _weight(case, findings)
        if best is None or weight < best[0]:
            best = weight, case, findings
        if not findings:
            break
    assert best is not None  # noqa: S101 - `cases` always yields
    _, case, findings = best
    claim = None if any(finding.rejects for finding in findings) else _claim(case, findings)
    return Verdict(candidate, claim, case.quantity, findings)


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


def compared(source: Source, verdicts: Sequence[Verdict], rules: Sequence[Rule]) -> list[Verdict]:
    """The verdicts on the claims of one document, with what only shows among them together.

    The rules that compare claims (D801, D802) look at the accepted ones. Those of this package flag
    only; one of a plugin may refuse a claim here.
    """
    verdicts = list(verdicts)
    places = [place for place, verdict in enumerate(verdicts) if verdict.accepted]
    accepted = [verdicts[place] for place in places]
    for rule in rules:
        for place, finding in rule.compare(source, accepted) if rule.compare is not None else ():
            verdicts[places[place]] = _with(verdicts[places[place]], finding)
    return verdicts


def _with(verdict: Verdict, finding: Finding) -> Verdict:
    findings = tuple(sorted((*verdict.findings, finding), key=finding_order))
    claim = verdict.claim
    if claim is not None:
        claim = None if finding.rejects else replace(claim, warnings=findings)
    return replace(verdict, claim=claim, findings=findings)


def strictly(verdict: Verdict) -> Verdict:
    """The verdict with its flags turned into errors."""
    if not verdict.findings:
        return verdict
    findings = tuple(replace(finding, severity=Severity.ERROR) for finding in verdict.findings)
    return replace(verdict, claim=None, findings=findings)


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


def _misshapen(error: ValidationError) -> tuple[Finding, ...]:
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
