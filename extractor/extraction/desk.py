"""What stays the same while a document is asked about: the model, the text, rules and tally."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractor.claims import Finding, Severity, Verdict
from extractor.claims.schema import ClaimSchema
from extractor.errors import AnswerError
from extractor.extraction.policy import AskingPolicy
from extractor.extraction.tally import Tally
from extractor.model import Model, ModelReply, ModelRequest, UnusableAnswerError
from extractor.model.protocol import Response
from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.validator import Source, judge
from extractor.validator.registry import Rule


@dataclass(frozen=True, slots=True)
class Desk:
    """One document on its way."""

    model: Model
    source: Source
    rules: Sequence[Rule]
    policy: AskingPolicy
    tally: Tally

    @property
    def schema(self) -> ClaimSchema | None:
        """The user's own schema; None for the claims of every text."""
        return self.policy.own_schema

    def ask(
        self, request: ModelRequest[Response], passage: Span, turn: int
    ) -> ModelReply[Response] | AnswerError:
        """One call, noted; an answer that cannot be used is returned as the error that says why.

        ModelError and CassetteError are raised, since no further call could do better.
        """
        try:
            reply = self.model.ask(request)
        except AnswerError as error:
            attempts = error.attempts if isinstance(error, UnusableAnswerError) else ()
            self.tally.called(passage, turn, attempts)
            self.tally.seconds += sum(attempt.seconds for attempt in attempts)
            return error
        self.tally.called(passage, turn, reply.attempts)
        self.tally.seconds += reply.seconds
        return reply

    def judged(self, candidate: Mapping[str, Any]) -> Verdict:
        """The verdict on a candidate, whatever its shape."""
        return judge(self.source, candidate, self.rules, self.schema)


def refused_for(verdict: Verdict, quantity: Quantity, message: str) -> Verdict:
    """The verdict turned into a refusal for a reason that only asking knows."""
    finding = Finding("S002", Severity.ERROR, "position", message, quantity.span)
    return Verdict(verdict.candidate, None, quantity, (finding, *verdict.findings))
