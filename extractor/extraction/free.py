"""Free asking: what a model is asked that finds the claims of a passage itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from extractor.extraction.anchored import place_of
from extractor.extraction.passages import Passage
from extractor.model import Message, ModelRequest, ToolSpec
from extractor.prompts import PromptTemplate
from extractor.validator import Source

_TOOL_NAME = "report_claims"
_TOOL_DESCRIPTION = "Report every numeric claim of the passage, in the order of the text."
_TOKENS_PER_CLAIM = 160
_FEWEST_CLAIMS = 4  # room for that many, since the model may see more than the reader does


class FreeClaim(BaseModel):
    """A claim as the model words it. Everything is optional here: what lacks is a finding's matter.

    Figures are strings; a JSON number is kept as it prints.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    quote: str | None = None
    value: str | None = None
    low: str | None = None
    high: str | None = None
    qualifier: str | None = None
    unit: str | None = None
    counted: str | None = None
    event: str | None = None
    claimant: str | None = None
    place: str | None = None
    when: str | None = None
    modality: str | None = None


class FreeSheet(BaseModel):
    """The arguments of the forced tool call: the claims that the model found."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    claims: tuple[FreeClaim, ...]


@dataclass(frozen=True, slots=True)
class FreeAsking:
    """The fixed part of asking: the prompt with its examples."""

    prompt: PromptTemplate

    def request(self, source: Source, passage: Passage) -> ModelRequest[FreeSheet]:
        """The call for one passage. What never changes comes first, so that prefixes are reused."""
        text = passage.span.of(source.document.text)
        messages = [Message("system", self.prompt.render_system())]
        for example in self.prompt.examples:
            claims = [stated(answer) for answer in example.answers]
            said = json.dumps({"claims": claims}, ensure_ascii=False, separators=(",", ":"))
            messages.append(Message("user", self.prompt.render_user(example.passage, [], [])))
            messages.append(Message("assistant", said))
        messages.append(Message("user", self.prompt.render_user(text, [], [])))
        return ModelRequest(
            messages=tuple(messages),
            tool=ToolSpec(_TOOL_NAME, _TOOL_DESCRIPTION, FreeSheet),
            document=place_of(source, passage),
            max_tokens=_TOKENS_PER_CLAIM * max(_FEWEST_CLAIMS, len(passage.quantities)),
        )


def stated(claim: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a claim that say something."""
    return {name: value for name, value in claim.items() if value is not None}
