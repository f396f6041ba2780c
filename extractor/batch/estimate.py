"""What a run would ask and cost, found out without a call: the real asking, of nobody."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from decimal import Decimal
from threading import Lock
from typing import Any

from extractor.batch.input_document import InputDocument
from extractor.claims import Usage
from extractor.claims.records import plain
from extractor.closing import Closing
from extractor.errors import InputError
from extractor.extraction import AskingPolicy, extract_with
from extractor.model import ModelReply, ModelRequest, RateCeilings, UnusableAnswerError
from extractor.model.prices import Price, cost_of
from extractor.model.protocol import Response
from extractor.prompts import PromptTemplate

CHARACTERS_A_TOKEN = 4
"""The usual estimate; a true count needs the endpoint's own tokenizer."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How endpoints answer: what part of its bound an answer takes, and how often one goes back.

    `answered` is a part of the tokens that an answer may have, `again` the re-asks a call.
    """

    answered: float
    again: float


_SHORT = Habits(0.05, 0.0)
_NARROWED = Habits(0.13, 0.0)
"""Measured with the embedded model on the seeds: 856 of 6,480 tokens with every number asked about,
51 of 540 without, and nothing sent back in these 33 calls."""
_STATIC = Habits(0.3, 0.1)
"""Assumed, not measured: without a grammar the names of the fields are written too, and answers are
refused."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """Calls and tokens under one assumption; `cost` is None where the price is not known."""

    calls: int
    usage: Usage
    cost: Decimal | None
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "calls": self.calls,
            "prompt_tokens": self.usage.prompt_tokens,
            "completion_tokens": self.usage.completion_tokens,
            "cost": plain(self.cost),
            "seconds": round(self.seconds, 1),
        }


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the documents hold, and what asking about them would take, under three assumptions.

    `low` has short answers, none of which goes back; `expected` goes by what was measured where it
    was; `high` has every answer as long as it may be, sent back as often as the policy allows, with
    as many words about it. They are no bounds: tokens are estimated. `duplicates` have the text of
    another document, and are not asked about.
    """

    documents: int
    duplicates: int
    unreadable: int
    characters: int
    numbers: int
    low: Expectation
    expected: Expectation
    high: Expectation

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "documents": self.documents,
            "duplicates": self.duplicates,
            "unreadable": self.unreadable,
            "characters": self.characters,
            "numbers": self.numbers,
            "low": self.low.to_json(),
            "expected": self.expected.to_json(),
            "high": self.high.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Terms:
    """What calls cost in money and time: the price, the ceilings, and the seconds of one call."""

    price: Price | None
    ceilings: RateCeilings
    seconds_a_call: float


def estimate(
    documents: Iterable[InputDocument],
    prompt: PromptTemplate,
    policy: AskingPolicy,
    terms: Terms,
    *,
    narrows: bool,
) -> Estimate:
    """Go through the documents as a run does, and ask nobody; memory does not grow with them.

    Raises InputError where the documents cannot be listed.
    """
    counting = CountingModel(narrows=narrows)
    once = replace(policy, reasks=0)
    read = duplicates = unreadable = characters = numbers = 0
    with closing(_Seen()) as seen:
        for source in documents:
            try:
                document = source.read()
            except InputError:
                unreadable += 1
                continue
            if not seen.add(document.sha256):
                duplicates += 1
                continue
            result = extract_with(counting, document, prompt=prompt, policy=once)
            read += 1
            characters += len(document.text)
            ends = (result.accepted, result.rejected, result.dismissed, result.unclaimed)
            numbers += sum(map(len, ends))
    usual = _NARROWED if narrows and policy.ask != "free" else _STATIC
    return Estimate(
        documents=read,
        duplicates=duplicates,
        unreadable=unreadable,
        characters=characters,
        numbers=numbers,
        low=_expected(counting, terms, _SHORT),
        expected=_expected(counting, terms, usual if policy.reasks else replace(usual, again=0.0)),
        high=_expected(counting, terms, Habits(1.0, float(policy.reasks))),
    )


class _Seen:
    """The hashes of texts, in a file of SQLite's own: a set of them would grow with the run."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("")
        self._connection.execute("CREATE TABLE seen (sha256 TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, sha256: str) -> bool:
        """Add a hash; whether it is a new one."""
        query = "INSERT OR IGNORE INTO seen VALUES (?)"
        return self._connection.execute(query, (sha256,)).rowcount == 1

    def close(self) -> None:
        """The file goes with it."""
        self._connection.close()


class CountingModel(Closing):
    """Notes the size of what it is asked, and answers nothing; threads may share one."""

    name = "nobody"

    def __init__(self, *, narrows: bool) -> None:
        self.narrows_schema = narrows
        self.calls = 0
        self.prompt_tokens = 0
        self.most_tokens = 0
        self._lock = Lock()

    def ask(self, request: ModelRequest[Response]) -> ModelReply[Response]:
        """Raises UnusableAnswerError always: the document goes on without an answer."""
        messages = (*request.messages, *request.turns)
        schema = len(str(request.tool.narrowed or request.tool.response.model_json_schema()))
        characters = sum(len(one.content) for one in messages) + schema
        with self._lock:
            self.calls += 1
            self.prompt_tokens += characters // CHARACTERS_A_TOKEN
            self.most_tokens += request.max_tokens
        raise UnusableAnswerError("Nobody was asked.", reason="empty")

    def close(self) -> None:
        """Nothing to give back."""


def _expected(counted: CountingModel, terms: Terms, habits: Habits) -> Expectation:
    written, again = counted.most_tokens * habits.answered, habits.again
    calls = round(counted.calls * (1 + again))
    # each re-ask holds what was asked and said before, and about as much on what was wrong
    prompt = counted.prompt_tokens * (1 + again) + 2 * written * again * (again + 1) / 2
    usage = Usage(round(prompt), round(written * (1 + again)))
    ceilings = terms.ceilings
    least = [calls * terms.seconds_a_call / ceilings.concurrency]
    if ceilings.requests_per_minute is not None:
        least.append(calls * 60 / ceilings.requests_per_minute)
    if ceilings.tokens_per_minute is not None:
        tokens = usage.prompt_tokens + usage.completion_tokens
        least.append(tokens * 60 / ceilings.tokens_per_minute)
    return Expectation(calls, usage, cost_of(usage, terms.price), max(least))
