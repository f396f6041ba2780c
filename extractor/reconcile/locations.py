"""Where something happened, by a preposition and a name in the number's own clause."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.reconcile.aliases import Aliases
from extractor.reconcile.site import Hints, Site
from extractor.text import Span
from extractor.validator.sides import capitals, sides

_NAME = r"[A-Z][\w'\u2019-]*[a-z](?:\s+[A-Z][\w'\u2019-]*[a-z]){0,3}"
_LOCATIVE = re.compile(
    r"\b(?P<how>(?i:in|at|near|around|outside|inside|across|throughout|off))\s+(?:the\s+)?"
    r"(?:(?P<kind>(?i:town|city|village|port|suburb|island|outskirts|region|province|district|oblast"
    r"|state|county))s?\s+of\s+)?"
    r"(?:(?P<quarter>(?i:eastern|western|northern|southern|central))\s+)?"
    rf"(?P<name>{_NAME}(?:\s+and\s+{_NAME})?)"
    r"(?P<area>\s+(?:region|province|district|oblast|area|county|state))?"
)
_HOW = frozenset("in at near around outside inside across throughout off".split())
_NEAR = frozenset("near around outside off".split())
_AREAS = frozenset("region province district oblast state county area".split())
_NO_PLACES = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter easter "
    "christmas ramadan covid parliament congress english french german spanish russian arabic "
    "chinese president mr mrs ms dr sir minister general colonel major captain prime the world war"
    .split()
)  # fmt: skip
_HEADLINE = 0.6  # of the words of a sentence, with capitals: no name can be told from the others
_CAPITAL = re.compile(r"\b[A-Za-z][\w'\u2019-]*")
_FEW = 4  # words


@dataclass(frozen=True, slots=True)
class Location:
    """A town or region, and a country, as far as each is named.

    `is_unsure` says that there is a place which cannot be read: in a headline each word is a name.
    """

    town: str | None = None
    country: str | None = None
    is_unsure: bool = False


NOWHERE = Location()


def location_of(site: Site, claim: Hints, aliases: Aliases) -> Location:
    """Where a figure's event was: as its claim says, or by its clause, or as the sentence opens."""
    if claim.place is not None:
        return _named(aliases.spelled(claim.place), aliases)
    text, near, number = site.text, site.near, site.number
    if not site.has(_HOW) or _LOCATIVE.search(text, near.start, near.end) is None:
        return NOWHERE
    if _is_headline(near.of(text)):
        return Location(is_unsure=True)
    clause = site.clause
    behind = Span(number.end, clause.end)
    ahead = Span(clause.start, number.start)
    fronted = Span(near.start, clause.start)
    found = _first(text, behind, claim, aliases) or _last(text, ahead, claim, aliases)
    if found is None and _LOCATIVE.match(text, fronted.start, fronted.end):
        found = _first(text, fronted, claim, aliases)
    return found or NOWHERE


def _first(text: str, stretch: Span, claim: Hints, aliases: Aliases) -> Location | None:
    return next(iter(_all(text, stretch, claim, aliases)), None)


def _last(text: str, stretch: Span, claim: Hints, aliases: Aliases) -> Location | None:
    return next(iter(reversed(_all(text, stretch, claim, aliases))), None)


def _all(text: str, stretch: Span, claim: Hints, aliases: Aliases) -> list[Location]:
    """The locations of a stretch; a country beside a town goes with it."""
    found: list[Location] = []
    for match in _LOCATIVE.finditer(text, stretch.start, stretch.end):
        place = Span(*match.span("name"))
        if claim.claimant is not None and claim.claimant.contains(place):
            continue
        name = aliases.spelled(re.sub(r"['\u2019]s?\Z", "", match["name"]))
        if any(word in _NO_PLACES for word in name.lower().split()):
            continue
        found.append(_placed(match, name, aliases))
    return found


def _placed(match: re.Match[str], name: str, aliases: Aliases) -> Location:
    found = _named(name, aliases)
    if match["quarter"]:
        found = Location(f"{match['quarter'].lower()} {name}", found.country)
    if found.town is None:
        return found
    if match["how"].lower() in _NEAR:
        return Location(f"near {found.town}", found.country)
    kind = (match["kind"] or match["area"] or "").strip().lower()
    return Location(f"{found.town} {kind}" if kind in _AREAS else found.town, found.country)


def _named(name: str, aliases: Aliases) -> Location:
    if name in sides() and name not in capitals():
        return Location(country=aliases.spelled(name))
    if name in ("United States", "United Kingdom"):
        return Location(country=name)
    return Location(name or None)


def _is_headline(sentence: str) -> bool:
    found = _CAPITAL.findall(sentence)
    capitals_ = sum(word[0].isupper() for word in found)
    return len(found) >= _FEW and capitals_ > _HEADLINE * len(found)
