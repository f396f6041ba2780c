"""Finding out what an endpoint can do, by asking it a question that any model can answer.

In the ordinary case that is one tiny call. Where it is refused, or answered beside the tool, the
next form is tried; a form that is taken only without a parameter is tried with each one alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, get_args

from pydantic import BaseModel

from extractor.claims import Attempt
from extractor.model.capabilities import Capabilities, Form, Limit
from extractor.model.protocol import (
    CallFailedError,
    Message,
    ModelReply,
    ModelRequest,
    ToolSpec,
    UnusableAnswerError,
)

_ROOM = 128  # tokens; enough for the answer, and little where a model writes prose instead
_ODD = "7431"  # no model says this of nine boats unless it is held to the schema
_BESIDE_THE_FORM = frozenset(
    {"no_tool_call", "wrong_tool", "several_calls", "not_json", "wrong_shape", "empty"}
)
"""What an answer comes to where the form is taken without a word and not kept to."""


class _Boats(BaseModel):
    boats: str


_QUESTION = ModelRequest(
    messages=(
        Message("system", "You fill in what a passage says. Write numbers in digits."),
        Message("user", "Passage: Nine boats were lost. How many boats were lost?"),
    ),
    tool=ToolSpec(
        "report_boats",
        "Report how many boats were lost.",
        _Boats,
        narrowed={
            "type": "object",
            "properties": {"boats": {"type": "string", "enum": [_ODD]}},
            "required": ["boats"],
            "additionalProperties": False,
        },
    ),
    document="what the endpoint can do",
    max_tokens=_ROOM,
)

AskAs = Callable[[ModelRequest[Any], Capabilities], ModelReply[Any]]
"""One call as to an endpoint with these capabilities; raises as `Model.ask` does."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What an endpoint takes, and what finding it out cost.

    `holds_schema`: it kept to a schema that went against the question. `tells_usage`: it counts
    tokens. `attempts` are all HTTP calls that were made.
    """

    capabilities: Capabilities
    holds_schema: bool
    tells_usage: bool
    attempts: tuple[Attempt, ...]


def discover(ask_as: AskAs) -> Discovery:
    """Try the forms in their order until one is taken.

    Raises CallFailedError when none is, or when no call can succeed at all (key, network, name).
    """
    search = _Search(ask_as)
    for form in get_args(Form):
        able = search.with_params(form)
        if able is not None:
            return search.found(able)
    raise search.exhausted()


class _Search:
    def __init__(self, ask_as: AskAs) -> None:
        self._ask_as = ask_as
        self._attempts: list[Attempt] = []
        self._last: ModelReply[Any] | None = None
        self._refusal: CallFailedError | None = None

    def with_params(self, form: Form) -> Capabilities | None:
        """The form with as many parameters as the endpoint takes; None if the form is not taken."""
        full = Capabilities(form=form)
        if self._takes(full):
            return full
        bare = replace(full, limit=None, takes_seed=False, takes_temperature=False)
        if not self._takes(bare):
            return None
        limit: Limit
        for limit in get_args(Limit):
            if self._takes(replace(bare, limit=limit)):
                bare = replace(bare, limit=limit)
                break
        for one in (replace(bare, takes_temperature=True), replace(bare, takes_seed=True)):
            if self._takes(one):
                bare = replace(
                    bare,
                    takes_temperature=bare.takes_temperature or one.takes_temperature,
                    takes_seed=bare.takes_seed or one.takes_seed,
                )
        return bare

    def found(self, able: Capabilities) -> Discovery:
        """The result, with what one more look at the narrowed schema says."""
        tells = any(attempt.usage is not None for attempt in self._attempts)
        held = self._takes(replace(able, narrows_schema=True)) and self._said_the_odd_thing()
        return Discovery(able, held, tells, tuple(self._attempts))

    def exhausted(self) -> CallFailedError:
        why = f" The last refusal: {self._refusal}" if self._refusal else ""
        return CallFailedError(
            "The endpoint takes none of the forms in which an answer can be forced "
            f"({', '.join(get_args(Form))}); name another model or another server.{why}",
            reason="no_form",
            attempts=tuple(self._attempts),
        )

    def _takes(self, able: Capabilities) -> bool:
        self._last = None
        try:
            self._last = self._ask_as(_QUESTION, able)
        except CallFailedError as error:
            self._attempts += error.attempts
            if error.reason != "refused":
                error.attempts = tuple(self._attempts)
                raise
            self._refusal = error
            return False
        except UnusableAnswerError as error:
            self._attempts += error.attempts
            return not _is_beside_the_form(error)
        self._attempts += self._last.attempts
        return True

    def _said_the_odd_thing(self) -> bool:
        return self._last is not None and self._last.arguments.boats == _ODD


def _is_beside_the_form(error: UnusableAnswerError) -> bool:
    """Whether the answer came in another form than was asked for.

    One that was cut off may be prose, which is; or nothing yet, where a model thinks first.
    """
    prose = error.reason == "truncated" and bool(error.raw.strip()) and "{" not in error.raw
    return prose or error.reason in _BESIDE_THE_FORM
