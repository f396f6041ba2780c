"""What is wrong with a prompt: what its examples teach has to pass the gate that judges answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from extractor.claims import Verdict
from extractor.claims.records import plain
from extractor.claims.schema import ClaimSchema
from extractor.extraction.answers import DISMISSALS, Answer
from extractor.extraction.document import told_of
from extractor.extraction.free import FreeClaim
from extractor.extraction.own_answers import answer_fields
from extractor.extraction.own_questions import figure_of, takes
from extractor.extraction.passages import set_aside
from extractor.prompts import Example, PromptTemplate, changed_since_published
from extractor.quantities import Quantity, read
from extractor.text import Document
from extractor.validator import Source, verify

_TRIED = ("A passage of 3 ships.", ["3"], ["a source"])


def lint_prompt(prompt: PromptTemplate, schema: ClaimSchema | None = None) -> Iterator[str]:
    """The faults of a template, a sentence each; nothing where it may be used.

    Its parts are rendered once, and each example is held against its own passage: every number is
    answered, in order, and what is claimed of it is accepted. `schema` is the user's own that it
    asks for; without it the examples of such a template cannot be judged, which is a fault.

    Raises InputError when a part cannot be rendered.
    """
    if changed_since_published(prompt):
        yield "this version is published, and not to be changed: make a new one of it"
    asks_for = prompt.front.answer_schema
    if schema is not None and asks_for not in (schema.name, "own"):
        yield f"it asks for {asks_for!r}, not for {schema.name}"
        return
    if schema is not None:
        prompt.render_system(**told_of(schema))
    elif asks_for in ("claims", "free"):
        prompt.render_system()
    prompt.render_user(*_TRIED)
    for place, example in enumerate(prompt.examples, 1):
        if schema is not None:
            faults = _asked_for_fields(example, schema)
        elif asks_for == "free":
            faults = _asked_for_claims(example)
        elif asks_for == "claims":
            faults = _asked_for_numbers(example)
        else:
            faults = iter((f"it is of the schema {asks_for}: name that with --schema",))
        for fault in faults:
            yield f"example {place}: {fault}"


def _asked_for_numbers(example: Example) -> Iterator[str]:
    numbers = read(example.passage).quantities
    named = [answer.get("number") for answer in example.answers]
    wanted = [number.text for number in numbers]
    if named != wanted:
        yield f"its numbers are {', '.join(wanted)}, and it answers {', '.join(map(str, named))}"
        return
    for answer, number in zip(example.answers, numbers, strict=True):
        yield from (f"{number.text}: {fault}" for fault in _answer_faults(example, answer, number))


def _asked_for_fields(example: Example, schema: ClaimSchema) -> Iterator[str]:
    """As with claims, but only the numbers are answered that a claim of the schema is made for."""
    source = Source(Document(text=example.passage))
    numbers = [q for q in source.reading.quantities if takes(source, schema, schema.number, q)]
    named = [answer.get("number") for answer in example.answers]
    wanted = [number.text for number in numbers]
    if named != wanted:
        yield f"its numbers are {', '.join(wanted)}, and it answers {', '.join(map(str, named))}"
        return
    known = answer_fields(schema)
    for answer, number in zip(example.answers, numbers, strict=True):
        fields = {name: value for name, value in answer.items() if name != "number"}
        if schema.quote in fields:  # the quote goes by its own name too
            fields["quote"] = fields.pop(schema.quote)
        strange = sorted(fields.keys() - known)
        if strange:
            yield f"{number.text}: there is no field {strange[0]!r}"
        elif "dismissed" not in fields:
            stated = {**fields, schema.quote: fields.pop("quote", None)}
            told = {**stated, **figure_of(schema, number)}
            (verdict,) = verify(source.document, [told], schema=schema.model)
            yield from (f"{number.text}: {fault}" for fault in _told_against(verdict))


def _answer_faults(
    example: Example, answer: Mapping[str, str | None], number: Quantity
) -> Iterator[str]:
    fields: dict[str, Any] = {name: value for name, value in answer.items() if name != "number"}
    strange = sorted(fields.keys() - Answer.model_fields.keys())
    if strange:
        yield f"there is no field {strange[0]!r}"
        return
    try:
        Answer.model_validate(fields)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        yield f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
        return
    if "dismissed" in fields:
        if fields["dismissed"] not in DISMISSALS:
            yield f"{fields['dismissed']!r} is no reason to dismiss ({', '.join(DISMISSALS)})"
        return
    figure = (
        {"value": plain(number.value)}
        if number.value is not None
        else {"low": plain(number.low), "high": plain(number.high)}
    )
    yield from _refused(example, fields | figure | {"position": number.span.start})


def _asked_for_claims(example: Example) -> Iterator[str]:
    strange = {name for answer in example.answers for name in answer} - set(FreeClaim.model_fields)
    if strange:
        yield f"there is no field {min(strange)!r}"
        return
    for answer in example.answers:
        yield from (f"{answer.get('quote')}: {fault}" for fault in _refused(example, answer))
    asked = [one.span for one in read(example.passage).quantities if set_aside(one) is None]
    verdicts = verify(Document(text=example.passage), example.answers)
    told = [verdict.quantity.span for verdict in verdicts if verdict.quantity is not None]
    if told != asked:
        yield "its claims are not of each number once, in their order"


def _refused(example: Example, stated: Mapping[str, object]) -> Iterator[str]:
    (verdict,) = verify(Document(text=example.passage), [stated])
    yield from _told_against(verdict)


def _told_against(verdict: Verdict) -> Iterator[str]:
    if not verdict.accepted:
        yield "; ".join(
            f"{found.code} {found.message}" for found in verdict.findings if found.rejects
        )
