"""Groups as rows: one a figure, the columns always the same; and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from extractor.batch.csv_cells import csv_record
from extractor.claims.records import plain
from extractor.reconcile.groups import Figure, FigureGroup

COLUMNS = (
    "group", "title", "event", "counted", "side", "place", "unit", "parties", "agreement",
    "bound", "figure", "value", "low", "high", "qualifier", "standing", "claimant", "party",
    "as_of", "as_of_by", "documents", "places", "sentence", "why",
)  # fmt: skip

_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]<>#|~$!&"} | {"@": "&#64;"})
_ADDRESS = re.compile(r"\b(www)(\.)|(\w)(:)(?=//)", re.IGNORECASE)
_BREAKS = str.maketrans({"\n": " ", "\r": " ", "\t": " "})


def figure_rows(groups: Iterable[FigureGroup]) -> Iterator[dict[str, Any]]:
    """A row a figure: its group, the figure as worded and as numbers, who tells it, and where.

    `bound` says whether it is the group's "lowest" or "highest" figure, if they are two.
    `places` is how many copies of it stand in the documents, whose ids `documents` joins by "; ".
    """
    for group in groups:
        for at, figure in enumerate(group.figures):
            yield {
                "group": group.key,
                "title": group.title,
                "event": group.event,
                "counted": group.counted,
                "side": group.side,
                "place": group.place,
                "unit": group.unit,
                "parties": group.parties,
                "agreement": group.agreement,
                "bound": next((n for n in notes_of(group, at) if n != figure.standing), None),
                "figure": figure.places[0].number,
                "value": plain(figure.value),
                "low": plain(figure.low),
                "high": plain(figure.high),
                "qualifier": figure.qualifier,
                "standing": figure.standing,
                "claimant": figure.claimant,
                "party": figure.party,
                "as_of": None if figure.as_of is None else figure.as_of.isoformat(),
                "as_of_by": figure.as_of_by,
                "documents": "; ".join(documents_of(figure)),
                "places": len(figure.places),
                "sentence": figure.places[0].sentence,
                "why": "; ".join(figure.why),
            }


def csv_table(groups: Iterable[FigureGroup]) -> Iterator[str]:
    """The rows as CSV (RFC 4180), its head first; no cell is a formula to a spreadsheet."""
    yield csv_record(COLUMNS)
    for row in figure_rows(groups):
        yield csv_record(row[name] for name in COLUMNS)


def markdown_table(groups: Iterable[FigureGroup], *, explained: bool) -> Iterator[str]:
    """A section a group: a table of its figures, then what its parties say against themselves."""
    for group in groups:
        yield f"## {markdown(group.title)}\n\n{summary(group)}\n\n"
        yield "| figure | claimant | as of | documents |\n|---:|---|---|---|\n"
        for at, figure in enumerate(group.figures):
            cells = (
                markdown(
                    " ".join([figure.places[0].number, *map("({})".format, notes_of(group, at))])
                ),
                markdown(figure.claimant or "nobody named"),
                figure.as_of.isoformat() if figure.as_of else "",
                ", ".join(map(markdown, documents_of(figure))),
            )
            yield f"| {' | '.join(cells)} |\n"
        notes = [one.sentence for one in group.disagreements]
        if explained:
            notes += [
                f"{figure.places[0].number}: {why}"
                for figure in group.figures
                for why in figure.why
            ]
        yield "".join(["\n", *(f"- {markdown(note)}\n" for note in notes), "\n"])


def summary(group: FigureGroup) -> str:
    """Lowest and highest, how many tell them, and whether they agree, in a sentence."""
    if group.lowest is None or group.highest is None:
        return "No figure competes here."
    low, high = (_lower(group.figures[at].places[0].number) for at in (group.lowest, group.highest))
    told = f"From {low} to {high}" if _differs(group) else low.capitalize()
    who = {0: "nobody named", 1: "one party"}.get(
        group.parties, f"{group.parties} independent parties"
    )
    meets = {"alone": "", "agree": "; they agree", "differ": "; they differ"}[group.agreement]
    return f"{told}, told by {who}{meets}."


def notes_of(group: FigureGroup, at: int) -> list[str]:
    """What is to be known of the figure at this place: another standing, lowest, highest."""
    figure = group.figures[at]
    notes: list[str] = [] if figure.standing == "stated" else [figure.standing]
    if _differs(group) and at in (group.lowest, group.highest):
        notes.append("lowest" if at == group.lowest else "highest")
    return notes


def _differs(group: FigureGroup) -> bool:
    """Whether the lowest and the highest figure are two."""
    if group.lowest is None or group.highest is None:
        return False
    return group.figures[group.lowest].named != group.figures[group.highest].named


def _lower(figure: str) -> str:
    """A figure as it stands within a sentence: "Almost 500" opened one."""
    return figure[:1].lower() + figure[1:]


def documents_of(figure: Figure) -> list[str]:
    """The documents in which a figure stands, each once."""
    return list(dict.fromkeys(place.document for place in figure.places))


def markdown(text: str) -> str:
    r"""A text that stands in Markdown, and in a table's cell, as it is.

    >>> markdown("a|b <i>\n*c*")
    'a\\|b \\<i\\> \\*c\\*'
    """
    plain_text = "".join(char for char in text.translate(_BREAKS) if char.isprintable())
    return _ADDRESS.sub(_unlinked, plain_text.translate(_MARKS))


def _unlinked(address: re.Match[str]) -> str:
    """The begin of an address, of which no reader makes a link by itself."""
    name, mark = address[1] or address[3], address[2] or address[4]
    return f"{name}&#{ord(mark)};"
