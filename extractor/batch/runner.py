"""Documents through a model, one after the other; a document that fails does not stop the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from extractor.batch.inputs import DocumentPath, read_document
from extractor.batch.metering import MeteredModel
from extractor.claims import CallRecord, ExtractionResult
from extractor.errors import CassetteError, ExtractorError, InputError, ModelError
from extractor.extraction import Progress, extract_with
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


def run_documents(
    documents: Sequence[DocumentPath],
    model: Model,
    prompt: PromptTemplate,
    tape: Tape,
    watcher: Watcher,
) -> RunOutcome:
    """Extract from every document in turn.

    A document becomes a failure when it cannot be read, when the endpoint does not answer about it
    however often it is asked (limits, faults, time), refuses what is asked about it, or a proxy
    answers in its place; the MOST_UNANSWERED-th of those in a row ends the run. Ctrl-C ends it
    with what is done, and so does an error that would meet every further document alike
    (ModelError, CassetteError).
    """
    outcome = RunOutcome()
    metered = MeteredModel(model)
    unanswered = 0
    try:
        for source in documents:
            metered.begin(source.id)
            watcher.begins(source.id)
            try:
                document = read_document(source)
                with tape(source.id):
                    result = extract_with(metered, document, prompt=prompt, progress=watcher.calls)
            except InputError as error:
                _fail(outcome, watcher, source.id, error)
            except CallFailedError as error:
                if not _is_of_one_document(error):
                    raise
                _fail(outcome, watcher, source.id, error)
                unanswered += 1
                if unanswered == MOST_UNANSWERED:
                    raise _tired(error) from error
            else:
                if result.calls:
                    unanswered = 0
                outcome.results.append(result)
                metered.end()
                watcher.ends(result)
    except KeyboardInterrupt:
        outcome.interrupted = True
    except (ModelError, CassetteError) as error:
        outcome.stopped_by = error
    outcome.unfinished += metered.calls
    return outcome


def _fail(outcome: RunOutcome, watcher: Watcher, document: str, error: ExtractorError) -> None:
    failure = Failure(document, str(error))
    outcome.failures.append(failure)
    watcher.ends(failure)


def _is_of_one_document(error: CallFailedError) -> bool:
    """Whether the next document may fare better."""
    return isinstance(error, UnavailableError) or error.reason in _OF_ONE_DOCUMENT


def _tired(error: CallFailedError) -> CallFailedError:
    """What ends a run whose documents go unanswered one after the other."""
    sentence = f"{MOST_UNANSWERED} documents in a row got no answer, so the run ends here: {error}"
    return type(error)(sentence, reason=error.reason, attempts=error.attempts)
