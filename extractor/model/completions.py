"""What came back, read without trust: one forced tool call, or a named reason why not."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Any

import pydantic_core
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from extractor.claims import Usage
from extractor.model.capabilities import Form
from extractor.model.protocol import CallFailedError, Response, ToolSpec, UnusableAnswerError


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Function(_Wire):
    name: str
    arguments: str


class _ToolCall(_Wire):
    function: _Function


class _Message(_Wire):
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[_ToolCall] | None = None


class _Choice(_Wire):
    message: _Message
    finish_reason: str | None = None


def _or_unknown(value: object, read: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401
    """Nobody's answer is lost for a count that makes no sense: it is unknown, and not nought."""
    try:
        return read(value)
    except ValidationError:
        return None


_OrUnknown = WrapValidator(_or_unknown)
_Tokens = Annotated[int, Field(ge=0, le=10**9)]


class _PromptDetails(_Wire):
    cached_tokens: Annotated[_Tokens | None, _OrUnknown] = None


class _Usage(_Wire):
    prompt_tokens: _Tokens
    completion_tokens: _Tokens
    prompt_tokens_details: Annotated[_PromptDetails | None, _OrUnknown] = None


class Completion(_Wire):
    """The parts of a chat completion that are used, checked."""

    choices: list[_Choice]
    usage: Annotated[_Usage | None, _OrUnknown] = None

    @property
    def tokens(self) -> Usage | None:
        """The tokens of this one call; None where the endpoint tells none."""
        if self.usage is None:
            return None
        details = self.usage.prompt_tokens_details
        cached = details.cached_tokens if details else None
        return Usage(self.usage.prompt_tokens, self.usage.completion_tokens, cached or 0)


class CutOffError(ValueError):
    """A body that says it is JSON and breaks off: the connection's fault, not the model's."""


def read_completion(content: bytes, content_type: str) -> Completion | None:
    """The completion in a response body; None when it is something else (an HTML page).

    Raises CutOffError when the body is the begin of JSON, as its type says, and UnusableAnswerError
    when it is in an encoding that JSON is never sent in, whatever its type says (`not_utf8`), or
    a completion with a part of another shape (`malformed`).
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    is_json = "json" in content_type.lower()
    try:
        content.decode()
    except UnicodeDecodeError as error:
        if not is_json:
            return None
        if error.end == len(content) and error.reason == "unexpected end of data":
            raise CutOffError("inside a character") from None
        raise UnusableAnswerError(
            "The answer is not in UTF-8, as JSON has to be.", reason="not_utf8"
        ) from None
    try:
        return Completion.model_validate_json(content)
    except ValidationError as error:
        (first, *_) = error.errors(include_url=False, include_input=False)
        if first["type"] == "json_invalid" and is_json and _is_begun(content):
            raise CutOffError(str(first["msg"])) from None
        if not first["loc"] or (first["type"] == "missing" and first["loc"] == ("choices",)):
            return None
        place = ".".join(map(str, first["loc"]))
        raise UnusableAnswerError(
            f"The answer is no proper chat completion: {place}: {first['msg']}.",
            reason="malformed",
        ) from None


def _is_begun(content: bytes) -> bool:
    """Whether this is JSON as far as it goes: nothing at all, or something that breaks off."""
    try:
        pydantic_core.from_json(content, allow_partial="trailing-strings")
    except ValueError:
        return not content.strip()
    return True


def tool_arguments(
    completion: Completion | None, tool: ToolSpec[Any], form: Form, host: str
) -> str:
    """The raw JSON text of the arguments of the one call to `tool`.

    An endpoint asked by response format answers in the message's content. Raises
    UnusableAnswerError with its reason when there is no such answer, CallFailedError when what
    answered speaks another language altogether.
    """
    if completion is None:
        raise CallFailedError(
            f"{host} answered with something that is no chat completion; "
            "check that --base-url names an OpenAI-compatible API.",
            reason="not_a_completion",
        )
    if not completion.choices:
        raise UnusableAnswerError("The answer holds no choices.", reason="empty")
    choice = completion.choices[0]
    calls = choice.message.tool_calls or []
    raw = calls[0].function.arguments if calls else choice.message.content or ""
    faults = _withheld(choice)
    if form != "json_schema":
        faults = chain(faults, _miscalled(calls, tool))
    elif not raw:
        faults = chain(faults, [("empty", True, "The answer is empty.")])
    for reason, is_so, why in faults:
        if is_so:
            raise UnusableAnswerError(why, reason=reason, raw=raw)
    return raw


_Fault = tuple[str, bool, str]  # reason, whether it is so, and the sentence


def _withheld(choice: _Choice) -> Iterator[_Fault]:
    """Why there may be no answer at all: causes, told before their consequences."""
    finish = choice.finish_reason
    yield "refused", bool(choice.message.refusal), "The model refused to answer."
    yield (
        "filtered",
        finish == "content_filter",
        "The endpoint's content filter withheld the answer.",
    )
    yield (
        "truncated",
        finish == "length",
        "The answer was cut off at the token limit; raise max_tokens.",
    )


def _miscalled(calls: list[_ToolCall], tool: ToolSpec[Any]) -> Iterator[_Fault]:
    names = [call.function.name for call in calls]
    yield "no_tool_call", not calls, f"The model answered without calling {tool.name}."
    yield (
        "several_calls",
        len(calls) > 1,
        f"The model called {len(calls)} functions where one was asked for.",
    )
    yield "wrong_tool", names != [tool.name], f"The model called {names}, not {tool.name}."


def parse_arguments(raw: str, tool: ToolSpec[Response]) -> Response:
    """`raw` as an instance of the tool's own response class.

    Raises UnusableAnswerError: `not_json` (NaN and Infinity are not JSON) or `wrong_shape`.
    """
    try:
        json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise UnusableAnswerError(
            f"The arguments of {tool.name} are not JSON: {error}.",
            reason="not_json",
            raw=raw,
        ) from None
    try:
        return tool.response.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the arguments"
        raise UnusableAnswerError(
            f"The arguments of {tool.name} do not have the shape asked for: "
            f"{place}: {first['msg']} ({error.error_count()} in all).",
            reason="wrong_shape",
            raw=raw,
        ) from error


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not a JSON value")
