"""The verdict on a candidate of a user's schema: every rule on every number, then its own rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

from extractor.claims import Claim, Finding, Severity, Verdict
from extractor.claims.markers import DateInText, EventOf, InText, NameInText, OneOf, PlaceInText
from extractor.claims.own_record import changed_field, own_record
from extractor.claims.schema import ClaimSchema
from extractor.claims.schema_field import SchemaField
from extractor.claims.stated_field import StatedField
from extractor.claims.verdicts import finding_order
from extractor.quantities.types import Quantity
from extractor.text.days import full_date
from extractor.validator.case import Case, found
from extractor.validator.fields.further import bound_numbers
from extractor.validator.fields.standing import (
    Standing,
    standing_date,
    standing_value,
)
from extractor.validator.fields.standing_words import standing_words
from extractor.validator.fields.stated import OwnFields, as_claim, own_fields, stated_record
from extractor.validator.judging import Found, accepted_claim, best_place, checked, misshapen
from extractor.validator.registry import Rule
from extractor.validator.source import Source

if TYPE_CHECKING:
    from pydantic import BaseModel, TypeAdapter

    from extractor.claims.wire import CandidateClaim

_MOST = 100  # findings of one rule on one claim
_LONGEST_FAULT = 200  # characters of what somebody else's code says


def judge_own(
    source: Source,
    candidate: CandidateClaim | Mapping[str, object],
    rules: Sequence[Rule],
    schema: ClaimSchema,
) -> Verdict:
    """The verdict on one candidate of a schema; it keeps the candidate as a mapping."""
    from pydantic import ValidationError

    from extractor.claims.wire import CandidateClaim

    given = stated_record(candidate)
    stated, shape = own_fields(schema, given)
    try:
        claim = CandidateClaim.model_validate(as_claim(schema, given))
    except ValidationError as error:
        return Verdict(given, None, findings=(*_renamed(schema, misshapen(error)), *shape))
    if shape:
        return Verdict(given, None, findings=shape)
    case, findings = _weighed(source, claim, stated, rules, schema)
    if any(finding.rejects for finding in findings):
        return Verdict(given, None, case.quantity, findings)
    accepted = accepted_claim(case, findings)
    untold = frozenset() if given.get("modality") else frozenset({"modality"})
    filled = accepted.filled | untold
    accepted = replace(accepted, fields=_fields(case), filled=filled, is_of_a_schema=True)
    against = _refused_by_schema(accepted, case, schema)
    if any(finding.rejects for finding in against):
        return Verdict(given, None, case.quantity, (*findings, *against))
    return Verdict(given, accepted, case.quantity, findings)


def fault_so_far(
    source: Source, given: Mapping[str, object], rules: Sequence[Rule], schema: ClaimSchema
) -> str | None:
    """What speaks first against what a candidate states, be it whole or not; None if nothing."""
    from extractor.claims.wire import CandidateClaim

    stated = {one.name: str(given[one.name]) for one in schema.fields if given.get(one.name)}
    claim = CandidateClaim.model_validate(as_claim(schema, given))
    _, findings = _weighed(source, claim, stated, rules, schema)
    return next((finding.message for finding in findings if finding.rejects), None)


def class_accepts(schema: ClaimSchema, field: SchemaField, value: str) -> bool:
    """Whether the class itself has nothing against a value of a text field: a pattern, a length."""
    if field.of_type is not str:
        return True
    try:
        _adapter(schema.model, field.name).validate_python(value)
    except Exception:  # noqa: BLE001 - ValidationError, or whatever a user's validator raises
        return False
    return True


@lru_cache(maxsize=256)
def _adapter(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    info = model.model_fields[name]
    annotated: Any = info.annotation
    for one in info.metadata:
        annotated = Annotated[annotated, one]
    return TypeAdapter(annotated)


def _weighed(
    source: Source,
    claim: CandidateClaim,
    stated: Mapping[str, str],
    rules: Sequence[Rule],
    schema: ClaimSchema,
) -> Found:
    """The best place of a candidate, its further numbers bound, with what is wrong there."""
    checks = [rule.check for rule in rules if rule.check is not None]

    def look(case: Case) -> Found:
        bound = bound_numbers(schema, stated, case, checks)
        numbers = {name: one.quantity for name, one in bound.items() if one.quantity is not None}
        case = replace(case, own=OwnFields(schema, stated, numbers))
        told = [*checked(case, checks), *(f for one in bound.values() for f in one.findings)]
        return case, tuple(sorted(_renamed(schema, told), key=finding_order))

    return best_place(source, claim, look)


def _renamed(schema: ClaimSchema, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with the names that the schema has for the quote and the number."""
    names = {"quote": schema.quote, "value": schema.number.name}
    told = []
    for one in findings:
        name = names.get(one.field, one.field)
        # what a shape lacks is told by its field too
        message = one.message.replace(f": {one.field}: ", f": {name}: ", 1)
        told.append(replace(one, field=name, message=message))
    return tuple(told)


def _fields(case: Case) -> tuple[StatedField, ...]:
    assert case.own is not None  # noqa: S101 - told by the caller
    own = case.own
    told = []
    for field in own.schema.fields:
        said = own.stated.get(field.name)
        if said is None:
            continue
        number = own.numbers.get(field.name)
        if number is not None:
            told.append(StatedField(field.name, said, number.span, number))
            continue
        place = _standing(case, field, said)
        words = _as_day(field, said, case, place)
        told.append(StatedField(field.name, words, None if place is None else place.place))
    return tuple(told)


def _standing(case: Case, field: SchemaField, said: str) -> Standing | None:
    assert case.matched is not None  # noqa: S101 - told by the caller
    return standing(case.source, case.matched, field, said)


def standing(source: Source, quantity: Quantity, field: SchemaField, said: str) -> Standing | None:
    """Where a field's value stands for a number; None where the field has no place of its own."""
    match field.marker:
        case InText() | NameInText() | PlaceInText():
            return standing_words(source, quantity, field, said)
        case DateInText():
            return standing_date(source, quantity, field.marker, said)
        case OneOf() | EventOf():
            return standing_value(source, quantity, field.marker, said)
    return None


def _as_day(field: SchemaField, said: str, case: Case, place: Standing | None) -> str:
    """A date as its class wants it: the day that the text names, in ISO 8601."""
    if field.of_type is date and place is not None and place.place is not None:
        day = full_date(said) or full_date(place.place.of(case.text))
        return said if day is None else day.isoformat()
    return said


def _refused_by_schema(claim: Claim, case: Case, schema: ClaimSchema) -> tuple[Finding, ...]:
    """What the class itself and the rules registered for it have against a claim."""
    from pydantic import ValidationError

    quantity = claim.quantity
    lacking = [
        field
        for field in schema.numbers
        if field.of_type is not str
        and (number := _number_of(claim, schema, field)) is not None
        and number.value is None
    ]
    if lacking:
        message = f"{lacking[0].name} is one figure, and the text gives a range or no figure"
        return (_finding(case, "S001", lacking[0].name, message, quantity),)
    try:
        changed = changed_field(claim, schema, own_record(claim, schema.model))
    except ValidationError as error:
        return tuple(
            _finding(case, "S001", ".".join(map(str, one["loc"])) or schema.name, one["msg"])
            for one in error.errors(include_url=False, include_context=False, include_input=False)
        )
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a user's validator: it refuses
        return (_finding(case, "S001", schema.name, _failed("the class", error), quantity),)
    if changed is not None:
        message = f"the class itself changes {changed} after it was checked"
        return (_finding(case, "S001", changed, message, quantity),)
    findings: list[Finding] = []
    for rule in schema.rules:
        try:
            told = [
                _finding(case, rule.code, str(name), str(message) or "it is refused", quantity)
                for name, message in islice(rule.check(claim, case.source.document), _MOST)
            ]
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a user's rule: as above
            what = _failed(f"the rule {rule.code}", error)
            told = [_finding(case, rule.code, schema.name, what, quantity)]
        findings += told
    return tuple(findings)


def _failed(what: str, error: BaseException) -> str:
    try:
        said = str(error)
    except Exception:  # noqa: BLE001 - an error of somebody else's, that cannot even say what it is
        said = ""
    return f"{what} failed ({type(error).__name__}: {said})"


def _number_of(claim: Claim, schema: ClaimSchema, field: SchemaField) -> Quantity | None:
    if field.name == schema.number.name:
        return None if schema.extends else claim.quantity
    stated = claim.field(field.name)
    return None if stated is None else stated.quantity


def _finding(
    case: Case, code: str, field: str, message: str, quantity: Quantity | None = None
) -> Finding:
    span = None if quantity is None else quantity.span
    said = message.removeprefix("Value error, ")[:_LONGEST_FAULT]
    return found(case.source, Severity.ERROR, code, field, said, span)
