"""The one seam to a model: what is asked, what comes back, and the protocol between them.

Nothing here knows openai or HTTP. `ChatModel` (a real endpoint) and `ScriptedModel` (the public
double) are the two implementations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, Literal, Protocol, Self, TypeVar, runtime_checkable

from pydantic import BaseModel

from extractor.claims import Attempt, Usage, total_usage
from extractor.errors import AnswerError, ModelError

Role = Literal["system", "user", "assistant"]
Response = TypeVar("Response", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation, as plain text: it is never a template."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class ToolSpec(Generic[Response]):
    """The function that the model is made to call.

    `response` is one static class: the shape that every answer is read into. `narrowed` is a JSON
    schema of the tool's parameters for this one call (constants, enums, fixed lengths); it is sent
    in place of the static one, and only to endpoints that hold the model to it by grammar.
    Whatever it allows must still be readable as `response`.
    """

    name: str
    description: str
    response: type[Response]
    narrowed: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ModelRequest(Generic[Response]):
    """One call: the rendered prompt, the forced tool, and what the call is about.

    `messages` is the opening (system, examples, the passage); `turns` holds what a re-ask adds
    after it. `document` names what is asked about (the document's sha256 and the passage's
    place): recordings of the same place are compared to say what went stale. `max_tokens` bounds
    the answer.
    """

    messages: tuple[Message, ...]
    tool: ToolSpec[Response]
    document: str
    max_tokens: int
    turns: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelReply(Generic[Response]):
    """A usable answer: its shape is checked, its truth is not.

    `raw` is the JSON of the arguments as the model gave it, `seconds` the wall time of the whole
    call with its retries and waits, `attempts` the HTTP calls that it took, the last one being the
    one that answered.
    """

    arguments: Response
    raw: str
    seconds: float = 0.0
    attempts: tuple[Attempt, ...] = ()

    @property
    def usage(self) -> Usage:
        """The tokens of all attempts."""
        return total_usage(self.attempts)


class CallFailedError(ModelError):
    """The call did not come to an answer, and asking again would meet the same.

    `reason` is a short code: unauthorized, forbidden, not_found, quota, refused (the request as
    such is not taken), redirected, not_a_completion (what answers is another kind of server),
    unreachable, untrusted (its certificate), no_form, unknown, or one of UnavailableError's.
    `attempts` are the HTTP calls that were made.
    """

    def __init__(self, message: str, *, reason: str, attempts: tuple[Attempt, ...] = ()) -> None:
        super().__init__(message)
        self.reason = reason
        self.attempts = attempts


class UnavailableError(CallFailedError):
    """The endpoint did not answer this time, though it was tried again as often as the policy says.

    `reason`: rate_limited, server_error, timeout, disconnected, deadline. A later call may fare
    better, so this ends the document, not the run.
    """


class UnusableAnswerError(AnswerError):
    """One answer that cannot be used, with what it cost and what was said.

    `reason` is a short code: truncated, refused, filtered, no_tool_call, several_calls,
    wrong_tool, not_json, wrong_shape, empty, malformed, not_utf8, cut_off, too_long, too_large,
    not_text. `raw` is the text that was given for arguments, as far as there was one.
    """

    def __init__(
        self, message: str, *, reason: str, raw: str = "", attempts: tuple[Attempt, ...] = ()
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.raw = raw
        self.attempts = attempts


@runtime_checkable
class Model(Protocol):
    """Whatever can be asked. `narrows_schema` says whether `ToolSpec.narrowed` is held to.

    `ask` raises ModelError when no call can succeed (key, server, model name, quota), its kind
    UnavailableError when this one did not (limits, faults, time), AnswerError when this one answer
    cannot be used, CassetteError in replay when no recording fits.
    """

    @property
    def name(self) -> str:
        """The model's name, as it goes into requests and run records."""
        ...

    @property
    def narrows_schema(self) -> bool:
        """Whether the endpoint constrains generation by the schema that is sent."""
        ...

    def ask(self, request: ModelRequest[Response]) -> ModelReply[Response]:
        """One call, with transport retries inside."""
        ...

    def close(self) -> None:
        """Give back connections and engines; may be called twice."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
