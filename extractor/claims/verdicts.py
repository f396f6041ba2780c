"""What the validator returns: findings, verdicts, and the claims that passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from extractor.claims.explanations import explanation, request_for_another
from extractor.claims.modality import Modality
from extractor.claims.records import Record, judgement_record
from extractor.claims.stated_field import StatedField
from extractor.quantities.types import Qualifier, Quantity
from extractor.text import Span

if TYPE_CHECKING:
    from pydantic import BaseModel

    from extractor.claims.wire import CandidateClaim

Model = TypeVar("Model", bound="BaseModel")

FAMILIES = "QNHUEATFDS"
"""The letters of the rule families in the order in which they are told; S is shape."""


class Severity(StrEnum):
    """An error rejects the candidate; a warning only flags it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule noticed.

    `code` names the rule, `field` the candidate's field, `span` the place in the document (None
    where there is none), `message` is one plain sentence, and `excerpt` the sentence of the
    document with `~~~^` under the place (empty where there is none).
    """

    code: str
    severity: Severity
    field: str
    message: str
    span: Span | None = None
    excerpt: str = ""

    @property
    def rejects(self) -> bool:
        """Whether it costs the candidate its acceptance, rather than flagging it."""
        return self.severity is Severity.ERROR


def finding_order(finding: Finding) -> tuple[int, str, tuple[int, int], str, str, str]:
    """The key by which the findings of a verdict are sorted: a strict order.

    Families stand as the rules are told: quote, number, hedge, unit, event, claimant, time and
    place, the fields of a schema, document, shape, then any other. Within a family the code
    decides, then the place (none comes first), the field, the message and the severity.

    >>> late = Finding("E501", Severity.ERROR, "event", "…", Span(3, 5))
    >>> early = Finding("N201", Severity.ERROR, "value", "…", Span(9, 12))
    >>> [finding.code for finding in sorted([late, early], key=finding_order)]
    ['N201', 'E501']
    """
    family = FAMILIES.find(finding.code[:1]) if finding.code else -1
    place = (-1, -1) if finding.span is None else (finding.span.start, finding.span.end)
    return (
        family if family >= 0 else len(FAMILIES),
        finding.code,
        place,
        finding.field,
        finding.message,
        finding.severity.value,
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that stands in the text. Built by the validator only, from an accepting verdict.

    `quote` is the document's own wording at `quote_span`, not the candidate's. `value`, `low` and
    `high` are what `quantity` says. `filled` names the fields that were not
    asked for and that the text supplied; `derived_from` the two figures of which a value is worked
    out, which the text does not name itself. `warnings` are findings that flag without rejecting.
    """

    document_id: str
    quote: str
    quote_span: Span
    quantity: Quantity
    qualifier: Qualifier
    unit: str | None = None
    counted: str | None = None
    event: str | None = None
    claimant: str | None = None
    claimant_span: Span | None = None
    place: str | None = None
    when: str | None = None
    modality: Modality = "asserted"
    derived_from: tuple[str, ...] | None = None
    filled: frozenset[str] = frozenset()
    warnings: tuple[Finding, ...] = ()
    fields: tuple[StatedField, ...] = ()
    is_of_a_schema: bool = False

    def field(self, name: str) -> StatedField | None:
        """A field of the user's schema; None where the claim does not state it."""
        return next((one for one in self.fields if one.name == name), None)

    def as_record(self, schema: type[Model]) -> Model:
        """The claim as an instance of the class that it was made with.

        Numbers are those of the text (a Decimal, an int, or the text's own words for a str), and
        dates are days where the class wants days. Raises ValidationError, of pydantic, when the
        class does not take them.
        """
        from extractor.claims.own_record import own_record

        return own_record(self, schema)

    @property
    def is_by_text(self) -> bool:
        """Whether the text alone gave every field of it: nothing was left to a model's choice."""
        asked = {"quote", "counted", "event", "claimant", "modality"}
        stated = [name for name in asked if getattr(self, name) is not None]
        stated += [one.name for one in self.fields]
        return all(name in self.filled for name in stated)

    @property
    def value(self) -> Decimal | None:
        """The figure as named; None for a range or a vague magnitude."""
        return self.quantity.value

    @property
    def low(self) -> Decimal | None:
        """The lower end of what the text says; None where it is open."""
        return self.quantity.low

    @property
    def high(self) -> Decimal | None:
        """The upper end of what the text says; None where it is open."""
        return self.quantity.high


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one candidate.

    `candidate` is the parsed candidate, or the raw mapping when its shape could not be parsed.
    `quantity` is the number of the text that it was held against, if one was found; `findings`
    are in rule order; `claim` is there exactly when the candidate is accepted.
    """

    candidate: CandidateClaim | Mapping[str, object]
    claim: Claim | None
    quantity: Quantity | None = None
    findings: tuple[Finding, ...] = field(default=())

    @property
    def accepted(self) -> bool:
        """Whether the candidate became a claim."""
        return self.claim is not None

    def explain(self) -> str:
        """The verdict for a person: one plain sentence a line, with the place in the text under it.

        Of an accepted candidate it says what was found, and what is flagged; of a rejected one it
        gives every reason. Nothing in it can steer a terminal.
        """
        return explanation(self)

    def to_json(self) -> Record:
        """The verdict for a program: plain JSON values, always the same keys in the same order.

        `accepted`, `candidate` (as it was given), `number_span`, `findings`, and `claim`, which is
        None where the candidate is rejected. Figures are strings, spans are pairs of offsets.
        """
        return judgement_record(self)

    def reask(self) -> str:
        """The verdict for the model that made the candidate: what to correct; "" when accepted.

        Each reason names its field. There are no codes and no offsets in it, and the same verdict
        gives the same words with any version of any library.
        """
        return request_for_another(self)
