"""Claims that can be trusted: numbers out of text, each held against the text it came from.

>>> from extractor import Document, read_quantities, verify
>>> doc = Document(text="Officials said 498 of its troops have been killed.")
>>> verify(doc, [{"quote": "498 of its troops have been killed", "value": "489"}])[0].accepted
False
>>> read_quantities("almost 10,000 soldiers")[0].qualifier.value
'almost'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.claims import (
        CandidateClaim,
        Claim,
        ExtractionResult,
        Finding,
        Verdict,
    )
    from extractor.errors import ExtractorError
    from extractor.extraction import AskingPolicy, Extractor, aextract, extract
    from extractor.model import ScriptedModel
    from extractor.quantities import read_quantities
    from extractor.quantities.types import Quantity
    from extractor.text import Document, Span
    from extractor.validator import verify

__all__ = [
    "AskingPolicy",
    "CandidateClaim",
    "Claim",
    "Document",
    "ExtractionResult",
    "Extractor",
    "ExtractorError",
    "Finding",
    "Quantity",
    "ScriptedModel",
    "Span",
    "Verdict",
    "aextract",
    "extract",
    "read_quantities",
    "verify",
]

# Where each public name lives. They are imported at their first use: who only reads numbers does
# not wait for pydantic, and who only verifies does not wait for anything of the model's.
_HOMES = {
    "AskingPolicy": "extractor.extraction",
    "CandidateClaim": "extractor.claims",
    "Claim": "extractor.claims",
    "Document": "extractor.text",
    "ExtractionResult": "extractor.claims",
    "Extractor": "extractor.extraction",
    "ExtractorError": "extractor.errors",
    "Finding": "extractor.claims",
    "Quantity": "extractor.quantities.types",
    "ScriptedModel": "extractor.model",
    "Span": "extractor.text",
    "Verdict": "extractor.claims",
    "aextract": "extractor.extraction",
    "extract": "extractor.extraction",
    "read_quantities": "extractor.quantities",
    "verify": "extractor.validator",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
