"""What may be asked: the shape of each body. Whatever is not named here is refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from extractor.extraction.policy import Asking, PassageSize
from extractor.serve import examples
from extractor.text import Document


def _encodable_if_text(given: object) -> object:
    """No database takes half a character."""
    if isinstance(given, str) and any("\ud800" <= char <= "\udfff" for char in given):
        raise ValueError("it holds a lone surrogate")
    return given


Told = Annotated[str, BeforeValidator(_encodable_if_text)]
"""A text that can be stored and answered with."""

Name = Annotated[Told, StringConstraints(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A name on one line."""

Code = Annotated[Told, StringConstraints(min_length=1, max_length=8)]
MOST_DOCUMENTS = 10_000


def _shown(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [example]})


class GivenDocument(BaseModel):
    """A text with its name. Spans in every answer are characters (code points) of this text."""

    model_config = _shown(examples.DOCUMENT)

    text: str = Field(description="The text as it is.")
    id: Name = Field(
        default="", description="Its name in the answers (default: the start of its SHA-256)."
    )
    published: Name | None = Field(default=None, description="Its date, as its source gives it.")

    def document(self) -> Document:
        """The document itself."""
        return Document(text=self.text, id=self.id, published=self.published)


class VerifyRequest(BaseModel):
    """Candidates to be held against a document."""

    model_config = _shown(examples.VERIFY)

    document: GivenDocument
    candidates: list[Any] = Field(
        description="Claims as `extractor schema` has them; what is none gets the finding S001."
    )
    rules: list[Code] | None = Field(
        default=None, description="Beside quote and number only these codes or families."
    )
    strict: bool = Field(default=False, description="What would only be flagged is rejected.")


class NumbersRequest(BaseModel):
    """A text whose numbers are to be read."""

    model_config = _shown(examples.NUMBERS)

    document: GivenDocument
    explain: bool = Field(default=False, description="Also what is no quantity, and why.")


class Asked(BaseModel):
    """How a model is asked; which model it is, the service alone decides."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: Name | None = Field(default=None, description="A shipped template by its name.")
    ask: Asking = "anchored"
    passage: PassageSize | None = None
    reasks: int = Field(default=1, ge=0, le=5)


class ExtractRequest(Asked):
    """A text to extract claims from while the caller waits."""

    model_config = _shown(examples.EXTRACT)

    document: GivenDocument


class JobRequest(Asked):
    """Texts to extract claims from in a run of their own."""

    model_config = _shown(examples.JOB)

    documents: list[GivenDocument] = Field(min_length=1, max_length=MOST_DOCUMENTS)
    budget: Name | None = Field(
        default=None, description='What it may cost: "5" (money), or "200000 tokens".'
    )
    max_failures: int | None = Field(
        default=None, ge=0, description="How many documents may fail before it ends."
    )


class DecisionRequest(BaseModel):
    """What a person decides about a claim of a run."""

    model_config = _shown(examples.REVIEW)

    document: Told = Field(max_length=100_000)
    claim: int = Field(ge=0, le=10**9, description="The verdict's number in its document, from 0.")
    decision: Literal["accept", "reject", "open"] = Field(
        description='"open" takes an earlier decision back.'
    )
    reason: Told = Field(default="", max_length=2_000)
    reviewer: Name | None = Field(
        default=None, description="Who decides, where no key says it; with a key it is the key's."
    )
    seen: int = Field(default=0, ge=0, description="The last decision about it that is known of.")
