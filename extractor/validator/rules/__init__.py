"""The rule families. Importing this package registers every rule."""

from extractor.validator.registry import Rule
from extractor.validator.registry import registered as all_rules
from extractor.validator.rules import (
    circumstance,
    claimant,
    document,
    event,
    field,
    hedge,
    number,
    quote,
    unit,
)

__all__ = [
    "Rule",
    "all_rules",
    "circumstance",
    "claimant",
    "document",
    "event",
    "field",
    "hedge",
    "number",
    "quote",
    "unit",
]
