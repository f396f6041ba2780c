"""What a run would ask and cost, found out without a call: the real asking, of nobody."""

from __future__ import annotations

from collections.abc import Iterable
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

_CHARACTERS_A_TOKEN = 4
_ANSWERED = 0.3
"""The part of an answer's bound that is usually written: 17.5 tokens a claim were measured on the
seeds with every number asked about, and a claim's bound is 120 tokens; without a grammar the field
names are written too."""
_ASKED_AGAIN = 0.1
"""The part of the calls whose answers are expected to go back once."""


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
    """What the documents hold, and what asking about them would take at least and at most.

    `low` has no answer sent back and answers that are a tenth of their bound, `high` every answer
    as long as it may be, and sent back as often as the policy allows.
    """

    documents: int
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

    Tokens are characters by four: a true count needs the endpoint's own tokenizer. Re-asks repeat
    the prompt and the answer. Raises InputError where the documents cannot be listed.
    """
    counting = CountingModel(narrows=narrows)
    once = replace(policy, reasks=0)
    read = unreadable = characters = numbers = 0
    for source in documents:
        try:
            document = source.read()
        except InputError:
            unreadable += 1
            continue
        result = extract_with(counting, document, prompt=prompt, policy=once)
        read += 1
        characters += len(document.text)
        ends = (result.accepted, result.rejected, result.dismissed, result.unclaimed)
        numbers += sum(map(len, ends))
    again = policy.reasks
    return Estimate(
        documents=read,
        unreadable=unreadable,
        characters=characters,
        numbers=numbers,
        low=_expected(counting, terms, 0.0, 0.1),
        expected=_expected(counting, terms, _ASKED_AGAIN if again else 0.0, _ANSWERED),
        high=_expected(counting, terms, float(again), 1.0),
    )


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
            self.prompt_tokens += characters // _CHARACTERS_A_TOKEN
            self.most_tokens += request.max_tokens
        raise UnusableAnswerError("Nobody was asked.", reason="empty")

    def close(self) -> None:
        """Nothing to give back."""


def _expected(counted: CountingModel, terms: Terms, again: float, answered: float) -> Expectation:
    """`again` is how often the calls are repeated, `answered` the part of the bound written."""
    written = counted.most_tokens * answered
    calls = round(counted.calls * (1 + again))
    # each repetition holds what was asked and said before
    prompt = counted.prompt_tokens * (1 + again) + written * again * (again + 1) / 2
    usage = Usage(round(prompt), round(written * (1 + again)))
    ceilings = terms.ceilings
    least = [calls * terms.seconds_a_call / ceilings.concurrency]
    if ceilings.requests_per_minute is not None:
        least.append(calls * 60 / ceilings.requests_per_minute)
    if ceilings.tokens_per_minute is not None:
        tokens = usage.prompt_tokens + usage.completion_tokens
        least.append(tokens * 60 / ceilings.tokens_per_minute)
    return Expectation(calls, usage, cost_of(usage, terms.price), max(least))
