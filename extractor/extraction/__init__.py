"""One document: ask about its numbers, judge the answers, account for every number.

`extract` opens a model for one document and closes it again; an `Extractor` keeps one for many;
`extract_with` uses an open one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor.claims import ExtractionResult
from extractor.extraction.document import Progress, extract_with, prompt_for
from extractor.extraction.extractor import Extractor
from extractor.extraction.policy import AskingPolicy
from extractor.model import Model
from extractor.text import Document

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = [
    "AskingPolicy",
    "Extractor",
    "Progress",
    "aextract",
    "extract",
    "extract_with",
    "prompt_for",
]


def extract(
    document: Document,
    model: str | Model | None = None,
    *,
    base_url: str | None = None,
    prompt: str | None = None,
    policy: AskingPolicy | None = None,
    schema: type[BaseModel] | None = None,
) -> ExtractionResult:
    """The checked claims of one document.

    `model` is the name of a model at `base_url` (default: OpenAI's; the key is taken from
    OPENAI_API_KEY), an open model, or None for the embedded one, which is fetched at its first
    use. `prompt` is a template's name or path, and `policy` says how to ask. `schema` is a class of
    your own, whose claims are then extracted.

    Raises ModelError when the model cannot be asked, InputError when the prompt cannot be used,
    SchemaError when the gate could not check the class.
    """
    with Extractor(
        model, base_url=base_url, prompt=prompt, policy=policy, schema=schema
    ) as extractor:
        return extractor.extract(document)


async def aextract(
    document: Document,
    model: str | Model | None = None,
    *,
    base_url: str | None = None,
    prompt: str | None = None,
    policy: AskingPolicy | None = None,
    schema: type[BaseModel] | None = None,
) -> ExtractionResult:
    """As `extract`, without blocking the event loop."""
    async with Extractor(
        model, base_url=base_url, prompt=prompt, policy=policy, schema=schema
    ) as extractor:
        return await extractor.aextract(document)
