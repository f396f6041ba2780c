"""What a run came to as a whole: counts, rules, spending, and how it was made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.batch.ledger_reader import LedgerReader, RunCounts
from extractor.claims.verdicts import FAMILIES
from extractor.errors import InputError
from extractor.validator import all_rules

_SUMMARY = "summary.json"
# refusals that stand before every rule, and so are none
_SHAPES = {
    "S001": "The candidate must have the shape of a claim.",
    "S002": "The claim must be about the number that was asked for, and the first about it.",
}


@dataclass(frozen=True, slots=True)
class RuleCount:
    """A rule that found something: its code, what it demands, and how many claims it met.

    `summary` is empty for a rule that is not known here, of another version.
    """

    code: str
    summary: str
    rejected: int
    flagged: int


@dataclass(frozen=True, slots=True)
class Made:
    """How the run was made; None or empty where the run does not say."""

    started: str | None
    model: str | None
    server: str | None
    prompt: str | None
    prompt_sha256: str | None
    schema_sha256: str | None
    weights_sha256: str | None
    replayed_from: str | None
    asked: str | None
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Spent:
    """Calls and tokens of the run; `cost` is an amount in `currency`, None where no price is known.

    Where `is_complete` is False, tokens and cost are lower bounds. `seconds` is the wall time.
    """

    calls: int
    attempts: int
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    is_complete: bool
    cost: str | None
    currency: str | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The run as a whole. `last_event` is "ended" for one that went to its end."""

    counts: RunCounts
    rules: tuple[RuleCount, ...]
    made: Made
    spent: Spent
    last_event: str | None
    at: str | None

    @property
    def documents(self) -> int:
        """How many documents have ended, in whichever way."""
        return self.counts.done + self.counts.failed + self.counts.duplicates


def overview_of(run: Path, ledger: LedgerReader) -> Overview:
    """The overview of the run in the folder `run`. Raises InputError for a run never begun."""
    status = ledger.status()
    try:
        plan = ledger.plan
    except ValueError as error:
        raise InputError(f"{ledger.path}: its plan is not as a run leaves it ({error}).") from error
    return Overview(
        counts=ledger.counts(),
        rules=_rule_counts(ledger),
        made=_made(plan if isinstance(plan, dict) else {}),
        spent=_spent(ledger, _summary(run)),
        last_event=status["last_event"],
        at=status["at"],
    )


def overview_record(overview: Overview) -> dict[str, Any]:
    """An overview as plain JSON values."""
    counts, made, spent = overview.counts, overview.made, overview.spent
    return {
        "documents": {
            "done": counts.done,
            "failed": counts.failed,
            "duplicate": counts.duplicates,
        },
        "numbers": {
            "accepted": counts.accepted,
            "rejected": counts.rejected,
            "dismissed": counts.dismissed,
            "unclaimed": counts.unclaimed,
        },
        "rules": [
            {
                "code": rule.code,
                "demands": rule.summary,
                "rejected": rule.rejected,
                "flagged": rule.flagged,
            }
            for rule in overview.rules
        ],
        "spent": {
            "calls": spent.calls,
            "attempts": spent.attempts,
            "prompt_tokens": spent.tokens_in,
            "cached_tokens": spent.tokens_cached,
            "completion_tokens": spent.tokens_out,
            "complete": spent.is_complete,
            "cost": spent.cost,
            "currency": spent.currency,
            "wall_seconds": spent.seconds,
        },
        "made": {
            "started": made.started,
            "model": made.model,
            "server": made.server,
            "prompt": made.prompt,
            "prompt_sha256": made.prompt_sha256,
            "schema_sha256": made.schema_sha256,
            "weights_sha256": made.weights_sha256,
            "replayed_from": made.replayed_from,
            "ask": made.asked,
            "versions": dict(made.versions),
        },
        "last_event": overview.last_event,
        "at": overview.at,
    }


def rule_summaries() -> dict[str, str]:
    """What each known rule demands, by its code, in the rules' order; the shape comes last."""
    return {rule.code: rule.summary for rule in all_rules()} | _SHAPES


def _rule_counts(ledger: LedgerReader) -> tuple[RuleCount, ...]:
    """Each rule with the claims it rejects or flags: a claim counts once for each of its rules."""
    found: dict[str, tuple[int, int]] = {}
    for code, rejected, flagged in ledger.connection.execute(
        "SELECT code, SUM(severity = 'error'), SUM(severity <> 'error') FROM ("
        "SELECT DISTINCT f.document, f.n, f.code, f.severity FROM findings f "
        "JOIN documents d ON d.id = f.document AND d.state = 'done') GROUP BY code"
    ):
        found[code] = (rejected, flagged)
    summaries = rule_summaries()
    order = {code: place for place, code in enumerate(summaries)}
    codes = sorted(found, key=lambda code: (order.get(code, len(order)), _family(code), code))
    return tuple(RuleCount(code, summaries.get(code, ""), *found[code]) for code in codes)


def _family(code: str) -> int:
    return FAMILIES.index(code[0]) if code and code[0] in FAMILIES else len(FAMILIES)


def _made(plan: Mapping[str, Any]) -> Made:
    made = plan.get("made")
    made = made if isinstance(made, dict) else {}
    versions = made.get("versions")
    return Made(
        started=_text(made.get("started")),
        model=_text(made.get("model")),
        server=_text(made.get("host")) or _text(made.get("server")),
        prompt=_text(made.get("prompt")),
        prompt_sha256=_text(made.get("prompt_sha256")),
        schema_sha256=_text(made.get("schema_sha256")),
        weights_sha256=_text(made.get("weights_sha256")),
        replayed_from=_text(made.get("replayed_from")),
        asked=_text(made.get("ask")),
        versions=(
            {str(name): str(one) for name, one in versions.items()}
            if isinstance(versions, dict)
            else {}
        ),
    )


def _spent(ledger: LedgerReader, summary: Mapping[str, Any]) -> Spent:
    calls, tokens_in, cached, tokens_out, unmetered = ledger.connection.execute(
        "SELECT COUNT(*), TOTAL(prompt_tokens), TOTAL(cached_tokens), TOTAL(completion_tokens), "
        "TOTAL(unmetered) FROM calls"
    ).fetchone()
    attempts = ledger.connection.execute(
        "SELECT TOTAL(json_array_length(attempts)) FROM calls"
    ).fetchone()[0]
    usage = summary.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    seconds = summary.get("wall_seconds")
    return Spent(
        calls=int(calls),
        attempts=int(attempts),
        tokens_in=int(tokens_in),
        tokens_cached=int(cached),
        tokens_out=int(tokens_out),
        is_complete=not unmetered,
        cost=_text(usage.get("cost")),
        currency=_text(usage.get("currency")),
        seconds=float(seconds) if isinstance(seconds, (int, float)) else None,
    )


def _summary(run: Path) -> Mapping[str, Any]:
    """What the run wrote when it ended; empty while it is under way.

    Raises InputError when it is there and cannot be read.
    """
    path = run / _SUMMARY
    try:
        summary = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({error}).") from error
    return summary if isinstance(summary, dict) else {}


def _text(given: object) -> str | None:
    return given if isinstance(given, str) and given else None
