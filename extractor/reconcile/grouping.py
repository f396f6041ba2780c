"""Groups of statements as figures side by side: copies folded, dissent told, nothing averaged."""

from __future__ import annotations

import datetime as dt
import gc
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import count, islice, pairwise

from extractor.claims.records import plain
from extractor.reconcile.copies import DAYS_OF_A_COPY
from extractor.reconcile.counted import NATIONALS, PEOPLE
from extractor.reconcile.groups import Agreement, Disagreement, Dissent, Figure, FigureGroup
from extractor.reconcile.intervals import common, interval_of
from extractor.reconcile.keys import Topic
from extractor.reconcile.recognition import Membership, memberships
from extractor.reconcile.statements import Statement
from extractor.validator.sides import sides

_MADE_BETWEEN = 200_000  # objects, between two looks of the collector
_MOST_TOLD = 20  # disagreements of a group
_MOST_CLOSE = 12  # figures of one party in one document that are all held against each other


def grouped(statements: Iterable[Statement]) -> list[FigureGroup]:
    """The statements as groups, those with the most figures first.

    The order of the statements does not matter to what is in a group, and the same statements
    always give the same groups in the same order.
    """
    with _collected_seldom():
        by_topic: dict[Topic, list[Membership]] = defaultdict(list)
        for member in memberships(sorted(statements, key=_stands)):
            by_topic[member.topic].append(member)
        taken = set[str]()
        found = [
            _group(topic, members, _free_key(_title(topic), taken))
            for topic, members in by_topic.items()
        ]
        found.sort(key=lambda group: (-len(group.figures), group.title, group.key))
        return found


@contextmanager
def _collected_seldom() -> Iterator[None]:
    """Let the garbage collector look seldom.

    Hundreds of thousands of small objects are made, and all live on: looking for those that do not,
    again and again, takes a third of the time, and more than in proportion.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _MADE_BETWEEN), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _free_key(title: str, taken: set[str]) -> str:
    """A short name made of a title, which is not taken yet, and is from now on."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60]
    key = next(
        key for place in count(1) if (key := f"{slug}-{place}" if place > 1 else slug) not in taken
    )
    taken.add(key)
    return key


def _group(topic: Topic, members: Sequence[Membership], key: str) -> FigureGroup:
    pairs = sorted(
        ((_figure(copies, topic), copies[0].statement) for copies in _copies(members)),
        key=lambda pair: _order(pair[0]),
    )
    figures = tuple(figure for figure, _ in pairs)
    competing = [at for at, figure in enumerate(figures) if figure.standing == "stated"]
    by_size = sorted(competing, key=lambda at: (figures[at].named or Decimal(0), at))
    camps = {_camp(pairs[at][1]) for at in competing}
    return FigureGroup(
        key=key,
        title=_title(topic),
        event=topic.event,
        counted=" and ".join(sorted(topic.things)),
        side=topic.side,
        place=topic.place,
        unit=topic.unit,
        figures=figures,
        lowest=by_size[0] if by_size else None,
        highest=by_size[-1] if by_size else None,
        parties=len({camp for camp in camps if camp[0] is not None}),
        agreement=_agreement([pairs[at] for at in competing]),
        disagreements=tuple(
            islice(_disagreements([one.voice for _, one in pairs], figures), _MOST_TOLD)
        ),
    )


def _copies(members: Iterable[Membership]) -> Iterator[list[Membership]]:
    """The same figure of the same party, told of days that are near: each time one claim."""
    members = list(members)
    if len(members) == 1:  # as in most groups
        yield members
        return
    same: dict[Hashable, list[Membership]] = defaultdict(list)
    for member in members:
        one = member.statement
        same[
            one.voice, one.value, one.low, one.high, one.qualifier, one.standing
        ].append(member)  # fmt: skip
    for found in same.values():
        dated = sorted(
            (member for member in found if member.statement.as_of is not None),
            key=lambda member: member.statement.as_of or dt.date.max,
        )
        undated = [member for member in found if member.statement.as_of is None]
        last: dt.date | None = None
        copies: list[Membership] = []
        for member in dated:
            day = member.statement.as_of
            if last is not None and day is not None and (day - last).days > DAYS_OF_A_COPY:
                yield _in_order(copies)
                copies = []
            copies.append(member)
            last = day
        if copies or undated:
            yield _in_order([*copies, *undated])


def _in_order(copies: list[Membership]) -> list[Membership]:
    return sorted(copies, key=lambda member: _stands(member.statement))


def _stands(one: Statement) -> tuple[int, str, int]:
    return one.place.run, one.place.document, one.place.number_span.start


def _camp(one: Statement) -> tuple[Hashable, ...]:
    """To whom a teller belongs: of one camp, two are not independent."""
    if one.teller is None or (one.teller.camp == one.teller.party and not one.teller.is_named):
        return one.voice
    return (one.teller.camp,)


def _title(topic: Topic) -> str:
    """What a group is about, for a person: "Russian soldiers killed"."""
    things = " and ".join(sorted(topic.things)) or "figures"
    if topic.side is not None:
        adjective = sides().get(topic.side, topic.side)
        things = PEOPLE if things == NATIONALS else things
        things = f"{adjective} {things}"
    told = [things, *([topic.event] if topic.event else [])]
    if topic.place is not None:
        told.append(topic.place if topic.place.startswith("near ") else f"in {topic.place}")
    told += [f"({part})" for part in (topic.window, _sort(topic), _measure(topic)) if part]
    return " ".join(told)


def _sort(topic: Topic) -> str | None:
    """What narrows it: "one incident" by its sort, where that is known."""
    return topic.cause if topic.cause and topic.narrow in (None, "one incident") else topic.narrow


def _measure(topic: Topic) -> str | None:
    return topic.unit or (None if topic.kind.value == "count" else topic.kind.value)


def _figure(copies: Sequence[Membership], topic: Topic) -> Figure:
    first = copies[0].statement
    tellers = [m.statement.teller for m in copies if m.statement.teller is not None]
    # the name that most copies have, and of those the one that says most
    names = Counter(one.name for one in tellers)
    days = [(m.statement.as_of_by != "claim", m.statement.as_of) for m in copies]
    dated = sorted((late, day) for late, day in days if day is not None)
    return Figure(
        claimant=max(names, key=lambda n: (names[n], len(n), n)) if names else None,
        party=tellers[0].party if tellers else None,
        value=first.value,
        low=first.low,
        high=first.high,
        qualifier=first.qualifier,
        standing=first.standing,
        as_of=dated[0][1] if dated else None,
        as_of_by=("document" if dated[0][0] else "claim") if dated else None,
        places=tuple(member.statement.place for member in copies),
        why=tuple(dict.fromkeys(_why(member, topic) for member in copies)),
    )


def _why(member: Membership, topic: Topic) -> str:
    one = member.statement
    said = []
    if one.place.event is not None and one.place.event != topic.event:
        said.append(f"\u201c{one.place.event}\u201d counts as {topic.event}")
    if member.because is not None:
        said.append(member.because)
    elif one.place.counted is not None:
        of = f" of {topic.side}" if topic.side is not None else ""
        things = f"{' and '.join(sorted(topic.things))}{of}"
        if things != one.place.counted:
            said.append(f"\u201c{one.place.counted}\u201d count as {things}")
    if topic.place is not None:
        said.append(f"in {topic.place}")
    if topic.window is not None:
        said.append(f"for \u201c{topic.window}\u201d")
    if topic.apart and member.because is None and topic.place is None:
        said.append("no side or place says which, so only the same figure joins it")
    return "; ".join(said) or "the same words"


def _order(figure: Figure) -> tuple[object, ...]:
    day = figure.as_of or dt.date.max
    place = figure.places[0]
    return (
        figure.standing != "stated",
        day,
        figure.named or Decimal(0),
        figure.claimant or "",
        place.run,
        place.document,
        place.number_span.start,
    )


def _agreement(stated: Sequence[tuple[Figure, Statement]]) -> Agreement:
    if len({one.voice for _, one in stated}) < 2:
        return "alone"
    intervals = (interval_of(f.value, f.low, f.high, f.qualifier) for f, _ in stated)
    return "agree" if common(intervals) else "differ"


def _disagreements(voices: Sequence[Hashable], figures: Sequence[Figure]) -> Iterator[Disagreement]:
    """Figures of one party that exclude each other: neighbours in time, and all of one document."""
    by_voice: dict[Hashable, list[int]] = defaultdict(list)
    for at, (voice, figure) in enumerate(zip(voices, figures, strict=True)):
        if figure.standing == "stated" and figure.party is not None:
            by_voice[voice].append(at)
    for places in by_voice.values():
        pairs = dict.fromkeys(pairwise(places))
        close: dict[tuple[int, str], list[int]] = defaultdict(list)
        for at in places:
            for where in dict.fromkeys((p.run, p.document) for p in figures[at].places):
                close[where].append(at)
        for same in close.values():
            near = same[:_MOST_CLOSE]
            pairs |= dict.fromkeys((a, b) for a in near for b in near if a < b)
        for first, second in sorted(pairs):
            found = _dissent(figures[first], figures[second])
            if found is not None:
                sentence = _told(found, figures[first], figures[second])
                yield Disagreement(found, first, second, sentence)


def _dissent(first: Figure, second: Figure) -> Dissent | None:
    intervals = (interval_of(f.value, f.low, f.high, f.qualifier) for f in (first, second))
    if common(intervals):
        return None
    if first.as_of is not None and second.as_of is not None and first.as_of != second.as_of:
        return "update"
    documents = [{(p.run, p.document) for p in figure.places} for figure in (first, second)]
    if documents[0] & documents[1]:
        return "contradiction"
    return "undated" if first.as_of is None or second.as_of is None else "same_day"


def _told(kind: Dissent, first: Figure, second: Figure) -> str:
    one, other = (f"{_worded(f)} ({_where(f)})" for f in (first, second))
    match kind:
        case "contradiction":
            return f"{first.party} is given both {one} and {other}."
        case "update":
            return f"{first.party} went from {one} to {other}."
        case "same_day":
            return f"{first.party} has both {one} and {other}, of one day."
        case "undated":
            return f"{first.party} has {one} and {other}; of which days is not known."


def _worded(figure: Figure) -> str:
    return figure.places[0].number or plain(figure.named) or ""


def _where(figure: Figure) -> str:
    documents = list(dict.fromkeys(place.document for place in figure.places))
    told = ", ".join(documents[:3]) + (f" and {len(documents) - 3} more" if documents[3:] else "")
    return told if figure.as_of is None else f"{told}; {figure.as_of.isoformat()}"
