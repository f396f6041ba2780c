"""Which countries and peoples a text names, and what their adjectives are."""

from __future__ import annotations

import re
from functools import lru_cache

from extractor.text import Span
from extractor.validator.lexicons import lines

_SHORTEST_ROOT = 4  # letters of a name that an adjective must keep
_ENDINGS = ("ian", "an", "n", "ese", "ish", "i", "ic")
_ADJECTIVE = re.compile(r"\b([A-Z][a-z]+(?:an|ish|ese))\s+[a-z]")


def sides_in(text: str, within: Span) -> tuple[str, ...]:
    """The adjectives of the countries and peoples that a stretch of text names, in order.

    >>> text = "Ukraine said Russian troops fled"
    >>> sides_in(text, Span(0, len(text)))
    ('Ukrainian', 'Russian')
    """
    piece = within.of(text)
    found: dict[str, int] = {}
    pattern, adjectives = _forms()
    for match in pattern.finditer(piece):
        found.setdefault(adjectives[match.group(1)], match.start())
    for match in _ADJECTIVE.finditer(piece):  # "Sylvanian forces": a people that no list has
        people = match.group(1)
        before = piece[max(0, match.start() - 40) : match.start()].rstrip().rpartition(" ")[2]
        if people not in sides() and not before[:1].isupper() and match.start() > 0:
            found.setdefault(people, match.start())
    return tuple(sorted(found, key=found.__getitem__))


def supports_side(text: str, adjective: str) -> bool:
    """Whether a text names the country or people of an adjective that it may not hold itself.

    An adjective that no list has may be that of a name which it lengthens by a customary ending.

    >>> supports_side("Russia and Sylvania met", "Russian"), supports_side("Australia", "Austrian")
    (True, False)
    >>> supports_side("Russia and Sylvania met", "Sylvanian"), supports_side("Russia", "Sylvanian")
    (True, False)
    """
    names = [name for name, known in sides().items() if known == adjective]
    if names:
        return any(_names(text, name) for name in names)
    roots = {adjective.removesuffix(ending) for ending in _ENDINGS} - {adjective}
    return any(
        _names(text, root + tail)
        for root in roots
        if len(root) >= _SHORTEST_ROOT
        for tail in ("", "a", "e")
    )


@lru_cache(maxsize=1)
def _forms() -> tuple[re.Pattern[str], dict[str, str]]:
    """Every name and adjective as one pattern, the longest first, with their adjectives."""
    adjectives = {adjective: adjective for adjective in sides().values()} | sides()
    listed = "|".join(map(re.escape, sorted(adjectives, key=len, reverse=True)))
    return re.compile(rf"(?<!\w)({listed})(?:s|'s|\u2019s)?(?!\w)"), adjectives


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


@lru_cache(maxsize=1)
def sides() -> dict[str, str]:
    """Countries and peoples by name, and seats of government, each with its adjective."""
    return _pairs("sides.txt") | capitals()


@lru_cache(maxsize=1)
def capitals() -> dict[str, str]:
    """Capitals and seats of government, each with its country's adjective."""
    return _pairs("capitals.txt")


def _pairs(name: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in lines(name))
    return {name: adjective.strip() for name, _, adjective in pairs}
