"""The rule families. Importing this package registers every rule of this package's own."""

from extractor.validator.registry import Rule, registered
from extractor.validator.rule_plugins import plugin_rules
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


def all_rules() -> tuple[Rule, ...]:
    """The rules of this package, then those of plugins, which the first call imports."""
    return (*registered(), *plugin_rules())
