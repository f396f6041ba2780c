"""When the next call to an endpoint may go out: all the reckoning, without threads or a clock.

Everything here happens at a moment `now` that the caller gives, in seconds of one monotonic clock,
so that a simulation and the threads of `rate_gate` run the same code.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from extractor.model.aimd import AdaptiveLimit
from extractor.model.rate_limits import Quota, RateLimits
from extractor.model.server_quota import ServerQuota
from extractor.model.token_bucket import TokenBucket

_FIRST = 4  # calls in flight before anything is known
_IN_USE = 0.8  # of the ceiling, for it to grow
_LONGEST_ASKED = 60.0  # seconds that a server may ask everybody to wait
_LONGEST_PAUSE = 15.0  # seconds of a pause that nobody asked for
_HOLD = 5.0  # seconds without growth after a failure on the server's side
_CONSTANT = (0.7, 15.0)  # seconds: the time constant of growth, at least and at most
_TRUST = 5.0  # seconds between episodes, for a server that tells its limits to be believed
_RECENT = 1.0  # seconds of calls by which the first pace is set
_AT_LEAST = 0.25  # seconds; calls of a shorter time say nothing of a rate
_UNKNOWN_PACE = 20.0  # calls a second, to reckon a pause with
_SLOWEST = 1 / 60  # calls a second that no inferred pace goes below


@dataclass(frozen=True, slots=True)
class RateCeilings:
    """What the user allows at most: calls in flight, calls and tokens a minute (None: no limit)."""

    concurrency: int = 64
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None

    def __post_init__(self) -> None:
        for value in (self.concurrency, self.requests_per_minute, self.tokens_per_minute):
            if value is not None and not 1 <= value < float("inf"):
                raise ValueError(f"a ceiling of calls or tokens is at least 1, not {value:g}")

    def lowest(self, other: RateCeilings) -> RateCeilings:
        """The lower of each of two."""
        return RateCeilings(
            min(self.concurrency, other.concurrency),
            _lower(self.requests_per_minute, other.requests_per_minute),
            _lower(self.tokens_per_minute, other.tokens_per_minute),
        )


@dataclass(frozen=True, slots=True)
class GateState:
    """What a display shows.

    `ceiling` is how many calls may be in flight now, `waiting` how many wait for their turn,
    `limited` how often the server answered 429, `paused` the seconds until anything is sent again,
    and `requests_per_minute` the rate learned so far (None: nothing has limited it yet).
    """

    in_flight: int
    waiting: int
    ceiling: int
    limited: int
    paused: float
    requests_per_minute: float | None


@dataclass(slots=True)
class Ticket:
    """One call that was let through."""

    number: int
    tokens: float
    sent_at: float
    marks: tuple[int, int]  # its numbers in the server's requests and tokens


class AdmissionControl:
    """The rules of one endpoint and key; the caller holds the lock."""

    def __init__(self, ceilings: RateCeilings) -> None:
        self.in_flight = 0
        self.limited = 0  # answers of 429
        self._gate = AdaptiveLimit(_FIRST, 1, ceilings.concurrency)
        self._allowed = (ceilings.requests_per_minute, ceilings.tokens_per_minute)
        self._own = _buckets(ceilings)
        self._requests, self._tokens = ServerQuota(), ServerQuota()
        self._is_gate_known = False  # some ceiling was too high
        self._pace: AdaptiveLimit | None = None
        self._paced = TokenBucket(1, 1)
        self._is_pace_used = False
        self._paused_until = self._held_until = self._episode_at = float("-inf")
        self._sent: deque[float] = deque()
        self._numbers = 0
        self._filled = 0  # number of the last call that found the gate nearly full, or made it so
        self._streak = self._accepted = 0
        self._cut_at = self._pause_at = -1
        self._latency: float | None = None
        self._asked = 0.0  # seconds: the last wait that the server asked for

    def limit(self, ceilings: RateCeilings) -> None:
        """Keep to other ceilings of the user; what was learned stays."""
        self._gate.bound(ceilings.concurrency)
        allowed = (ceilings.requests_per_minute, ceilings.tokens_per_minute)
        if allowed != self._allowed:
            self._allowed, self._own = allowed, _buckets(ceilings)

    def ready_in(self, tokens: float, now: float) -> float | None:
        """The seconds until a call of `tokens` may go; None: not before another one ends."""
        if self.in_flight >= int(self._gate.value):
            return None
        others = max(
            0.0,
            self._paused_until - now,
            self._requests.ready_in(1, now),
            self._tokens.ready_in(tokens, now),
            self._own[0].ready_in(1, now) if self._own[0] else 0.0,
            self._own[1].ready_in(tokens, now) if self._own[1] else 0.0,
        )
        paced = self._paced.ready_in(1, now) if self._pace else 0.0
        if paced > others:
            self._is_pace_used = True
        return max(paced, others)

    def admit(self, tokens: float, now: float) -> Ticket:
        """Let one call through; `ready_in` has said that it may go."""
        self.in_flight += 1
        self._numbers += 1
        for bucket, amount in zip(self._own, (1, tokens), strict=True):
            if bucket is not None:
                bucket.take(amount, now)
        if self._pace is not None:
            self._paced.take(1, now)
        if self.in_flight >= _IN_USE * int(self._gate.value):
            self._filled = self._numbers
        self._sent.append(now)
        while self._sent[0] < now - _RECENT:
            self._sent.popleft()
        return Ticket(
            number=self._numbers,
            tokens=tokens,
            sent_at=now,
            marks=(self._requests.take(1, now), self._tokens.take(tokens, now)),
        )

    def answered(self, ticket: Ticket, status: int, limits: RateLimits, now: float) -> None:
        """Learn from an answer: its status, and what its headers say."""
        was_let_in = status != 429
        for server, told, number in (
            (self._requests, limits.requests, ticket.marks[0]),
            (self._tokens, limits.tokens, ticket.marks[1]),
        ):
            server.hear(told, number, was_let_in=was_let_in, now=now)
        if status == 429:
            self._limited(ticket, limits, now)
        elif status >= 500 or status == 408:
            self.failed(now)
        elif status < 400:
            self._succeeded(ticket, now)

    def failed(self, now: float) -> None:
        """No answer, or none that tells of a limit: nothing grows for a while, nothing is cut."""
        self._held_until = now + _HOLD

    def used(self, ticket: Ticket, tokens: float, now: float) -> None:
        """What the call took in truth; the difference from the estimate is charged or given back.

        The server's own count needs no help: its answers tell it.
        """
        if self._own[1] is not None:
            self._own[1].take(tokens - ticket.tokens, now)
        ticket.tokens = tokens

    def state(self, now: float, waiting: int) -> GateState:
        """How things stand at `now`."""
        rates = [self._requests.rate, self._pace.value if self._pace else None]
        known = [rate for rate in rates if rate is not None]
        return GateState(
            in_flight=self.in_flight,
            waiting=waiting,
            ceiling=int(self._gate.value),
            limited=self.limited,
            paused=max(0.0, self._paused_until - now),
            requests_per_minute=60 * min(known) if known else None,
        )

    def _succeeded(self, ticket: Ticket, now: float) -> None:
        self._accepted = max(self._accepted, ticket.number)
        took = now - ticket.sent_at
        self._latency = took if self._latency is None else 0.8 * self._latency + 0.2 * took
        shortest, longest = _CONSTANT
        constant = max(min(max(self._latency, shortest), longest), self._asked)
        may_grow = now >= self._held_until
        if self._pace is not None:
            self._pace.grow(now, constant, is_used=self._is_pace_used and may_grow)
            self._set_pace(now)
            self._is_pace_used = False
        is_used = ticket.number <= self._filled and may_grow
        if is_used and not self._is_gate_known:
            self._gate.step()
        else:
            self._gate.grow(now, constant, is_used=is_used)

    def _limited(self, ticket: Ticket, limits: RateLimits, now: float) -> None:
        self.limited += 1
        longest = _LONGEST_PAUSE
        if limits.retry_after:
            self._asked = min(limits.retry_after, _LONGEST_ASKED)
            longest = min(longest, 10 * self._asked)  # who names a wait is believed, within reason
            self._paused_until = max(self._paused_until, now + self._asked)
        if ticket.number <= self._pause_at:
            return  # it was on its way when the last pause began
        if self._accepted > self._cut_at:
            self._streak = 0
            self._cut_at = self._numbers
            self._cut(ticket, limits, now)
        else:
            self._streak += 1  # the server is still closed: the episode goes on
        self._pause_at = self._numbers
        # long enough for the next call to come up; longer each time that was not enough
        pause = 2 ** min(self._streak, 30) / (self._pace.value if self._pace else _UNKNOWN_PACE)
        self._paused_until = max(self._paused_until, now + min(pause, longest))

    def _cut(self, ticket: Ticket, limits: RateLimits, now: float) -> None:
        """Once an episode: the gate, and the pace where the server does not tell its limit."""
        is_told = _explains(limits.requests, 1) or _explains(limits.tokens, ticket.tokens)
        is_told = is_told and now - self._episode_at > _TRUST
        self._episode_at = now
        if not is_told:
            self._cut_pace(now)
        if ticket.number <= self._filled and not is_told:
            self._is_gate_known = True
            self._gate.cut()
        else:  # the rate is what was met, and that needs so many calls in flight
            self._gate.cut(lowest=self._in_use())

    def _in_use(self) -> float:
        rates = [self._requests.rate, self._pace.value if self._pace else None]
        known = [rate for rate in rates if rate is not None]
        return min(known) * (self._latency or 0.0) / _IN_USE + 1 if known else 0.0

    def _cut_pace(self, now: float) -> None:
        """Nobody says what the limit is: what was let through lately is as good as anything."""
        if self._pace is None:
            span = max(now - self._sent[0], _AT_LEAST) if self._sent else _AT_LEAST
            self._pace = AdaptiveLimit(len(self._sent) / span, _SLOWEST)
        self._pace.cut()
        self._set_pace(now)

    def _set_pace(self, now: float) -> None:
        if self._pace is not None:
            self._paced.change(self._pace.value, 1, now)


def _buckets(ceilings: RateCeilings) -> tuple[TokenBucket | None, TokenBucket | None]:
    requests, tokens = ceilings.requests_per_minute, ceilings.tokens_per_minute
    return (
        None if requests is None else TokenBucket.a_minute(requests),
        None if tokens is None else TokenBucket.a_minute(tokens),
    )


def _lower(one: float | None, other: float | None) -> float | None:
    return min((value for value in (one, other) if value is not None), default=None)


def _explains(quota: Quota, amount: float) -> bool:
    """Whether this limit is the one that was met, by the server's own word."""
    return quota.remaining is not None and quota.remaining < amount and quota.reset is not None
