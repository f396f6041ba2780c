"""Statements of which nothing but the figure is known: copies of one claim meet, no others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from extractor.reconcile.statements import Statement

if TYPE_CHECKING:
    from extractor.reconcile.keys import Part, Topic

DAYS_OF_A_COPY = 31  # between documents that may still copy one claim
_DISTINCTIVE = 3  # significant digits of a figure that two things hardly share by chance
_LARGE = 100  # below it one claimant may tell the same figure of two things
_TRIED = 8  # of those that a statement may be a copy of


def parts_by_figure(
    statements: Sequence[Statement], bare: Sequence[Topic], loose: Sequence[int]
) -> Iterator[tuple[int, int, Part]]:
    """What parts these statements: each but for copies, which share a part.

    With each comes the one of its copies that says most of where and how.
    """
    first = {at: at for at in loose}

    def root(at: int) -> int:
        while first[at] != at:
            first[at] = first[first[at]]
            at = first[at]
        return at

    met: dict[Hashable, list[int]] = defaultdict(list)
    for at in loose:
        one = statements[at]
        for relation in relations(one, least=_LARGE):
            known = met[_words(bare[at]), one.named, relation]
            for other in known[:_TRIED]:
                if are_near(one, statements[other]):
                    low, high = sorted((root(at), root(other)))
                    first[high] = low
                    break
            else:
                known.append(at)
    most: dict[int, int] = {}
    for at in loose:
        most[root(at)] = max(most.get(root(at), at), at, key=lambda one: (_says(bare[one]), -one))
    for at in loose:
        yield at, most[root(at)], (statements[at].named, root(at))


def _says(topic: Topic) -> int:
    return (topic.place is not None) + bool(topic.cause)


def relations(one: Statement, *, least: int) -> Iterator[tuple[Hashable, ...]]:
    """By what two statements of one figure may be one claim: a document, or a named claimant.

    Of figures below `least` a claimant may tell of two things.
    """
    yield ("document", *one.source)
    if one.teller is not None and one.teller.is_named and (one.named or 0) >= least:
        yield ("teller", *one.voice)


def are_near(one: Statement, other: Statement) -> bool:
    """Whether two statements can be of one event: no two days, places, or numbers of a sentence."""
    if one.source == other.source:
        return one.place.sentence_span != other.place.sentence_span and _one_place(one, other)
    if not _one_place(one, other):
        return False
    if one.as_of is None or other.as_of is None:
        return not one.scope.is_relative
    days = abs((one.as_of - other.as_of).days)
    return days == 0 if one.scope.is_relative else days <= DAYS_OF_A_COPY


def is_distinctive(named: Decimal | None) -> bool:
    """Whether a figure is one that two things hardly share by chance: 4,310, not 4,000.

    >>> is_distinctive(Decimal(4310)), is_distinctive(Decimal(4000)), is_distinctive(None)
    (True, False, False)
    """
    if named is None:
        return False
    digits = "".join(map(str, named.normalize().as_tuple().digits))
    return len(digits) >= _DISTINCTIVE


def _one_place(one: Statement, other: Statement) -> bool:
    """Whether no two places and no two sorts of incident are named."""
    mine, theirs = one.scope.location, other.scope.location
    countries = {mine.country, theirs.country} - {None}
    towns = {mine.town, theirs.town} - {None}
    causes = {one.scope.cause or None, other.scope.cause or None}
    if one.source == other.source:
        causes -= {None}  # a headline need not say it
    return len(countries) < 2 and len(towns) < 2 and len(causes) < 2


def _words(topic: Topic) -> tuple[Hashable, ...]:
    """A topic but for its place and sort of incident, which `are_near` looks at."""
    return (
        topic.event,
        topic.things,
        topic.side,
        topic.window,
        topic.narrow,
        topic.kind,
        topic.unit,
    )
