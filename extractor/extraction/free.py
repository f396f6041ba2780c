"""Free asking: the model finds the claims of a passage, and each is held against the text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ConfigDict

from extractor.claims import Dismissal, Unclaimed, Verdict
from extractor.errors import AnswerError
from extractor.extraction.anchored import place_of
from extractor.extraction.conversation import said_turn
from extractor.extraction.desk import Desk, refused_for
from extractor.extraction.passages import Passage, set_aside
from extractor.extraction.reask import is_worth_another, words_for
from extractor.extraction.second_answers import weigh
from extractor.model import Message, ModelRequest, ToolSpec
from extractor.prompts import PromptTemplate
from extractor.text import Span
from extractor.validator import Source

_TOOL_NAME = "report_claims"
_TOOL_DESCRIPTION = "Report every numeric claim of the passage, in the order of the text."
_TOKENS_PER_CLAIM = 160
_FEWEST_CLAIMS = 4  # room for that many, since the model may see more than the reader does
_TAKEN = "another claim already speaks of this number"
_UNSAID = "no claim speaks of it"


class FreeClaim(BaseModel):
    """A claim as the model words it. Everything is optional here: what lacks is a finding's matter.

    Figures are strings; a JSON number is kept as it prints.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    quote: str | None = None
    value: str | None = None
    low: str | None = None
    high: str | None = None
    qualifier: str | None = None
    unit: str | None = None
    counted: str | None = None
    event: str | None = None
    claimant: str | None = None
    place: str | None = None
    when: str | None = None
    modality: str | None = None


class FreeSheet(BaseModel):
    """The arguments of the forced tool call: the claims that the model found."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    claims: tuple[FreeClaim, ...]


@dataclass(frozen=True, slots=True)
class FreeAsking:
    """The fixed part of asking: the prompt with its examples."""

    prompt: PromptTemplate

    def request(self, source: Source, passage: Passage) -> ModelRequest[FreeSheet]:
        """The call for one passage. What never changes comes first, so that prefixes are reused."""
        text = passage.span.of(source.document.text)
        messages = [Message("system", self.prompt.render_system())]
        for example in self.prompt.examples:
            claims = [_stated(answer) for answer in example.answers]
            said = json.dumps({"claims": claims}, ensure_ascii=False, separators=(",", ":"))
            messages.append(Message("user", self.prompt.render_user(example.passage, [], [])))
            messages.append(Message("assistant", said))
        messages.append(Message("user", self.prompt.render_user(text, [], [])))
        return ModelRequest(
            messages=tuple(messages),
            tool=ToolSpec(_TOOL_NAME, _TOOL_DESCRIPTION, FreeSheet),
            document=place_of(source, passage),
            max_tokens=_TOKENS_PER_CLAIM * max(_FEWEST_CLAIMS, len(passage.quantities)),
        )


def ask_freely(desk: Desk, asking: FreeAsking, passage: Passage) -> None:
    """Let the model list the claims of a passage; those that are refused go back.

    A number belongs to the first claim on it that is accepted; a further one is kept among the
    refused, with that reason. What was refused at first stays so unless a later answer gets the
    same number right.
    """
    request = first = asking.request(desk.source, passage)
    turns: tuple[Message, ...] = ()
    refused: list[Verdict] = []
    for turn in range(desk.policy.reasks + 1):
        reply = desk.ask(request, passage.span, turn)
        fault = reply if isinstance(reply, AnswerError) else None
        fresh: list[Verdict] = []
        if not isinstance(reply, AnswerError):
            said = [_stated(one.model_dump()) for one in reply.arguments.claims]
            fresh = _settled(desk, turn, said, refused)
        refused += fresh
        if turn == desk.policy.reasks or not is_worth_another(fault) or not (fault or fresh):
            break
        turns = (*turns, *said_turn("" if isinstance(reply, AnswerError) else reply.raw))
        turns = (*turns, Message("user", words_for(_numbered(fresh), fresh, fault)))
        request = replace(first, turns=turns)
    desk.tally.rejected += refused


def close_freely(desk: Desk) -> None:
    """Account for the numbers that no claim was made of."""
    told = {verdict.claim.quantity.span for verdict in desk.tally.accepted if verdict.claim}
    told |= {one.quantity.span for one in desk.tally.rejected if one.quantity is not None}
    for quantity in desk.source.reading.quantities:
        if quantity.span in told:
            continue
        reason = set_aside(quantity)
        if reason is not None:
            desk.tally.dismissed.append(Dismissal(quantity, reason, by="reader"))
        else:
            desk.tally.unclaimed.append(Unclaimed(quantity, _UNSAID))


def _settled(
    desk: Desk, turn: int, candidates: Sequence[Mapping[str, Any]], before: Sequence[Verdict]
) -> list[Verdict]:
    """File what is accepted; give back what is not. `before` was refused in earlier turns."""
    refusals = {one.quantity.span: one for one in before if one.quantity is not None}
    taken: set[Span] = {v.claim.quantity.span for v in desk.tally.accepted if v.claim}
    refused = []
    for candidate in candidates:
        verdict = desk.judged(candidate)
        if verdict.claim is None:
            refused.append(verdict)
        elif verdict.claim.quantity.span in taken:
            desk.tally.rejected.append(refused_for(verdict, verdict.claim.quantity, _TAKEN))
        else:
            quantity = verdict.claim.quantity
            first = refusals.get(quantity.span)
            if first is not None:
                kept, told = weigh(quantity, turn, first, verdict)
                desk.tally.reasks.append(told)
                if kept is first:  # it was only made poorer
                    continue
            taken.add(quantity.span)
            desk.tally.accepted.append(verdict)
    return refused


def _numbered(verdicts: Sequence[Verdict]) -> list[str]:
    """The refused claims as the re-ask names them: by the number of the text, or by their place."""
    return [
        verdict.quantity.text if verdict.quantity is not None else f"of claim {place}"
        for place, verdict in enumerate(verdicts, 1)
    ]


def _stated(claim: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in claim.items() if value is not None}
