"""One document: ask about every number, judge every answer, account for every number."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from extractor.claims import (
    CallRecord,
    Dismissal,
    ExtractionResult,
    Unclaimed,
    Usage,
    Verdict,
)
from extractor.errors import AnswerError
from extractor.extraction.anchored import AnchoredAsking, candidate, paired, questions_of
from extractor.extraction.answers import Answer, AnswerSheet, Question
from extractor.extraction.passages import passages, set_aside
from extractor.model import Model, ModelReply, UnusableAnswerError
from extractor.prompts import PromptTemplate, load_prompt
from extractor.text import Document, Span
from extractor.validator import Source, compared, judge, select_rules
from extractor.validator.attribution import find_attributions
from extractor.validator.registry import Rule

Progress = Callable[[int, int], None]
"""Told after each call: calls made, calls to make."""

_BARE = "a number alone: no word beside it says what it counts"


@dataclass
class _Tally:
    """What has come in so far for one document."""

    accepted: list[Verdict] = field(default_factory=list)
    rejected: list[Verdict] = field(default_factory=list)
    dismissed: list[Dismissal] = field(default_factory=list)
    unclaimed: list[Unclaimed] = field(default_factory=list)
    calls: list[CallRecord] = field(default_factory=list)
    seconds: float = 0.0


def extract_with(
    model: Model,
    document: Document,
    *,
    prompt: PromptTemplate | None = None,
    progress: Progress | None = None,
    ask_all: bool = False,
) -> ExtractionResult:
    """Extract the checked claims of one document with an open model.

    `ask_all` asks about every number, also where the text leaves nothing but the quote to choose.
    An answer that cannot be used leaves its numbers unclaimed and the document goes on; ModelError
    and CassetteError are raised, since no further call could do better.
    """
    source = Source(document)
    asking = AnchoredAsking(prompt or load_prompt(), model.narrows_schema, ask_all)
    attributions = find_attributions(document)
    rules = select_rules(None)
    tally = _Tally()
    tally.dismissed += [
        Dismissal(quantity, reason, by="reader")
        for quantity in source.reading.quantities
        if (reason := set_aside(quantity)) is not None
    ]
    asked = []
    for passage in passages(source):
        questions = questions_of(source, passage, attributions)
        left = _left_open(source, questions, asking, rules, tally)
        if left:
            asked.append((passage, left))
    for done, (passage, questions) in enumerate(asked, 1):
        try:
            reply = model.ask(asking.request(source, passage, questions))
        except AnswerError as error:
            _failed(tally, passage.span, questions, error)
        else:
            _answered(tally, passage.span, reply)
            for question, answer in paired(questions, reply.arguments):
                if answer is None:
                    reason = "the model's answer leaves it out or gives it twice"
                    tally.unclaimed.append(Unclaimed(question.quantity, reason))
                elif answer.dismissed is not None and (asking.narrows or answer.quote is None):
                    tally.dismissed.append(Dismissal(question.quantity, answer.dismissed[:200]))
                else:
                    proposed = candidate(question, answer, pinned=asking.narrows)
                    verdict = judge(source, proposed, rules)
                    supplied = question.supplied(answer) if asking.narrows else {}
                    _place(tally, question, verdict, supplied)
        if progress is not None:
            progress(done, len(asked))
    return ExtractionResult(
        document_id=document.id,
        document_sha256=document.sha256,
        accepted=tuple(
            verdict.claim
            for verdict in compared(source, _in_text_order(tally.accepted), rules)
            if verdict.claim is not None
        ),
        rejected=tuple(_in_text_order(tally.rejected)),
        dismissed=tuple(sorted(tally.dismissed, key=lambda entry: entry.quantity.span)),
        unclaimed=tuple(tally.unclaimed),
        calls=len(tally.calls),
        usage=sum((call.usage for call in tally.calls), Usage()),
        seconds=tally.seconds,
        call_records=tuple(tally.calls),
    )


def _left_open(
    source: Source,
    questions: list[Question],
    asking: AnchoredAsking,
    rules: Sequence[Rule],
    tally: _Tally,
) -> list[Question]:
    """The questions that a model is needed for; the others are answered by the text, and judged."""
    left = []
    for question in questions:
        if question.is_bare:
            tally.dismissed.append(Dismissal(question.quantity, _BARE, by="reader"))
        elif asking.narrows and question.is_settled and not asking.asks_all:
            proposed = candidate(question, Answer(), pinned=True)
            _place(tally, question, judge(source, proposed, rules), question.supplied(Answer()))
        else:
            left.append(question)
    return left


def _place(tally: _Tally, question: Question, verdict: Verdict, supplied: Collection[str]) -> None:
    """File a verdict under the number that was asked about.

    A claim counts as accepted only when it stands on that very number: the same figure elsewhere
    in the document is another claim. `supplied` names the fields that the text had decided.
    """
    asked: Span = question.quantity.span
    if verdict.claim is not None and verdict.claim.quantity.span == asked:
        filled = verdict.claim.filled | frozenset(supplied)
        tally.accepted.append(replace(verdict, claim=replace(verdict.claim, filled=filled)))
    elif verdict.quantity is None or verdict.quantity.span != asked:
        tally.rejected.append(Verdict(verdict.candidate, None, question.quantity, verdict.findings))
    else:
        tally.rejected.append(verdict)


def _in_text_order(verdicts: list[Verdict]) -> list[Verdict]:
    """By the number that was asked about: what the text answers comes in before what is asked."""
    return sorted(verdicts, key=lambda v: v.quantity.span if v.quantity else Span(0, 0))


def _answered(tally: _Tally, place: Span, reply: ModelReply[AnswerSheet]) -> None:
    tally.calls.append(CallRecord(place.start, place.end, 0, reply.attempts))
    tally.seconds += reply.seconds


def _failed(tally: _Tally, place: Span, questions: list[Question], error: AnswerError) -> None:
    attempts = error.attempts if isinstance(error, UnusableAnswerError) else ()
    tally.calls.append(CallRecord(place.start, place.end, 0, attempts))
    tally.unclaimed += [Unclaimed(question.quantity, str(error)) for question in questions]
