"""What a server says of a batch, read without trust: any part may be missing or odd."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from extractor.model.sentences import redact

KEY = "extractor_batch"
"""The name under which a batch's metadata holds our key."""

ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
"""The states in which a batch is over. What it finished is kept in each of them."""

_SHOWN = 300  # characters of a server's reasons that are passed on
_LONGEST_ID = 300

Shape = TypeVar("Shape", bound=BaseModel)


def _or_nothing(value: object, read: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401
    """A batch is not lost for a part that is of another shape."""
    try:
        return read(value)
    except ValidationError:
        return None


_OrNothing = WrapValidator(_or_nothing)
_Text = Annotated[str | None, _OrNothing]
_Count = Annotated[int | None, Field(ge=0), _OrNothing]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Counts(_Wire):
    total: _Count = None
    completed: _Count = None
    failed: _Count = None


class _Error(_Wire):
    code: _Text = None
    message: _Text = None


class _Errors(_Wire):
    data: list[Annotated[_Error | None, _OrNothing]] | None = None


class WireFile(_Wire):
    """An uploaded file."""

    id: str = Field(min_length=1, max_length=_LONGEST_ID)


class WireBatch(_Wire):
    """A batch as it comes: all but its id and status may be missing, or be something else."""

    id: str = Field(min_length=1, max_length=_LONGEST_ID)
    status: str = Field(min_length=1, max_length=_LONGEST_ID)
    output_file_id: _Text = None
    error_file_id: _Text = None
    created_at: _Count = None
    request_counts: Annotated[_Counts | None, _OrNothing] = None
    errors: Annotated[_Errors | None, _OrNothing] = None
    metadata: Annotated[dict[str, Any] | None, _OrNothing] = None


@dataclass(frozen=True, slots=True)
class BatchState:
    """What a server says of a batch.

    `key` is ours, empty where the batch is somebody else's. The counts are the server's, of
    requests. `created` is in seconds of the Unix clock, 0 where it is not told. `why` is what is
    wrong with a batch that failed: one line, empty where there is nothing.
    """

    id: str
    status: str
    key: str = ""
    output_file: str = ""
    error_file: str = ""
    total: int = 0
    completed: int = 0
    failed: int = 0
    created: int = 0
    why: str = ""

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in ENDED

    @property
    def promise(self) -> int:
        """Which of two batches of the same requests is likelier to have answers: the smaller one.

        0 for one that gave or may give all, 1 for one that may have given some, 2 for none.
        """
        return {"failed": 2, "expired": 1, "cancelled": 1, "cancelling": 1}.get(self.status, 0)


def read_state(batch: WireBatch, secret: str) -> BatchState:
    """A batch's state; `secret` is kept out of what the server says in words."""
    counts = batch.request_counts or _Counts()
    key = (batch.metadata or {}).get(KEY)
    return BatchState(
        id=batch.id,
        status=batch.status,
        key=key if isinstance(key, str) else "",
        output_file=batch.output_file_id or "",
        error_file=batch.error_file_id or "",
        total=counts.total or 0,
        completed=counts.completed or 0,
        failed=counts.failed or 0,
        created=batch.created_at or 0,
        why=redact(_reasons(batch.errors), secret)[:_SHOWN],
    )


def _reasons(errors: _Errors | None) -> str:
    """The first reasons that are given, in one line."""
    given = [one for one in (errors.data or [] if errors else []) if one is not None]
    told = [f"{one.code or ''} {one.message or ''}".strip() for one in given[:3]]
    return " ".join("; ".join(filter(None, told)).split())
