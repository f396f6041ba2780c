"""A model for a document that somebody may no longer wait for."""

from __future__ import annotations

from threading import Event

from extractor.model import Model, ModelReply, ModelRequest
from extractor.model.protocol import Response
from extractor.model.wrapping import WrappedModel


class CancelledDocumentError(Exception):
    """Nobody waits for this document any more; it ends in its own thread, unseen."""


class CancellableModel(WrappedModel):
    """Asks `model` until `cancelled` is set; the call after that raises CancelledDocumentError."""

    def __init__(self, model: Model, cancelled: Event) -> None:
        super().__init__(model)
        self._cancelled = cancelled

    def ask(self, request: ModelRequest[Response]) -> ModelReply[Response]:
        """The model's answer, or what it raises."""
        if self._cancelled.is_set():
            raise CancelledDocumentError
        return self._model.ask(request)
