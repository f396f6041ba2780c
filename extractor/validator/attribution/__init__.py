"""Who does the text say is the source of a number: found by rules, without a model."""

from extractor.validator.attribution.finder import attributions_at, find_attributions
from extractor.validator.attribution.matching import is_same_name, names_source
from extractor.validator.attribution.types import Attribution

__all__ = ["Attribution", "attributions_at", "find_attributions", "is_same_name", "names_source"]
