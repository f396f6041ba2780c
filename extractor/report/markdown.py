r"""A run as Markdown: the overview, the figures side by side, and every verdict in a table.

Text of documents stands in it as text: what Markdown or HTML would take for markup is escaped, and
a cell is one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from extractor.batch.ledger_reader import open_ledger
from extractor.reconcile.groups import FigureGroup, Place
from extractor.report.figure_groups import FigureView, GroupView, group_view, party_styles
from extractor.report.judged_documents import (
    CountedNumber,
    Judged,
    JudgedDocument,
    NumberPlaces,
    judged_documents,
)
from extractor.report.run_overview import Overview, overview_of
from extractor.report.safe_text import showable

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&$^])")
_BEGINNING = re.compile(r"^(\d*)([-+=.)])")  # of a list, or of the line under a heading
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto)(:)|\b(www)(\.)|(@)")


def markdown_report(run: Path, groups: Sequence[FigureGroup]) -> Iterator[str]:
    """The report, piece by piece; one document is held at a time.

    Raises InputError when `run` is no run folder or cannot be read.
    """
    with open_ledger(run) as ledger:
        ledger.connection.execute("BEGIN")  # one state of a run that may be under way
        places = NumberPlaces(ledger)
        yield f"# {cell(run.resolve().name)}: numeric claims\n\n"
        yield _lines(_overview(overview_of(run, ledger)))
        yield _lines(
            [
                "## Figures",
                "",
                "Figures that different sources give for the same thing, side by side. Nothing is "
                "averaged, and nothing is called true.",
                "",
            ]
        )

        def place_of(place: Place) -> int | None:
            return places.at(place.document, place.number_span)

        styles = party_styles(groups)
        for group in groups:
            yield _lines(_group(group_view(group, styles, place_of)))
        if not groups:
            yield "No figures of this run could be laid side by side.\n\n"
        yield "## Documents\n\n"
        for document in judged_documents(ledger):
            yield _lines(_document(document))


def cell(text: object) -> str:
    r"""`text` on one line, as Markdown that shows it as it is; empty for None.

    >>> print(cell("a|b <b>*bold*</b>\n[x](y) www.x.org"))
    a\|b \<b\>\*bold\*\</b\> \[x\](y) www&#46;x.org
    """
    if text is None:
        return ""
    line = " ".join(showable(str(text)).split())
    escaped = _BEGINNING.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", line))
    return _ADDRESS.sub(_unlinked, escaped)


def _unlinked(match: re.Match[str]) -> str:
    """An address that no reader makes a link of by itself."""
    return "".join(
        f"&#{ord(part)};" if part in ":.@" else part for part in match.groups() if part is not None
    )


def _overview(overview: Overview) -> Iterator[str]:
    counts, spent, made = overview.counts, overview.spent, overview.made
    yield from ("## Overview", "")
    if overview.last_event != "ended":
        yield from ("**The run has not ended; this is its state so far.**", "")
    yield from _table(
        ("", "count"),
        [
            ("documents done", f"{counts.done:,}"),
            ("documents failed", f"{counts.failed:,}"),
            ("documents duplicate", f"{counts.duplicates:,}"),
            ("numbers accepted", f"{counts.accepted:,}"),
            ("numbers rejected", f"{counts.rejected:,}"),
            ("numbers dismissed", f"{counts.dismissed:,}"),
            ("numbers unclaimed", f"{counts.unclaimed:,}"),
            ("calls", f"{spent.calls:,}"),
            ("tokens read", f"{'' if spent.is_complete else 'at least '}{spent.tokens_in:,}"),
            ("tokens written", f"{'' if spent.is_complete else 'at least '}{spent.tokens_out:,}"),
            (
                "cost",
                "no price known"
                if spent.cost is None
                else f"{'' if spent.is_complete else 'at least '}{spent.cost} {spent.currency}",
            ),
        ],
    )
    if overview.rules:
        yield from _table(
            ("rule", "demands", "refused", "flagged"),
            [(r.code, r.summary, f"{r.rejected:,}", f"{r.flagged:,}") for r in overview.rules],
        )
    versions = ", ".join(f"{name} {version}" for name, version in made.versions.items())
    told = (
        ("started", made.started),
        ("model", made.model),
        ("answered by", made.server),
        ("replayed from", made.replayed_from),
        ("asked", made.asked),
        ("prompt", made.prompt),
        ("prompt, SHA-256", made.prompt_sha256),
        ("schema, SHA-256", made.schema_sha256),
        ("weights, SHA-256", made.weights_sha256),
        ("versions", versions or None),
        ("last event", overview.last_event),
    )
    if made.started or made.model:
        yield from _table(("made", ""), [(name, given) for name, given in told if given])


def _group(view: GroupView) -> Iterator[str]:
    yield from (f"### {cell(view.title)}", "")
    ends = [f"{name} {cell(end)}" for name, end in _ends(view)]
    yield from (f"{'; '.join([*ends, view.parties])}. {view.agreement}", "")
    if view.disagreements:
        yield from (f"- {cell(sentence)}" for sentence in view.disagreements)
        yield ""
    heads = ("as worded", "told by", "allows", "standing", "as of", "where", "why")
    yield from _table(heads, [_figure(one) for one in (*view.stated, *view.others)])


def _ends(view: GroupView) -> Iterator[tuple[str, str]]:
    for name, end in (("lowest", view.lowest), ("highest", view.highest)):
        if end is not None:
            yield name, end


def _figure(one: FigureView) -> tuple[str, ...]:
    where = "; ".join(
        f"{place.document}{f'#{place.number}' if place.number else ''}: "
        f"{place.before}{place.worded}{place.after}"
        for place in one.places
    )
    whose = one.whose if one.party is None else f"{one.whose} (for {one.party})"
    return one.worded, whose, one.figure, one.standing, one.as_of, where, " ".join(one.why)


def _document(document: JudgedDocument) -> Iterator[str]:
    yield from (f"### {cell(document.title or document.id)}", "")
    told = [document.id, document.source, document.published, document.state, document.reason]
    yield from (", ".join(cell(one) for one in dict.fromkeys(told) if one), "")
    rows = [row for number in document.numbers for row in _number(document, number)]
    rows += [("", "", "rejected", _claimed(one), _said(one)) for one in document.loose_claims]
    if rows:
        yield from _table(("number", "as worded", "outcome", "claim", "why"), rows)


def _number(document: JudgedDocument, number: CountedNumber) -> Iterator[tuple[str, ...]]:
    head = (str(number.place), str(number.row["text"]))
    claims = document.claims_on(number)
    if not claims or number.outcome in ("dismissed", "unclaimed"):
        yield (*head, number.outcome, "", number.why or "")
    for claim in claims:
        outcome = "accepted" if claim.accepted else "rejected"
        yield (*head, outcome, _claimed(claim), _said(claim))


_KNOWN = frozenset(
    "document quote quote_span number number_span value low high qualifier unit counted event "
    "claimant claimant_span place when modality derived_from filled warnings position".split()
)
"""The fields that every claim may have, as accepted or as stated; others are a user's own."""


def _claimed(claim: Judged) -> str:
    names = ("quote", "value", "low", "high", "counted", "event", "claimant", "modality")
    others = [name for name in claim.fields if name not in _KNOWN]
    told = [(name, claim.fields.get(name)) for name in (*names, *others)]
    return "; ".join(f"{name} {given}" for name, given in told if given)


def _said(claim: Judged) -> str:
    return " ".join(f"{one.code} {one.message}." for one in claim.findings)


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell(one) for one in row)} |"
    yield ""


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
