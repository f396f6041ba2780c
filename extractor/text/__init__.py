"""Spans, folding, sentences and documents: text as evidence, never changed."""

from extractor.text.documents import Document
from extractor.text.folding import Folded, fold, occurrences
from extractor.text.sentences import split_sentences
from extractor.text.spans import Span

__all__ = ["Document", "Folded", "Span", "fold", "occurrences", "split_sentences"]
