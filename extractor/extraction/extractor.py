"""One open model for many documents: from threads, from event loops, closed when it is done."""

from __future__ import annotations

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from types import TracebackType
from typing import Self

from extractor.claims import ExtractionResult
from extractor.errors import ExtractorError
from extractor.extraction.document import extract_with
from extractor.extraction.policy import AskingPolicy
from extractor.model import Model, ModelChoice, open_model
from extractor.prompts import load_prompt
from extractor.text import Document

_THREADS = 64  # the most documents that `aextract` has under way at once; a thread is made on need


class Extractor:
    """Extracts from one document after the other with the same model.

    `model` is the name of a model at `base_url` (default: OpenAI's; the key is taken from
    OPENAI_API_KEY), an open model, or None for the embedded one. It is opened at the first document
    and closed by `close`, by `with` or by `async with`; an open model that was handed in is left
    open. `prompt` is a template's name or path, and `policy` says how to ask.

    Threads may share an Extractor, and so may several event loops, one after the other: the calls
    are made in threads of its own, so nothing is bound to a loop.

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
    ) -> None:
        self._choice = ModelChoice(model, base_url) if not isinstance(model, Model) else None
        self._model = model if isinstance(model, Model) else None
        self._prompt = load_prompt(prompt) if prompt else None
        self._policy = policy or AskingPolicy()
        self._threads: ThreadPoolExecutor | None = None
        self._lock = Lock()
        self._is_closed = False

    def extract(self, document: Document) -> ExtractionResult:
        """The checked claims of one document.

        Raises ModelError when the model cannot be asked, InputError when the prompt cannot be used,
        ExtractorError after `close`.
        """
        return self._extract(document, Event())

    async def aextract(self, document: Document) -> ExtractionResult:
        """As `extract`, without blocking the event loop.

        Cancelling it ends the document after the call that is under way.
        """
        cancelled = Event()
        context = contextvars.copy_context()  # a recording in use is in it
        future = asyncio.get_running_loop().run_in_executor(
            self._pool(), context.run, self._extract, document, cancelled
        )
        try:
            return await future
        finally:
            cancelled.set()

    def close(self) -> None:
        """Give back threads and connections, after what is under way; may be called twice."""
        with self._lock:
            self._is_closed = True
            threads, self._threads = self._threads, None
            model, self._model = self._model, None
        if threads is not None:
            threads.shutdown()
        if model is not None and self._choice is not None:
            model.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self.close)

    def _extract(self, document: Document, cancelled: Event) -> ExtractionResult:
        def go_on(_done: int, _planned: int) -> None:
            if cancelled.is_set():
                raise _CancelledError

        return extract_with(
            self._opened(), document, prompt=self._prompt, policy=self._policy, progress=go_on
        )

    def _opened(self) -> Model:
        with self._lock:
            self._refuse_if_closed()
            if self._model is None:
                assert self._choice is not None  # noqa: S101 - one of the two was given
                self._model = open_model(self._choice)
            return self._model

    def _pool(self) -> ThreadPoolExecutor:
        with self._lock:
            self._refuse_if_closed()
            if self._threads is None:
                self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="extractor")
            return self._threads

    def _refuse_if_closed(self) -> None:
        if self._is_closed:
            raise ExtractorError("This Extractor is closed; make a new one.")


class _CancelledError(Exception):
    """Nobody waits for this document any more; it ends in its own thread, unseen."""
