"""A server with a limit, clients that want through, and a clock that both make up as they go."""

from __future__ import annotations

import heapq
import itertools
import random
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractor.model.admission import AdmissionControl, RateCeilings, Ticket
from extractor.model.rate_limits import read_rate_limits

PHASES = ((9.0, 20.0), (17.0, 6.0), (float("inf"), 40.0))  # until (s), calls a second
IDEAL = 9 + 8 + (500 - 180 - 48) / 40  # seconds for 500 calls


class Limit:
    """A bucket, or windows that start anew, of `size` seconds' worth of calls."""

    def __init__(
        self,
        kind: str = "bucket",
        size: float = 1.0,
        tells: str = "full",
        retry_after: float | None = None,
    ) -> None:
        self.kind, self.size, self.tells, self.retry_after = kind, size, tells, retry_after
        self.level = self.most(0.0)
        self.at = 0.0
        self.refused = 0

    def rate(self, at: float) -> float:
        return next(rate for until, rate in PHASES if at < until)

    def most(self, at: float) -> float:
        return max(1.0, self.rate(at) * self.size)

    def meet(self, at: float) -> tuple[int, Mapping[str, str]]:
        most, rate = self.most(at), self.rate(at)
        if self.kind == "bucket":
            self.level += rate * (at - self.at)
        elif int(at / self.size) > int(self.at / self.size):
            self.level = most
        self.level, self.at = min(self.level, most), at
        status = 200 if self.level >= 1 else 429
        if status == 200:
            self.level -= 1
        else:
            self.refused += 1
        return status, self.headers(status, most, rate)

    def headers(self, status: int, most: float, rate: float) -> dict[str, str]:
        if self.kind == "bucket":
            reset = (most - self.level) / rate
        else:
            reset = self.size - self.at % self.size
        told = {
            "X-RateLimit-Limit-Requests": f"{rate * 60 if 'a minute' in self.tells else most:g}",
            "X-RateLimit-Remaining-Requests": str(int(self.level)),
            "X-RateLimit-Reset-Requests": f"{reset * 1000:.0f}ms",
        }
        if "next" in self.tells:  # when the next one is there, not when all are
            told["X-RateLimit-Reset-Requests"] = f"{max(0.0, (1 - self.level) / rate):.3f}s"
        if "whole seconds" in self.tells:
            told["X-RateLimit-Reset-Requests"] = str(int(reset + 0.999))
        if self.tells == "nothing":
            told = {}
        if self.retry_after is not None and status == 429:
            told["Retry-After"] = f"{self.retry_after}"
        return told


@dataclass(frozen=True)
class Sent:
    at: float
    tokens: float
    in_flight: int


@dataclass(frozen=True)
class Run:
    seconds: float
    refused: int
    attempts: int  # of one call, at most
    sent: Sequence[Sent]


def simulate(
    limit: Limit,
    calls: Sequence[float],
    ceilings: RateCeilings | None = None,
    latency: float = 0.2,
    seed: int = 0,
) -> Run:
    """Ask for all `calls` (each a number of tokens), again where refused; first come, first go.

    Threads wake up to a millisecond late, and answers vary by 30 %.
    """
    chance = random.Random(seed)  # noqa: S311 - chance that can be played again
    control = AdmissionControl(ceilings or RateCeilings())
    waiting = deque(enumerate(calls))
    attempts = [0] * len(calls)
    answers: list[tuple[float, int, tuple[int, float], Ticket, int, Mapping[str, str]]] = []
    order = itertools.count()
    sent: list[Sent] = []
    now = 0.0
    while waiting or answers:
        wake: float | None = None
        while waiting:
            number, tokens = waiting[0]
            wait = control.ready_in(tokens, now)
            if wait is None:
                break
            if wait > 0:
                wake = now + max(wait, 1e-6) + chance.uniform(0, 0.001)
                break
            waiting.popleft()
            ticket = control.admit(tokens, now)
            sent.append(Sent(now, tokens, control.in_flight))
            attempts[number] += 1
            status, headers = limit.meet(now)
            takes = latency * chance.uniform(0.7, 1.3) if status == 200 else 0.002
            entry = (now + takes, next(order), (number, tokens), ticket, status, headers)
            heapq.heappush(answers, entry)
        if wake is not None and (not answers or wake < answers[0][0]):
            now = wake
            continue
        assert answers, "nothing is in flight, and nothing may go: the gate is stuck"
        now, _, call, ticket, status, headers = heapq.heappop(answers)
        control.in_flight -= 1
        control.answered(ticket, status, read_rate_limits(headers), now)
        if status == 429:
            waiting.append(call)
    return Run(now, limit.refused, max(attempts, default=0), sent)
