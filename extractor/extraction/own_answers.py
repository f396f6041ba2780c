"""The answers about a user's schema: their shape, their words, and the candidates they make."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model, field_validator

from extractor.claims.markers import (
    DateInText,
    EventOf,
    InText,
    NameInText,
    NumberInQuote,
    OneOf,
    PlaceInText,
    UnitOf,
)
from extractor.claims.schema import ClaimSchema
from extractor.claims.schema_field import SchemaField
from extractor.extraction.answers import Answer, AnswerSheet, Question
from extractor.extraction.own_questions import figure_of


@dataclass(frozen=True, slots=True)
class FieldWords:
    """What a prompt says of a field: its name, what to say, and whether it may be left out."""

    name: str
    description: str
    required: bool


@lru_cache(maxsize=64)
def field_words(schema: ClaimSchema) -> tuple[FieldWords, ...]:
    """The fields of a schema as a prompt tells them, in their order."""
    return tuple(
        FieldWords(field.name, description(field), field.required) for field in schema.fields
    )


def description(field: SchemaField) -> str:
    """What a field wants: the user's own words, and what the gate holds it to."""
    said = [field.description.rstrip(".")] if field.description else []
    match field.marker:
        case InText():
            said.append("words of the passage, copied")
        case NameInText() | PlaceInText():
            said.append("a name of the passage, copied")
        case DateInText():
            said.append("a date of the passage, copied")
        case NumberInQuote():
            units = f" ({' or '.join(field.units)})" if field.units else ""
            said.append(f"a further number of the passage{units}, copied")
        case OneOf() | EventOf():
            said.append("one of " + ", ".join(value for value, _ in field.marker.wordings))
        case UnitOf():
            said.append("one of " + ", ".join(field.marker.units))
    return "; ".join(said)


class _OwnAnswer(BaseModel):
    """What every answer has: the number's place in the list, its quote, or why it is no claim."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    id: int | None = None
    quote: str | None = None
    dismissed: str | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _blank_is_absent(cls, given: Any) -> Any:  # noqa: ANN401 - pydantic hands over any JSON value
        return None if isinstance(given, str) and not given.strip() else given


class _ExtendedAnswer(Answer):
    """The same beside the fields of every claim."""

    model_config = ConfigDict(coerce_numbers_to_str=True)


@lru_cache(maxsize=64)
def answer_sheet(schema: ClaimSchema) -> type[AnswerSheet]:
    """The static shape of the answers about a schema, with the fields under its own names."""
    fields: dict[str, Any] = {
        field.name: (str | None, Field(default=None, description=description(field)))
        for field in schema.fields
    }
    base = _ExtendedAnswer if schema.extends else _OwnAnswer
    answer = create_model(f"{schema.name}Answer", __base__=base, **fields)
    # what reads a sheet asks its answers for `id`, `quote` and `dismissed`, which each of them has
    return create_model(
        f"{schema.name}Answers", __base__=AnswerSheet, answers=(tuple[answer, ...], ...)
    )


def answer_fields(schema: ClaimSchema) -> frozenset[str]:
    """What an answer about a schema may say."""
    base = _ExtendedAnswer if schema.extends else _OwnAnswer
    return frozenset((*base.model_fields, *(field.name for field in schema.fields)))


def own_candidate(
    schema: ClaimSchema, question: Question, answer: Answer, *, pinned: bool
) -> dict[str, Any]:
    """The candidate that an answer makes of its number, under the names of the schema."""
    stated: dict[str, Any] = answer.model_dump(exclude={"id", "dismissed"})
    if pinned:
        stated |= question.supplied(answer)
    stated[schema.quote] = stated.pop("quote", None) or ""
    given = {name: value for name, value in stated.items() if value is not None}
    return given | figure_of(schema, question.quantity)
