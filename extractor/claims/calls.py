"""What the model was asked, and what it cost: tokens by attempt, by call, and added up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the endpoint counted them: read, written, and how many of those read were cached.

    >>> Usage(10, 2) + Usage(5, 1, cached_tokens=4)
    Usage(prompt_tokens=15, completion_tokens=3, cached_tokens=4)
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cached_tokens + other.cached_tokens,
        )


@dataclass(frozen=True, slots=True)
class Attempt:
    """One HTTP call of a model call.

    `outcome` is "ok", "http 429" and the like, "timeout", "unreachable", "cut off", "too large",
    or the `reason` of an answer that came and cannot be used (see `UnusableAnswerError`).
    `seconds` is its wall time without the waits around it. `usage` is None where the endpoint
    told none, so that what is unknown does not look like nothing.
    """

    outcome: str
    seconds: float = 0.0
    usage: Usage | None = None

    @property
    def is_unmetered(self) -> bool:
        """Whether it may have cost tokens that nobody told of.

        An answer without a count may have, and so may a call that was broken off: the endpoint
        may have read and written already. What it refused with an HTTP error, and what did not
        reach it, it does not charge.

        >>> [Attempt(outcome).is_unmetered for outcome in ("ok", "timeout", "http 429")]
        [True, True, False]
        """
        refused = self.outcome == "unreachable" or self.outcome.startswith("http ")
        return self.usage is None and not refused


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One model call: a passage's place in the document, and the attempts that it took.

    `start` and `end` are the passage's offsets (characters); `turn` is 0 for the first question
    and counts the re-asks after it.
    """

    start: int
    end: int
    turn: int
    attempts: tuple[Attempt, ...]

    @property
    def usage(self) -> Usage:
        """The tokens of all its attempts, failed ones included."""
        return total_usage(self.attempts)

    @property
    def unmetered(self) -> int:
        """How many of its attempts may have cost tokens that are not in `usage`."""
        return count_unmetered(self.attempts)

    @property
    def seconds(self) -> float:
        """The wall time of its attempts together, in seconds."""
        return sum(attempt.seconds for attempt in self.attempts)


def total_usage(attempts: Iterable[Attempt]) -> Usage:
    """The tokens that the endpoint told of, added up."""
    return sum((attempt.usage for attempt in attempts if attempt.usage is not None), Usage())


def count_unmetered(attempts: Iterable[Attempt]) -> int:
    """How many attempts may have cost more than was told: above 0, a total is a lower bound."""
    return sum(attempt.is_unmetered for attempt in attempts)
