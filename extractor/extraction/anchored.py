"""Anchored asking: one call a passage, with the passage's numbers pinned."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from extractor.claims import CandidateClaim, Modality
from extractor.claims.records import plain
from extractor.extraction.answers import (
    TOOL_DESCRIPTION,
    TOOL_NAME,
    Answer,
    AnswerSheet,
    Options,
    Question,
    narrowed_schema,
)
from extractor.extraction.event_words import event_words
from extractor.extraction.passages import Passage
from extractor.extraction.windows import has_word_beside, own_piece, quote_windows
from extractor.model import Message, ModelRequest, ToolSpec
from extractor.prompts import PromptTemplate
from extractor.quantities.types import Quantity
from extractor.validator import Source, judge, select_rules
from extractor.validator.counted import counted_phrases, implied_people, noun_chunks
from extractor.validator.events import event_field
from extractor.validator.telling import telling

_TOKENS_PER_NUMBER = 120  # a long answer; the bound only stops a model that runs away


@dataclass(frozen=True, slots=True)
class AnchoredAsking:
    """The fixed part of asking: the prompt, and whether the endpoint holds to a narrowed schema.

    `sheet` is the shape of the answers, `told` what the system part of the prompt says of it.
    """

    prompt: PromptTemplate
    narrows: bool
    sheet: type[AnswerSheet] = AnswerSheet
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def system(self) -> str:
        """What never changes from passage to passage."""
        return self.prompt.render_system(**self.told)

    def request(
        self, source: Source, passage: Passage, questions: Sequence[Question]
    ) -> ModelRequest[AnswerSheet]:
        """The call for one passage. What never changes comes first, so that prefixes are reused."""
        text = passage.span.of(source.document.text)
        named = (name for question in questions for name in question.claimants if name)
        tool = ToolSpec(
            TOOL_NAME,
            TOOL_DESCRIPTION,
            self.sheet,
            narrowed=narrowed_schema(questions) if self.narrows else None,
        )
        sources = list(dict.fromkeys(named))
        user = Message("user", self.prompt.render_user(text, self.listed(questions), sources))
        return ModelRequest(
            messages=(Message("system", self.system), *self._examples(), user),
            tool=tool,
            document=place_of(source, passage),
            max_tokens=_TOKENS_PER_NUMBER * len(questions) + 20,
        )

    def request_again(
        self,
        first: ModelRequest[AnswerSheet],
        turns: tuple[Message, ...],
        questions: Sequence[Question],
    ) -> ModelRequest[AnswerSheet]:
        """The call of `first` with what was said since, about these of its numbers only."""
        narrowed = narrowed_schema(questions) if self.narrows else None
        return replace(
            first,
            turns=turns,
            tool=replace(first.tool, narrowed=narrowed),
            max_tokens=_TOKENS_PER_NUMBER * len(questions) + 20,
        )

    def listed(self, questions: Sequence[Question]) -> list[str]:
        """The numbers as the prompt names them, with ids where no grammar holds the order."""
        return [self._named(question.id, question.quantity.text) for question in questions]

    def _named(self, place: int, number: str) -> str:
        return number if self.narrows else f"{place}) {number}"

    def _examples(self) -> list[Message]:
        messages = []
        for example in self.prompt.examples:
            numbers = [
                self._named(place, str(answer["number"]))
                for place, answer in enumerate(example.answers, 1)
            ]
            user = self.prompt.render_user(example.passage, numbers, example.sources)
            answers = [
                self._as_asked(place, answer) for place, answer in enumerate(example.answers, 1)
            ]
            messages += [
                Message("user", user),
                Message("assistant", _compact({"answers": answers})),
            ]
        return messages

    def _as_asked(self, place: int, answer: Mapping[str, str | None]) -> dict[str, Any]:
        """An example's answer in the shape of a real one: with its id, or without its quote."""
        if not self.narrows:
            given = {key: value for key, value in answer.items() if key != "number"}
            return {"id": place} | given
        return {key: value for key, value in answer.items() if key not in ("number", "quote")}


def questions_of(source: Source, passage: Passage) -> list[Question]:
    """What is asked about each number of the passage, and what may be answered."""
    return [
        replace(number_question(source, passage, quantity), id=place)
        for place, quantity in enumerate(passage.quantities, 1)
    ]


def decided_of(source: Source, quantity: Quantity) -> dict[str, str]:
    """The fields of a number that the text leaves no choice about, with what it says."""
    window = source.window_of(quantity)
    beside = (*source.quantities_touching(window),)
    return number_question(source, Passage(window, beside), quantity).decided


def place_of(source: Source, passage: Passage) -> str:
    """The name under which a passage's calls are recorded: its document, and where it stands."""
    return f"{source.document.sha256[:16]}:{passage.span.start}-{passage.span.end}"


def number_question(source: Source, passage: Passage, quantity: Quantity) -> Question:
    """What is asked about one number of a passage, and what may be answered."""
    if not has_word_beside(source.document.text, passage.span, quantity.span):
        return Question(quantity, lambda: Options((quantity.text,)), is_bare=True)
    claimants = _claimants(source, quantity)
    return Question(quantity, partial(_options, source, passage, quantity, claimants), claimants)


def _options(
    source: Source, passage: Passage, quantity: Quantity, claimants: tuple[str | None, ...]
) -> Options:
    text = source.document.text
    within = own_piece(text, passage.span, passage.quantities, quantity)
    cues = event_field(source, quantity)
    quotes = quote_windows(source, within, quantity, cues.nearest)
    modalities = _modalities(source, quantity)
    stated = {"quote": quotes[0], "modality": modalities[0], **_figure(quantity)}
    counted = counted_phrases(text, passage.span, passage.quantities, quantity) or implied_people(
        quantity, cues.own
    )
    told = _passing(source, quantity, stated, "counted", counted)
    nouns = noun_chunks(text, passage.span, passage.quantities)
    events = _passing(source, quantity, stated, "event", event_words(text, cues, quantity))
    return Options(
        quotes,
        {
            # where nothing says what is counted, one of the sentence's nouns is chosen
            "counted": told or _passing(source, quantity, stated, "counted", nouns),
            "event": events,
            "claimant": claimants,
            "modality": modalities,
        },
        dismissible=not told and not events,
    )


def _passing(
    source: Source,
    quantity: Quantity,
    stated: Mapping[str, Any],
    name: str,
    values: tuple[str, ...],
) -> tuple[str, ...]:
    """The values of a field with which the gate accepts the number: no other is worth asking."""
    return tuple(
        value
        for value in values
        if judge(
            source,
            CandidateClaim(position=quantity.span.start, **{**stated, name: value}),
            select_rules(None),
        ).accepted
    )


def _claimants(source: Source, quantity: Quantity) -> tuple[str | None, ...]:
    """Whom the text gives as the number's source.

    The nearest stated one alone, or the suggested ones and nobody.
    """
    told = [found for found in source.attributions_of(quantity) if found.how != "denies"]
    stated = [attribution for attribution in told if attribution.is_stated]
    if stated:
        return (stated[0].full_name,)
    suggested = dict.fromkeys(attribution.full_name for attribution in told)
    return (*suggested, None) if suggested else ()


def _modalities(source: Source, quantity: Quantity) -> tuple[Modality, ...]:
    told = telling(source, quantity)
    return ("asserted", *told.possible) if told.decided is None else (told.decided,)


def candidate(question: Question, answer: Answer, *, pinned: bool) -> dict[str, Any]:
    """The candidate claim that an answer makes of its number.

    `pinned` says that what the text had decided was not asked for, and comes from the question.
    It is not read into a CandidateClaim here: an answer of another shape has its verdict too.
    """
    named = {"quote", "counted", "event", "claimant", "modality"}
    stated: dict[str, Any] = answer.model_dump(include=named)
    if pinned:
        stated |= question.supplied(answer)
    stated |= _figure(question.quantity)
    stated["quote"] = stated["quote"] or ""
    given = {name: value for name, value in stated.items() if value is not None}
    return given | {"position": question.quantity.span.start}


def _figure(quantity: Quantity) -> dict[str, str | None]:
    if quantity.value is not None:
        return {"value": plain(quantity.value)}
    return {"low": plain(quantity.low), "high": plain(quantity.high)}


def paired(
    questions: Sequence[Question], sheet: AnswerSheet
) -> list[tuple[Question, Answer | None]]:
    """Each question with its answer: by id where ids are given, by place where none is.

    A number that was answered twice, or not at all, has no answer; an answer to a number that was
    not asked about is nobody's.
    """
    given = sheet.answers
    if all(answer.id is None for answer in given):
        in_order: list[Answer | None] = list(given) if len(given) == len(questions) else []
        return list(zip(questions, in_order or [None] * len(questions), strict=True))
    by_id: dict[int | None, list[Answer]] = {}
    for answer in given:
        by_id.setdefault(answer.id, []).append(answer)
    alone = {place: answers[0] for place, answers in by_id.items() if len(answers) == 1}
    return [(question, alone.get(question.id)) for question in questions]


def _compact(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
