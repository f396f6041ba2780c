"""Documents through a model, some at once; a document that fails does not stop the rest.

Each document is under way in one thread and has one call in flight at a time, so a long one never
takes the place of short ones; it ends when it ends, and the others are written meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from threading import Lock, Thread

from extractor.batch.budget import Budget, BudgetReachedError
from extractor.batch.document_rows import (
    Duplicate,
    Failure,
    document_row,
    not_to_be_asked,
    without_result,
)
from extractor.batch.input_document import InputDocument
from extractor.batch.ledger_reader import deflated
from extractor.batch.ledger_rows import rows_of
from extractor.batch.ledger_writer import DocumentEnded, LedgerError, LedgerWriter
from extractor.batch.recorded_calls import CallDesk, RecordedModel, StoredCalls
from extractor.batch.run_memory import RunMemory, Task
from extractor.batch.stopping import StoppedError, Stopping
from extractor.claims import CallRecord, ExtractionResult
from extractor.errors import CassetteError, ExtractorError, InputError, ModelError
from extractor.extraction import AskingPolicy, extract_with
from extractor.model import CallFailedError, Model, UnavailableError
from extractor.prompts import PromptTemplate
from extractor.text import Document

MOST_UNANSWERED = 3
"""Documents, one after the other, that the endpoint may leave without an answer in a run."""

_LOOK_UP = 0.1  # seconds between two looks at whether a signal has come

_OF_ONE_DOCUMENT = frozenset({"refused", "not_a_completion"})  # what was sent, or a hop on the way

Tape = Callable[[str], AbstractContextManager[object]]
"""The cassette around one document's calls, by the document's id."""


Ended = ExtractionResult | Failure | Duplicate


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is told how far a run has come, from any thread.

    A document begins; a call has ended; a document has ended and that is on the disk.
    """

    begins: Callable[[str], None] = lambda _: None
    called: Callable[[CallRecord], None] = lambda _: None
    ends: Callable[[Ended], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class RunPlan:
    """How a run asks: its prompt (None: the one that belongs to the way of asking) and policy.

    `concurrency` is how many calls are wanted at once. Each document under way has a thread of its
    own, and there are a quarter more of them, so that some are read and judged while that many
    wait for their answers; the model's gate holds back what is too much.
    `most_failures` is how many may fail before the run ends; None is any number. So is
    `most_unanswered` how many in a row the endpoint may leave without an answer.
    """

    prompt: PromptTemplate | None = None
    policy: AskingPolicy = field(default_factory=AskingPolicy)
    concurrency: int = 1
    most_failures: int | None = None
    most_unanswered: int | None = MOST_UNANSWERED

    @property
    def documents_at_once(self) -> int:
        """How many documents are under way at once."""
        return self.concurrency + self.concurrency // 4


def ends_its_document_alone(error: CallFailedError) -> bool:
    """Whether a call may fail so though those of other documents succeed."""
    return isinstance(error, UnavailableError) or error.reason in _OF_ONE_DOCUMENT


class TooManyFailuresError(ExtractorError):
    """More documents failed than the run may have."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class RunParts:
    """What a run works with: the model and its recordings, the ledger and what it knows, the end.

    `budget` admits calls; `reuses_calls` says whether answers that the ledger holds of unfinished
    documents take the place of calls.
    """

    model: Model
    tape: Tape
    ledger: LedgerWriter
    memory: RunMemory
    budget: Budget
    stopping: Stopping
    reuses_calls: bool = True


def run_documents(
    documents: Iterable[InputDocument], parts: RunParts, plan: RunPlan, watcher: Watcher
) -> None:
    """Extract from every document that the ledger does not hold yet.

    A document becomes a failure when it cannot be read, when the endpoint does not answer about it
    however often it is asked (limits, faults, time), refuses what is asked about it, or a proxy
    answers in its place; the MOST_UNANSWERED-th of those in a row ends the run, and so does an
    error that would meet every further document alike. What ended it is `parts.stopping.reason`;
    nothing is raised for it. Raises InputError when the documents cannot be listed.
    """
    run = _Run(parts, plan, watcher, documents)
    threads = [
        Thread(target=run.work, name=f"document-{place}", daemon=True)
        for place in range(plan.documents_at_once)
    ]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(_LOOK_UP)  # so that a signal is heard
    except BaseException as error:
        parts.stopping.stop(error)  # those under way are not waited for longer than a call
        for thread in threads:
            if thread.ident is not None:  # it was started
                thread.join()
        raise
    if run.broken is not None:
        raise run.broken


class _Run:
    """One run while it is under way."""

    def __init__(
        self,
        parts: RunParts,
        plan: RunPlan,
        watcher: Watcher,
        documents: Iterable[InputDocument],
    ) -> None:
        self._parts = parts
        self._plan = plan
        self._watcher = watcher
        self._desk = CallDesk(parts.ledger, parts.budget, parts.stopping, watcher.called)
        self._numbered = enumerate(documents, 1)
        self._listing = Lock()
        self._lock = Lock()
        self._unanswered = 0
        self._failures = 0
        self.broken: BaseException | None = None

    def work(self) -> None:
        """Documents, one after the other, until none is left; runs in a thread, raises nothing."""
        try:
            while (task := self._next()) is not None:
                self._step(task)
        except BaseException as error:  # noqa: BLE001 - told by the run, in its own thread
            self.broken = self.broken or error
            self._parts.stopping.stop(error)

    def _next(self) -> Task | None:
        """The next document that is still to be asked about."""
        with self._listing:
            while not self._parts.stopping.is_set:
                numbered = next(self._numbered, None)
                if numbered is None:
                    return None
                task = self._parts.memory.begins(*numbered)
                if task is not None:
                    return task
        return None

    def _step(self, task: Task) -> None:
        """One document, from its file to the ledger."""
        try:
            self._watcher.begins(task.name)
            self._end(task, *self._came_of(task))
        except StoppedError:
            pass
        except (BudgetReachedError, LedgerError, ModelError, CassetteError) as error:
            self._parts.stopping.stop(error)

    def _came_of(self, task: Task) -> tuple[Document | None, Ended]:
        """The document's text as far as it could be read, and what came of it."""
        try:
            document = replace(task.document.read(), id=task.name)
        except InputError as error:
            return None, Failure(task.name, str(error), "unreadable")
        instead = not_to_be_asked(task, document, self._parts.memory)
        if instead is not None:
            return document, instead
        try:
            return document, self._extracted(document)
        except CallFailedError as error:
            if ends_its_document_alone(error):
                self._count_unanswered(error)
                return document, Failure(task.name, str(error), error.reason)
            raise

    def _extracted(self, document: Document) -> ExtractionResult:
        parts = self._parts
        stored = (
            parts.memory.stored_calls(document.id) if parts.reuses_calls else StoredCalls({}, 0)
        )
        model = RecordedModel(parts.model, document.id, self._desk, stored)
        with parts.tape(document.id):
            result = extract_with(
                model, document, prompt=self._plan.prompt, policy=self._plan.policy
            )
        if result.calls:
            with self._lock:
                self._unanswered = 0
        return result

    def _count_unanswered(self, error: CallFailedError) -> None:
        most = self._plan.most_unanswered
        with self._lock:
            self._unanswered += 1
            tired = self._unanswered == most
        if tired:
            sentence = f"{most} documents in a row got no answer, so the run ends here: {error}"
            self._parts.stopping.stop(
                type(error)(sentence, reason=error.reason, attempts=error.attempts)
            )

    def _end(self, task: Task, document: Document | None, ended: Ended) -> None:
        def acknowledged() -> None:
            sha256 = document.sha256 if document else None
            is_done = isinstance(ended, ExtractionResult)
            self._parts.memory.ended(task, sha256, is_done=is_done)
            self._watcher.ends(ended)

        rows = rows_of(ended) if isinstance(ended, ExtractionResult) else None
        row = document_row(task, document) | _outcome(document, ended)
        self._parts.ledger.put(DocumentEnded(row, rows, acknowledged))
        if isinstance(ended, Failure):
            self._count_failure(ended)

    def _count_failure(self, failure: Failure) -> None:
        most = self._plan.most_failures
        with self._lock:
            self._failures += 1
            too_many = most is not None and self._failures > most
        if too_many:
            self._parts.stopping.stop(
                TooManyFailuresError(
                    f"{self._failures} documents failed, and --max-failures is {most}, so the run "
                    f"ends here; the last one: {failure.message}"
                )
            )


def _outcome(document: Document | None, ended: Ended) -> dict[str, object]:
    """The columns of a document's row that say what came of it."""
    if not isinstance(ended, ExtractionResult):
        return without_result(ended)
    return {
        "state": "done",
        "text": deflated(document.text) if document else None,
        "accepted": len(ended.accepted),
        "by_text": sum(claim.is_by_text for claim in ended.accepted),
        "rejected": len(ended.rejected),
        "dismissed": len(ended.dismissed),
        "unclaimed": len(ended.unclaimed),
        "seconds": round(ended.seconds, 3),
    }
