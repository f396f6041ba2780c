"""`verify`: candidates in, verdicts out. Pure, offline, deterministic, total."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from extractor.claims import Finding, Severity, Verdict
from extractor.claims.verdicts import finding_order
from extractor.errors import InputError
from extractor.text import Document
from extractor.validator.judging import accepted_claim, best_place, checked, misshapen
from extractor.validator.rules import Rule, all_rules
from extractor.validator.source import Source

if TYPE_CHECKING:
    from pydantic import BaseModel

    from extractor.claims.schema import ClaimSchema
    from extractor.claims.wire import CandidateClaim

Candidate: TypeAlias = "CandidateClaim | Mapping[str, object]"
# a claim is a quote with its number, and fields that are checked: no selection leaves these out
_ALWAYS = {"Q", "N", "F"}


def verify(
    document: Document,
    candidates: Iterable[Candidate],
    *,
    rules: Collection[str] | None = None,
    strict: bool = False,
    schema: type[BaseModel] | None = None,
) -> list[Verdict]:
    """Judge each candidate against the document; one verdict a candidate, in their order.

    A candidate is a CandidateClaim or a mapping with its fields; a mapping of another shape gets a
    verdict with the finding S001. `rules` limits the judgement to some codes or families ("E502",
    "H") beside those of quote and number, without which nothing is accepted; by default all apply,
    and InputError is raised for an unknown one. `strict` rejects what would only be flagged. With a
    `schema` of your own the candidates have its fields, which are held to its checks and rules;
    SchemaError is raised where it cannot be checked. No candidate and no document raises. Other
    candidates can flag one (D801, D802; with `strict` such a flag rejects), whatever their order,
    but never change what is found in it alone.

    >>> doc = Document(text="Officials said 498 of its troops have been killed.")
    >>> verify(doc, [{"quote": "498 of its troops have been killed", "value": "489"}])[0].accepted
    False
    """
    source = Source(document)
    chosen, outline = select_rules(rules), _outline(schema)
    verdicts = [judge(source, candidate, chosen, outline) for candidate in candidates]
    if not strict:
        return compared(source, verdicts, chosen)
    # what is refused by itself makes no copy and contradicts nobody
    verdicts = compared(source, [strictly(verdict) for verdict in verdicts], chosen)
    return [strictly(verdict) for verdict in verdicts]


def _outline(schema: type[BaseModel] | None) -> ClaimSchema | None:
    if schema is None:
        return None
    from extractor.claims.schema import schema_of

    return schema_of(schema)


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


def judge(
    source: Source,
    candidate: Candidate,
    rules: Sequence[Rule],
    schema: ClaimSchema | None = None,
) -> Verdict:
    """The verdict on one candidate, of a user's schema where one is given.

    Every place that the candidate may speak of is tried; the one with the fewest errors counts, and
    among those the one with the fewest flags, the first in the text. Rules of plugins choose only
    among places that are alike by this package's own.
    """
    from pydantic import ValidationError

    from extractor.claims.wire import CandidateClaim  # at the first claim: pydantic takes its time

    if schema is not None:
        from extractor.validator.own_claims import judge_own

        return judge_own(source, candidate, rules, schema)
    if not isinstance(candidate, CandidateClaim):
        try:
            candidate = CandidateClaim.model_validate(candidate)
        except ValidationError as error:
            shown = candidate if isinstance(candidate, Mapping) else {"candidate": candidate}
            return Verdict(shown, None, findings=misshapen(error))
    checks = [rule.check for rule in rules if rule.check is not None]
    case, findings = best_place(source, candidate, lambda one: (one, checked(one, checks)))
    rejected = any(finding.rejects for finding in findings)
    claim = None if rejected else accepted_claim(case, findings)
    return Verdict(candidate, claim, case.quantity, findings)


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
