"""The candidate claim: what a model, or any other tool, says. Only its shape is checked here.

A candidate is untrusted. The domain type is `Claim`, and only an accepting verdict makes one.
"""

from __future__ import annotations

from typing import Any, Self
from unicodedata import category

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from extractor.claims.modality import Modality

_NUMBERS = ("value", "low", "high")


class CandidateClaim(BaseModel):
    """One numeric claim as somebody states it, to be held against the text.

    Required are the quote and a figure: `value`, or for a range or a vague magnitude `low` and
    `high` (one of the two may stay open). Figures travel as strings, so that no float rounds them
    and no NaN slips in; plain JSON numbers are taken and kept as they print. All other fields are
    optional, and each is checked when it is given.

    >>> CandidateClaim(quote="498 of its troops have been killed", value="498").value
    '498'
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    quote: str = Field(description="The shortest passage, copied verbatim, that holds the number.")
    value: str | None = Field(default=None, description="The figure as named, scale applied.")
    low: str | None = Field(default=None, description="The lower end of a range.")
    high: str | None = Field(default=None, description="The upper end of a range.")
    qualifier: str | None = Field(default=None, description="The hedge: more_than, about, …")
    unit: str | None = Field(default=None, description="The unit of measure, or a currency.")
    counted: str | None = Field(default=None, description="Who or what is counted, with its side.")
    event: str | None = Field(default=None, description="What happened to them, in one verb.")
    claimant: str | None = Field(default=None, description="Who says so, as named in the text.")
    place: str | None = Field(default=None, description="Where, in the text's own words.")
    when: str | None = Field(default=None, description="When, in the text's own words.")
    modality: Modality | None = Field(default=None, description="Is it told as a fact?")
    derived_from: tuple[str, ...] | None = Field(
        default=None,
        description="Of a value that is worked out: its share and its whole, verbatim.",
    )
    position: int | None = Field(
        default=None,
        ge=0,
        le=10**12,
        description="Where the number begins, in characters, if the tool knows.",
    )

    @field_validator(*_NUMBERS, mode="before")
    @classmethod
    def _number_as_text(cls, given: Any) -> Any:  # noqa: ANN401 - pydantic hands over any JSON value
        if isinstance(given, (int, float)) and not isinstance(given, bool):
            return str(given)
        return given

    @field_validator(
        "qualifier",
        "unit",
        "counted",
        "event",
        "claimant",
        "place",
        "when",
        "modality",
        *_NUMBERS,
        mode="before",
    )
    @classmethod
    def _blank_is_absent(cls, given: Any) -> Any:  # noqa: ANN401 - pydantic hands over any JSON value
        return None if isinstance(given, str) and not given.strip() else given

    @field_validator(
        "qualifier", "unit", "counted", "event", "claimant", "place", "when", mode="after"
    )
    @classmethod
    def _is_plain_text(cls, given: str | None) -> str | None:
        """No field may steer a terminal; the quote is the document's, whatever that holds."""
        if given is not None and any(category(char) in ("Cc", "Cs") for char in given):
            raise ValueError("it holds a control character")
        return given

    @model_validator(mode="after")
    def _some_figure(self) -> Self:
        if self.value is None and self.low is None and self.high is None:
            raise ValueError("a claim needs a figure: value, or low and high for a range")
        return self
