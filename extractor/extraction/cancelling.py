"""A model for a document that somebody may no longer wait for."""

from __future__ import annotations

from threading import Event
from types import TracebackType
from typing import Self

from extractor.model import Model, ModelReply, ModelRequest
from extractor.model.protocol import Response


class CancelledDocumentError(Exception):
    """Nobody waits for this document any more; it ends in its own thread, unseen."""


class CancellableModel:
    """Asks `model` until `cancelled` is set; the call after that raises CancelledDocumentError."""

    def __init__(self, model: Model, cancelled: Event) -> None:
        self._model = model
        self._cancelled = cancelled

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
        if self._cancelled.is_set():
            raise CancelledDocumentError
        return self._model.ask(request)

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
