"""A model for one document of a run: each call goes to the ledger, and none is paid for twice."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, Self

from pydantic import ValidationError

from extractor.batch.budget import Budget
from extractor.batch.ledger_reader import stored_attempts
from extractor.batch.ledger_rows import storable
from extractor.batch.ledger_writer import CallEnded
from extractor.batch.stopping import Stopping
from extractor.claims import Attempt, CallRecord
from extractor.claims.records import call_record
from extractor.model import CallFailedError, Model, ModelReply, ModelRequest, UnusableAnswerError
from extractor.model.protocol import Response
from extractor.model.wrapping import WrappedModel

_PLACE = re.compile(r":(\d+)-(\d+)\Z")
_DIGITS = 24  # hex digits of a fingerprint


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A call that the ledger holds an answer of; `fault` says why it could not be used."""

    raw: str
    fault: str | None
    reason: str | None
    attempts: tuple[Attempt, ...]


@dataclass(slots=True)
class StoredCalls:
    """The answers that a document got before the run was broken off, by fingerprint."""

    answers: dict[str, deque[StoredCall]]
    rows: int

    @classmethod
    def of(cls, connection: sqlite3.Connection, document: str) -> Self:
        """Those of the ledger; calls without any answer are not among them, and are made again."""
        answers: dict[str, deque[StoredCall]] = defaultdict(deque)
        rows = 0
        for fingerprint, raw, fault, reason, attempts in connection.execute(
            "SELECT fingerprint, raw, fault, reason, attempts FROM calls WHERE document = ? "
            "ORDER BY n",
            (document,),
        ):
            rows += 1
            if raw is not None:
                answers[fingerprint].append(
                    StoredCall(raw, fault, reason, stored_attempts(attempts))
                )
        return cls(dict(answers), rows)


class CallKeeper(Protocol):
    """Where calls are kept as they end: a ledger's writer, or a list of one document's."""

    def put(self, entry: CallEnded, /) -> None:
        """Keep one."""


@dataclass(frozen=True, slots=True)
class CallDesk:
    """What all documents of a run share when they ask: where calls are kept, and what ends them."""

    ledger: CallKeeper
    budget: Budget
    stopping: Stopping
    on_call: Callable[[CallRecord], None]


class RecordedModel(WrappedModel):
    """Asks `model`, keeps each call, and answers from `stored` what was answered before.

    Raises what the model raises, and StoppedError where the run is to end: the document is then
    unfinished, and its calls so far are kept.
    """

    def __init__(self, model: Model, document: str, desk: CallDesk, stored: StoredCalls) -> None:
        super().__init__(model)
        self._document = document
        self._desk = desk
        self._stored = stored
        self._made = stored.rows

    def ask(self, request: ModelRequest[Response]) -> ModelReply[Response]:
        """The model's answer, or what it raises."""
        fingerprint = fingerprint_of(self.name, request)
        before = self._stored.answers.get(fingerprint)
        if before:
            return _answered(before.popleft(), request)
        self._desk.stopping.raise_if_stopped()
        reserved = self._desk.budget.admit(request, self._desk.stopping)
        attempts: tuple[Attempt, ...] = ()
        raw = fault = reason = None
        try:
            reply = self._model.ask(request)
            attempts, raw = reply.attempts, reply.raw
        except UnusableAnswerError as error:
            attempts, raw, fault, reason = error.attempts, error.raw, str(error), error.reason
            raise
        except CallFailedError as error:
            attempts, fault, reason = error.attempts, str(error), error.reason
            raise
        finally:
            self._desk.budget.settle(reserved, attempts)
            if attempts:
                record = _record(request, attempts)
                self._keep(fingerprint, record, (raw, fault, reason))
        return reply

    def _keep(
        self, fingerprint: str, call: CallRecord, said: tuple[str | None, str | None, str | None]
    ) -> None:
        raw, fault, reason = (None if text is None else storable(text) for text in said)
        usage = call.usage
        row = {
            "document": self._document,
            "n": self._made,
            "fingerprint": fingerprint,
            "start": call.start,
            "end": call.end,
            "turn": call.turn,
            "raw": raw,
            "fault": fault,
            "reason": reason,
            "attempts": json.dumps(call_record(call, "")["attempts"]),
            "prompt_tokens": usage.prompt_tokens,
            "cached_tokens": usage.cached_tokens,
            "completion_tokens": usage.completion_tokens,
            "unmetered": call.unmetered,
        }
        self._made += 1
        self._desk.ledger.put(CallEnded(row))
        self._desk.on_call(call)


def fingerprint_of(model: str, request: ModelRequest[Any]) -> str:
    """What was asked of which model, as a short hash: equal only for an equal question."""
    tool = request.tool
    asked = [
        model,
        [(one.role, one.content) for one in (*request.messages, *request.turns)],
        [tool.name, tool.description, tool.narrowed or tool.response.__name__],
        request.document,
        request.max_tokens,
    ]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:_DIGITS]


def _answered(stored: StoredCall, request: ModelRequest[Response]) -> ModelReply[Response]:
    seconds = sum(attempt.seconds for attempt in stored.attempts)
    if stored.fault is None:
        try:
            arguments = request.tool.response.model_validate_json(stored.raw)
        except ValidationError as error:
            raise UnusableAnswerError(
                "The answer that was kept does not fit what is asked now.",
                reason="wrong_shape",
                raw=stored.raw,
                attempts=stored.attempts,
            ) from error
        return ModelReply(arguments, stored.raw, seconds, stored.attempts)
    raise UnusableAnswerError(
        stored.fault,
        reason=stored.reason or "wrong_shape",
        raw=stored.raw,
        attempts=stored.attempts,
    )


def _record(request: ModelRequest[Any], attempts: tuple[Attempt, ...]) -> CallRecord:
    place = _PLACE.search(request.document)
    start, end = (int(place[1]), int(place[2])) if place else (0, 0)
    turn = sum(message.role == "user" for message in request.turns)
    return CallRecord(start, end, turn, attempts)
