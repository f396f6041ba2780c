"""Transport retries: one fresh policy a call, bounded in attempts and in waiting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from extractor.model.failures import Worth, asked_wait, worth_retrying

if TYPE_CHECKING:
    from tenacity import RetryCallState

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long. All times are in seconds.

    `attempts` counts the first call; `refused_attempts` is the smaller budget for a server that
    does not listen. Waits double from `first_wait`, with jitter; no wait, whoever asks for it, is
    longer than `longest_wait`. `deadline` bounds the whole call, waits included: no attempt begins
    behind it, and one that would outlast it is broken off.
    """

    attempts: int = 4
    refused_attempts: int = 3
    first_wait: float = 0.5
    longest_wait: float = 60.0
    deadline: float | None = 600.0

    def deadline_from(self, started: float) -> float | None:
        """The moment of the monotonic clock at which a call begun at `started` is given up."""
        return None if self.deadline is None else started + self.deadline


NO_WAITS = RetryPolicy(first_wait=0.0, longest_wait=0.0, deadline=None)
"""The policy in replay: recorded failures are played through at once."""


def call_with_retries(
    call: Callable[[], T], policy: RetryPolicy, sleep: Callable[[float], None] | None = None
) -> T:
    """`call()` until it succeeds, fails for good, or the budget is spent; then its last error.

    Each call builds its own `Retrying`: a shared one mixes up the counts of concurrent calls.
    """
    import tenacity

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(lambda error: worth_retrying(error) is not Worth.NO),
        stop=lambda state: _is_spent(state, policy) or _is_late(state, policy),
        wait=lambda state: _wait(state, policy),
        reraise=True,
    )
    if sleep is not None:
        retrying.sleep = sleep
    return retrying(call)


def _is_spent(state: RetryCallState, policy: RetryPolicy) -> bool:
    error = state.outcome.exception() if state.outcome else None
    soon = error is not None and worth_retrying(error) is Worth.SOON
    return state.attempt_number >= (policy.refused_attempts if soon else policy.attempts)


def _is_late(state: RetryCallState, policy: RetryPolicy) -> bool:
    if policy.deadline is None:
        return False
    return (state.seconds_since_start or 0.0) + state.upcoming_sleep >= policy.deadline


def _wait(state: RetryCallState, policy: RetryPolicy) -> float:
    import tenacity

    error = state.outcome.exception() if state.outcome else None
    asked = asked_wait(error) if error is not None else None
    if asked is not None:
        return min(asked, policy.longest_wait)
    # up to twice the step, so that many clients that failed together do not return together
    step = policy.first_wait
    doubling = tenacity.wait_exponential(multiplier=step, max=policy.longest_wait)(state)
    jitter = tenacity.wait_random(0, step)(state)
    return min(doubling + jitter, policy.longest_wait)
