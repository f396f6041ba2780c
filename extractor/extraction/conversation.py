"""One passage, asked about by its numbers: asked, judged, and what is refused asked again.

The answer that stands in the end is never one that was only made poorer (decision 14): a second
answer that leaves out what nobody objected to, or what the text decides, does not take the place
of the first, and setting a number aside does not undo a refusal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from extractor.claims import Dismissal, Unclaimed, Verdict
from extractor.claims.records import candidate_record
from extractor.errors import AnswerError
from extractor.extraction.anchored import AnchoredAsking, candidate, paired
from extractor.extraction.answers import Answer, AnswerSheet, Question
from extractor.extraction.desk import Desk, refused_for
from extractor.extraction.own_answers import own_candidate
from extractor.extraction.passages import Passage
from extractor.extraction.reask import (
    OMITTED,
    echo,
    is_worth_another,
    numbers_again,
    objection,
    turns_back,
    words_for,
)
from extractor.extraction.second_answers import weigh
from extractor.extraction.tally import Outcome
from extractor.model import Message, ModelReply


def converse(
    desk: Desk, asking: AnchoredAsking, passage: Passage, questions: Sequence[Question]
) -> None:
    """Ask about these numbers of a passage, again where that may help, and settle each of them."""
    by_id = {question.id: question for question in questions}  # as first put, with all its options
    standing: dict[int, Outcome] = {}
    asked = list(questions)
    turns: tuple[Message, ...] = ()
    request = first = asking.request(desk.source, passage, asked)
    for turn in range(desk.policy.reasks + 1):
        reply = desk.ask(request, passage.span, turn)
        latest = {q.id: one for q, one in _outcomes(desk, asking, asked, reply)}
        for question in asked:
            place, after = question.id, latest[question.id]
            before = standing.setdefault(place, after)
            if turn:
                standing[place], told = weigh(
                    question.quantity, turn, before, after, by_id[place].decided
                )
                desk.tally.reasks.append(told)
        fault = reply if isinstance(reply, AnswerError) else None
        if turn == desk.policy.reasks or not is_worth_another(fault):
            break
        asked = list(_to_ask_again(asking, asked, standing, latest))
        if not asked:
            break
        said = reply.raw if not isinstance(reply, AnswerError) else echo(reply)
        numbers = asking.listed(asked)
        objections = [
            f"Number {number}: {objection(standing[q.id], latest[q.id], by_id[q.id].decided)}"
            for number, q in zip(numbers, asked, strict=True)
        ]
        turns += turns_back(said, words_for(objections, numbers_again(numbers), fault))
        request = asking.request_again(first, turns, asked)
    for outcome in standing.values():
        desk.tally.settle(outcome)


def judged_answer(desk: Desk, question: Question, answer: Answer, *, pinned: bool) -> Verdict:
    """The verdict on an answer. Accepted is only a claim on the very number that was asked about.

    `pinned` says that the fields that the text had decided come from the question; they are marked
    as filled.
    """
    verdict = desk.judged(_stated(desk, question, answer, pinned=pinned))
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


def _stated(desk: Desk, question: Question, answer: Answer, *, pinned: bool) -> dict[str, Any]:
    if desk.schema is None:
        return candidate(question, answer, pinned=pinned)
    return own_candidate(desk.schema, question, answer, pinned=pinned)


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
    standing: Mapping[int, Outcome],
    latest: Mapping[int, Outcome],
) -> Iterator[Question]:
    """The numbers that have no good answer yet, each with what may still be said of it."""
    for question in asked:
        kept, after = standing[question.id], latest[question.id]
        if isinstance(kept, Dismissal) or (isinstance(kept, Verdict) and kept.accepted):
            continue
        if isinstance(after, Verdict) and not after.accepted and asking.narrows:
            revised = _without_refused(question, after)
            if revised is not None:
                yield revised
        else:
            yield question


def _without_refused(question: Question, verdict: Verdict) -> Question | None:
    """The question without the options that were refused; None where that leaves nothing to ask."""
    stated = candidate_record(verdict.candidate)
    left = question.options
    for finding in verdict.findings:
        if finding.rejects and len(left.choices.get(finding.field, ())) > 1:
            left = left.without(finding.field, stated.get(finding.field))
    revised = question.offering(left)
    return None if left == question.options or revised.is_settled else revised
