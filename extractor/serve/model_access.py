"""The one model that this service asks; which it is, no request decides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

from extractor.claims import ExtractionResult
from extractor.closing import Closing
from extractor.errors import InputError
from extractor.extraction import AskingPolicy, extract_with, prompt_for
from extractor.extraction.cancelling import CancellableModel
from extractor.model import Model, ModelChoice, find_weights, open_model
from extractor.prompts import PromptTemplate, prompt_folder
from extractor.serve.problems import Problem, ProblemError, busy
from extractor.serve.requests import Asked
from extractor.text import Document


def known_prompts() -> list[str]:
    """The shipped templates by name."""
    return sorted(path.stem for path in prompt_folder().glob("*.md"))


def prompt_of(asked: Asked, policy: AskingPolicy) -> PromptTemplate:
    """The shipped template that is asked for: a name, never a path.

    Raises InputError where there is none of this name, or it is made for another way of asking.
    """
    if asked.prompt is not None and asked.prompt not in (known := known_prompts()):
        raise InputError(f"There is no prompt of this name; known are {', '.join(known)}.")
    return prompt_for(policy, asked.prompt)


def policy_of(asked: Asked) -> AskingPolicy:
    """How a request wants a document to be asked about."""
    return AskingPolicy(asked.ask, asked.passage, asked.reasks)


def refuse_without_model(choice: ModelChoice | None) -> ModelChoice:
    """The service's model. Raises ProblemError (503) where there is none, or none to be had.

    A request never fetches weights: that takes minutes, and whoever runs the service decides it.
    """
    if choice is None:
        raise ProblemError(Problem(503, "This service was started without a model.", "no-model"))
    if choice.is_embedded and find_weights() is None:
        raise ProblemError(
            Problem(
                503,
                "The weights of the embedded model are not on this machine; whoever runs the "
                "service fetches them with `extractor models pull`.",
                "no-model",
            )
        )
    return choice


class ModelAccess(Closing):
    """Extracts from one document while a caller waits; the model is opened at the first one."""

    def __init__(self, choice: ModelChoice | None, most: int) -> None:
        self._choice = choice
        self._most = most
        self._under_way = 0
        self._threads = ThreadPoolExecutor(most, thread_name_prefix="extraction")
        self._opening = Lock()
        self._model: Model | None = None

    async def extract(self, document: Document, asked: Asked, seconds: float) -> ExtractionResult:
        """What the model says of a document, judged.

        Raises ProblemError (503) where there is no model, too many wait for it, or it takes too
        long: the call under way then ends, and no other is made. Raises ModelError and InputError.
        """
        choice = refuse_without_model(self._choice)
        policy = policy_of(asked)
        prompt = prompt_of(asked, policy)
        if self._under_way >= self._most:
            raise ProblemError(
                busy("The model is asked about as much as it may be; make it a job.", seconds=5)
            )
        cancelled = Event()

        def work() -> ExtractionResult:
            try:
                model = CancellableModel(self._opened(choice), cancelled)
                return extract_with(model, document, prompt=prompt, policy=policy)
            finally:
                loop.call_soon_threadsafe(self._ends)

        loop = asyncio.get_running_loop()
        self._under_way += 1
        return await _within(seconds, loop.run_in_executor(self._threads, work), cancelled.set)

    def close(self) -> None:
        """Close the model, after the calls under way; may be called twice."""
        self._threads.shutdown(cancel_futures=True)
        with self._opening:
            model, self._model = self._model, None
        if model is not None:
            model.close()

    def _ends(self) -> None:
        self._under_way -= 1

    def _opened(self, choice: ModelChoice) -> Model:
        with self._opening:
            if self._model is None:
                self._model = open_model(choice)
            return self._model


async def _within(
    seconds: float, future: asyncio.Future[ExtractionResult], give_up: Callable[[], None]
) -> ExtractionResult:
    try:
        return await asyncio.wait_for(future, seconds)
    except TimeoutError:
        raise ProblemError(
            busy(f"The model took more than {seconds:g} seconds; make it a job.", seconds=5)
        ) from None
    finally:
        give_up()
