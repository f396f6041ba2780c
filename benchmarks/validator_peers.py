"""The four gates that ours is measured beside, each called by its public API for its nearest job.

All of them are given the same texts, quotes and values, as much of each as they take. What does
not depend on the text (a schema, the peer's own shape of a candidate) is made ready beforehand;
what does is made at every call, as ours is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from extractor.claims.records import plain
from extractor.quantities import read
from extractor.text import Document
from extractor.validator import verify

Candidate = dict[str, str]
Judging = Callable[[], list[bool]]
"""One judgement of all claims on one text, the text read anew: which of them are accepted."""


@dataclass(frozen=True)
class Entry:
    """A text, what is claimed of it, and which of the claims a gate should accept."""

    text: str
    candidates: tuple[Candidate, ...]
    right: tuple[bool, ...]


@dataclass(frozen=True)
class Peer:
    """Another gate: what of it is called, and how many times its speed ours is meant to have."""

    package: str
    called: str
    target: float | None
    opened: Callable[[], Callable[[Entry], Judging]]

    @property
    def name(self) -> str:
        """The package with its installed version, and what of it is called."""
        return f"{self.package} {version(self.package)}, {self.called}"


def entries(path: Path) -> list[Entry]:
    """The texts of an inputs file, each quote claimed with its own first number as the value.

    A quote without a number is left out: there is nothing to claim with it.
    """
    found = []
    for row in json.loads(path.read_text("utf-8")):
        claimed = [
            (candidate, wanted)
            for quote, wanted in zip(row["quotes"], row["should_accept"], strict=True)
            if (candidate := claim_of(quote)) is not None
        ]
        candidates, right = zip(*claimed, strict=True)
        found.append(Entry(row["text"], candidates, right))
    return found


def claim_of(quote: str) -> Candidate | None:
    """The candidate that states the first number of a quote; None where it has none."""
    numbers = read(quote).quantities
    if not numbers:
        return None
    first = numbers[0]
    if first.value is not None:
        return {"quote": quote, "value": str(plain(first.value))}
    ends = {"low": plain(first.low), "high": plain(first.high)}
    return {"quote": quote} | {name: end for name, end in ends.items() if end is not None}


def ours(entry: Entry) -> Judging:
    """Our own gate."""
    return lambda: [
        verdict.accepted for verdict in verify(Document(text=entry.text), entry.candidates)
    ]


def _figure(candidate: Candidate) -> str:
    """The one figure that a gate without ranges is given."""
    return next(candidate[name] for name in ("value", "low", "high") if name in candidate)


def _groundgate() -> Callable[[Entry], Judging]:
    """Its fields are fixed and named; one that may be filled often stands for all claims."""
    from groundgate import Schema, admit

    schema = Schema.from_dict({"fields": {"figure": {"type": "number", "multiple": True}}})

    def opened(entry: Entry) -> Judging:
        packet = [
            {
                "id": place,
                "field": "figure",
                "value": _figure(candidate),
                "evidence": [{"text": candidate["quote"]}],
            }
            for place, candidate in enumerate(entry.candidates)
        ]

        def judging() -> list[bool]:
            decisions = admit(entry.text, schema, packet).decisions
            outcomes = {decision.candidate_id: decision.outcome for decision in decisions}
            return [outcomes[place] == "admitted" for place in range(len(packet))]

        return judging

    return opened


def _gtrex() -> Callable[[Entry], Judging]:
    """It has no typed values: the quote alone is verified."""
    from gtrex import Verifier

    def opened(entry: Entry) -> Judging:
        def judging() -> list[bool]:
            verifier = Verifier(entry.text)
            return [bool(verifier.verify(c["quote"]).grounded) for c in entry.candidates]

        return judging

    return opened


def _langextract() -> Callable[[Entry], Judging]:
    """It has no typed values: the quotes of a text are aligned in one call, as it does itself."""
    from langextract.data import Extraction
    from langextract.resolver import Resolver

    resolver = Resolver()

    def opened(entry: Entry) -> Judging:
        def judging() -> list[bool]:
            quoted = [Extraction("claim", candidate["quote"]) for candidate in entry.candidates]
            aligned = resolver.align(quoted, entry.text, 0, 0)
            return [extraction.alignment_status is not None for extraction in aligned]

        return judging

    return opened


def _llmground() -> Callable[[Entry], Judging]:
    """A claim is accepted when both its quote and its value are grounded."""
    from llmground import verify as ground

    def opened(entry: Entry) -> Judging:
        claims = [{"quote": c["quote"], "value": _figure(c)} for c in entry.candidates]

        def judging() -> list[bool]:
            results = [result.verdict == "grounded" for result in ground(claims, entry.text)]
            return [a and b for a, b in zip(results[::2], results[1::2], strict=True)]

        return judging

    return opened


PEERS: Final = (
    Peer("groundgate", "admit", 5, _groundgate),
    Peer("gtrex", "Verifier.verify", None, _gtrex),
    Peer("langextract", "Resolver.align", 50, _langextract),
    Peer("llmground", "verify", None, _llmground),
)
