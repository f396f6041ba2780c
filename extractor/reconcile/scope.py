"""Of which place, time or incident a figure tells, by the words around it in its sentence.

A total of a war and the dead of one blast are not competing figures, though both count soldiers who
were killed. What is not told apart here would be laid side by side, so every sign of a smaller
scope counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.reconcile.aliases import Aliases
from extractor.text import Span
from extractor.text.clauses import boundaries
from extractor.validator.sides import sides

_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_UNITS = "minute|hour|day|night|week|weekend|month|quarter|year|decade"
_WINDOW = re.compile(
    rf"\b(?:(?:in|over|within|during|for)\s+the\s+(?:past|last|previous|latest|coming|next)"
    rf"(?:\s+[\w-]+)?\s+(?:{_UNITS})s?"
    rf"|(?:last|this|next|past)\s+(?:{_UNITS})"
    rf"|(?:each|every|per|in\s+(?:one|a\s+single))\s+(?:{_UNITS})\b(?!\s+of\b)"
    # "500 a day", but not "in less than a month", which says how long it took
    rf"|(?<!\bin )(?<!\bthan )(?<!\bfor )(?<!\bof )(?<!\bwithin )(?<!\bafter )(?<!\babout )"
    rf"(?<!\bover )(?<!\bonce )(?<!\bnearly )(?<!\balmost )a\s+(?:{_UNITS})\b(?!\s+(?:of|ago)\b)"
    r"|daily|weekly|monthly|yearly|annually|overnight|yesterday|today|tonight|so\s+far\s+this\s+\w+"
    r"|in\s+(?:19|20)\d\d\b)",
    re.IGNORECASE,
)
_INCIDENT = re.compile(
    rf"\b(?:in|by|after|during|when|as)\s+(?:an?|the|two|three|one|another|several)?\s*"
    r"(?:[\w'\u2019-]+\s+){0,3}?(?:attack|strike|air\s?strike|explosion|blast|shelling|ambush|crash|"
    r"collision|clash|raid|bombing|bombardment|fire|battle|incident|accident|shooting|stampede|"
    rf"earthquake|quake|landslide|storm)s?\b|\bon\s+(?:{_DAYS})\b",
    re.IGNORECASE,
)
_SAID_ON = re.compile(
    rf"\b(?:said|says|told|admitted|announced|reported|claimed|confirmed|added|tweeted|wrote|stated|"
    rf"revealed|published|estimated)\s+(?:[\w\u2019',]+\s+){{0,3}}?on\s+(?:{_DAYS})\b|"
    rf"\bon\s+(?:{_DAYS})[,\s]+(?:that|by)\b",
    re.IGNORECASE,
)
_LOCATIVE = re.compile(
    r"\b(?i:in|at|near|around|outside|inside|across|throughout|from)\s+(?:the\s+)?"
    r"(?:(?:town|city|village|port|region|province|district|suburb|island|outskirts)s?\s+of\s+)?"
    r"((?:(?:eastern|western|northern|southern|central)\s+)?"
    r"(?:[A-Z][\w'\u2019-]+)(?:\s+[A-Z][\w'\u2019-]+){0,3})"
)
_NO_PLACES = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
_WIDE = frozenset(("United States", "United Kingdom", "Europe", "Africa", "Asia"))
_CLAUSES_AHEAD = 1  # that a place may stand behind
_LONGEST = 600  # characters on either side of a number that are looked at


@dataclass(frozen=True, slots=True)
class Scope:
    """What narrows a figure: a place below a country, a stretch of time, an incident."""

    place: str | None = None
    window: str | None = None
    is_incident: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nothing narrows it: a total, as far as the text tells."""
        return self.place is None and self.window is None and not self.is_incident


def scope_of(text: str, sentence: Span, number: Span, place: str | None, aliases: Aliases) -> Scope:
    """The scope of a number; `place` is the one that its claim names.

    >>> said = "On Tuesday 12 soldiers were killed in Orle"
    >>> found = scope_of(said, Span(0, len(said)), Span(11, 13), None, Aliases.load())
    >>> found.place, found.is_incident
    ('Orle', True)
    """
    near = Span(
        max(sentence.start, number.start - _LONGEST), min(sentence.end, number.end + _LONGEST)
    )
    piece = near.of(text)
    window = _WINDOW.search(piece)
    told_on = _SAID_ON.search(piece)
    unsaid = piece if told_on is None else piece.replace(told_on[0], " ")
    return Scope(
        _place(text, near, number, place, aliases),
        None if window is None else " ".join(window[0].lower().split()),
        _INCIDENT.search(unsaid) is not None,
    )


def _place(text: str, near: Span, number: Span, place: str | None, aliases: Aliases) -> str | None:
    if place is not None:
        named = aliases.spelled(place)
        return None if _is_country(named) else named
    for match in _LOCATIVE.finditer(text, near.start, near.end):
        named = aliases.spelled(match[1].removesuffix("'s").removesuffix("\u2019s"))
        if named.split()[0].lower() in _NO_PLACES or _is_country(named):
            continue
        # "in Orle" of another figure's clause is not its place
        following = boundaries(text, Span(number.end, max(number.end, match.start())))
        return named if len(following) <= _CLAUSES_AHEAD else None
    return None


def _is_country(name: str) -> bool:
    return name in sides() or name in (
        "United States",
        "United Kingdom",
        "Europe",
        "Africa",
        "Asia",
    )
