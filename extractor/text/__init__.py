"""Spans, folding, sentences and documents: text as evidence, never changed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.text.documents import Document
    from extractor.text.folding import Folded, fold, occurrences
    from extractor.text.sentences import split_sentences
    from extractor.text.spans import Span
    from extractor.text.words import cut_word

__all__ = [
    "Document",
    "Folded",
    "Span",
    "cut_word",
    "fold",
    "occurrences",
    "split_sentences",
]

# Looked up when first used: the number reader needs spans alone, and starts at once.
_HOME = {
    "Document": "documents",
    "Folded": "folding",
    "Span": "spans",
    "cut_word": "words",
    "fold": "folding",
    "occurrences": "folding",
    "split_sentences": "sentences",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"extractor.text.{_HOME[name]}"), name)
