"""What the model fills in: one static shape for every call, narrowed in the schema that is sent.

The shape says nothing of truth. A narrowed schema holds, for each number of one passage, the
options that the text leaves: what may be counted, which event words may be named, which sources
the text offers; an endpoint that generates by grammar cannot leave it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from extractor.claims import Modality
from extractor.claims.schema import ClaimSchema
from extractor.quantities.types import Quantity

TOOL_NAME = "explain_numbers"
TOOL_DESCRIPTION = "Say for each listed number, in order, what it claims, or dismiss it."
DISMISSALS = ("age", "duration", "name", "rank", "no claim")


class Answer(BaseModel):
    """What the model says of one number: a claim's fields, or a dismissal's reason.

    `id` is the number's place in the list (from 1). A narrowed schema leaves it out, since the
    grammar holds the order.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: int | None = None
    quote: str | None = None
    counted: str | None = None
    event: str | None = None
    claimant: str | None = None
    modality: Modality | None = None
    dismissed: str | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _blank_is_absent(cls, given: Any) -> Any:  # noqa: ANN401 - pydantic hands over any JSON value
        return None if isinstance(given, str) and not given.strip() else given


class AnswerSheet(BaseModel):
    """The arguments of the forced tool call: one answer a number."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """What the text leaves to say about one number.

    `quotes` are verbatim windows around it, the fittest first. `choices` hold the options that the
    text leaves for each field, in the order in which they are asked for: none means that there is
    nothing to say, one that the text has decided it and it is not asked for. `dismissible` says
    whether the number may be set aside instead. `telling` are the fields that say what it is of:
    one that was answered, though wrongly, is answered again, and not taken back.
    """

    quotes: tuple[str, ...]
    choices: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    dismissible: bool = True
    telling: frozenset[str] = frozenset({"counted", "event"})

    def without(self, name: str, value: str | None) -> Options:
        """The same without one option of a field: what was refused is not offered again."""
        left = tuple(option for option in self.choices[name] if option != value)
        taken_back = self.dismissible and not (name in self.telling and left)
        return replace(self, choices={**self.choices, name: left}, dismissible=taken_back)


@dataclass(frozen=True)
class Question:
    """One pinned number, whom the text gives as its source, and what may be answered about it.

    `claimants` are the sources that the text states or suggests, None among them for nobody.
    `is_bare` says that no word stands beside the number at all. `id` is its place in the
    list of the passage (from 1), which it keeps when it is asked about again. The options are
    found by `find_options` when they are first looked at, since each has to pass the gate: an
    endpoint that holds to no grammar is asked, and mostly believed, without them.
    """

    quantity: Quantity
    find_options: Callable[[], Options]
    claimants: tuple[str | None, ...] = ()
    is_bare: bool = False
    id: int = 1

    @cached_property
    def options(self) -> Options:
        """What the text leaves to say about the number."""
        return self.find_options()

    @property
    def choices(self) -> Mapping[str, tuple[str | None, ...]]:
        """The options of each field, in the order in which they are asked for."""
        return self.options.choices

    @property
    def dismissible(self) -> bool:
        """Whether the model may set the number aside instead of explaining it.

        It may where the text says neither what it counts nor what happened.
        """
        return self.options.dismissible

    @property
    def quote(self) -> str:
        """The quote of a number that the model is not asked to quote."""
        return self.options.quotes[0]

    @property
    def decided(self) -> dict[str, str]:
        """The fields that the text leaves no choice about, with what it says."""
        only = {name: values[0] for name, values in self.choices.items() if len(values) == 1}
        return {name: value for name, value in only.items() if value is not None}

    def supplied(self, answer: Answer) -> dict[str, str]:
        """What the text adds to an answer: what it had decided, and the quote if none was given."""
        return self.decided if answer.quote else {"quote": self.quote} | self.decided

    def offering(self, options: Options) -> Question:
        """The same question with other options."""
        return replace(self, find_options=lambda: options)

    @property
    def is_settled(self) -> bool:
        """Whether the text leaves nothing to ask about the number: no field, and no dismissal."""
        return not self.dismissible and all(len(values) < 2 for values in self.choices.values())


def narrowed_schema(questions: Sequence[Question]) -> dict[str, Any]:
    """The JSON schema of an AnswerSheet for exactly these questions, in their order.

    Property order is generation order.
    """
    return {
        "type": "object",
        "properties": {
            "answers": {
                "type": "array",
                "prefixItems": [_answer_schema(question) for question in questions],
                "minItems": len(questions),
                "maxItems": len(questions),
            }
        },
        "required": ["answers"],
        "additionalProperties": False,
    }


def _answer_schema(question: Question) -> dict[str, Any]:
    claim: dict[str, Any] = {
        name: {"enum": list(values)} for name, values in question.choices.items() if len(values) > 1
    }
    claim = claim or {"quote": {"enum": list(question.options.quotes)}}
    if not question.dismissible:
        return _closed(claim)
    return {"anyOf": [_closed(claim), _closed({"dismissed": {"enum": list(DISMISSALS)}})]}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def schema_sha256(schema: ClaimSchema | None = None) -> str:
    """A hash of the answers' shape, and of a user's schema: a run with another is another run."""
    if schema is not None:
        return schema.sha256
    text = json.dumps(AnswerSheet.model_json_schema(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
