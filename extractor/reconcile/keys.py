"""Which statements speak of the same thing: by their keys, or where those do not say, by figure.

A key says everything only where it has a side ("Russian soldiers") or a place. Without either,
nothing tells whether two figures are of one thing, unless they are one figure: so they meet by the
figure itself, in one document or by one claimant.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from extractor.quantities.types import Kind
from extractor.reconcile.copies import parts_by_figure
from extractor.reconcile.statements import Statement
from extractor.text.words import stem
from extractor.validator.lexicons import sided_stems

COUNTS = frozenset((Kind.COUNT, Kind.VAGUE))
_TOTALLED = frozenset("killed wounded captured missing destroyed damaged displaced".split())
_SMALLEST_TOTAL = 50  # fewer are rather those of one fight than of a side
_DAYS_OF_A_PLACE = 3  # between documents about one place that may still tell of one thing
_DAYS_OF_A_WAR = 366  # without any figure of a side: what comes after is of another war

Part = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """What a group is about.

    `place` is a town or region. `narrow` says of a figure why it is no total, or no figure by
    itself. `cause` is the sort of incident. `apart` parts what the other fields leave together.
    """

    event: str | None
    things: frozenset[str]
    side: str | None
    place: str | None
    window: str | None
    cause: str | None
    narrow: str | None
    kind: Kind
    unit: str | None
    apart: Part = ()


def own_topics(statements: Sequence[Statement]) -> list[Topic]:
    """The topic that each statement's own words say, in their order."""
    narrow = [narrowed(one) for one in statements]
    bare = [topic_of(one, why) for one, why in zip(statements, narrow, strict=True)]
    of_side, of_place, loose = list[int](), list[int](), list[int]()
    for at, (one, why) in enumerate(zip(statements, narrow, strict=True)):
        is_count = one.kind in COUNTS
        if one.scope.part is not None or one.event is None or not is_count:
            loose.append(at)
        elif one.scope.location.town is not None:
            of_place.append(at)
        else:
            (of_side if why is None and _is_of_a_side(one) else loose).append(at)
    parts = chain(
        _parts_of_sides(statements, bare, of_side), _parts_of_places(statements, bare, of_place)
    )
    found = {at: with_part(bare[at], part) for at, part in parts}
    for at, most, part in parts_by_figure(statements, bare, loose):
        found[at] = with_part(bare[most], part)
    return [found[at] for at in range(len(statements))]


def topic_of(one: Statement, narrow: str | None) -> Topic:
    """A topic by the words of a statement, without what parts it from others of the same words."""
    return Topic(
        one.event,
        one.counted.things,
        one.counted.side,
        one.scope.location.town,
        one.scope.window,
        one.scope.cause,
        narrow,
        Kind.COUNT if one.kind in COUNTS else one.kind,
        one.unit,
    )


def with_part(topic: Topic, apart: Part) -> Topic:
    """The same topic, parted from others of its words."""
    return Topic(
        topic.event,
        topic.things,
        topic.side,
        topic.place,
        topic.window,
        topic.cause,
        topic.narrow,
        topic.kind,
        topic.unit,
        apart,
    )


def narrowed(one: Statement) -> str | None:
    """Why a figure is a part of something, or is not its side's total; None where it is neither."""
    if one.scope.part is not None:
        return one.scope.part
    if not _is_of_a_side(one) or one.scope.location.town is not None:
        return None
    if one.scope.cause is not None:
        return "one incident"
    if one.scope.location.is_unsure:
        return "somewhere"
    few = one.event != "displaced" and (one.named or 0) < _SMALLEST_TOTAL
    return "a few" if few else None


def _is_of_a_side(one: Statement) -> bool:
    """Whether it counts what a conflict is told by: a side's soldiers, arms, civilians, refugees.

    "Ten American citizens" die in a crash, and three in the next one.
    """
    if one.counted.side is None or one.kind not in COUNTS:
        return False
    event = (one.event or "").partition(" ")[0]  # "displaced to Poland"
    if event not in _TOTALLED:
        return False
    return event == "displaced" or all(
        thing == "civilians" or stem(thing.rpartition(" ")[2]) in sided_stems()
        for thing in one.counted.things
    )


def _parts_of_sides(
    statements: Sequence[Statement], bare: Sequence[Topic], of_side: Sequence[int]
) -> Iterable[tuple[int, Part]]:
    """What parts the totals of a side: where it fought, if in two countries, and the years."""
    for places in _by_topic(bare, of_side):
        theatres = {statements[at].theatre for at in places} - {None}
        by_theatre: dict[str | None, list[int]] = defaultdict(list)
        for at in places:
            by_theatre[statements[at].theatre if len(theatres) > 1 else None].append(at)
        for theatre, same in by_theatre.items():
            chains = dict(_chains(statements, same, _DAYS_OF_A_WAR, capped=False))
            starts = {start for start in chains.values() if start is not None}
            for at in same:
                start = chains[at]
                if len(starts) < 2:
                    start = None
                elif start is None:  # nobody knows of which of them it tells
                    yield at, (theatre, *statements[at].source)
                    continue
                parted: Part = () if theatre is None and start is None else (theatre, start)
                yield at, parted + _day_of_window(statements[at])


def _parts_of_places(
    statements: Sequence[Statement], bare: Sequence[Topic], of_place: Sequence[int]
) -> Iterable[tuple[int, Part]]:
    """What parts the figures of a place: their days, and their documents where those are unsure.

    A document in which one party has two figures for a place tells of two things, or corrects
    itself: its figures are kept by themselves. Nor does an undated document meet another.
    """
    for places in _by_topic(bare, of_place):
        figures: dict[tuple[tuple[int, str], Part], set[Hashable]] = defaultdict(set)
        for at in places:
            figures[statements[at].source, statements[at].voice].add(statements[at].named)
        unsure = {source for (source, _), named in figures.items() if len(named) > 1}
        sure = [at for at in places if statements[at].source not in unsure]
        chains = dict(_chains(statements, sure, _DAYS_OF_A_PLACE, capped=True))
        countries = {statements[at].scope.location.country for at in sure} - {None}
        for at in places:
            one = statements[at]
            if one.source in unsure:
                yield at, (one.named, *one.source)
            elif chains[at] is None:
                yield at, one.source
            else:
                country = one.scope.location.country if len(countries) > 1 else None
                yield at, (chains[at], country)


def _day_of_window(one: Statement) -> Part:
    """What parts "in the past 24 hours" of one day from that of another."""
    if not one.scope.is_relative:
        return ()
    return ("window", *((one.as_of,) if one.as_of is not None else one.source))


def _by_topic(bare: Sequence[Topic], places: Iterable[int]) -> Iterable[list[int]]:
    found: dict[Topic, list[int]] = defaultdict(list)
    for at in places:
        found[bare[at]].append(at)
    return found.values()


def _chains(
    statements: Sequence[Statement], places: Iterable[int], days: int, *, capped: bool
) -> Iterable[tuple[int, dt.date | None]]:
    """The first day of the chain of days that each belongs to; None for those without a day.

    No two neighbours of a chain are more than `days` apart; nor are its ends where it is `capped`.
    """
    dated = []
    for at in places:
        day = statements[at].as_of
        if day is None:
            yield at, None
        else:
            dated.append((day, at))
    first = last = None
    for day, at in sorted(dated):
        if first is None or last is None or (day - (first if capped else last)).days > days:
            first = day
        last = day
        yield at, first
