"""Transport retries: one fresh policy a call, bounded in attempts and in waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from extractor.model.failures import DeadlineError, Worth, asked_wait, worth_retrying

if TYPE_CHECKING:
    from tenacity import RetryCallState

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Clock:
    """How time is told and passed, in seconds.

    `now` is monotonic, so that a clock that is set moves no deadline.
    """

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long. All times are in seconds.

    `attempts` counts the first call; `refused_attempts` is the smaller budget for a server that
    does not listen. Waits double from `first_wait`, with jitter; no wait is longer than
    `longest_wait`: a server that asks for more is not asked again, since coming back early would
    only be refused. `deadline` bounds the whole call, waits included: no attempt begins behind it,
    and one that would outlast it is broken off.
    """

    attempts: int = 4
    refused_attempts: int = 3
    first_wait: float = 0.5
    longest_wait: float = 60.0
    deadline: float | None = 600.0
    clock: Clock = field(default=Clock(), repr=False, compare=False)

    def deadline_from(self, started: float) -> float | None:
        """The moment of the monotonic clock at which a call begun at `started` is given up."""
        return None if self.deadline is None else started + self.deadline

    def without_waits(self) -> RetryPolicy:
        """The same budgets and no time: in replay, recorded failures are played through at once."""
        return replace(self, deadline=None, clock=Clock(self.clock.now, _at_once))


def call_with_retries(call: Callable[[], T], policy: RetryPolicy) -> T:
    """`call()` until it succeeds, fails for good, or the budget is spent; then its last error.

    Raises DeadlineError from that last error where time is what ran out. Each call builds its own
    `Retrying`: a shared one mixes up the counts of concurrent calls.
    """
    import tenacity

    started = policy.clock.now()

    def is_late(state: RetryCallState) -> bool:
        if policy.deadline is None:
            return False
        return policy.clock.now() - started + state.upcoming_sleep >= policy.deadline

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(lambda error: worth_retrying(error) is not Worth.NO),
        stop=lambda state: _is_spent(state, policy) or is_late(state),
        wait=lambda state: _wait(state, policy),
        sleep=policy.clock.sleep,
        retry_error_callback=lambda state: _give_up(
            state, None if _is_spent(state, policy) else policy.deadline
        ),
    )
    return retrying(call)


def _give_up(state: RetryCallState, deadline: float | None) -> None:
    """Raise what the last attempt came to; `deadline` is given where time is what ran out."""
    error = _error(state)
    if error is None:
        return
    if deadline is not None:
        raise DeadlineError(deadline) from error
    raise error


def _is_spent(state: RetryCallState, policy: RetryPolicy) -> bool:
    """Whether the attempts are used up, or the server will not have us back soon enough."""
    error = _error(state)
    if error is None:
        return False
    asked = asked_wait(error)
    if asked is not None and asked > policy.longest_wait:
        return True
    soon = worth_retrying(error) is Worth.SOON
    return state.attempt_number >= (policy.refused_attempts if soon else policy.attempts)


def _wait(state: RetryCallState, policy: RetryPolicy) -> float:
    import tenacity

    # many clients that failed together must not return together
    jitter = tenacity.wait_random(0, policy.first_wait)(state)
    error = _error(state)
    asked = asked_wait(error) if error is not None else None
    if asked is None:
        asked = tenacity.wait_exponential(multiplier=policy.first_wait)(state)
    return min(asked + jitter, policy.longest_wait)


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


def _at_once(_seconds: float) -> None:
    """No wait."""
