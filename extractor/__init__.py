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
    from extractor.claims.markers import (
        DateInText,
        EventOf,
        Evidence,
        InText,
        NameInText,
        NumberInQuote,
        OneOf,
        PlaceInText,
        UnitOf,
    )
    from extractor.claims.own_rules import own_rule
    from extractor.claims.schema_field import SchemaError
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
    "DateInText",
    "Document",
    "EventOf",
    "Evidence",
    "ExtractionResult",
    "Extractor",
    "ExtractorError",
    "Finding",
    "InText",
    "NameInText",
    "NumberInQuote",
    "OneOf",
    "PlaceInText",
    "Quantity",
    "SchemaError",
    "ScriptedModel",
    "Span",
    "UnitOf",
    "Verdict",
    "aextract",
    "extract",
    "own_rule",
    "read_quantities",
    "verify",
]

# Where each public name lives. They are imported at their first use: who only reads numbers does
# not wait for pydantic, and who only verifies does not wait for anything of the model's.
_HOMES = {
    "AskingPolicy": "extractor.extraction",
    "CandidateClaim": "extractor.claims",
    "Claim": "extractor.claims",
    "DateInText": "extractor.claims.markers",
    "Document": "extractor.text",
    "EventOf": "extractor.claims.markers",
    "Evidence": "extractor.claims.markers",
    "ExtractionResult": "extractor.claims",
    "Extractor": "extractor.extraction",
    "ExtractorError": "extractor.errors",
    "Finding": "extractor.claims",
    "InText": "extractor.claims.markers",
    "NameInText": "extractor.claims.markers",
    "NumberInQuote": "extractor.claims.markers",
    "OneOf": "extractor.claims.markers",
    "PlaceInText": "extractor.claims.markers",
    "Quantity": "extractor.quantities.types",
    "SchemaError": "extractor.claims.schema_field",
    "ScriptedModel": "extractor.model",
    "Span": "extractor.text",
    "UnitOf": "extractor.claims.markers",
    "Verdict": "extractor.claims",
    "aextract": "extractor.extraction",
    "extract": "extractor.extraction",
    "own_rule": "extractor.claims.own_rules",
    "read_quantities": "extractor.quantities",
    "verify": "extractor.validator",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
