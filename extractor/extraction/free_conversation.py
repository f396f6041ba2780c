"""A passage whose claims the model finds: heard, judged, and what is refused asked again.

A number belongs to the first claim on it that is accepted; a further one is kept among the refused,
with that reason. What was refused stays so unless a later answer gets the same number right, by the
rules of decision 14.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from extractor.claims import Dismissal, Unclaimed, Verdict
from extractor.errors import AnswerError
from extractor.extraction.anchored import decided_of
from extractor.extraction.desk import Desk, refused_for
from extractor.extraction.free import FreeAsking, stated
from extractor.extraction.passages import Passage, set_aside
from extractor.extraction.reask import echo, is_worth_another, objection, turns_back, words_for
from extractor.extraction.second_answers import weigh
from extractor.model import Message
from extractor.quantities.types import Quantity
from extractor.text import Span

_TAKEN = "another claim already speaks of this number"
_UNSAID = "no claim speaks of it"
_AGAIN = "Report these claims again, corrected, and no others."
_ALL = "Report the claims of the passage again."


def ask_freely(desk: Desk, asking: FreeAsking, passage: Passage, taken: set[Span]) -> None:
    """Let the model list the claims of a passage; those that are refused go back.

    `taken` holds the numbers that have their claim, and is added to.
    """
    request = first = asking.request(desk.source, passage)
    turns: tuple[Message, ...] = ()
    hearing = _Hearing(desk, passage, taken)
    for turn in range(desk.policy.reasks + 1):
        reply = desk.ask(request, passage.span, turn)
        fault = reply if isinstance(reply, AnswerError) else None
        if isinstance(reply, AnswerError):
            objections, said = hearing.missed(turn, str(reply)), echo(reply)
        else:
            claims = [stated(one.model_dump()) for one in reply.arguments.claims]
            objections, said = hearing.heard(turn, claims), reply.raw
        if turn == desk.policy.reasks or not is_worth_another(fault) or not (fault or objections):
            break
        turns += turns_back(said, words_for(objections, _ALL if fault else _AGAIN, fault))
        request = replace(first, turns=turns)
    desk.tally.rejected += hearing.refused


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


@dataclass
class _Hearing:
    """The claims of one passage, turn by turn.

    `refused` are those that stand refused, `sent_back` those of them that the last words spoke of.
    """

    desk: Desk
    passage: Passage
    taken: set[Span]
    refused: list[Verdict] = field(default_factory=list)
    sent_back: list[Verdict] = field(default_factory=list)

    def heard(self, turn: int, claims: Sequence[Mapping[str, Any]]) -> list[str]:
        """Judge the claims of a turn; what is wrong with those that are worth another one."""
        told = [self._judged(claim) for claim in claims]
        faulty: list[tuple[Verdict, str]] = []
        for one in self.sent_back:
            if one.quantity is None or one.quantity.span in self.taken:
                continue  # of a number that the text has not, or that has its claim by now
            answer = next((new for new in told if _speaks_of(new, one.quantity)), None)
            if answer is not None:
                told.remove(answer)
            kept, why = self._weighed(turn, one, one.quantity, answer)
            if answer is not None and not kept.accepted:
                faulty.append((kept, why))
        for verdict in told:
            if verdict.accepted:
                self._accept(verdict)
            else:
                self.refused.append(verdict)
                faulty.append((verdict, verdict.reask()))
        faulty = [(one, why) for one, why in faulty if not self._is_taken(one.quantity)]
        self.sent_back = [one for one, _ in faulty]
        return [f"{_label(one, place)}: {why}" for place, (one, why) in enumerate(faulty, 1)]

    def missed(self, turn: int, reason: str) -> list[str]:
        """An answer that cannot be used says nothing of what was sent back."""
        for one in self.sent_back:
            if one.quantity is not None:
                self._weighed(turn, one, one.quantity, Unclaimed(one.quantity, reason))
        return []

    def _weighed(
        self, turn: int, one: Verdict, quantity: Quantity, answer: Verdict | Unclaimed | None
    ) -> tuple[Verdict, str]:
        """What stands of a refused claim and its new answer, and what is wrong with that."""
        after = answer or Unclaimed(quantity, _UNSAID)
        decided = decided_of(self.desk.source, quantity)
        kept, told = weigh(quantity, turn, one, after, decided)
        self.desk.tally.reasks.append(told)
        if not isinstance(kept, Verdict):
            return one, one.reask()
        if kept is not one:
            self.refused = [refusal for refusal in self.refused if refusal is not one]
            if kept.accepted:
                self._accept(kept)
            else:
                self.refused.append(kept)
        return kept, objection(kept, after, decided)

    def _accept(self, verdict: Verdict) -> None:
        assert verdict.claim is not None  # noqa: S101 - told by the caller
        quantity = verdict.claim.quantity
        if self._is_taken(quantity):
            self.desk.tally.rejected.append(refused_for(verdict, quantity, _TAKEN))
        else:
            self.taken.add(quantity.span)
            self.desk.tally.accepted.append(verdict)

    def _is_taken(self, quantity: Quantity | None) -> bool:
        return quantity is not None and quantity.span in self.taken

    def _judged(self, claim: Mapping[str, Any]) -> Verdict:
        """The verdict on a claim; of a quote that stands in several places, this passage's counts.

        Anywhere else in the document it is judged all the same.
        """
        verdict = self.desk.judged(claim)
        if verdict.claim is None or self._is_free_here(verdict.claim.quantity):
            return verdict
        text = self.desk.source.document.text
        for quantity in self.desk.source.quantities_touching(self.passage.span):
            if self._is_free_here(quantity) and quantity.number.of(text) in verdict.claim.quote:
                here = self.desk.judged({**claim, "position": quantity.span.start})
                if here.claim is not None and here.claim.quantity.span == quantity.span:
                    return here
        return verdict

    def _is_free_here(self, quantity: Quantity) -> bool:
        return self.passage.span.contains(quantity.span) and not self._is_taken(quantity)


def _speaks_of(verdict: Verdict, quantity: Quantity) -> bool:
    return verdict.quantity is not None and verdict.quantity.span == quantity.span


def _label(verdict: Verdict, place: int) -> str:
    """What a refused claim is called: by the number of the text, or by its place."""
    return f"Number {verdict.quantity.text}" if verdict.quantity else f"Claim {place}"
