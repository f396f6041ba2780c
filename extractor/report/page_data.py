"""The documents of a run as a page holds them: packs that are opened one by one, and an index.

A pack is some documents as JSON. Of a large run each is deflated, so that the page is small on the
disk and in the memory of whoever reads it. The index says what is in which pack, and what searches
and filters go by.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from extractor.report.judged_documents import OUTCOMES, CountedNumber, Judged, JudgedDocument
from extractor.report.safe_text import ScriptOffsets, json_for_script, showable, showable_value
from extractor.text import Span

STATES = ("done", "failed", "duplicate")
_PACK = 150_000  # characters of JSON
_READ = ("value", "low", "high", "qualifier", "kind", "unit")
_ELSEWHERE = frozenset(
    ("document", "quote_span", "number", "number_span", "claimant_span", "warnings")
)


class Names:
    """Texts by number, in the order in which they were first met."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def of(self, name: object) -> int:
        """The number of a name, -1 for what is none."""
        if not isinstance(name, str) or not name.strip():
            return -1
        return self.places.setdefault(showable(" ".join(name.split())), len(self.places))


class PageData:
    """Packs documents one after the other; the index is whole when all packs were taken."""

    def __init__(self, *, deflate: bool) -> None:
        self._deflate = deflate
        self._rows: list[list[Any]] = []
        self._claimants, self._events, self._rules = Names(), Names(), Names()

    def packs(self, documents: Iterable[JudgedDocument], keys: Mapping[str, str]) -> Iterator[str]:
        """The packs, each fit to stand in a script element. `keys` names documents by their ids."""
        pack: list[str] = []
        size = place = 0
        for document in documents:
            done = document.state == "done"
            self._rows.append(self._row(document, keys, (place, len(pack)) if done else None))
            if not done:
                continue
            pack.append(json_for_script(document_record(document)))
            size += len(pack[-1])
            if size >= _PACK:
                yield self._packed(f"[{','.join(pack)}]")
                pack, size, place = [], 0, place + 1
        if pack:
            yield self._packed(f"[{','.join(pack)}]")

    def index(self, groups: Iterable[tuple[str, str]], summaries: Mapping[str, str]) -> str:
        """What is searched: documents, names, and each group of figures, its text and agreement."""
        record = {
            "documents": self._rows,
            "claimants": list(self._claimants.places),
            "events": list(self._events.places),
            "rules": [[code, summaries.get(code, "")] for code in self._rules.places],
            "groups": list(groups),
        }
        return self._packed(json_for_script(record))

    def _packed(self, json_text: str) -> str:
        if not self._deflate:
            return json_text
        deflated = zlib.compress(json_text.encode(), 6)
        return f'"{base64.b64encode(deflated).decode()}"'

    def _row(
        self, document: JudgedDocument, keys: Mapping[str, str], place: tuple[int, int] | None
    ) -> list[Any]:
        """Key, title, state, its reason or the counts, the place in the packs, and the facts."""
        head = [
            keys[document.id],
            showable(document.title or ""),
            STATES.index(document.state),
        ]
        if place is None:
            return [*head, showable(document.reason or ""), 0, 0, []]
        counts = [0, 0, 0, 0]
        for number in document.numbers:
            counts[OUTCOMES.index(number.outcome)] += 1
        return [*head, counts, *place, self._facts(document)]

    def _facts(self, document: JudgedDocument) -> list[list[int]]:
        """What a filter goes by: outcome, claimant, event, rules; the same things once."""
        facts: dict[tuple[int, ...], None] = {}
        for claim in document.claims:
            rules = {self._rules.of(finding.code) for finding in claim.findings}
            names = (
                self._claimants.of(claim.fields.get("claimant")),
                self._events.of(claim.fields.get("event")),
            )
            facts[(0 if claim.accepted else 1, *names, *sorted(rules))] = None
        for number in document.numbers:
            if (outcome := OUTCOMES.index(number.outcome)) > 1:
                facts[(outcome, -1, -1)] = None
        return [list(fact) for fact in facts]


def document_record(document: JudgedDocument) -> dict[str, Any]:
    """A done document as the page's script reads it; offsets are the browser's."""
    offsets = ScriptOffsets(document.text)
    text = showable(document.text)
    return {
        "text": text,
        "source": showable(document.source),
        "published": showable(document.published or ""),
        "numbers": [_number(number, document, offsets) for number in document.numbers],
        "claims": [_claim(claim, document, offsets) for claim in document.claims],
        "reasks": [
            showable_value({name: reask.get(name) for name in ("number", "turn", "outcome")})
            for reask in document.reasks
        ],
    }


def _number(number: CountedNumber, document: JudgedDocument, offsets: ScriptOffsets) -> list[Any]:
    claims = [place for place, one in enumerate(document.claims) if one.span == number.span]
    read = [showable_value(number.row.get(name)) for name in _READ]
    start, end = _place(number.span, offsets)
    why = showable(number.why or "")
    return [start, end, OUTCOMES.index(number.outcome), why, claims, read]


def _claim(claim: Judged, document: JudgedDocument, offsets: ScriptOffsets) -> dict[str, Any]:
    fields = {name: one for name, one in claim.fields.items() if name not in _ELSEWHERE}
    quote = claim.quote_span or _stated_quote(claim, document.text)
    record: dict[str, Any] = {
        "accepted": claim.accepted,
        "number": _place(claim.span, offsets) if claim.span else None,
        "quote": _place(quote, offsets) if quote else None,
        "claimant": _place(claim.claimant_span, offsets) if claim.claimant_span else None,
        "fields": showable_value({k: v for k, v in fields.items() if v not in (None, [], "")}),
    }
    record["findings"] = [
        [
            finding.code,
            finding.severity,
            showable(finding.field),
            showable(finding.message),
            _place(finding.span, offsets) if finding.span else None,
        ]
        for finding in claim.findings
    ]
    return record


def _stated_quote(claim: Judged, text: str) -> Span | None:
    """Where the quote of a rejected claim stands, if it does, around its number rather than not."""
    quote = claim.fields.get("quote")
    if not isinstance(quote, str) or not quote:
        return None
    first = start = text.find(quote)
    while start >= 0 and claim.span is not None:
        if start <= claim.span.start and claim.span.end <= start + len(quote):
            first = start
            break
        start = text.find(quote, start + 1)
    return Span(first, first + len(quote)) if first >= 0 else None


def _place(span: Span, offsets: ScriptOffsets) -> list[int]:
    return [offsets.of(span.start), offsets.of(span.end)]
