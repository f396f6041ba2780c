"""Who does the text say is the source of a number: found by rules, without a model."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.validator.attribution.finder import attributions_at, find_attributions
    from extractor.validator.attribution.matching import is_same_name, names_source
    from extractor.validator.attribution.types import Attribution

__all__ = ["Attribution", "attributions_at", "find_attributions", "is_same_name", "names_source"]

# Looked up when first used: a claim that names no claimant needs none of it.
_HOME = {
    "Attribution": "types",
    "attributions_at": "finder",
    "find_attributions": "finder",
    "is_same_name": "matching",
    "names_source": "matching",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"extractor.validator.attribution.{_HOME[name]}"), name)
