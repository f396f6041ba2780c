"""What a document's calls cost when the document itself comes to no result."""

from __future__ import annotations

import re
from types import TracebackType
from typing import Any, Self

from extractor.claims import Attempt, CallRecord
from extractor.model import CallFailedError, Model, ModelReply, ModelRequest, UnusableAnswerError
from extractor.model.protocol import Response

_PLACE = re.compile(r":(\d+)-(\d+)\Z")


class MeteredModel:
    """A model that keeps the record of each call asked of it, whether it was answered or not.

    One serves one document. A finished document tells its calls itself; one that an error or Ctrl-C
    ends cannot, and what was spent on it is known from `calls`, each with the document's id.
    """

    def __init__(self, model: Model, document: str) -> None:
        self._model = model
        self._document = document
        self.calls: list[tuple[str, CallRecord]] = []

    @property
    def name(self) -> str:
        """The model's own."""
        return self._model.name

    @property
    def narrows_schema(self) -> bool:
        """The model's own."""
        return self._model.narrows_schema

    def ask(self, request: ModelRequest[Response]) -> ModelReply[Response]:
        """The model's answer, or what it raises."""
        attempts: tuple[Attempt, ...] = ()
        try:
            reply = self._model.ask(request)
            attempts = reply.attempts
        except (CallFailedError, UnusableAnswerError) as error:
            attempts = error.attempts
            raise
        except KeyboardInterrupt:
            attempts = (Attempt("interrupted"),)
            raise
        finally:
            if attempts:
                self.calls.append((self._document, _record(request, attempts)))
        return reply

    def close(self) -> None:
        """Nothing: whoever opened the model closes it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _record(request: ModelRequest[Any], attempts: tuple[Attempt, ...]) -> CallRecord:
    place = _PLACE.search(request.document)
    start, end = (int(place[1]), int(place[2])) if place else (0, 0)
    turn = sum(message.role == "user" for message in request.turns)
    return CallRecord(start, end, turn, attempts)
