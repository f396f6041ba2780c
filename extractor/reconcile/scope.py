"""Of which place, time or incident a figure tells, by the words around it in its own clause.

A total of a war and the dead of one blast are not competing figures, though both count soldiers who
were killed. What is not told apart here would be laid side by side, so every sign of a smaller
scope counts, and none needs to be understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.reconcile.aliases import Aliases
from extractor.reconcile.locations import NOWHERE, Location, location_of
from extractor.reconcile.site import Hints, Site
from extractor.text import Span
from extractor.text.words import stem
from extractor.validator.lexicons import speech_stems

_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_UNITS = "minute|hour|day|night|week|weekend|month|quarter|year|decade"
_PARTS = "morning|afternoon|evening|night"
_AMOUNT = r"(?:(?:past|last|previous|latest|coming|next|first|single|same|one|two|three)\s+){0,2}"
# how long a total took, and not a stretch of it: "in less than a month", "a week of war"
_DURATION = (
    r"(?!\s+(?:of\s+(?:the\s+)?(?:war|fighting|conflict|invasion)|since\b|into\b|ago\b|later\b))"
)
_RATE = re.compile(
    rf"\b(?:(?:each|every|per)\s+(?:\d+\s+)?(?:{_UNITS})s?|daily|weekly|monthly|yearly|annually"
    rf"|(?<!\bin )(?<!\bthan )(?<!\bfor )(?<!\bof )(?<!\bwithin )(?<!\bafter )(?<!\babout )"
    rf"(?<!\bover )(?<!\bonce )(?<!\bnearly )(?<!\balmost )(?<!\bhalf )"
    rf"an?\s+(?:{_UNITS})\b(?!\s+(?:of|ago|earlier|later|before|after)\b))",
    re.IGNORECASE,
)
_WINDOW = re.compile(
    rf"\b(?:in|over|within|during|for)\s+(?:the\s+|an?\s+)?{_AMOUNT}(?:\d+\s+|an?\s+)?(?:{_UNITS})s?\b"
    rf"{_DURATION}"
    rf"|\b(?:last|this|next|past)\s+(?:{_UNITS}|{_PARTS}|{_DAYS}|{_MONTHS})\b"
    rf"|\b(?:since|between|from)\s+(?:{_DAYS}|yesterday|noon|midnight)\b"
    rf"|\b(?:in|during)\s+(?:the\s+)?(?:{_MONTHS})(?:\s+\d{{4}})?\b|\b(?:in|by|during)\s+(?:19|20)\d\d\b"
    rf"|\b(?:in|during|over)\s+the\s+(?:{_PARTS}|weekend|summer|winter|spring|autumn)\b"
    r"|\b(?:overnight|yesterday|today|tonight|so\s+far\s+this\s+\w+)\b",
    re.IGNORECASE,
)
_CAUSES = (
    "attack|strike|air\\s?strike|explosion|blast|shelling|ambush|crash|collision|clash|raid|bombing|"
    "bombardment|fire|battle|incident|accident|shooting|stampede|earthquake|quake|landslide|storm|"
    "flood|hurricane|typhoon|cyclone|tornado|avalanche|eruption|riot|protest|massacre|siege|virus|"
    "outbreak|epidemic|pandemic|famine|drought|heatwave|derailment|capsizing|shipwreck|wildfire"
)
_COMPASS = "north|south|east|west|northeast|northwest|southeast|southwest"
_SAME_SORT = {"quake": "earthquake", "air strike": "airstrike"}
_SITES = (
    "airport|airfield|base|barracks|hospital|school|market|station|theatre|theater|church|mosque|"
    "hotel|prison|factory|plant|mine|stadium|checkpoint|village|building|bridge|camp|dormitory"
)
_INCIDENT = re.compile(
    rf"\b(?:in|by|after|during|when|as|of)\s+(?:an?|the|two|three|one|another|several|this)?\s*"
    rf"(?:[\w'\u2019-]+\s+){{0,3}}?(?P<cause>{_CAUSES})s?\b"
    rf"|\b(?P<after>(?:{_CAUSES})s?)\s+(?:\w+\s+){{0,2}}?(?:kill|killed|killing|kills|wounded|injured)\b"
    r"|\b(?:die|died|dead|killed|dying)\s+(?:of|from)\s+(?:the\s+)?(?P<illness>[\w-]+)"
    rf"|\bon\s+(?:{_DAYS})\b|\b(?:at|inside|aboard)\s+(?:an?|the|one)\s+(?:[\w-]+\s+){{0,2}}?(?:{_SITES})\b"
    rf"|\b(?:{_COMPASS}|outskirts|kilomet(?:er|re)s|km|miles)\s+(?:of|from)\b"
    rf"|\b(?:in|on|along|near)\s+the\s+(?:[\w-]+\s+)?(?:{_COMPASS}|border|coast|front|frontline)\b"
    r"|\balone\b|\baboard\b|\bwhen\s+(?:an?|the|two|three|several|\w+s)\b",
    re.IGNORECASE,
)
_FRONTED = 75  # characters of a phrase in front of a sentence
_A_YEAR_OR_ILLNESS = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:die|died|dead|dying|killed)\s+(?:of|from)\b", re.IGNORECASE
)
_WORD = re.compile(r"[A-Za-z]+")
_TRIGGERS = frozenset(
    form
    for name in (_UNITS, _PARTS, _DAYS, _MONTHS, _CAUSES.replace("\\s?", "|"), _SITES, _COMPASS)
    for word in name.split("|")
    for form in (word, f"{word}s")
) | frozenset(
    "daily weekly monthly yearly annually overnight yesterday today tonight summer winter spring "
    "autumn noon midnight this aboard when alone border coast front frontline outskirts km miles "
    "airstrike airstrikes".split()
)
_WAR = re.compile(r"\b(?i:in|during)\s+the\s+((?:[A-Z][\w-]+\s+){1,3}[Ww]ar)\b")
_FURTHER = re.compile(
    r"\b(?:another|(?:a\s+)?further|an?\s+additional|additional)\s+(?:\w+\s+){0,2}\Z", re.IGNORECASE
)
_MORE = re.compile(r"\s+(?:more|others?|further)\b", re.IGNORECASE)
_PART = re.compile(
    r"(?:\b(?:including|includes?|included|among\s+(?:them|those)|of\s+(?:whom|them|these|those|which)"
    r"|of\s+the\s+(?:dead|killed|wounded|victims)|at\s+least\s+one\s+of|compared\s+(?:with|to)"
    r"|as\s+against)\b[^.;\d]{0,40})\Z",
    re.IGNORECASE,
)
_OF_A_PART = frozenset(
    "another further additional more other others including include includes included among whom "
    "them these those which victims one compared against dead".split()
)
_OF_THEM = re.compile(
    r"\s+of\s+(?:them|whom|those|these|the\s+(?:dead|killed|wounded|victims))\b", re.IGNORECASE
)
_RELATIVE = re.compile(r"\b(?:past|last|previous|latest)\b")


@dataclass(frozen=True, slots=True)
class Scope:
    """What narrows a figure.

    `location` is where, `window` a stretch of time ("in the past 24 hours") of which
    `is_relative` says that another day's is another, `cause` what sort of incident it was, ""
    where it was one of no sort, and `part` whether it is "a part" of another figure, or "a further"
    one beside it.
    """

    location: Location = NOWHERE
    window: str | None = None
    is_relative: bool = False
    cause: str | None = None
    part: str | None = None


def scope_of(site: Site, claim: Hints, aliases: Aliases) -> Scope:
    """The scope of a number, by its own clause and what stands in front of the sentence.

    >>> said = "On Tuesday 12 soldiers were killed in Orle, while Aldor was quiet last week"
    >>> site = Site.of(said, Span(0, len(said)), Span(11, 13))
    >>> found = scope_of(site, Hints(), Aliases.load())
    >>> found.location.town, found.cause, found.window
    ('Orle', '', None)
    """
    rate = window = incident = None
    if site.has(_TRIGGERS) or _A_YEAR_OR_ILLNESS.search(site.text, site.near.start, site.near.end):
        stretches = [stretch.of(site.text) for stretch in _stretches(site, claim)]
        rate, window, incident = (
            next((found for stretch in stretches if (found := pattern.search(stretch))), None)
            for pattern in (_RATE, _WINDOW, _INCIDENT)
        )
    told = rate or window
    return Scope(
        location_of(site, claim, aliases),
        None if told is None else _RELATIVE.sub("past", " ".join(told[0].lower().split())),
        rate is None and window is not None,
        None if incident is None else _cause(incident),
        _part(site),
    )


def _stretches(site: Site, claim: Hints) -> list[Span]:
    """Where a narrowing word may stand: the clause without who tells it, and a fronted phrase.

    What stands with a verb of speech says when it was said, and not of when it is.
    """
    text, near, clause = site.text, site.near, site.clause
    found = [clause]
    if claim.claimant is not None and clause.contains(claim.claimant):
        found = [
            Span(clause.start, claim.claimant.start),
            Span(claim.claimant.end, clause.end),
        ]
    found = [part for whole in found for part in _without_speech(text, whole)]
    comma = text.find(",", near.start, clause.start)
    fronted = Span(near.start, comma if comma >= 0 else near.start)
    between = Span(fronted.end, clause.start)
    if 0 < len(fronted) <= _FRONTED and not _speaks(text, between):
        found.append(fronted)
    return [stretch for stretch in found if stretch.end > stretch.start]


def _without_speech(text: str, stretch: Span) -> list[Span]:
    """A stretch cut at "said on Monday (that)": the words between belong to the saying."""
    for match in _WORD.finditer(text, stretch.start, stretch.end):
        if stem(match[0].lower()) in speech_stems() | _SAYING:
            that = text.find(" that ", match.end(), stretch.end)
            end = that if that >= 0 else _SAID_WHEN.match(text, match.end(), stretch.end)
            resume = end if isinstance(end, int) else (end.end() if end else match.end())
            return [Span(stretch.start, match.start()), Span(resume, stretch.end)]
    return [stretch]


_SAYING = frozenset(
    map(stem, "admit report confirm add tweet write reveal publish put count record".split())
)
_SAID_WHEN = re.compile(
    rf"\s+(?:(?:late|early|later|earlier)\s+)?(?:on\s+)?(?:{_DAYS}|today|yesterday|tonight|this\s+\w+"
    rf"|last\s+\w+|overnight)\b",
    re.IGNORECASE,
)


def _speaks(text: str, stretch: Span) -> bool:
    return any(
        stem(match[0].lower()) in speech_stems() | _SAYING
        for match in _WORD.finditer(text, stretch.start, stretch.end)
    )


def _cause(incident: re.Match[str]) -> str:
    """The sort of an incident; "" for one of no sort ("on Monday")."""
    word = incident["cause"] or incident["after"] or incident["illness"] or ""
    word = " ".join(word.lower().split())
    word = word[:-1] if word.endswith("s") and not word.endswith(("us", "ss", "is")) else word
    return _SAME_SORT.get(word, word)


def _part(site: Site) -> str | None:
    """Whether the figure is a part of another ("of them 12"), or comes beside it."""
    if not site.has(_OF_A_PART):
        return None
    text, number = site.text, site.number
    before = text[max(site.near.start, number.start - 60) : number.start]
    if _PART.search(before) or _OF_THEM.match(text, number.end, site.near.end):
        return "a part"
    if _FURTHER.search(before) or _MORE.match(text, number.end, site.near.end):
        return "a further"
    return None


def theatre_of(location: Location, side: str | None, told_by: str | None) -> str | None:
    """The country where it happened, unless it is the side's own or that of who tells it."""
    return None if location.country in (side, told_by) else location.country


def war_in(site: Site) -> str | None:
    """A war that is named ("during the Winter War")."""
    if "war" not in site.words:
        return None
    match = _WAR.search(site.text, site.near.start, site.near.end)
    return None if match is None else match[1]
