"""The document as the rules see it: its numbers, and quick ways to ask what stands where."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar, cast

from extractor.quantities import read
from extractor.quantities.types import Masked, Quantity, Reading
from extractor.text import Document, Span, cut_word, occurrences
from extractor.text.words import stems
from extractor.text.zones import furniture
from extractor.validator.sides import sides_in

if TYPE_CHECKING:
    from extractor.validator.attribution import Attribution

_Fact = TypeVar("_Fact")
_Item = TypeVar("_Item", Quantity, Masked)
_DIGITS = re.compile(r"(?<![\d.,])\d+(?![\d.,]*\d)")
_ARTICLE = re.compile(r"\A\s*(?:the|an?)\s+", re.IGNORECASE)
LONGEST_NAME = 200  # characters of a claimant, a place or a time
_WINDOW = 720  # characters, some 60 words: nothing further away governs a number
_EXCERPT_WIDTH = 160  # characters of the sentence that a finding shows at most


class Source:
    """A document with its reading; built once a document and shared by all candidates."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._facts: dict[Hashable, object] = {}

    @cached_property
    def reading(self) -> Reading:
        """Every number of the document."""
        return read(self.document.text)

    @cached_property
    def _quantity_starts(self) -> list[int]:
        return [quantity.span.start for quantity in self.reading.quantities]

    @cached_property
    def _masked_starts(self) -> list[int]:
        return [masked.span.start for masked in self.reading.masked]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [sentence.start for sentence in self.document.sentences]

    @cached_property
    def all_sides(self) -> tuple[str, ...]:
        """The adjectives of all countries and peoples that the document names."""
        return sides_in(self.document.text, Span(0, len(self.document.text)))

    @cached_property
    def digit_runs(self) -> frozenset[str]:
        """Every run of digits of the document that is a number by itself."""
        return frozenset(_DIGITS.findall(self.document.text))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all words of the document."""
        return stems(self.document.text)

    @cached_property
    def attributions(self) -> Sequence[Attribution]:
        """Whom the text gives as a source, and of what."""
        from extractor.validator.attribution import find_attributions  # not every claim asks

        return find_attributions(self.document)

    @cached_property
    def _furniture(self) -> Sequence[Span]:
        return furniture(self.document.text)

    def is_furniture(self, span: Span) -> bool:
        """Whether a place belongs to the page around the article: links, forms, timestamps."""
        index = bisect_right(self._furniture, span) - 1
        return any(line.contains(span) for line in self._furniture[max(0, index) : index + 2])

    @cached_property
    def _by_scope(self) -> tuple[list[Attribution], list[int], list[int]]:
        """The attributions by the start of their scope, the starts, and how far any reaches yet."""
        ordered = sorted(self.attributions, key=lambda found: found.scope.start)
        reach = list(accumulate((found.scope.end for found in ordered), max))
        return ordered, [found.scope.start for found in ordered], reach

    def attribution_before(self, found: Attribution) -> Attribution | None:
        """The attribution whose source is named last before that of `found`."""
        starts = self.remembered(
            "source starts", lambda: [one.source.start for one in self.attributions]
        )
        index = bisect_left(starts, found.source.start) - 1
        return self.attributions[index] if index >= 0 else None

    def _attributions_over(self, span: Span) -> Sequence[Attribution]:
        """Those whose scope may cover `span`, without a look at all the others."""
        ordered, starts, reach = self._by_scope
        last = bisect_right(starts, span.start)
        first = bisect_left(reach, span.end, 0, last)
        return ordered[first:last]

    def attributions_of(self, quantity: Quantity) -> Sequence[Attribution]:
        """The attributions that answer for a number, the nearest first."""
        from extractor.validator.attribution import attributions_at

        return self.remembered(
            ("attributions", quantity.span),
            lambda: attributions_at(self._attributions_over(quantity.number), quantity.number),
        )

    def remembered(self, key: Hashable, compute: Callable[[], _Fact]) -> _Fact:
        """What `compute` gives, computed once for `key` and this document."""
        if key not in self._facts:
            self._facts[key] = compute()
        return cast("_Fact", self._facts[key])

    def claimant_span(self, claimant: str) -> Span | None:
        """The first place where the document names a claimant."""
        return self.remembered(("claimant", claimant), lambda: self._find_claimant(claimant))

    def _find_claimant(self, claimant: str) -> Span | None:
        """As whole words inside one sentence, articles aside."""
        text = self.document.text
        if len(claimant) > LONGEST_NAME:
            return None
        for place in occurrences(self.document.folded, _ARTICLE.sub("", claimant)):
            whole = cut_word(text, place.start) is None and cut_word(text, place.end) is None
            if whole and self.sentence_of(place).end >= place.end:
                return place
        return None

    def quantities_touching(self, span: Span) -> Sequence[Quantity]:
        """The quantities that share a character with `span`."""
        return _touching(self.reading.quantities, self._quantity_starts, span)

    def masked_touching(self, span: Span) -> Sequence[Masked]:
        """The masked numbers that share a character with `span`."""
        return _touching(self.reading.masked, self._masked_starts, span)

    def sentence_of(self, span: Span) -> Span:
        """The sentence in which `span` begins (the span itself where there is none)."""
        index = bisect_right(self._sentence_starts, span.start) - 1
        if index < 0:
            return span
        sentence = self.document.sentences[index]
        return sentence if sentence.start <= span.start < sentence.end else span

    def window_of(self, quantity: Quantity) -> Span:
        """The sentence of a number, or in an endless one the words around the number."""
        sentence = self.sentence_of(quantity.number)
        start = max(sentence.start, quantity.span.start - _WINDOW)
        end = min(max(sentence.end, quantity.span.end), quantity.span.end + _WINDOW)
        return Span(start, min(end, len(self.document.text)))

    def numbers_around(self, within: Span, quantity: Quantity, reach: int) -> list[Quantity]:
        """A number with up to `reach` others inside `within` on either side of it, in order."""
        found = [q for q in self.quantities_touching(within) if within.contains(q.number)]
        place = found.index(quantity) if quantity in found else 0
        return found[max(0, place - reach) : place + reach + 1]

    def sentence_before(self, start: int) -> int:
        """Where the sentence before the one that begins at `start` begins; `start` if none does."""
        index = bisect_left(self._sentence_starts, start) - 1
        return self._sentence_starts[index] if index >= 0 else start

    def excerpt(self, place: Span) -> str:
        """The sentence around `place` on one line, with `~~~^` under the place.

        White space and control characters print as one space each, so that the mark stays under
        its text whatever the document holds.
        """
        sentence = self.sentence_of(place)
        end = min(max(sentence.end, place.end), place.start + _EXCERPT_WIDTH)
        start = max(sentence.start, min(place.start, end - _EXCERPT_WIDTH))
        line = "".join(
            char if char.isprintable() else " " for char in self.document.text[start:end]
        )
        width = max(1, min(place.end, end) - place.start)
        return f"  {line}\n  {' ' * (place.start - start)}{'~' * (width - 1)}^"


def _touching(items: Sequence[_Item], starts: Sequence[int], span: Span) -> Sequence[_Item]:
    # items are in order and do not overlap, so at most one can begin before and reach into `span`
    first = max(0, bisect_right(starts, span.start) - 1)
    last = bisect_left(starts, span.end)
    return [item for item in items[first:last] if item.span.overlaps(span)]
