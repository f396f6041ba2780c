"""Verdicts for requests: what was read of a document, and judged in it, is kept for a while.

A tool of a reviewer sends the same document again and again, with one claim changed. Reading a
document and judging a candidate against it are pure, so that neither is done twice.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from extractor.claims import Verdict
from extractor.claims.records import verdict_record
from extractor.text import Document
from extractor.validator import Source, select_rules
from extractor.validator.verify import compared, judge, strictly

MOST_KEPT = 64 * 2**20
"""Bytes that the documents kept by a process take together, by a rough count."""

_BYTES_A_CHARACTER = 64  # of a text with all that was read in it; 50 were measured
_BYTES_A_JUDGEMENT = 3  # for each character of a candidate and its record
_MOST_JUDGEMENTS = 5_000  # of one document; after that it is read anew


@dataclass(frozen=True, slots=True)
class _Judgement:
    verdict: Verdict
    record: str


@dataclass(slots=True)
class KnownDocument:
    """A document with its reading and its judgements. One thread at a time has it."""

    source: Source
    cost: int
    judgements: dict[tuple[str, tuple[str, ...] | None], _Judgement] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document) -> KnownDocument:
        """A document of which nothing was read yet."""
        return cls(Source(document), _BYTES_A_CHARACTER * len(document.text))

    @property
    def is_worn(self) -> bool:
        """Whether so much was judged in it that it is better read anew than kept."""
        return len(self.judgements) > _MOST_JUDGEMENTS


@dataclass(frozen=True, slots=True)
class Judging:
    """Candidates to be judged; `rules` as `select_rules` takes them, in a settled order."""

    candidates: Sequence[Any]
    rules: tuple[str, ...] | None
    strict: bool

    def is_known(self, known: KnownDocument) -> bool:
        """Whether every candidate was judged before, so that answering takes next to no time."""
        return all((key, self.rules) in known.judgements for key in map(_key, self.candidates))

    def records(self, known: KnownDocument) -> tuple[list[str], int]:
        """The verdict of each candidate as JSON, and how many are accepted.

        Raises InputError for a rule that is none.
        """
        rules = select_rules(self.rules)
        judged = [self._judged(known, candidate) for candidate in self.candidates]
        verdicts = [one.verdict for one in judged]
        if self.strict:
            strict = compared(known.source, [strictly(one) for one in verdicts], rules)
            verdicts = [strictly(one) for one in strict]
        else:
            verdicts = compared(known.source, verdicts, rules)
        name = known.source.document.id
        records = [
            one.record if verdict is one.verdict else json.dumps(verdict_record(verdict, name))
            for one, verdict in zip(judged, verdicts, strict=True)
        ]
        return records, sum(verdict.accepted for verdict in verdicts)

    def _judged(self, known: KnownDocument, candidate: Any) -> _Judgement:  # noqa: ANN401 - any JSON value
        key = _key(candidate), self.rules
        found = known.judgements.get(key)
        if found is None:
            verdict = judge(known.source, candidate, select_rules(self.rules))
            record = json.dumps(verdict_record(verdict, known.source.document.id))
            found = known.judgements[key] = _Judgement(verdict, record)
            known.cost += _BYTES_A_JUDGEMENT * (len(key[0]) + len(record))
        return found


class KnownDocuments:
    """The documents that were asked about last. It belongs to one thread, and lends to others."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._cost = 0
        self._kept: OrderedDict[tuple[str, str], KnownDocument] = OrderedDict()

    def take(self, document: Document) -> KnownDocument:
        """What is known of a document. Nobody else has it until it is given back."""
        known = self._kept.pop((document.id, document.text), None)
        if known is None:
            return KnownDocument.of(document)
        self._cost -= known.cost
        return known

    def give_back(self, known: KnownDocument) -> None:
        """Keep it for the next one who asks, as long as there is room."""
        document = known.source.document
        place = document.id, document.text
        if known.is_worn or known.cost > self._most or place in self._kept:
            return
        self._kept[place] = known
        self._cost += known.cost
        while self._cost > self._most:
            _, oldest = self._kept.popitem(last=False)
            self._cost -= oldest.cost


def _key(candidate: Any) -> str:  # noqa: ANN401 - any JSON value
    return json.dumps(candidate)
