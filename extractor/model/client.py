"""The client: one forced tool call over any OpenAI-compatible endpoint.

Who does what: instructor makes the function of the response class (`forms`), the SDK sends once
(its retries are off), `completions` reads what came back, `retries` owns transport, the caller
owns the re-ask.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from extractor.claims import Attempt
from extractor.closing import Closing
from extractor.model import cassettes
from extractor.model.capabilities import Capabilities
from extractor.model.completions import (
    Completion,
    parse_arguments,
    read_completion,
    tool_arguments,
)
from extractor.model.discovery import Discovery, discover
from extractor.model.endpoints import PREFIX_HEADER, Endpoint
from extractor.model.failures import outcome_of, unwrap
from extractor.model.fingerprint import HEADER, Fingerprint, fingerprint_of
from extractor.model.forms import request_body, request_params
from extractor.model.gate_reports import estimated_tokens, tell_answer, tell_failure
from extractor.model.protocol import (
    CallFailedError,
    ModelReply,
    ModelRequest,
    Response,
    UnusableAnswerError,
)
from extractor.model.rate_gate import Admission, RateGate
from extractor.model.retries import Clock, RetryPolicy, call_with_retries
from extractor.model.sentences import explain
from extractor.spares import Spares

if TYPE_CHECKING:
    import openai

_COMPLETIONS = "/chat/completions"
_FORM_NOT_TAKEN = frozenset({"refused", "no_tool_call", "truncated"})


@dataclass(frozen=True, slots=True)
class ModelHooks:
    """Whom a model tells that it is closed, and what was found out about its endpoint."""

    on_close: Callable[[], None] | None = None
    on_learned: Callable[[Capabilities], None] | None = None


class ChatModel(Closing):
    """A model behind an endpoint. Packages are imported, and the client built, at the first call.

    `origin` says what answers, for recordings; each HTTP call goes through `gate`, if there is one.
    Of the hooks, `on_close` gives back what the model was opened with (an engine); `on_learned` is
    told what was found out about an endpoint that did not take what it was sent, and without it
    nothing is tried. One model may be asked from many threads at once.
    """

    def __init__(
        self,
        name: str,
        endpoint: Endpoint,
        *,
        policy: RetryPolicy | None = None,
        origin: cassettes.Origin | None = None,
        gate: RateGate | None = None,
        hooks: ModelHooks | None = None,
    ) -> None:
        self.name = name
        self.endpoint = endpoint
        self.capabilities = endpoint.capabilities
        self._origin = origin
        self._closing = Event()
        # closing ends the waits between attempts too
        self._policy = policy or RetryPolicy(clock=Clock(sleep=self._wait))
        self.gate = gate
        hooks = hooks or ModelHooks()
        self._on_close = hooks.on_close
        self._on_learned = hooks.on_learned
        self._is_known = hooks.on_learned is None
        self._sdks: Spares[openai.OpenAI] | None = None
        self._opening = Lock()
        self._learning = Lock()

    @property
    def narrows_schema(self) -> bool:
        """Whether schemas made for one call are sent and held to."""
        return self.capabilities.narrows_schema

    @property
    def origin(self) -> cassettes.Origin:
        """What answers, as a recording says it."""
        return self._origin or cassettes.Origin(
            self.name, "an OpenAI-compatible endpoint", capabilities=self.capabilities
        )

    def ask(self, request: ModelRequest[Response]) -> ModelReply[Response]:
        """One call; raises as `Model.ask` says.

        Where an endpoint that has not answered yet refuses the form of the request, or answers
        beside it, it is found out once what it takes, and the request is put that way.
        """
        able = self.capabilities
        try:
            reply = self.ask_as(request, able)
        except (CallFailedError, UnusableAnswerError) as error:
            # a recording must hold the calls of its document only, and a replay can ask nothing
            if error.reason not in _FORM_NOT_TAKEN or cassettes.current() is not None:
                raise
            learned, spent = self._learn(able)
            if learned == able:
                error.attempts = (*error.attempts, *spent)
                raise
            reply = self.ask_as(request, learned)
            return replace(reply, attempts=(*error.attempts, *spent, *reply.attempts))
        self._is_known = True
        return reply

    def learn(self) -> Discovery:
        """Find out what the endpoint takes, and go by it from now on.

        Its own grammar is used for schemas of one call where the server is on this machine;
        hosted ones compile each new schema anew, which costs more than it brings.
        Raises ModelError when the endpoint cannot be asked, or takes no form there is.
        """
        found = discover(self.ask_as)
        narrows = found.holds_schema and self.endpoint.is_loopback
        able = replace(found.capabilities, narrows_schema=narrows)
        self.capabilities, self._is_known = able, True
        if self._on_learned is not None:
            self._on_learned(able)
        return replace(found, capabilities=able)

    def ask_as(self, request: ModelRequest[Response], able: Capabilities) -> ModelReply[Response]:
        """One call as to an endpoint that is able to do just this."""
        tape = cassettes.current()
        is_replay = tape is not None and tape.is_replay
        policy = self._policy.without_waits() if is_replay else self._policy
        started = policy.clock.now()
        call = _Call(self, request, able, tape, policy)
        try:
            call_with_retries(call.once, policy)
        except Exception as error:  # noqa: BLE001 - each ends as one of ours
            known = explain(
                error, endpoint=self.endpoint, model=self.name, attempts=tuple(call.attempts)
            )
            # not `from error`: the SDK's messages quote the server, which may quote the key
            raise known from None
        try:
            raw = tool_arguments(call.completion, request.tool, able.form, self.endpoint.host)
            arguments = parse_arguments(raw, request.tool)
        except (CallFailedError, UnusableAnswerError) as error:
            error.attempts = call.attempts_ending(error.reason)
            raise
        return ModelReply(
            arguments=arguments,
            raw=raw,
            seconds=policy.clock.now() - started,
            attempts=tuple(call.attempts),
        )

    def _wait(self, seconds: float) -> None:
        self._closing.wait(seconds)

    def _learn(self, tried: Capabilities) -> tuple[Capabilities, tuple[Attempt, ...]]:
        """What the endpoint takes, and the calls that it took: none if another thread asked."""
        with self._learning:
            if self._is_known or self.capabilities != tried:
                return self.capabilities, ()
            found = self.learn()
            return found.capabilities, found.attempts

    def fingerprint(self, request: ModelRequest[Any], able: Capabilities) -> Fingerprint:
        """What a recording of `request` is found by."""
        return fingerprint_of(
            request, model=self.name, capabilities=able, params=request_params(request, able)
        )

    def sdks(self) -> Spares[openai.OpenAI]:
        """The SDK's clients; the packages are imported at the first call."""
        with self._opening:
            self.refuse_if_closed()
            if self._sdks is None:
                from extractor.model.transport import sdks_of

                # it logs errors that are reported here; without a handler they reach stderr
                logging.getLogger("openai").addHandler(logging.NullHandler())
                self._sdks = sdks_of(self.endpoint)
            return self._sdks

    def refuse_if_closed(self) -> None:
        """Raise CallFailedError once the model is closed, or is to finish."""
        if self._closing.is_set():
            raise CallFailedError("The model was closed during the call.", reason="closed")

    def finish(self) -> None:
        """Let the attempts under way end, and begin no other: who waits for one is told so."""
        self._closing.set()
        if self.gate is not None:
            self.gate.look_again()

    def close(self) -> None:
        """Close the connections, then whatever the model was opened with; calls under way end."""
        self.finish()
        with self._opening:
            sdks, self._sdks = self._sdks, None
        if sdks is not None:
            sdks.close()
        if self._on_close is not None:
            self._on_close()
            self._on_close = None


class _Call:
    """One call on its way: what each attempt cost, and what came back, before it is judged."""

    def __init__(
        self,
        model: ChatModel,
        request: ModelRequest[Any],
        able: Capabilities,
        tape: cassettes.Tape | None,
        policy: RetryPolicy,
    ) -> None:
        self.attempts: list[Attempt] = []
        self.completion: Completion | None = None
        self._model = model
        self._body = request_body(request, model.name, able)
        self._estimate = estimated_tokens(request)
        self._answer_headers: Mapping[str, str] = {}
        self._unchanging = max(0, len(request.messages) - 1)
        self._place = request.document
        self._tape = tape
        self._now = policy.clock.now
        self._deadline = policy.deadline_from(self._now())
        self._fingerprint = model.fingerprint(request, able) if tape is not None else None

    def once(self) -> None:
        """One HTTP call. Raises the transport's own error; what was answered is not judged here."""
        if self._tape is None or self._fingerprint is None:
            self._send()
            return
        with self._tape.under_way():
            # a miss ends here, before anything is sent
            self._tape.expect(self._fingerprint, self._place)
            self._tape.refuse(self._model.endpoint.key)
            self._send()

    def _send(self) -> None:
        sdks = self._model.sdks()
        with self._admitted() as admission, sdks.lent() as sdk:
            started = self._now()
            try:
                self.completion = self._sent(sdk, started)
            except Exception as error:  # noqa: BLE001 - noted, and unwrapped
                inner = unwrap(error)
                self.attempts.append(Attempt(outcome_of(inner), self._now() - started))
                tell_failure(admission, inner)
                raise inner from inner.__cause__  # its own cause tells a refused connection
            usage = self.completion.tokens if self.completion else None
            self.attempts.append(Attempt("ok", self._now() - started, usage))
            tell_answer(admission, self._answer_headers, usage)

    def _admitted(self) -> AbstractContextManager[Admission | None]:
        """The place of an HTTP call among all that go to this endpoint; in replay it needs none."""
        gate = self._model.gate
        if gate is None or (self._tape is not None and self._tape.is_replay):
            return nullcontext()
        return gate.admit(self._estimate, self._deadline, self._model.refuse_if_closed)

    def attempts_ending(self, outcome: str) -> tuple[Attempt, ...]:
        """The attempts, the last of which gave an answer that cannot be used."""
        last = self.attempts[-1]
        return (*self.attempts[:-1], Attempt(outcome, last.seconds, last.usage))

    def _sent(self, sdk: openai.OpenAI, started: float) -> Completion | None:
        import httpx2

        from extractor.model.transport import timeout_of

        timeout = self._model.endpoint.timeout
        if self._deadline is not None:
            timeout = max(0.001, min(timeout, self._deadline - started))
        # the SDK's own method for this path walks through the whole body twice before it sends
        # it, and builds objects of the answer that nothing here uses
        response = sdk.post(
            _COMPLETIONS,
            cast_to=httpx2.Response,
            body=self._body,
            options={"headers": self._headers(), "timeout": timeout_of(timeout)},
        )
        self._answer_headers = response.headers
        return read_completion(response.content, response.headers.get("content-type", ""))

    def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        if self._fingerprint is not None:
            # never in plain live use: it is nobody's business but the recording's
            headers[HEADER] = self._fingerprint.header
        if self._model.endpoint.reads_prefix:
            headers[PREFIX_HEADER] = str(self._unchanging)
        return headers
