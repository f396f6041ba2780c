"""The gate: every number, hedge, unit, event and claimant held against the source text."""

from extractor.validator.case import Case
from extractor.validator.registry import RuleFamily
from extractor.validator.rules import Rule, all_rules
from extractor.validator.source import Source
from extractor.validator.verify import compared, judge, select_rules, strictly, verify

__all__ = [
    "Case",
    "Rule",
    "RuleFamily",
    "Source",
    "all_rules",
    "compared",
    "judge",
    "select_rules",
    "strictly",
    "verify",
]
