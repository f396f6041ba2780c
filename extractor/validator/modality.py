"""Which modalities the words around a number open, so whether it is told as a fact there."""

from __future__ import annotations

import itertools
from typing import cast

from extractor.claims import Modality
from extractor.text import Span
from extractor.text.words import words
from extractor.validator.lexicons import Phrase, modality_cues

_LONGEST_CUE = 2  # words


def modalities_in(text: str, within: Span) -> tuple[Modality, ...]:
    """The modalities besides "asserted" that have a cue inside `within`, in the lexicon's order.

    >>> text = "The toll could reach 40."
    >>> modalities_in(text, Span(0, len(text)))
    ('projected',)
    """
    present = _phrases_in(text, within)
    cues = modality_cues().items()
    return tuple(cast("Modality", name) for name, c in cues if (c.strong | c.weak) & present)


def decided_modality(text: str, before: Span) -> Modality | None:
    """The modality that a strong cue decides; None where nothing does.

    `before` is what leads up to the number in its own clause.

    >>> text = "The toll could reach 40, but may not pass 50."
    >>> decided_modality(text, Span(0, 21)), decided_modality(text, Span(24, 42))
    ('projected', None)
    """
    present = _phrases_in(text, before)
    decided = (name for name, cues in modality_cues().items() if cues.strong & present)
    return cast("Modality | None", next(decided, None))


def _phrases_in(text: str, within: Span) -> set[Phrase]:
    found = list(words(text, within))
    kept = [
        word.stem
        for word, following in itertools.zip_longest(found, found[1:])
        # "may not reach" is no forecast of reaching; "May" is a month
        if not (following is not None and following.lower == "not")
        and not (word.lower == "may" and word.span.of(text) == "May" and word is not found[0])
    ]
    return {tuple(kept[i : i + n]) for n in range(1, _LONGEST_CUE + 1) for i in range(len(kept))}
