"""Documents through a model, some at once; a document that fails does not stop the rest."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from functools import partial

from extractor.batch.inputs import DocumentPath, read_document
from extractor.batch.metering import MeteredModel
from extractor.claims import CallRecord, ExtractionResult
from extractor.errors import CassetteError, ExtractorError, InputError, ModelError
from extractor.extraction import AskingPolicy, Progress, extract_with
from extractor.model import CallFailedError, Model, UnavailableError
from extractor.prompts import PromptTemplate

MOST_UNANSWERED = 3
"""Documents, one after the other, that the endpoint may leave without an answer in a run."""

_OF_ONE_DOCUMENT = frozenset({"refused", "not_a_completion"})
"""Reasons that a call may fail for though others succeed: what was sent, or a hop on the way."""

Tape = Callable[[str], AbstractContextManager[object]]
"""The cassette around one document's calls, by the document's id."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that gave no result, and why."""

    document: str
    message: str


@dataclass
class RunOutcome:
    """What a run gave: results in input order, documents that failed, and what stopped it.

    `stopped_by` is the error that would have met every further document alike, or that has met
    MOST_UNANSWERED of them. `unfinished` are the calls that were made for documents without a
    result.
    """

    results: list[ExtractionResult] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    interrupted: bool = False
    stopped_by: ExtractorError | None = None
    unfinished: list[tuple[str, CallRecord]] = field(default_factory=list)

    def calls(self) -> Iterator[tuple[str, CallRecord]]:
        """Every model call of the run with its document's id, in order."""
        for result in self.results:
            yield from ((result.document_id, call) for call in result.call_records)
        yield from self.unfinished


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is told how far a run has come: at each document's begin, call and end."""

    begins: Callable[[str], None]
    calls: Progress
    ends: Callable[[ExtractionResult | Failure], None]


@dataclass(frozen=True, slots=True)
class RunPlan:
    """How a run asks: its prompt (None: the one that belongs to the way of asking) and policy.

    `concurrency` is how many documents are under way at once, each in a thread of its own.
    """

    prompt: PromptTemplate | None = None
    policy: AskingPolicy = field(default_factory=AskingPolicy)
    concurrency: int = 1


def run_documents(
    documents: Sequence[DocumentPath],
    model: Model,
    plan: RunPlan,
    tape: Tape,
    watcher: Watcher,
) -> RunOutcome:
    """Extract from every document; results stand in the order of the documents.

    A document becomes a failure when it cannot be read, when the endpoint does not answer about it
    however often it is asked (limits, faults, time), refuses what is asked about it, or a proxy
    answers in its place; the MOST_UNANSWERED-th of those in a row ends the run. Ctrl-C ends it
    with what is done, and so does an error that would meet every further document alike
    (ModelError, CassetteError).
    """
    outcome = RunOutcome()
    meters: dict[str, MeteredModel] = {}
    unanswered = 0

    def step(source: DocumentPath) -> ExtractionResult:
        metered = meters[source.id] = MeteredModel(model, source.id)
        watcher.begins(source.id)
        document = read_document(source)
        with tape(source.id):
            return extract_with(
                metered,
                document,
                prompt=plan.prompt,
                policy=plan.policy,
                progress=watcher.calls,
            )

    try:
        with closing(_stepped(documents, step, plan.concurrency)) as steps:
            for source, result_of in steps:
                came = _came_of(result_of)
                if isinstance(came, ExtractionResult):
                    outcome.results.append(came)
                    meters.pop(source.id)
                    watcher.ends(came)
                    unanswered = 0 if came.calls else unanswered
                    continue
                failure = Failure(source.id, str(came))
                outcome.failures.append(failure)
                watcher.ends(failure)
                if isinstance(came, CallFailedError):
                    unanswered += 1
                    if unanswered == MOST_UNANSWERED:
                        raise _tired(came) from came
    except KeyboardInterrupt:
        outcome.interrupted = True
    except (ModelError, CassetteError) as error:
        outcome.stopped_by = error
    outcome.unfinished += [call for metered in meters.values() for call in metered.calls]
    return outcome


_Step = Callable[[DocumentPath], ExtractionResult]


def _stepped(
    documents: Sequence[DocumentPath], step: _Step, concurrency: int
) -> Generator[tuple[DocumentPath, Callable[[], ExtractionResult]], None, None]:
    """Each document with what gives its result, in order; so many of them are under way at once.

    One alone is run where it is asked for, so that Ctrl-C reaches it. Of many, those not begun are
    dropped when nobody asks on, and those under way end with the model's connections.
    """
    if concurrency == 1:
        for source in documents:
            yield source, partial(step, source)
        return
    pool = ThreadPoolExecutor(concurrency, thread_name_prefix="document")
    begun: deque[tuple[DocumentPath, Future[ExtractionResult]]] = deque()
    try:
        for source in documents:
            # no further ahead than twice what runs, or a long document would gather all the rest
            if len(begun) == 2 * concurrency:
                first, future = begun.popleft()
                yield first, future.result
            begun.append((source, pool.submit(step, source)))
        while begun:
            first, future = begun.popleft()
            yield first, future.result
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _came_of(
    result_of: Callable[[], ExtractionResult],
) -> ExtractionResult | InputError | CallFailedError:
    """The result, or the error that concerns this document only: the next one may fare better."""
    try:
        return result_of()
    except InputError as error:
        return error
    except CallFailedError as error:
        if isinstance(error, UnavailableError) or error.reason in _OF_ONE_DOCUMENT:
            return error
        raise


def _tired(error: CallFailedError) -> CallFailedError:
    """What ends a run whose documents go unanswered one after the other."""
    sentence = f"{MOST_UNANSWERED} documents in a row got no answer, so the run ends here: {error}"
    return type(error)(sentence, reason=error.reason, attempts=error.attempts)
