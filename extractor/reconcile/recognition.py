"""Statements that say less than another of the same figure: "200 people" are its 200 soldiers."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from extractor.quantities.types import Kind, Qualifier
from extractor.reconcile.copies import are_near, is_distinctive, relations
from extractor.reconcile.counted import NATIONALS
from extractor.reconcile.keys import COUNTS, Topic, own_topics
from extractor.reconcile.statements import Statement

_HARM = frozenset("killed wounded captured missing".split())
_LARGE = 100


@dataclass(frozen=True, slots=True)
class Membership:
    """A statement with its topic; `because` says why, where its own words say another one."""

    statement: Statement
    topic: Topic
    because: str | None = None


def memberships(statements: Sequence[Statement]) -> list[Membership]:
    """Each statement with the topic that it belongs to, in their order."""
    topics = own_topics(statements)
    # most statements say what they count: only what is looked for by others is kept of them
    index: dict[Hashable, dict[Topic, Statement]] = {
        (_figure(one), relation): {}
        for one in statements
        if not _says_most(one)
        for relation in _relations(one)
    }
    for one, topic in zip(statements, topics, strict=True):
        if index and _says_most(one):
            figure = _figure(one)
            for relation in _relations(one):
                known = index.get((figure, relation))
                if known is not None:
                    known.setdefault(topic, one)
    found = [_recognised(one, topic, index) for one, topic in zip(statements, topics, strict=True)]
    return list(_with_sentence_mates(found))


def _recognised(
    one: Statement, own: Topic, index: dict[Hashable, dict[Topic, Statement]]
) -> Membership:
    """The statement in the topic of one that says more of the same figure, if just one does."""
    if _says_most(one):
        return Membership(one, own)
    found: dict[Topic, Statement] = {}
    for relation in _relations(one):
        for topic, other in index.get((_figure(one), relation), {}).items():
            if _says_less(one, other) and _may_be_one(one, other, relation[0]):
                found.setdefault(topic, other)
            if len(found) > 1:
                return Membership(one, own)
    if not found:
        return Membership(one, own)
    ((topic, other),) = found.items()
    where = "here" if one.source == other.source else f"in {other.place.document}"
    return Membership(
        one,
        topic,
        f"\u201c{one.place.counted or 'nobody'}\u201d says less than "
        f"\u201c{other.place.counted}\u201d, of whom the same figure is told {where}",
    )


def _says_most(one: Statement) -> bool:
    return not one.counted.is_anybody and len(one.counted.things) == 1


def _figure(one: Statement) -> tuple[Hashable, ...]:
    """What has to be the same of both; their places are looked at apart."""
    scope = one.scope
    return (
        one.event,
        Kind.COUNT if one.kind in COUNTS else one.kind,
        one.unit,
        scope.window,
        scope.cause,
        scope.part,
        scope.location.town,
        one.named,
    )


def _relations(one: Statement) -> Iterator[tuple[Hashable, ...]]:
    yield from relations(one, least=_LARGE)
    side = one.counted.side
    if side is not None and one.qualifier == Qualifier.EXACT and is_distinctive(one.named):
        yield "side", side


def _says_less(one: Statement, other: Statement) -> bool:
    if one.counted.side not in (None, other.counted.side):
        return False
    return one.counted.is_anybody or one.counted.things > other.counted.things


def _may_be_one(one: Statement, other: Statement, relation: Hashable) -> bool:
    """Whether nothing speaks against it: two days, two places, or a round figure of two tellers."""
    if not are_near(one, other):
        return False
    if is_distinctive(one.named):
        return True
    if relation == "teller":
        return not one.counted.is_anybody
    return one.teller is None or other.teller is None or one.voice == other.voice


def _with_sentence_mates(found: Sequence[Membership]) -> Iterator[Membership]:
    """What one figure of a sentence is read as, its others of the same words are too.

    "as high as 9,861 [Russians], with a further 16,153 injured".
    """
    readings: dict[Hashable, Membership] = {}
    for member in found:
        is_reading = member.because is not None and not member.topic.apart
        if is_reading and NATIONALS in member.statement.counted.things:
            readings.setdefault(_words(member.statement), member)
    for member in found:
        one = member.statement
        reading = readings.get(_words(one)) if member.because is None else None
        if reading is None or one.event not in _HARM or reading.topic.event not in _HARM:
            yield member
            continue
        own = member.topic
        yield Membership(
            one,
            Topic(
                own.event,
                reading.topic.things,
                own.side,
                own.place,
                own.window,
                own.cause,
                own.narrow,
                own.kind,
                own.unit,
            ),
            f"read as {reading.statement.place.number} of the same sentence is",
        )


def _words(one: Statement) -> tuple[Hashable, ...]:
    return (*one.source, one.place.sentence_span, one.counted)
