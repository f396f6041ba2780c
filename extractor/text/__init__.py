"""Spans, folding, sentences and documents: text as evidence, never changed."""

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
