"""One open model for many documents: from threads, from event loops, closed when it is done."""

from __future__ import annotations

import asyncio
import contextvars
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Condition, Event, Lock, get_ident
from types import TracebackType
from typing import TYPE_CHECKING, Self

from extractor.claims import ExtractionResult
from extractor.closing import Closing
from extractor.errors import ExtractorError
from extractor.extraction.cancelling import CancellableModel
from extractor.extraction.document import extract_with, prompt_for
from extractor.extraction.policy import AskingPolicy
from extractor.model import Model, ModelChoice, open_any_model
from extractor.text import Document

if TYPE_CHECKING:
    from pydantic import BaseModel


class Extractor(Closing):
    """Extracts from one document after the other with the same model.

    `model` is the name of a model at `base_url` (default: OpenAI's; the key is taken from
    OPENAI_API_KEY) or of a plugin's ("prefix:name"), an open model, or None for the embedded one.
    It is opened at the first document and closed by `close`, by `with` or by `async with`; an open
    model that was handed in is left open. `prompt` is a template's name or path, and `policy` says
    how to ask. `schema` is a class of your own, whose claims are then extracted. Raises InputError
    when the prompt cannot be used, SchemaError when the gate could not check the class.

    Threads may share an Extractor, and so may event loops: `aextract` makes its calls in threads of
    its own (`policy.concurrency` of them at most), so nothing is bound to a loop, and a loop's own
    threads stay free.

    >>> from extractor.model import ScriptedModel
    >>> doc = Document(text="The ministry said 61 sailors were killed.")
    >>> with Extractor(ScriptedModel([])) as extractor:  # the text leaves nothing to ask here
    ...     [claim.quantity.text for claim in extractor.extract(doc).accepted]
    ['61']
    """

    def __init__(
        self,
        model: str | Model | None = None,
        *,
        base_url: str | None = None,
        prompt: str | None = None,
        policy: AskingPolicy | None = None,
        schema: type[BaseModel] | None = None,
    ) -> None:
        self._choice = ModelChoice(model, base_url) if not isinstance(model, Model) else None
        self._model = model if isinstance(model, Model) else None
        self._policy = policy or AskingPolicy()
        if schema is not None:
            self._policy = replace(self._policy, schema=schema)
        self._prompt = prompt_for(self._policy, prompt)
        self._threads: ThreadPoolExecutor | None = None
        # two locks: opening a model may take minutes, and no event loop may wait for that
        self._opening = Lock()
        self._state = Condition()
        self._busy: Counter[int] = Counter()  # documents under way, by thread
        self._is_closed = False

    def extract(self, document: Document) -> ExtractionResult:
        """The checked claims of one document.

        Raises ModelError when the model cannot be asked, ExtractorError after `close`.
        """
        return self._extract(document, Event())

    async def aextract(self, document: Document) -> ExtractionResult:
        """As `extract`, without blocking the event loop.

        Cancelling it ends the document after the call that is under way.
        """
        cancelled = Event()
        work = self._begun(document, cancelled)
        try:
            return await asyncio.wrap_future(work)
        finally:
            cancelled.set()

    def close(self) -> None:
        """Give back threads and connections, after what is under way; may be called twice."""
        with self._state:
            self._is_closed = True
            threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown()
        with self._state:  # a signal handler may close within a document of its own thread
            self._state.wait_for(lambda: not self._busy.keys() - {get_ident()})
        with self._opening:
            model, self._model = self._model, None
        if model is not None and self._choice is not None:
            model.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        closer = ThreadPoolExecutor(1, thread_name_prefix="extractor-close")
        try:
            await asyncio.get_running_loop().run_in_executor(closer, self.close)
        finally:
            closer.shutdown(wait=False)

    def _extract(self, document: Document, cancelled: Event) -> ExtractionResult:
        with self._under_way():
            model = CancellableModel(self._opened(), cancelled)
            return extract_with(model, document, prompt=self._prompt, policy=self._policy)

    def _begun(self, document: Document, cancelled: Event) -> Future[ExtractionResult]:
        """The document on its way in a thread, in the caller's context: a recording is in it."""
        context = contextvars.copy_context()
        with self._state:
            self._refuse_if_closed()
            if self._threads is None:
                self._threads = ThreadPoolExecutor(
                    self._policy.concurrency, thread_name_prefix="extractor"
                )
            return self._threads.submit(context.run, self._extract, document, cancelled)

    @contextmanager
    def _under_way(self) -> Iterator[None]:
        with self._state:
            self._refuse_if_closed()
            self._busy[get_ident()] += 1
        try:
            yield
        finally:
            with self._state:
                self._busy[get_ident()] -= 1
                self._busy = +self._busy  # without those at rest
                self._state.notify_all()

    def _opened(self) -> Model:
        with self._opening:
            if self._model is None:
                assert self._choice is not None  # noqa: S101 - one of the two was given
                self._model = open_any_model(self._choice)
            return self._model

    def _refuse_if_closed(self) -> None:
        if self._is_closed:
            raise ExtractorError("This Extractor is closed; make a new one.")
