"""One document: ask about its numbers, judge the answers, account for every number.

`extract` opens a model for one document and closes it again; `extract_with` uses an open one.
"""

from __future__ import annotations

import asyncio

from extractor.claims import ExtractionResult
from extractor.extraction.document import Progress, extract_with
from extractor.model import Model, ModelChoice, open_model
from extractor.prompts import load_prompt
from extractor.text import Document

__all__ = ["Progress", "aextract", "extract", "extract_with"]


def extract(
    document: Document,
    model: str | Model | None = None,
    *,
    base_url: str | None = None,
    prompt: str | None = None,
) -> ExtractionResult:
    """The checked claims of one document.

    `model` is the name of a model at `base_url` (default: OpenAI's; the key is taken from
    OPENAI_API_KEY), an open model, or None for the embedded one, which is fetched at its first
    use. `prompt` is a template's name or path.

    Raises ModelError when the model cannot be asked, InputError when the prompt cannot be used.
    """
    template = load_prompt(prompt) if prompt else load_prompt()
    if model is not None and not isinstance(model, str):
        return extract_with(model, document, prompt=template)
    with open_model(ModelChoice(model, base_url)) as opened:
        return extract_with(opened, document, prompt=template)


async def aextract(
    document: Document,
    model: str | Model | None = None,
    *,
    base_url: str | None = None,
    prompt: str | None = None,
) -> ExtractionResult:
    """As `extract`, without blocking the event loop: the work is done in a thread."""
    return await asyncio.to_thread(extract, document, model, base_url=base_url, prompt=prompt)
