"""The client: one forced tool call through instructor, over any OpenAI-compatible endpoint.

Who does what: the SDK sends once (its retries are off), instructor makes and reads the tool call
once (its re-ask is off), `retries` owns transport, the caller owns the re-ask. instructor never
gets `context=`: it would read the article as a template.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

from pydantic import BaseModel

from extractor.model import cassettes
from extractor.model.completions import (
    Completion,
    parse_arguments,
    read_completion,
    tool_arguments,
)
from extractor.model.endpoints import PREFIX_HEADER, Endpoint
from extractor.model.failures import explain, unwrap
from extractor.model.fingerprint import HEADER, Fingerprint, fingerprint_of
from extractor.model.protocol import ModelReply, ModelRequest, Response
from extractor.model.retries import NO_WAITS, RetryPolicy, call_with_retries

if TYPE_CHECKING:
    import instructor
    import openai

TEMPERATURE = 0
SEED = 0
_CONNECT_TIMEOUT = 5.0  # seconds


class ChatModel:
    """A model behind an endpoint. Packages are imported, and the client built, at the first call.

    `origin` says what answers, for recordings; `on_close` gives back what the model was opened
    with (an engine).
    """

    def __init__(
        self,
        name: str,
        endpoint: Endpoint,
        *,
        policy: RetryPolicy | None = None,
        origin: cassettes.Origin | None = None,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        self.name = name
        self.endpoint = endpoint
        self.origin = origin or cassettes.Origin(model=name, server="an OpenAI-compatible endpoint")
        self._policy = policy or RetryPolicy()
        self._on_close = on_close
        self._sdk: openai.OpenAI | None = None
        self._instructor: instructor.Instructor | None = None
        self._schemas: dict[type[BaseModel], type[BaseModel]] = {}

    @property
    def narrows_schema(self) -> bool:
        """Whether schemas made for one call are sent and held to."""
        return self.endpoint.narrows_schema

    def ask(self, request: ModelRequest[Response]) -> ModelReply[Response]:
        """One call; raises as `Model.ask` says."""
        started = time.perf_counter()
        tape = cassettes.current()
        call = _Call(self, request, tape)
        policy = NO_WAITS if tape is not None and tape.is_replay else self._policy
        try:
            call_with_retries(call.once, policy)
        except Exception as error:  # noqa: BLE001 - each ends as one of ours
            known = explain(error, endpoint=self.endpoint, model=self.name, attempts=call.attempts)
            raise known from (None if known is error else error)
        raw = tool_arguments(call.completion, request.tool, self.endpoint.host)
        usage = call.completion.tokens if call.completion else None
        assert usage is not None  # noqa: S101 - tool_arguments has raised where there is none
        return ModelReply(
            arguments=parse_arguments(raw, request.tool, usage),
            raw=raw,
            usage=usage,
            seconds=time.perf_counter() - started,
            attempts=call.attempts,
        )

    def fingerprint(self, request: ModelRequest[Any]) -> Fingerprint:
        """What a recording of `request` is found by."""
        return fingerprint_of(
            request,
            model=self.name,
            narrows_schema=self.narrows_schema,
            params=_params(request),
        )

    def client(self) -> instructor.Instructor:
        """The client, built once: its TLS context alone costs some 20 ms."""
        if self._instructor is None:
            import instructor
            import openai

            # both log errors that are reported here already; without a handler they reach stderr
            for name in ("instructor", "openai"):
                logging.getLogger(name).addHandler(logging.NullHandler())
            # a proxy from the environment must not be asked for a server on this machine
            http = (
                openai.DefaultHttpx2Client(trust_env=False, verify=False)
                if self.endpoint.is_loopback and self.endpoint.base_url.startswith("http:")
                else None
            )
            self._sdk = openai.OpenAI(
                base_url=self.endpoint.base_url,
                api_key=self.endpoint.key,
                max_retries=0,
                timeout=openai.Timeout(self.endpoint.timeout, connect=_CONNECT_TIMEOUT),
                http_client=http,
            )
            self._instructor = instructor.from_openai(self._sdk, mode=instructor.Mode.TOOLS)
        return self._instructor

    def schema_class(self, response: type[BaseModel]) -> type[BaseModel]:
        """A response class as instructor takes it, made once: each making costs 3 ms and 20 KB."""
        import instructor

        if response not in self._schemas:
            self._schemas[response] = instructor.openai_schema(response)
        return self._schemas[response]

    def close(self) -> None:
        """Close the connections, then whatever the model was opened with."""
        if self._sdk is not None:
            self._sdk.close()
            self._sdk = self._instructor = None
        if self._on_close is not None:
            self._on_close()
            self._on_close = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Call:
    """One call on its way: counts its attempts and keeps what came back, before it is parsed."""

    def __init__(
        self, model: ChatModel, request: ModelRequest[Any], tape: cassettes.Tape | None
    ) -> None:
        self.attempts = 0
        self.completion: Completion | None = None
        self._answered = False
        self._model = model
        self._request = request
        self._tape = tape
        self._fingerprint = model.fingerprint(request) if tape is not None else None

    def once(self) -> None:
        """One HTTP call. Raises the transport's own error; what was answered is not judged here."""
        if self._tape is not None and self._fingerprint is not None:
            self._tape.expect(self._fingerprint)  # a miss ends here, before anything is sent
            self._tape.refuse(self._model.endpoint.key)
        self.attempts += 1
        self._answered = False
        asking = self._model.client()
        from instructor.core.hooks import Hooks

        hooks = Hooks()
        hooks.on("completion:kwargs", self._put_tool)
        hooks.on("completion:response", self._keep)
        try:
            asking.create(
                response_model=self._model.schema_class(self._request.tool.response),
                messages=cast("Any", _wire_messages(self._request)),
                model=self._model.name,
                max_retries=0,
                hooks=hooks,
                extra_headers=self._headers(),
                **_params(self._request),
            )
        except Exception as error:  # noqa: BLE001 - unwrapped, or told by the answer itself
            if not self._answered:
                inner = unwrap(error)
                raise inner from inner.__cause__  # its own cause tells a refused connection

    def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        if self._fingerprint is not None:
            # never in plain live use: it is nobody's business but the recording's
            headers |= {HEADER: self._fingerprint.header, "accept-encoding": "identity"}
        if self._model.endpoint.reads_prefix:
            headers[PREFIX_HEADER] = str(max(0, len(self._request.messages) - 1))
        return headers

    def _keep(self, response: object) -> None:
        self._answered = True
        self.completion = read_completion(response)

    def _put_tool(self, *_: object, **kwargs: Any) -> None:  # noqa: ANN401 - the SDK's own
        """Name, description and (where it is held to) the schema of this one call."""
        tool = self._request.tool
        function = dict(kwargs["tools"][0]["function"])  # instructor's own is shared: copy it
        function.update(name=tool.name, description=tool.description)
        if tool.narrowed is not None and self._model.narrows_schema:
            function["parameters"] = dict(tool.narrowed)
        kwargs["tools"][0] = {"type": "function", "function": function}
        kwargs["tool_choice"]["function"] = {"name": tool.name}


def _wire_messages(request: ModelRequest[Any]) -> list[dict[str, str]]:
    return [{"role": m.role, "content": m.content} for m in (*request.messages, *request.turns)]


def _params(request: ModelRequest[Any]) -> Mapping[str, Any]:
    return {"max_tokens": request.max_tokens, "seed": SEED, "temperature": TEMPERATURE}
