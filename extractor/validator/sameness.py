"""When two claims of one document say the same, and when they contradict each other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.claims import Claim, Verdict
from extractor.quantities.types import Quantity
from extractor.text.words import stem
from extractor.validator.events import classes_of
from extractor.validator.nouns import heads
from extractor.validator.sided import side_of
from extractor.validator.source import Source

if TYPE_CHECKING:
    from extractor.validator.attribution import Attribution

_SAID = ("qualifier", "unit", "counted", "event", "claimant", "place", "when", "modality")
_FIGURE = ("quote", "value", "low", "high", "position", "derived_from")
_NEAR = 400  # characters between an office and the name of who holds it
_MOST_COMPARED = 64  # figures of one thing in one document; a table of more is no contradiction


def precedence(verdict: Verdict) -> tuple[int, int, str]:
    """A key free of the order of claims: what says most comes first, then the shortest quote."""
    given = _fields(verdict)
    quote = given.get("quote") if verdict.claim is None else verdict.claim.quote
    return -len(given), len(str(quote)), json.dumps(given, sort_keys=True, default=str)


def covers(one: Verdict, other: Verdict) -> bool:
    """Whether a claim says all that another says of the same number."""
    mine, theirs = _fields(one), _fields(other)
    said = (field for field in theirs if field not in _FIGURE)
    return all(field in mine and _alike(field, mine[field], theirs[field]) for field in said)


def contradicts(source: Source, accepted: Sequence[Verdict]) -> Iterator[tuple[int, int]]:
    """Pairs of places: a claim, and the first other value of its source for the same thing.

    The same thing is one event that befell one counted thing, in one modality; parts of one
    sentence, and figures of other days or places, are no contradiction.
    """
    things: dict[tuple[object, ...], list[_Stated]] = {}
    for place, verdict in enumerate(accepted):
        stated = _stated(source, place, verdict)
        if stated is not None:
            things.setdefault(stated.thing, []).append(stated)
    for group in things.values():
        # in text order, so that the order of the candidates decides nothing
        group.sort(key=lambda s: (s.claim.quantity.span, precedence(accepted[s.place]), s.place))
        for one in group[:_MOST_COMPARED]:
            others = (other for other in group[:_MOST_COMPARED] if _at_odds(one, other))
            found = next(others, None)
            if found is not None:
                yield one.place, found.place


@dataclass(frozen=True, slots=True)
class _Stated:
    place: int
    thing: tuple[object, ...]
    claim: Claim
    sentence: int
    sources: frozenset[str]


def _stated(source: Source, place: int, verdict: Verdict) -> _Stated | None:
    claim = verdict.claim
    if claim is None or claim.event is None or source.is_furniture(claim.quantity.number):
        return None
    event = classes_of(claim.event) or frozenset({stem(claim.event.lower())})
    counted = frozenset(head.stem for head in heads(claim.counted or ""))
    side = side_of(claim.counted or "")
    names = {claim.claimant} if claim.claimant else set()
    for found in source.attributions_of(claim.quantity) if claim.claimant else ():
        names |= {found.full_name, found.name, *found.names, *_office_before(source, found)}
    thing = (event, counted, side, claim.modality, claim.quantity.unit, claim.quantity.kind)
    sentence = source.sentence_of(claim.quantity.number).start
    return _Stated(place, thing, claim, sentence, frozenset(names))


def _office_before(source: Source, found: Attribution) -> tuple[str, ...]:
    """The office of a source that is named after it: "…, a spokesman said. Orla Venn added …"."""
    earlier = source.attribution_before(found)
    if earlier is None or not earlier.full_name.lower().startswith(("a ", "an ")):
        return ()
    near = found.source.start - earlier.source.end < _NEAR
    return (earlier.full_name,) if near else ()


def _at_odds(one: _Stated, other: _Stated) -> bool:
    mine, theirs = one.claim, other.claim
    if one.place == other.place or one.sentence == other.sentence:
        return False
    if not _apart(mine.quantity, theirs.quantity):
        return False
    when_or_where = ((mine.when, theirs.when), (mine.place, theirs.place))
    if any(a is not None and b is not None and a != b for a, b in when_or_where):
        return False
    return _same_source(one, other)


def _same_source(one: _Stated, other: _Stated) -> bool:
    if not one.sources or not other.sources:
        return one.sources == other.sources
    from extractor.validator.attribution import is_same_name

    pairs = ((a, b) for a in one.sources for b in other.sources)
    return any(is_same_name(a, b) or is_same_name(b, a) for a, b in pairs)


def _apart(one: Quantity, other: Quantity) -> bool:
    """Whether the intervals of two figures have nothing in common."""
    lower, upper = sorted((one, other), key=lambda q: (q.low is not None, q.low or 0))
    return upper.low is not None and lower.high is not None and lower.high < upper.low


def _alike(field: str, one: object, other: object) -> bool:
    if field == "event" and classes_of(str(one)) and classes_of(str(one)) == classes_of(str(other)):
        return True
    return " ".join(str(one).casefold().split()) == " ".join(str(other).casefold().split())


def _fields(verdict: Verdict) -> dict[str, object]:
    candidate, claim = verdict.candidate, verdict.claim
    if not isinstance(candidate, Mapping):
        return candidate.model_dump(exclude_none=True)
    if claim is None:
        return {}
    # of a user's schema: under the names of every claim, and its own
    told = {name: getattr(claim, name) for name in _SAID if name not in claim.filled}
    own = {field.name: field.text for field in claim.fields}
    return {name: said for name, said in {**told, **own}.items() if said is not None}
