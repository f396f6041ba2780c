"""Who tells a figure, and for whom: names of one claimant brought together, and no others.

A country's ministry, army, president or spokesman speaks for the country, so that what two of them
say is not independent. Somebody who is not named ("a ministry official") speaks for nobody else,
and so does a newspaper, whatever it is called after.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from extractor.reconcile.aliases import Aliases, typed
from extractor.text import Span
from extractor.text.words import Word, stem, words
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
        "ministry minister president presidency presidential government army military navy "
        "police force staff embassy ambassador parliament premier chancellor "
        "administration defence authority cabinet kremlin adviser general secretary".split(),
    )
)
_ABOUT_STATE = frozenset(
    map(
        stem, "state emergency general foreign interior health prime armed air deputy chief".split()
    )
)
# of a state where one of those is beside it: "emergency service", not "ambulance service"
_ABOUT_STATE_TOO = frozenset(map(stem, "service command".split()))
# who has one of these in the name does not speak for a state, whatever else is in it
_NOT_OF_STATE = frozenset(
    map(
        stem,
        "former ex retired deserter defector veteran opposition free volunteer rebel exile "
        "exiled candidate rival critic shadow university college school institute radio tv "
        "television news company association society union club historian analyst expert scholar "
        "doctor lawyer newspaper tabloid daily weekly magazine channel broadcaster media press "
        "outlet station agency website site blog blogger journalist reporter correspondent editor "
        "and".split(),
    )
)
_PLACED = re.compile(r"\s+(?:in|at|near|from)\s+.*\Z")
# "Latin American", "South American": of no country, though the word behind is one's
_COMPOUND = re.compile(
    r"\b(?:(?:Latin|Native|African|Asian|Central|North|South|West|East)\s+(?=Americ|Indi|African)"
    r"(?!(?:North|South)\s+Korea)|New\s+(?=Mexic))\w+|\b[\w]+-[A-Z]\w+|\b[A-Z]\w+-[a-z]\w*"
    r"|\bBritish\s+Columbia\b"
)


@dataclass(frozen=True, slots=True)
class Teller:
    """A claimant: what it is called, and the party that it speaks for.

    `camp` is what it belongs to, so that others of the same are not independent of it: an official
    who is not named belongs to a country, and does not speak for it. `is_named` says that the party
    is the same wherever it is called so: "the spokesman" may be somebody else in the next document.
    """

    name: str
    party: str
    camp: str
    is_named: bool = True


def teller(claimant: str, aliases: Aliases) -> Teller:
    """Who a claimant is.

    >>> known = Aliases.load()
    >>> teller("a Russian Defense Ministry spokesman", known).party
    'Russia'
    >>> teller("Major General Konashenkov", known).name
    "Russia's ministry of defence"
    >>> teller("a pro-Kremlin newspaper", known).camp
    'pro-Kremlin newspaper'
    >>> one = teller("a Russian defence ministry official", known)
    >>> one.party, one.camp, one.is_named
    ('Russian defence ministry official', 'Russia', False)
    """
    name = _ARTICLE.sub("", typed(claimant))
    folded = aliases.spelled(name)
    whom = aliases.whom(folded)
    if whom is None or _has(folded, _NOT_OF_STATE) or _is_unnamed(folded):
        return _by_name(name, folded, aliases)
    spoken_for = _by_name(whom, whom, aliases)
    is_office = spoken_for.name != spoken_for.party
    return spoken_for if is_office else Teller(name, spoken_for.party, spoken_for.camp)


def _by_name(name: str, folded: str, aliases: Aliases) -> Teller:
    """Who it is by the name alone: shown as it is written, known by how it is folded."""
    speaks = _without_speaker(name) != name
    shown, known = (_INDEFINITE.sub("", _without_speaker(one)) for one in (name, folded))
    country = None if _has(known, _NOT_OF_STATE) else _country(known, aliases)
    if _is_unnamed(folded) and not speaks:
        return Teller(shown, shown, country or shown, is_named=False)
    if country is not None and _speaks_for_state(known):
        return Teller(shown, country, country)
    return Teller(shown, known, known, is_named=_has_proper_name(known))


def _without_speaker(name: str) -> str:
    """For whom a spokesman speaks; a bare "spokesman" stays one."""
    said = " ".join(_SPEAKING.sub(" ", name).split())
    return said if said.rstrip("'s ,") else name


def _speaks_for_state(name: str) -> bool:
    """Whether it is the state itself, or an office of it: by its last noun before any name."""
    if name in sides() or name in sides().values() or name in ("United States", "United Kingdom"):
        return True
    head = re.split(r"\s+(?:of|for)\s+", _PLACED.sub("", name))[0]
    found = _words(head)
    is_side = [_is_of_a_country(word.span.of(head)) for word in found]
    about = any(word.stem in _ABOUT_STATE for word in found)
    offices = [
        at
        for at, word in enumerate(found)
        if word.stem in _OF_STATE or (about and word.stem in _ABOUT_STATE_TOO)
    ]
    if not offices:
        return False
    last = offices[-1]
    # behind the office only a name ("President Volodymyr Zelensky"), and no country, before it no
    # name of its own ("Syrian Democratic Forces", "the Indian Ocean command")
    behind, before = found[last + 1 :], found[:last]
    return (
        all(_is_proper(head, word) for word in behind)
        and not any(is_side[last + 1 :])
        and all(
            is_side[at] or not _is_proper(head, word) or word.stem in _OF_STATE | _ABOUT_STATE
            for at, word in enumerate(before)
        )
        and (any(is_side[:last]) or head != name)
    )


def _is_of_a_country(word: str) -> bool:
    """Whether a word is a country's name or adjective, or a part of such a name."""
    plain = word.removesuffix("'s")
    return plain in _parts_of_countries() or bool(sides_in(plain, Span(0, len(plain))))


@lru_cache(maxsize=1)
def _parts_of_countries() -> frozenset[str]:
    names = (*sides(), *sides().values(), "United States", "United Kingdom")
    return frozenset(part for name in names for part in name.split()) - {"Democratic", "Republic"}


def _is_proper(text: str, word: Word) -> bool:
    return word.span.of(text)[:1].isupper()


def _has_proper_name(name: str) -> bool:
    """Whether there is a name in it that is not an office's: "Police" is anybody's police."""
    return any(
        _is_proper(name, word) and word.stem not in _OF_STATE | _ABOUT_STATE | _UNNAMED
        for word in _words(name)
    )


def _is_unnamed(name: str) -> bool:
    found = _words(name)
    if not found or _SPEAKING.search(name):
        return False
    capitals = sum(_is_proper(name, word) for word in found[1:])
    is_somebody = _INDEFINITE.match(name) is not None and capitals < 2
    return is_somebody or found[-1].stem in _UNNAMED


def _country(name: str, aliases: Aliases) -> str | None:
    found = sides_of(name)
    if len(found) != 1:
        return None  # of two countries nobody knows for whom
    country = country_of(found[0])
    return None if country is None else aliases.spelled(country)


def sides_of(name: str) -> tuple[str, ...]:
    """The adjectives of the countries in a noun phrase, none of which is a part of another name.

    >>> sides_of("pro-Russian fighters"), sides_of("Latin American police"), sides_of("US troops")
    ((), (), ('American',))
    """
    plain = _COMPOUND.sub(" ", name)
    return sides_in(plain, Span(0, len(plain)))


def country_of(adjective: str) -> str | None:
    """The country of an adjective of the lexicon: the first name that is listed for it.

    >>> country_of("Russian"), country_of("Sylvanian")
    ('Russia', None)
    """
    return next((name for name, known in sides().items() if known == adjective), None)


def _has(name: str, stems: frozenset[str]) -> bool:
    return any(word.stem in stems for word in _words(name))


def _words(name: str) -> list[Word]:
    return list(words(name, Span(0, len(name))))
