"""Groups of figures as a page shows them: whose, how worded, where, and what they come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from extractor.claims.records import plain
from extractor.reconcile.groups import Figure, FigureGroup, Place
from extractor.report.figure_chart import ChartRow, PartyStyles, chart, is_drawable
from extractor.report.safe_text import showable

NOBODY = "nobody named"
_MOST_ROWS = 40  # of a chart
_LONG = 60  # figures
NumberPlace = Callable[[Place], int | None]
"""The place (from 1) of the number in its document, None where it is not known."""

_AGREEMENTS = {
    "alone": "One teller only: there is nothing to hold it against.",
    "agree": "They agree: there are figures that all of their words allow.",
    "differ": "They differ: no figure is allowed by the words of all of them.",
}


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Where a figure stands; the sentence is cut around the number. `number` is N of DOC#N.

    `document` is the id as the run has it, which may not be fit to be shown.
    """

    document: str
    number: int | None
    before: str
    worded: str
    after: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure as one row of a table; `extreme` is "lowest", "highest", or empty."""

    worded: str
    whose: str
    party: str | None
    figure: str
    standing: str
    as_of: str
    extreme: str
    places: tuple[PlaceView, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart, None where there is none, and what is to be said of it."""

    svg: Markup | None
    note: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group as a page shows it: the figures that compete, and apart from them all others."""

    key: str
    title: str
    facts: tuple[tuple[str, str], ...]
    lowest: str | None
    highest: str | None
    parties: str
    agreement: str
    differs: bool
    stated: tuple[FigureView, ...]
    others: tuple[FigureView, ...]
    disagreements: tuple[str, ...]
    stated_drawing: Drawing
    other_drawing: Drawing

    @property
    def is_lone(self) -> bool:
        """Whether there is one figure only: nothing to be laid beside it."""
        return len(self.stated) + len(self.others) == 1

    @property
    def is_long(self) -> bool:
        """Whether its tables are made only when somebody opens them."""
        return len(self.stated) + len(self.others) > _LONG

    @property
    def searched(self) -> str:
        """What a search of the figures looks at."""
        names = [name for one in (*self.stated, *self.others) for name in (one.whose, one.party)]
        facts = [fact for _, fact in self.facts]
        return " ".join(dict.fromkeys(str(part) for part in (self.title, *facts, *names) if part))


def party_styles(groups: Iterable[FigureGroup]) -> PartyStyles:
    """Styles for the parties of these groups: those that tell most come first."""
    told = Counter(
        figure.party for group in groups for figure in group.figures if figure.party is not None
    )
    names = sorted(told, key=lambda name: (-told[name], name))
    return PartyStyles({name: place for place, name in enumerate(names)})


def group_view(group: FigureGroup, styles: PartyStyles, place_of: NumberPlace) -> GroupView:
    """A group made ready to be shown."""
    views = [_figure_view(group, place, place_of) for place in range(len(group.figures))]
    stated, others = (
        [(view, figure) for view, figure in zip(views, group.figures, strict=True) if holds(figure)]
        for holds in (_competes, lambda figure: not _competes(figure))
    )
    return GroupView(
        key=showable(group.key),
        title=showable(group.title),
        facts=tuple((name, showable(fact)) for name, fact in _facts(group) if fact),
        lowest=_extreme(group, group.lowest),
        highest=_extreme(group, group.highest),
        parties=_counted_parties(group.parties),
        agreement=_AGREEMENTS[group.agreement],
        differs=group.agreement == "differ",
        stated=tuple(view for view, _ in stated),
        others=tuple(view for view, _ in others),
        disagreements=tuple(showable(one.sentence) for one in group.disagreements),
        # of one alone that is stated there is nothing to be seen
        stated_drawing=_drawing(f"Figures stated: {group.title}", stated[1:] and stated, styles),
        other_drawing=_drawing(f"Told in other ways: {group.title}", others, styles),
    )


def figure_text(figure: Figure, unit: str | None) -> str:
    """What the figure allows, in numerals."""
    return interval_text(figure.value, figure.low, figure.high, unit)


def interval_text(
    value: Decimal | None, low: Decimal | None, high: Decimal | None, unit: str | None
) -> str:
    """A value and its interval in numerals, with the unit.

    >>> interval_text(None, Decimal(300), Decimal(400), "%")
    '300 to 400%'
    >>> interval_text(Decimal(7000), Decimal(7000), None, None)
    '7,000 or more'
    """
    ends = [grouped(one) for one in (low, high) if one is not None]
    if len(ends) == 2:
        text = ends[0] if low == high else " to ".join(ends)
        if low != high and value is not None and value not in (low, high):
            text = f"{grouped(value)} ({text})"
    elif ends:
        text = f"{ends[0]} or {'more' if high is None else 'less'}"
    else:
        text = "no figure" if value is None else grouped(value)
    return text if unit is None else f"{text}{'' if unit == '%' else ' '}{showable(unit)}"


def grouped(number: Decimal) -> str:
    """A decimal with thousands separators and no idle zeros.

    >>> grouped(Decimal("1234567.50")), grouped(Decimal("1E+3"))
    ('1,234,567.5', '1,000')
    """
    if not number.is_finite() or abs(number.adjusted()) > 40:
        return str(number)
    whole, point, part = str(plain(number)).partition(".")
    return f"{int(whole):,}{point}{part}" if whole not in ("-0", "-") else f"{whole}{point}{part}"


def _competes(figure: Figure) -> bool:
    return figure.standing == "stated"


def _figure_view(group: FigureGroup, at: int, place_of: NumberPlace) -> FigureView:
    figure = group.figures[at]
    extremes = [name for name in ("lowest", "highest") if getattr(group, name) == at]
    whose = showable(figure.claimant) if figure.claimant else NOBODY
    party = showable(figure.party) if figure.party and figure.party != figure.claimant else None
    return FigureView(
        worded=_worded(figure, group.unit),
        whose=whose,
        party=party,
        figure=figure_text(figure, group.unit),
        standing=figure.standing,
        as_of=_as_of(figure),
        extreme=" and ".join(extremes),
        places=tuple(_place_view(place, place_of) for place in figure.places),
        why=tuple(showable(sentence) for sentence in figure.why),
    )


def _place_view(place: Place, place_of: NumberPlace) -> PlaceView:
    start = place.number_span.start - place.sentence_span.start
    end = place.number_span.end - place.sentence_span.start
    sentence = place.sentence
    if not 0 <= start < end <= len(sentence):
        sentence, start, end = f"{sentence} ", len(sentence) + 1, len(sentence) + 1
    return PlaceView(
        document=place.document,
        number=place_of(place),
        before=showable(sentence[:start]),
        worded=showable(sentence[start:end]),
        after=showable(sentence[end:]),
        flags=tuple(showable(flag) for flag in place.flags),
    )


def _drawing(
    title: str, pairs: Sequence[tuple[FigureView, Figure]], styles: PartyStyles
) -> Drawing:
    """The figures drawn, and how many of them are not."""
    drawable = [(view, figure) for view, figure in pairs if is_drawable(figure)]
    extremes = {place for place, (view, _) in enumerate(drawable) if view.extreme}
    kept = [drawable[place] for place in _spread(len(drawable), extremes)]
    rows = [ChartRow(figure, view.whose, view.worded, day_text(figure)) for view, figure in kept]
    note = ""
    if len(kept) < len(pairs):
        note = f"{len(kept):,} of {len(pairs):,} figures are drawn; all are in the table."
    return Drawing(chart(title, rows, styles), note)


def _spread(count: int, wanted: set[int]) -> list[int]:
    """At most as many places as a chart has rows, evenly spread, the wanted ones among them.

    >>> len(_spread(1000, {999})), _spread(3, {2})
    (40, [0, 1, 2])
    """
    if count <= _MOST_ROWS:
        return list(range(count))
    room = _MOST_ROWS - len(wanted)
    return sorted(wanted | {place * count // room for place in range(room)})


def _worded(figure: Figure, unit: str | None) -> str:
    wordings = dict.fromkeys(showable(place.number) for place in figure.places)
    return " / ".join(wordings) or figure_text(figure, unit)


def day_text(figure: Figure) -> str:
    """The day of a figure for a person, empty where none is known."""
    return "" if figure.as_of is None else f"{figure.as_of.day} {figure.as_of:%b %Y}"


def _as_of(figure: Figure) -> str:
    if figure.as_of is None:
        return "not known"
    by = {"claim": "by the claim", "document": "by the document"}.get(figure.as_of_by or "", "")
    return f"{day_text(figure)}, {by}" if by else day_text(figure)


def _extreme(group: FigureGroup, at: int | None) -> str | None:
    if at is None or not 0 <= at < len(group.figures):
        return None
    figure = group.figures[at]
    return f"{_worded(figure, group.unit)} ({showable(figure.claimant or NOBODY)})"


def _counted_parties(parties: int) -> str:
    return "1 independent party" if parties == 1 else f"{parties:,} independent parties"


def _facts(group: FigureGroup) -> list[tuple[str, str | None]]:
    return [
        ("what happened", group.event),
        ("counted", group.counted),
        ("side", group.side),
        ("place", group.place),
        ("unit", group.unit),
    ]
