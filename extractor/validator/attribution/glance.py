"""One quick look at a sentence: can it hold an attribution at all? Most of a page cannot."""

from __future__ import annotations

import re
from functools import lru_cache

from extractor.validator.attribution.lexicon import lexicon

_LETTERS = re.compile(r"[a-z]+")
# a headline's colon, or a dash that stands by itself
_MARK = re.compile(r":|(?<!\w)[\-\u2012-\u2014]|[\-\u2012-\u2014](?!\w)")
_NOUNS = ("claim_noun", "document", "figures")


def may_attribute(sentence: str) -> bool:
    """Whether a word or mark of the sentence can be the cue of an attribution."""
    letters = _LETTERS.findall(sentence.lower())
    return not _cues().isdisjoint(letters) or _MARK.search(sentence) is not None


@lru_cache(maxsize=1)
def _cues() -> frozenset[str]:
    """The cue words as the plain letters with which they begin ("communiqué": "communiqu")."""
    known = lexicon()
    words = {"according", "based", *known.verbs, *known.constructions}
    for noun in {word for name in _NOUNS for word in known[name]}:
        words.update((noun, noun + "s", noun + "es", noun.removesuffix("y") + "ies"))
    return frozenset(_LETTERS.findall(word)[0] for word in words)
