"""One passage, asked about by its numbers: asked, judged, and what is refused asked again.

The answer that stands in the end is never one that was only made poorer (decision 14): a second
answer that leaves out what nobody objected to, or drops the claimant that the text names, does not
take the place of the first, and setting a number aside does not undo a refusal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractor.claims import Dismissal, Unclaimed, Verdict
from extractor.claims.records import candidate_record
from extractor.errors import AnswerError
from extractor.extraction.anchored import AnchoredAsking, candidate, paired
from extractor.extraction.answers import Answer, AnswerSheet, Question
from extractor.extraction.desk import Desk, refused_for
from extractor.extraction.passages import Passage
from extractor.extraction.reask import OMITTED, is_worth_another, words_for
from extractor.extraction.second_answers import weigh
from extractor.extraction.tally import Outcome
from extractor.model import Message, ModelReply, UnusableAnswerError

_LONGEST_ECHO = 4_000  # characters of an unusable answer that go back with what was wrong with it


def converse(
    desk: Desk, asking: AnchoredAsking, passage: Passage, questions: Sequence[Question]
) -> None:
    """Ask about these numbers of a passage, again where that may help, and settle each of them."""
    standing: dict[int, Outcome] = {}
    asked = list(questions)
    turns: tuple[Message, ...] = ()
    request = first = asking.request(desk.source, passage, asked)
    for turn in range(desk.policy.reasks + 1):
        reply = desk.ask(request, passage.span, turn)
        for question, outcome in _outcomes(desk, asking, asked, reply):
            before = standing.get(question.id)
            standing[question.id] = outcome
            if before is not None:
                kept, told = weigh(question.quantity, turn, before, outcome)
                standing[question.id] = kept
                desk.tally.reasks.append(told)
        fault = reply if isinstance(reply, AnswerError) else None
        if turn == desk.policy.reasks or not is_worth_another(fault):
            break
        asked = list(_to_ask_again(asking, asked, standing, answered=fault is None))
        if not asked:
            break
        said = reply.raw if not isinstance(reply, AnswerError) else _echo(reply)
        words = words_for(asking.listed(asked), [standing[one.id] for one in asked], fault)
        turns = (*turns, *said_turn(said), Message("user", words))
        request = asking.request_again(first, turns, asked)
    for outcome in standing.values():
        desk.tally.settle(outcome)


def said_turn(said: str) -> tuple[Message, ...]:
    """What the model said, as its turn; none where it said nothing."""
    return (Message("assistant", said),) if said.strip() else ()


def judged_answer(desk: Desk, question: Question, answer: Answer, *, pinned: bool) -> Verdict:
    """The verdict on an answer. Accepted is only a claim on the very number that was asked about.

    `pinned` says that the fields that the text had decided come from the question; they are marked
    as filled.
    """
    verdict = desk.judged(candidate(question, answer, pinned=pinned))
    quantity = question.quantity
    if verdict.claim is not None:
        if verdict.claim.quantity.span != quantity.span:
            return refused_for(verdict, quantity, "it speaks of another number than was asked for")
        supplied = frozenset(question.supplied(answer)) if pinned else frozenset()
        claim = replace(verdict.claim, filled=verdict.claim.filled | supplied)
        return replace(verdict, claim=claim)
    if verdict.quantity is None or verdict.quantity.span != quantity.span:
        return Verdict(verdict.candidate, None, quantity, verdict.findings)
    return verdict


def _outcomes(
    desk: Desk,
    asking: AnchoredAsking,
    asked: Sequence[Question],
    reply: ModelReply[AnswerSheet] | AnswerError,
) -> Iterator[tuple[Question, Outcome]]:
    if isinstance(reply, AnswerError):
        for question in asked:
            yield question, Unclaimed(question.quantity, str(reply))
        return
    for question, answer in paired(asked, reply.arguments):
        if answer is None:
            yield question, Unclaimed(question.quantity, OMITTED)
        elif answer.dismissed is not None and (asking.narrows or answer.quote is None):
            yield question, Dismissal(question.quantity, answer.dismissed[:200])
        else:
            yield question, judged_answer(desk, question, answer, pinned=asking.narrows)


def _to_ask_again(
    asking: AnchoredAsking,
    asked: Sequence[Question],
    standing: dict[int, Outcome],
    *,
    answered: bool,
) -> Iterator[Question]:
    """The numbers that have no good answer yet, each with what may still be said of it."""
    for question in asked:
        outcome = standing[question.id]
        if isinstance(outcome, Unclaimed) and not (answered and asking.narrows):
            yield question
        elif isinstance(outcome, Verdict) and not outcome.accepted:
            revised = _without_refused(question, outcome) if asking.narrows else question
            if revised is not None:
                yield revised


def _without_refused(question: Question, verdict: Verdict) -> Question | None:
    """The question without the options that were refused; None where that leaves nothing to ask."""
    stated = candidate_record(verdict.candidate)
    revised = question
    for finding in verdict.findings:
        if finding.rejects and len(question.choices.get(finding.field, ())) > 1:
            revised = revised.without(finding.field, stated.get(finding.field))
    return None if revised == question or revised.is_settled else revised


def _echo(error: AnswerError) -> str:
    return error.raw[:_LONGEST_ECHO] if isinstance(error, UnusableAnswerError) else ""
