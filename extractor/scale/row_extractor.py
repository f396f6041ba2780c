"""A row for each document, from any thread: the part of an actor that knows nothing of Ray."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

from extractor.batch.budget import Budget
from extractor.batch.document_rows import Failure
from extractor.batch.exports import Row
from extractor.batch.ledger_writer import CallEnded
from extractor.batch.recorded_calls import CallDesk, RecordedModel, StoredCalls
from extractor.batch.runner import MOST_UNANSWERED, ends_its_document_alone
from extractor.batch.stopping import Stopping
from extractor.claims import Usage
from extractor.claims.schema_source import load_schema
from extractor.closing import Closing
from extractor.errors import ModelError
from extractor.extraction import AskingPolicy, extract_with
from extractor.model import (
    CallFailedError,
    ChatModel,
    ModelChoice,
    PluginModel,
    RateCeilings,
    UnavailableError,
    open_any_model,
)
from extractor.prompts import PromptTemplate
from extractor.scale.dataset_rows import done_row, failed_row
from extractor.text import Document


@dataclass(frozen=True, slots=True)
class Asked:
    """How documents are asked about, as it travels to where they are.

    `schema` names a user's schema for `load_schema`, which is loaded there, as seen from the folder
    `cwd`: a class that was made from a file cannot travel. None leaves that of the policy.
    """

    choice: ModelChoice
    prompt: PromptTemplate
    policy: AskingPolicy
    schema: str | None = None
    cwd: str = "."


@dataclass(slots=True)
class _Calls:
    """The calls of one document."""

    rows: list[Mapping[str, Any]] = field(default_factory=list)

    def put(self, entry: CallEnded) -> None:
        self.rows.append(entry.row)


class RowExtractor(Closing):
    """Gives the row of each document; the model is opened at the first one, within `ceilings`.

    A document that fails is a row. What would meet every further document alike is raised, as a
    ModelError: no key, no such model, or an endpoint that is not there for MOST_UNANSWERED
    documents in a row. Those that it refuses are not counted: what is raised takes the block with
    it, and the next attempt would meet them again.
    """

    def __init__(self, asked: Asked, ceilings: RateCeilings) -> None:
        self._asked = asked
        self._ceilings = ceilings
        self._lock = Lock()
        self._model: ChatModel | PluginModel | None = None
        self._policy = asked.policy
        self._unanswered = 0

    def row(self, document: Document) -> Row:
        """The row of one document. Raises ModelError."""
        model, calls = self._opened(), _Calls()
        desk = CallDesk(calls, Budget(None, None, Usage()), Stopping(), lambda _: None)
        recorded = RecordedModel(model, document.id, desk, StoredCalls({}, 0))
        try:
            result = extract_with(
                recorded, document, prompt=self._asked.prompt, policy=self._policy
            )
        except CallFailedError as error:
            if not ends_its_document_alone(error):
                raise ModelError(str(error)) from error  # as one that can travel
            if isinstance(error, UnavailableError):
                self._count_unanswered(error)
            failure = Failure(document.id, str(error), error.reason)
            return failed_row(failure, document.sha256, calls.rows)
        if result.calls:
            with self._lock:
                self._unanswered = 0
        return done_row(result, document.sha256, calls.rows)

    def close(self) -> None:
        """Close the model, if it was opened."""
        with self._lock:
            if self._model is not None:
                self._model.close()

    def _opened(self) -> ChatModel | PluginModel:
        with self._lock:
            if self._model is None:
                if self._asked.schema is not None:
                    schema = load_schema(self._asked.schema, Path(self._asked.cwd))
                    self._policy = replace(self._policy, schema=schema)
                self._model = open_any_model(self._asked.choice, ceilings=self._ceilings)
            return self._model

    def _count_unanswered(self, error: CallFailedError) -> None:
        with self._lock:
            self._unanswered += 1
            is_tired = self._unanswered >= MOST_UNANSWERED
        if is_tired:
            raise ModelError(
                f"{MOST_UNANSWERED} documents in a row got no answer, so the run ends here: {error}"
            ) from error
