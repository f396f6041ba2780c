"""One document: ask about every number, judge every answer, account for every number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from extractor.claims import Dismissal, ExtractionResult
from extractor.claims.schema import ClaimSchema
from extractor.errors import InputError
from extractor.extraction.anchored import AnchoredAsking, questions_of
from extractor.extraction.answers import Answer, Question
from extractor.extraction.conversation import converse, judged_answer
from extractor.extraction.desk import Desk
from extractor.extraction.free import FreeAsking
from extractor.extraction.free_conversation import ask_freely, close_freely
from extractor.extraction.own_answers import answer_sheet, field_words
from extractor.extraction.own_document import close_own, own_questions
from extractor.extraction.passages import Passage, passages, set_aside
from extractor.extraction.policy import AskingPolicy
from extractor.extraction.tally import Tally
from extractor.model import Model
from extractor.prompts import (
    DEFAULT_PROMPT,
    FREE_PROMPT,
    OWN_PROMPT,
    PromptTemplate,
    load_prompt,
)
from extractor.text import Document, Span
from extractor.validator import Source, select_rules

Progress = Callable[[int, int], None]
"""Told after each passage: passages done, passages in all. What it raises ends the document."""

_Step = Callable[[], None]

_BARE = "a number alone: no word beside it says what it counts"


def extract_with(
    model: Model,
    document: Document,
    *,
    prompt: PromptTemplate | None = None,
    policy: AskingPolicy | None = None,
    progress: Progress | None = None,
) -> ExtractionResult:
    """Extract the checked claims of one document with an open model.

    An answer that cannot be used leaves its numbers unclaimed and the document goes on; ModelError
    and CassetteError are raised, since no further call could do better.
    """
    policy = policy or AskingPolicy()
    source = Source(document)
    desk = Desk(model, source, select_rules(None), policy, Tally())
    if prompt is None:
        prompt = prompt_for(policy)
    _check_prompt(prompt, policy)
    planned = list(passages(source, policy.size(narrows=model.narrows_schema)))
    if policy.ask == "free":
        steps = _freely(desk, prompt, planned)
    else:
        asking = asking_with(prompt, policy.own_schema, narrows=model.narrows_schema)
        steps = _anchored(desk, asking, planned)
    for done, step in enumerate(steps, 1):
        step()
        if progress is not None:
            progress(done, len(steps))
    if policy.ask == "free":
        close_freely(desk)
    elif desk.schema is not None:
        close_own(desk, desk.schema)
    return desk.tally.result(document, source, desk.rules)


def prompt_for(policy: AskingPolicy, name_or_path: str | None = None) -> PromptTemplate:
    """The named template, or the one that belongs to the way of asking, and to a user's schema.

    Raises InputError where it is none, or is made for another way of asking or another schema.
    """
    default = FREE_PROMPT if policy.ask == "free" else DEFAULT_PROMPT
    if policy.schema is not None and policy.ask != "free":
        default = OWN_PROMPT
    template = load_prompt(name_or_path or default)
    _check_prompt(template, policy)
    return template


def asking_with(
    prompt: PromptTemplate, schema: ClaimSchema | None, *, narrows: bool
) -> AnchoredAsking:
    """How the numbers of a passage are asked about."""
    if schema is None:
        return AnchoredAsking(prompt, narrows)
    return AnchoredAsking(prompt, narrows, answer_sheet(schema), told_of(schema))


def told_of(schema: ClaimSchema) -> dict[str, Any]:
    """What the system part of a prompt may say of a user's schema."""
    return {"name": schema.name, "purpose": schema.description, "fields": field_words(schema)}


def _check_prompt(prompt: PromptTemplate, policy: AskingPolicy) -> None:
    schema = policy.own_schema
    if schema is not None and policy.ask == "free":
        raise InputError(
            f"The schema {schema.name} is asked for number by number: --ask free has claims alone."
        )
    has = prompt.front.answer_schema
    if schema is None:
        wanted = "free" if policy.ask == "free" else "claims"
        fits, named = has == wanted, repr(wanted)
    else:
        fits, named = has in (schema.name, "own"), f"{schema.name!r} or 'own'"
    if not fits:
        raise InputError(
            f"prompt {prompt.label} has the schema {has!r}, but asking is {policy.ask}, which "
            f"wants {named}; name another with --prompt, or change --ask or --schema."
        )


def _anchored(desk: Desk, asking: AnchoredAsking, planned: Sequence[Passage]) -> list[_Step]:
    """A step for each passage in which the text leaves something to ask about its numbers."""
    desk.tally.dismissed += [
        Dismissal(quantity, reason, by="reader")
        for quantity in desk.source.reading.quantities
        if (reason := set_aside(quantity)) is not None
    ]

    steps: list[_Step] = []
    for passage in planned:
        if desk.schema is None:
            questions = questions_of(desk.source, passage)
        else:
            questions = own_questions(desk, desk.schema, passage)
        left = list(_left_open(desk, questions, narrows=asking.narrows))
        if left:
            steps.append(partial(converse, desk, asking, passage, left))
    return steps


def _freely(desk: Desk, prompt: PromptTemplate, planned: Sequence[Passage]) -> list[_Step]:
    """A step for each passage, which is asked for its claims."""
    asking, taken = FreeAsking(prompt), set[Span]()
    return [partial(ask_freely, desk, asking, passage, taken) for passage in planned]


def _left_open(desk: Desk, questions: Sequence[Question], *, narrows: bool) -> Iterator[Question]:
    """The questions that a model is needed for; the others are answered by the text, and judged."""
    for question in questions:
        if question.is_bare:
            desk.tally.settle(Dismissal(question.quantity, _BARE, by="reader"))
        elif narrows and question.is_settled and desk.policy.ask != "all":
            desk.tally.settle(judged_answer(desk, question, Answer(), pinned=True))
        else:
            yield question
