"""`extractor show`: one number of a document, where it ended and why, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extractor.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from extractor.cli.marked_text import Mark, Piece
    from extractor.report.judged_documents import CountedNumber, Judged, JudgedDocument
    from extractor.text import Span

_LABEL = 12  # columns
_FIELDS = (
    "quote", "value", "low", "high", "qualifier", "unit", "counted", "event", "claimant", "place",
    "when", "modality", "derived_from", "filled",
)  # fmt: skip
_ELSEWHERE = frozenset(
    ("document", "number", "quote_span", "number_span", "claimant_span", "warnings")
)
_STYLES = {
    "accepted": "bold green",
    "rejected": "bold red",
    "dismissed": "dim",
    "unclaimed": "bold yellow",
}


def show(
    run: Annotated[Path, typer.Argument(help="The run folder; the run may be under way.")],
    which: Annotated[
        str, typer.Argument(metavar="DOC[#N]", help="A document's id, and which of its numbers.")
    ],
) -> None:
    """One number of a document and all that was said of it; without #N the marked document.

    N is the number's place in the document, from 1, as in numbers.jsonl.
    """
    from extractor.batch.ledger_reader import open_ledger
    from extractor.cli.console import out
    from extractor.report.judged_documents import judged_document

    with open_ledger(run) as ledger:
        document, place = judged_document(ledger, which), None
        name, _, after = which.rpartition("#")
        if document is None and after.isascii() and after.isdigit():
            document, place = judged_document(ledger, name), int(after[:9])
    if document is None:
        raise InputError(f"{run}: this run holds no document {which[:80]!r}.")
    if document.state != "done":
        why = str(document.reason).rstrip(".")
        raise InputError(f"{document.id[:80]!r} has no numbers; it is {document.state}: {why}.")
    if place is None:
        _print(out(), _document_lines(document))
        return
    if not 1 <= place <= len(document.numbers):
        raise InputError(
            f"{document.id[:80]!r} has {len(document.numbers):,} numbers, and there is no {place}."
        )
    _print(out(), _number_lines(document, document.numbers[place - 1]))


def _document_lines(document: JudgedDocument) -> Iterator[list[Piece]]:
    """The text with every number marked, then a line for each number."""
    from extractor.text import Span

    marks, end = [], 0
    for number in document.numbers:
        if number.span.start >= end:  # of two that overlap the first is marked
            marks.append(_mark(number))
            end = number.span.end
    yield from _marked(document.text, Span(0, len(document.text)), marks)
    yield []
    for number in document.numbers:
        claims = document.claims_on(number)
        told = number.why or (claims[0].fields.get("quote") if claims else "")
        yield [
            (f"{number.place:>4}  ", "dim"),
            (f"{number.outcome:<{_LABEL}}", _STYLES.get(number.outcome, "")),
            (f"{_plain(number.row['text'])}  ", "bold"),
            (_plain(told or ""), ""),
        ]
    for claim in document.loose_claims:
        codes = " ".join(dict.fromkeys(finding.code for finding in claim.findings))
        yield [
            ("   –  ", "dim"),
            (f"{'rejected':<{_LABEL}}", _STYLES["rejected"]),
            (f"{_plain(_told(claim.fields.get('quote') or 'no quote'))}  ", "bold"),
            (f"{codes}: a claim about no number of the text", ""),
        ]
    if not document.numbers:
        yield [("no number was found in this text", "dim")]


def _number_lines(document: JudgedDocument, number: CountedNumber) -> Iterator[list[Piece]]:
    yield [
        (f"{_plain(document.id)}#{number.place}: ", "bold"),
        (number.outcome, _STYLES.get(number.outcome, "")),
    ]
    yield []
    sentence = _sentence(document.text, number.span)
    yield from _marked(document.text, sentence, [_mark(number)])
    yield []
    yield _line("read as", _read(number.row))
    claims = document.claims_on(number)
    if number.why and number.outcome != "rejected":
        yield _line("why", number.why)
    for place, claim in enumerate(claims, 1):
        yield []
        outcome = "accepted" if claim.accepted else "rejected"
        of = f" {place} of {len(claims)}" if len(claims) > 1 else ""
        yield [(f"claim{of}: ", "bold"), (outcome, _STYLES[outcome])]
        yield from _claim_lines(claim)
    for reask in document.reasks:
        if reask.get("number_span") == [number.span.start, number.span.end]:
            yield []
            yield _line("asked again", f"turn {reask.get('turn')}: {reask.get('outcome')}")


def _claim_lines(claim: Judged) -> Iterator[list[Piece]]:
    from extractor.report.run_overview import rule_summaries

    demands = rule_summaries() if claim.findings else {}
    for finding in claim.findings:
        verb = "refused by" if finding.severity == "error" else "flagged by"
        yield _line(verb, f"{finding.code} {finding.message}")
        if finding.code in demands:
            yield _line("", demands[finding.code])
    others = [name for name in claim.fields if name not in _FIELDS and name not in _ELSEWHERE]
    for name in (*_FIELDS, *others):
        given = claim.fields.get(name)
        if given not in (None, "", []):
            yield _line(name.replace("_", " "), _told(given))
    if claim.accepted:
        flagged = "the flags are above" if claim.findings else "nothing is flagged"
        yield _line("checks", f"it passed every rule that refuses; {flagged}")


def _read(row: Mapping[str, Any]) -> str:
    """What the reader says of a number, on one line."""
    from extractor.report.figure_groups import interval_text

    value, low, high = (
        None if row.get(name) is None else Decimal(row[name]) for name in ("value", "low", "high")
    )
    natures = dict.fromkeys((row.get("qualifier"), row.get("kind")))
    nature = ", ".join(str(name).replace("_", " ") for name in natures if name)
    return f"{interval_text(value, low, high, row.get('unit'))}, {nature}"


def _told(given: object) -> str:
    import json

    if isinstance(given, str):
        return given
    if isinstance(given, list) and all(isinstance(one, str) for one in given):
        return ", ".join(given)
    return json.dumps(given)


def _sentence(text: str, number: Span) -> Span:
    """The sentence that the number begins in, and as much more as the number has."""
    from extractor.text import Span, split_sentences

    for sentence in split_sentences(text):
        if sentence.start <= number.start < sentence.end:
            return Span(sentence.start, max(sentence.end, number.end))
    return number


def _mark(number: CountedNumber) -> Mark:
    from extractor.cli.marked_text import Mark
    from extractor.quantities import Kind, Quantity

    kind = number.row.get("kind")
    return Mark(
        Quantity(
            span=number.span,
            text=number.row["text"],
            number=number.span,
            value=None,
            low=None,
            high=None,
            kind=Kind(kind) if kind in set(Kind) else Kind.COUNT,
        ),
        number.place,
    )


def _marked(text: str, stretch: Span, marks: list[Mark]) -> Iterator[list[Piece]]:
    from extractor.cli.console import out
    from extractor.cli.marked_text import MarkedText, signs_for

    for row in MarkedText(text, signs_for(out().encoding)).rows(stretch, marks):
        yield row.pieces


def _line(label: str, told: str) -> list[Piece]:
    return [(f"  {_plain(label):<{_LABEL}}", "dim"), (_plain(told), "")]


def _plain(text: object) -> str:
    """Text of a document on one line that steers no terminal."""
    from extractor.cli.marked_text import visible

    return visible(str(text).replace("\n", " "))


def _print(console: Console, lines: Iterator[list[Piece]]) -> None:
    from rich.text import Text

    for line in lines:
        if not console.is_terminal:
            console.file.write("".join(text for text, _ in line) + "\n")
            continue
        shown = Text()
        for text, style in line:
            shown.append(text, style)
        console.print(shown, soft_wrap=True)
