"""Which statements speak of the same thing: by their keys, or where those do not say, by figure.

A key says everything only where it has a side ("Russian soldiers") or a place. Without either,
nothing tells whether two figures are of one thing, unless they are one figure: so they meet by the
figure itself, in one document or by one claimant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractor.quantities.types import Kind, Qualifier
from extractor.reconcile.counted import NATIONALS
from extractor.reconcile.statements import Statement
from extractor.text.words import stem
from extractor.validator.counted import people_events
from extractor.validator.lexicons import sided_stems

_DAYS_APART = 3  # of documents about one place that may still tell of one thing
_DAYS_OF_A_COPY = 31  # between documents that may still copy one claim
_LARGE = 100  # below it one claimant may tell the same figure of two things
_SMALLEST_TOTAL = 50  # of people: fewer are rather those of one fight than of a side
_DISTINCTIVE = 3  # significant digits of a figure that two documents hardly share by chance
_COUNTS = frozenset((Kind.COUNT, Kind.VAGUE))


@dataclass(frozen=True, slots=True)
class Topic:
    """What a group is about.

    `narrow` says of a side's people why they are not its total. `apart` parts what the other fields
    leave together.
    """

    event: str | None
    things: frozenset[str]
    side: str | None
    place: str | None
    window: str | None
    kind: Kind
    unit: str | None
    narrow: str | None = None
    apart: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Membership:
    """A statement with its topic; `because` says why, where its own words say another one."""

    statement: Statement
    topic: Topic
    because: str | None = None


def memberships(statements: Iterable[Statement]) -> list[Membership]:
    """Each statement with the topic that it belongs to, in their order."""
    known = list(statements)
    topics = _own_topics(known)
    index = _Index(zip(known, topics, strict=True))
    found = [index.joined(statement, topic) for statement, topic in zip(known, topics, strict=True)]
    return list(_with_sentence_mates(found))


def _own_topics(statements: Sequence[Statement]) -> list[Topic]:
    parts = _parts_of_places(statements)
    loose = [at for at, one in enumerate(statements) if at not in parts and not _says_enough(one)]
    parts |= _parts_by_figure(statements, loose)
    return [_topic(one, parts.get(at, ())) for at, one in enumerate(statements)]


def _topic(one: Statement, apart: tuple[object, ...]) -> Topic:
    kind = Kind.COUNT if one.kind in _COUNTS else one.kind
    scope = one.scope
    return Topic(
        one.event, one.counted.things, one.counted.side, scope.place, scope.window, kind, one.unit,
        _narrowed(one), apart,
    )  # fmt: skip


def _says_enough(one: Statement) -> bool:
    """Whether the key of a statement says what it is about, so that any figure of it competes."""
    return _is_of_a_side(one) and _narrowed(one) is None


def _is_of_a_side(one: Statement) -> bool:
    """Whether it counts what a conflict is told by: a side's soldiers, civilians, or refugees.

    "Ten American citizens" die in a crash, and three in the next one.
    """
    is_count = one.kind in _COUNTS  # a share is of something that the key does not hold
    if one.counted.side is None or one.event is None or not is_count:
        return False
    return one.event == "displaced" or all(
        thing == "civilians" or stem(thing.rpartition(" ")[2]) in sided_stems()
        for thing in one.counted.things
    )


def _narrowed(one: Statement) -> str | None:
    """Why a figure of a side is not its total, if it is not."""
    if not _is_of_a_side(one):
        return None
    if one.scope.is_incident:
        return "one incident"
    befalls = one.event in people_events() and one.event != "displaced"
    return "a few" if befalls and 0 < (one.named or 0) < _SMALLEST_TOTAL else None


def _parts_by_figure(
    statements: Sequence[Statement], loose: Sequence[int]
) -> dict[int, tuple[object, ...]]:
    """What parts the statements of which nothing but the figure is known: all but copies.

    Copies stand in one document, or are told by one claimant in several; a small figure may be told
    twice by one claimant of two things.
    """
    first: dict[int, int] = {at: at for at in loose}

    def root(at: int) -> int:
        while first[at] != at:
            at = first[at]
        return at

    met: dict[tuple[object, ...], int] = {}
    for at in loose:
        one = statements[at]
        for relation in _relations(one, None):
            other = met.setdefault((_topic(one, (one.named,)), relation), at)
            if _are_near(one, statements[other]):
                low, high = sorted((root(at), root(other)))
                first[high] = low
    return {at: (statements[at].named, root(at)) for at in loose}


def _are_near(one: Statement, other: Statement) -> bool:
    if one.as_of is None or other.as_of is None or one.source == other.source:
        return True
    return abs((one.as_of - other.as_of).days) <= _DAYS_OF_A_COPY


def _parts_of_places(statements: Sequence[Statement]) -> dict[int, tuple[object, ...]]:
    """What parts the statements of a place: their days, and their documents where those are unsure.

    A document with two figures for one place tells of two things, or corrects itself: its figures
    are kept by themselves. Nor does an undated document meet another.
    """
    by_topic: dict[Topic, list[int]] = defaultdict(list)
    for place, one in enumerate(statements):
        if one.scope.place is not None and one.kind in _COUNTS:
            by_topic[_topic(one, ())].append(place)
    parts: dict[int, tuple[object, ...]] = {}
    for places in by_topic.values():
        figures: dict[tuple[int, str], set[Decimal | None]] = defaultdict(set)
        for place in places:
            figures[statements[place].source].add(statements[place].named)
        dated = []
        for place in places:
            one = statements[place]
            if len(figures[one.source]) > 1:
                parts[place] = (one.named, *one.source)
            elif one.as_of is None:
                parts[place] = one.source
            else:
                dated.append((one.as_of, place))
        dated.sort()
        first = None
        for before, (day, place) in zip([None, *dated], dated, strict=False):
            if before is None or (day - before[0]).days > _DAYS_APART:
                first = day
            parts[place] = (first,)
    return parts


class _Index:
    """The statements whose words say what they count, by what others may be recognised by."""

    def __init__(self, members: Iterable[tuple[Statement, Topic]]) -> None:
        self._by_figure: dict[tuple[object, ...], dict[Topic, Statement]] = defaultdict(dict)
        for one, topic in members:
            if not one.counted.is_anybody and len(one.counted.things) == 1:
                for relation in _relations(one, one.counted.side):
                    self._by_figure[_figure(one), relation].setdefault(topic, one)

    def joined(self, one: Statement, own: Topic) -> Membership:
        """The statement in the topic of one that says more of the same figure, if just one does."""
        if not one.counted.is_anybody and len(one.counted.things) == 1:
            return Membership(one, own)
        found: dict[Topic, Statement] = {}
        for relation in _relations(one, one.counted.side):
            for topic, other in self._by_figure.get((_figure(one), relation), {}).items():
                if _says_less(one, other):
                    found.setdefault(topic, other)
        if len(found) != 1:
            return Membership(one, own)
        ((topic, other),) = found.items()
        where = "here" if one.source == other.source else f"in {other.place.document}"
        return Membership(
            one,
            topic,
            f"\u201c{one.place.counted or 'nobody'}\u201d says less than "
            f"\u201c{other.place.counted}\u201d, of whom the same figure is told {where}",
        )


def _figure(one: Statement) -> tuple[object, ...]:
    kind = Kind.COUNT if one.kind in _COUNTS else one.kind
    return one.event, kind, one.unit, one.scope.window, one.named


def _relations(one: Statement, side: str | None) -> Iterator[tuple[object, ...]]:
    """By what two statements of one figure may be recognised as one claim."""
    yield ("document", *one.source)
    if one.teller is not None and one.teller.is_named and (one.named or 0) >= _LARGE:
        yield ("teller", *one.voice)
    if side is not None and one.qualifier == Qualifier.EXACT and _is_distinctive(one.named):
        yield "side", side


def _is_distinctive(named: Decimal | None) -> bool:
    return named is not None and len(str(int(abs(named))).rstrip("0")) >= _DISTINCTIVE


def _says_less(one: Statement, other: Statement) -> bool:
    if one.counted.side not in (None, other.counted.side):
        return False
    return one.counted.is_anybody or one.counted.things > other.counted.things


def _with_sentence_mates(found: Sequence[Membership]) -> Iterator[Membership]:
    """What one figure of a sentence is read as, its others of the same words are too.

    "as high as 9,861 [Russians], with a further 16,153 injured".
    """
    readings: dict[tuple[object, ...], Membership] = {}
    for member in found:
        is_reading = member.because is not None and not member.topic.apart
        if is_reading and NATIONALS in member.statement.counted.things:
            readings.setdefault(_words(member.statement), member)
    for member in found:
        reading = readings.get(_words(member.statement)) if member.because is None else None
        if reading is None:
            yield member
            continue
        topic = member.topic
        yield Membership(
            member.statement,
            Topic(
                topic.event, reading.topic.things, topic.side, topic.place, topic.window,
                topic.kind, topic.unit, topic.narrow,
            ),
            f"read as {reading.statement.place.number} of the same sentence is",
        )  # fmt: skip


def _words(one: Statement) -> tuple[object, ...]:
    return (*one.source, one.place.sentence_span, one.counted)
