"""Where the words by which a text says a value stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from extractor.claims.markers import Wordings
from extractor.text import Span, cut_word, occurrences
from extractor.text.words import Word, stem, words
from extractor.validator.source import LONGEST_NAME, Source

_JOINT = re.compile(r"[\s\u00a0-]*\Z")


def verbatim_places(source: Source, said: str) -> Sequence[Span]:
    """Every place of the document that holds these very words, none of them cut."""
    return source.remembered(("verbatim", said), lambda: list(_verbatim(source, said)))


def _verbatim(source: Source, said: str) -> Iterator[Span]:
    text = source.document.text
    if len(said) > LONGEST_NAME:
        return
    for place in occurrences(source.document.folded, said):
        if cut_word(text, place.start) is None and cut_word(text, place.end) is None:
            yield place


def cue_places(source: Source, within: Span, cues: Iterable[str]) -> list[Span]:
    """Where one of some cues stands in a stretch of text, in whatever inflection, in order.

    A cue that is written with a capital is a name, and stands with one.

    >>> from extractor.text import Document
    >>> text = "Sales rose, and the shop is selling green tea."
    >>> found = cue_places(Source(Document(text=text)), Span(0, len(text)), ["sell", "Greens"])
    >>> [place.of(text) for place in found]
    ['selling']
    """
    text = source.document.text
    found = source.remembered(("words", within), lambda: list(words(text, within)))
    by_stem = source.remembered(("by stem", within), lambda: _by_stem(found))
    places: set[Span] = set()
    for cue in cues:
        spelled = cue.split()
        wanted = [stem(word.lower().replace("\u2019", "'")) for word in _parts(cue)]
        if not wanted:  # a sign: "§"
            places |= {p for p in verbatim_places(source, cue) if within.contains(p)}
            continue
        capital = spelled[0][:1].isupper()
        for start in by_stem.get(wanted[0], ()):
            run = found[start : start + len(wanted)]
            if [word.stem for word in run] == wanted and _is_joined(text, run):
                span = Span(run[0].span.start, run[-1].span.end)
                if not capital or text[span.start].isupper():
                    places.add(span)
    return sorted(places)


def value_places(source: Source, within: Span, wordings: Wordings) -> dict[str, list[Span]]:
    """Where each value of a list is said in a stretch of text.

    Words that are a part of another value's longer words do not say theirs: in "operating profit"
    nobody says "profit".
    """
    found = {value: cue_places(source, within, cues) for value, cues in wordings}
    # the longest that begins at a place, and what ends behind all that begin before it
    every = sorted(
        {p for places in found.values() for p in places}, key=lambda p: (p.start, -p.end)
    )
    whole: set[Span] = set()
    reached = -1
    for place in every:
        if place.end > reached:
            whole.add(place)
            reached = place.end
    return {value: [p for p in places if p in whole] for value, places in found.items()}


def _parts(cue: str) -> list[str]:
    return [word.span.of(cue) for word in words(cue, Span(0, len(cue)))]


def _by_stem(found: Sequence[Word]) -> dict[str, list[int]]:
    index: dict[str, list[int]] = {}
    for place, word in enumerate(found):
        index.setdefault(word.stem, []).append(place)
    return index


def _is_joined(text: str, run: Sequence[Word]) -> bool:
    return all(_JOINT.match(text[one.span.end : other.span.start]) for one, other in pairwise(run))
