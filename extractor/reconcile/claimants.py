"""Who tells a figure, and for whom: names of one claimant brought together, and no others.

A country's ministry, army, president or spokesman speaks for the country, so that what two of them
say is not independent. Somebody who is not named ("a ministry official") speaks for nobody else,
and so does a newspaper, whatever it is called after.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.reconcile.aliases import Aliases, typed
from extractor.text import Span
from extractor.text.words import stem, words
from extractor.validator.sides import sides, sides_in

_ARTICLE = re.compile(r"\A(?:the|its|their|his|her)\s+", re.IGNORECASE)
_INDEFINITE = re.compile(r"\A(?:an?|one|some|several|two|three|another)\s+", re.IGNORECASE)
_UNNAMED = frozenset(map(stem, "official source insider witness resident expert analyst".split()))
_SPEAKING = re.compile(
    r"\b(?:spokes(?:man|woman|person|men|people)|press\s+(?:secretary|service|office))\b"
    r"(?:\s+(?:for|of)\b)?",
    re.IGNORECASE,
)
_OF_STATE = frozenset(
    map(
        stem,
        "ministry minister president presidency presidential government army military navy police "
        "force forces staff command embassy ambassador parliament premier chancellor state "
        "emergency defence authority authorities administration cabinet kremlin adviser".split(),
    )
)
_OF_MEDIA = frozenset(
    map(
        stem,
        "newspaper tabloid daily weekly magazine channel broadcaster media press outlet station "
        "agency website site blog blogger journalist reporter correspondent editor".split(),
    )
)


@dataclass(frozen=True, slots=True)
class Teller:
    """A claimant: what it is called, and the party that it speaks for.

    `is_named` says that the party is the same wherever it is called so: "the spokesman" and
    "a ministry official" may be somebody else in the next document.
    """

    name: str
    party: str
    is_named: bool = True


def teller(claimant: str, aliases: Aliases) -> Teller:
    """Who a claimant is.

    >>> known = Aliases.load()
    >>> teller("a Russian Defense Ministry spokesman", known)
    Teller(name='Russian Defense Ministry', party='Russia', is_named=True)
    >>> teller("Major General Konashenkov", known)
    Teller(name="Russia's ministry of defence", party='Russia', is_named=True)
    >>> teller("a pro-Kremlin newspaper", known)
    Teller(name='pro-Kremlin newspaper', party='pro-Kremlin newspaper', is_named=False)
    """
    name = _ARTICLE.sub("", typed(claimant))
    folded = aliases.spelled(name)
    whom = aliases.whom(folded)
    if whom is None or _has(folded, _OF_MEDIA) or _is_unnamed(folded):
        return _by_name(name, folded, aliases)
    spoken_for = _by_name(whom, whom, aliases)
    is_office = spoken_for.name != spoken_for.party
    return spoken_for if is_office else Teller(name, spoken_for.party)


def _by_name(name: str, folded: str, aliases: Aliases) -> Teller:
    """Who it is by the name alone: shown as it is written, known by how it is folded."""
    speaks = _without_speaker(name) != name
    shown, known = (_INDEFINITE.sub("", _without_speaker(one)) for one in (name, folded))
    if _is_unnamed(folded) and not speaks:
        return Teller(shown, shown, is_named=False)
    country = _country(known, aliases)
    if country is not None and not _has(known, _OF_MEDIA) and _speaks(known):
        return Teller(shown, country)
    return Teller(shown, known, is_named=any(char.isupper() for char in known))


def _without_speaker(name: str) -> str:
    """For whom a spokesman speaks; a bare "spokesman" stays one."""
    said = " ".join(_SPEAKING.sub(" ", name).split())
    return said if said.rstrip("'s ,") else name


def _speaks(name: str) -> bool:
    """Whether it is the state itself, or something of it."""
    return name in sides() or name in sides().values() or _has(name, _OF_STATE)


def _is_unnamed(name: str) -> bool:
    found = list(words(name, Span(0, len(name))))
    if not found or _SPEAKING.search(name):
        return False
    indefinite = _INDEFINITE.match(name) is not None
    capitals = sum(word.span.of(name)[:1].isupper() for word in found[1:])
    last = found[-1].stem
    return (indefinite and capitals < 2) or last in _UNNAMED


def _country(name: str, aliases: Aliases) -> str | None:
    found = sides_in(name, Span(0, len(name)))
    if len(found) != 1:
        return None  # of two countries nobody knows for whom
    country = country_of(found[0])
    return None if country is None else aliases.spelled(country)


def country_of(adjective: str) -> str | None:
    """The country of an adjective of the lexicon: the first name that is listed for it.

    >>> country_of("Russian"), country_of("Sylvanian")
    ('Russia', None)
    """
    return next((name for name, known in sides().items() if known == adjective), None)


def _has(name: str, stems: frozenset[str]) -> bool:
    return any(word.stem in stems for word in words(name, Span(0, len(name))))
