"""Verdicts for requests: what was read of a document, and judged in it, is kept for a while.

A tool of a reviewer sends the same document again and again, with one claim changed. Reading a
document and judging a candidate against it are pure, so that neither is done twice, and neither is
comparing the same candidates with each other.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from extractor.claims import Verdict
from extractor.claims.records import verdict_record
from extractor.text import Document
from extractor.validator import Source, select_rules
from extractor.validator.verify import compared, judge, strictly

MOST_KEPT = 64 * 2**20
"""Bytes that the documents kept by a process take together, by a rough count."""

_BYTES_A_CHARACTER = 64  # of a text with all that was read in it; 50 were measured
_BYTES_A_JUDGEMENT = 3  # for each character of a candidate and its record
_SHORT_TEXT = 16_000  # characters
_FEW, _FEW_NEW = 50, 3  # candidates, and those of them that were not judged yet
_MOST_ANSWERS = 64  # to lists of candidates, of one document
_MOST_JUDGEMENTS = 5_000  # of one document; after that it is read anew


@dataclass(frozen=True, slots=True)
class _Judgement:
    verdict: Verdict
    record: str


Key = TypeVar("Key")
Value = TypeVar("Value")
Answer = tuple[tuple[str, ...], int]
"""The verdict of each candidate as JSON, and how many are accepted."""


@dataclass(slots=True)
class KnownDocument:
    """A document with its reading and its judgements. One request at a time has it.

    `cost` is a rough count of its bytes; `is_read` says that most of what takes long is done.
    """

    source: Source
    cost: int
    judgements: dict[tuple[str, tuple[str, ...] | None], _Judgement] = field(default_factory=dict)
    answers: dict[tuple[str, tuple[str, ...] | None, bool], Answer] = field(default_factory=dict)
    compared: dict[tuple[tuple[str, ...], tuple[str, ...] | None, bool], list[Verdict]] = field(
        default_factory=dict
    )
    is_read: bool = False

    @classmethod
    def of(cls, document: Document) -> KnownDocument:
        """A document of which nothing was read yet."""
        return cls(Source(document), _BYTES_A_CHARACTER * len(document.text))

    @property
    def is_worn(self) -> bool:
        """Whether so much was judged in it that it is better read anew than kept."""
        return len(self.judgements) > _MOST_JUDGEMENTS


@dataclass(frozen=True)
class Judging:
    """Candidates to be judged; `rules` as `select_rules` takes them, in a settled order."""

    candidates: Sequence[Any]
    rules: tuple[str, ...] | None
    strict: bool

    def known_answer(self, known: KnownDocument) -> Answer | None:
        """The answer to the very same candidates, if there was one."""
        return known.answers.get(self._key)

    def is_short(self, known: KnownDocument) -> bool:
        """Whether answering takes a few milliseconds: less than handing it to a thread and back."""
        if not known.is_read or len(known.source.document.text) > _SHORT_TEXT:
            return False
        new = sum((key, self.rules) not in known.judgements for key in self._keys)
        return len(self._keys) <= _FEW and new <= _FEW_NEW

    def answer(self, known: KnownDocument) -> Answer:
        """The verdicts. Raises InputError for a rule that is none."""
        pairs = zip(self._keys, self.candidates, strict=True)
        judged = [self._judged(known, key, candidate) for key, candidate in pairs]
        verdicts = self._compared(known, [one.verdict for one in judged])
        name = known.source.document.id
        records = tuple(
            one.record if verdict is one.verdict else json.dumps(verdict_record(verdict, name))
            for one, verdict in zip(judged, verdicts, strict=True)
        )
        answer = records, sum(verdict.accepted for verdict in verdicts)
        _remember(known.answers, self._key, answer)
        known.cost += len(self._key[0])
        known.is_read |= answer[1] > 0
        return answer

    def _compared(self, known: KnownDocument, verdicts: list[Verdict]) -> list[Verdict]:
        """The verdicts with what only shows among them together.

        Claims are compared with the accepted ones alone, so that one more that is refused changes
        nothing, and what was found among the same ones before still holds.
        """
        if self.strict:  # what is refused by itself makes no copy and contradicts nobody
            verdicts = [strictly(verdict) for verdict in verdicts]
        places = [place for place, verdict in enumerate(verdicts) if verdict.accepted]
        key = tuple(self._keys[place] for place in places), self.rules, self.strict
        found = known.compared.get(key)
        if found is None:
            accepted = [verdicts[place] for place in places]
            found = compared(known.source, accepted, select_rules(self.rules))
            _remember(known.compared, key, found)
            known.cost += sum(map(len, key[0]))
        for place, verdict in zip(places, found, strict=True):
            verdicts[place] = strictly(verdict) if self.strict else verdict
        return verdicts

    @cached_property
    def _key(self) -> tuple[str, tuple[str, ...] | None, bool]:
        return json.dumps(self.candidates), self.rules, self.strict

    @cached_property
    def _keys(self) -> list[str]:
        return [json.dumps(candidate) for candidate in self.candidates]

    def _judged(self, known: KnownDocument, stated: str, candidate: Any) -> _Judgement:  # noqa: ANN401 - any JSON value
        key = stated, self.rules
        found = known.judgements.get(key)
        if found is None:
            verdict = judge(known.source, candidate, select_rules(self.rules))
            record = json.dumps(verdict_record(verdict, known.source.document.id))
            found = known.judgements[key] = _Judgement(verdict, record)
            known.cost += _BYTES_A_JUDGEMENT * (len(key[0]) + len(record))
        return found


def _remember(answers: dict[Key, Value], key: Key, value: Value) -> None:
    if len(answers) >= _MOST_ANSWERS:
        answers.clear()
    answers[key] = value


class KnownDocuments:
    """The documents that were asked about last, for the requests of one event loop."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._cost = 0
        self._kept: OrderedDict[_Place, KnownDocument] = OrderedDict()
        self._turns: dict[_Place, _Turn] = {}

    @property
    def cost(self) -> int:
        """The rough count of bytes of all that is kept."""
        return self._cost

    def __len__(self) -> int:
        return len(self._kept)

    @asynccontextmanager
    async def lent(self, document: Document) -> AsyncIterator[KnownDocument]:
        """What is known of a document, for the length of a block.

        Requests about one document wait for each other: reading it once more would take longer.
        Where the block raises, what it had is not kept, since a thread may still be at it.
        """
        place = document.id, document.text
        turn = self._turns.setdefault(place, _Turn())
        turn.wanted += 1
        try:
            async with turn.lock:
                known = self._take(place) or KnownDocument.of(document)
                yield known
                self._keep(place, known)
        finally:
            turn.wanted -= 1
            if not turn.wanted:
                del self._turns[place]

    def _take(self, place: _Place) -> KnownDocument | None:
        known = self._kept.pop(place, None)
        if known is not None:
            self._cost -= known.cost
        return known

    def _keep(self, place: _Place, known: KnownDocument) -> None:
        if known.is_worn or known.cost > self._most:
            return
        self._kept[place] = known
        self._cost += known.cost
        while self._cost > self._most:
            _, oldest = self._kept.popitem(last=False)
            self._cost -= oldest.cost


_Place = tuple[str, str]
"""A document's id and its text."""


@dataclass(slots=True)
class _Turn:
    """Whose turn it is with a document, and how many want one."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    wanted: int = 0
