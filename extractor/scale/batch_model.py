"""A model that answers with what batches gave, and notes what it is asked besides.

So a round over documents is the very extraction that a live run does: what is not answered yet is
put into the next batch, and a re-ask is nothing but a question that has not been put before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local

from extractor.batch.budget import Budget, worst_case
from extractor.batch.stopping import StoppedError
from extractor.closing import Closing
from extractor.errors import AnswerError
from extractor.model import ModelReply, ModelRequest
from extractor.model.batch_lines import Asked, read_answer, request_line
from extractor.model.protocol import Response
from extractor.scale.batch_store import BatchStore, WantedRequest
from extractor.scale.request_files import RequestFiles


class PendingAnswerError(AnswerError):
    """The question is in a batch, or will be; the document's other questions are put meanwhile."""


class UnansweredError(StoppedError):
    """A document waits for answers: it stays unfinished, and the next round begins it anew."""


class CollectedModel(Closing):
    """Answers from `store`; what it cannot answer goes to `files`, as far as `budget` allows.

    Threads may share one. It is asked within `document`, which tells whose questions they are.
    """

    def __init__(
        self, asked: Asked, store: BatchStore, files: RequestFiles, budget: Budget
    ) -> None:
        self._asked = asked
        self._store = store
        self._files = files
        self._budget = budget
        self._here = local()
        self.is_spent = False

    @property
    def name(self) -> str:
        """The name of the model that the batches ask."""
        return self._asked.model

    @property
    def narrows_schema(self) -> bool:
        """Whether its endpoint holds to the schema that is sent."""
        return self._asked.able.narrows_schema

    def ask(self, request: ModelRequest[Response]) -> ModelReply[Response]:
        """The answer that a batch gave.

        Raises PendingAnswerError where none has yet, and as `read_answer` does.
        """
        line = request_line(request, self._asked)
        place = self._store.look_up(line.id)
        if place is not None and place.result is not None:
            return read_answer(place.result, request, self._asked)
        self._here.waits = True
        if place is None or not place.is_open:
            wanted = WantedRequest(line.id, self._here.document, worst_case(request))
            self.is_spent = self.is_spent or not self._budget.take(request)
            if self.is_spent:
                self._files.put_off(wanted)
            else:
                self._files.add(line, wanted)
        raise PendingAnswerError("The batch has not answered yet.")

    @contextmanager
    def document(self, name: str) -> Iterator[None]:
        """What is asked within it is asked about this document.

        Raises UnansweredError at its end where one of the questions has no answer.
        """
        self._here.document, self._here.waits = name, False
        yield
        if self._here.waits:
            raise UnansweredError

    def close(self) -> None:
        """Nothing: store and files are closed by whoever opened them."""
