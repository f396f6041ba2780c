"""Two runs, verdict by verdict: what flipped, by which rule, and what only one of them has."""

from __future__ import annotations

import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from extractor.batch.ledger_reader import LedgerReader

What = Literal["newly rejected", "newly accepted", "changed", "only in A", "only in B", "document"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `codes` are the rules that refuse it in the run in which it is refused.

    `quote` and `number` show the claim; `detail` is the refusal's first message, the fields that
    changed, or what is the matter with the document.
    """

    what: What
    document: str
    quote: str = ""
    number: str = ""
    codes: tuple[str, ...] = ()
    detail: str = ""

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "what": self.what,
            "document": self.document,
            "quote": self.quote,
            "number": self.number,
            "codes": list(self.codes),
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True)
class _Judged:
    stated: dict[str, Any]
    claim: dict[str, Any] | None
    number: tuple[int, int] | None
    codes: tuple[str, ...]
    message: str
    shown: tuple[str, str]


def differences(one: LedgerReader, other: LedgerReader) -> Iterator[Difference]:
    """The differences of two runs, document by document in the order of their ids."""
    for name, left, right in _paired(one, other):
        if left is None or right is None:
            here, there = ("A", "B") if right is None else ("B", "A")
            yield Difference("document", name, detail=f"done in {here}, not in {there}")
        elif left != right:
            yield Difference("document", name, detail="its text differs")
        else:
            yield from _of_document(name, _judged(one, name), _judged(other, name))


def by_rule(found: Counter[tuple[str, str]]) -> Iterator[str]:
    """The summary: what flipped, by rule; the counter's keys are pairs of code and `what`."""
    for code in sorted({code for code, _ in found}):
        counts = (f"{found[code, what]} {what}" for what in ("newly rejected", "newly accepted"))
        yield f"{code}: {', '.join(counts)}"


def _paired(one: LedgerReader, other: LedgerReader) -> Iterator[tuple[str, str | None, str | None]]:
    query = "SELECT id, sha256 FROM documents WHERE state = 'done' ORDER BY id"
    left, right = iter(one.connection.execute(query)), iter(other.connection.execute(query))
    first, second = next(left, None), next(right, None)
    while first is not None or second is not None:
        if second is None or (first is not None and first[0] < second[0]):
            assert first is not None  # noqa: S101 - one of the two is left
            yield first[0], first[1], None
            first = next(left, None)
        elif first is None or second[0] < first[0]:
            yield second[0], None, second[1]
            second = next(right, None)
        else:
            yield first[0], first[1], second[1]
            first, second = next(left, None), next(right, None)


def _judged(ledger: LedgerReader, document: str) -> list[_Judged]:
    findings: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for n, code, message in ledger.connection.execute(
        "SELECT n, code, message FROM findings WHERE document = ? AND severity = 'error' "
        "ORDER BY n, k",
        (document,),
    ):
        findings[n].append((code, message))
    # a class of a user's own has names of its own for what was refused
    named = ledger.plan.get("made", {}).get("named") or {}
    return [
        _Judged(
            json.loads(stated),
            None if claim is None else json.loads(claim),
            None if start is None else (start, end),
            tuple(dict.fromkeys(code for code, _ in findings[n])),
            findings[n][0][1] if findings[n] else "",
            _shown(json.loads(stated), named) if claim is None else _shown(json.loads(claim), {}),
        )
        for n, stated, claim, start, end in ledger.connection.execute(
            'SELECT c.n, c.stated, v.claim, v.start, v."end" FROM candidates c JOIN verdicts v '
            "ON v.document = c.document AND v.n = c.n WHERE c.document = ? ORDER BY c.n",
            (document,),
        )
    ]


def _of_document(document: str, left: list[_Judged], right: list[_Judged]) -> Iterator[Difference]:
    """The same candidate first; of those that are left, the one on the same number."""
    rest, unmatched = [], deque(right)
    for one in left:
        same = next((two for two in unmatched if two.stated == one.stated), None)
        if same is None:
            rest.append(one)
        else:
            unmatched.remove(same)
            yield from _flip(document, one, same)
    for one in rest:
        same = next((two for two in unmatched if one.number and two.number == one.number), None)
        if same is None:
            yield _alone("only in A", document, one)
        else:
            unmatched.remove(same)
            yield from _flip(document, one, same)
    for two in unmatched:
        yield _alone("only in B", document, two)


def _flip(document: str, one: _Judged, two: _Judged) -> Iterator[Difference]:
    shown = two.shown
    if one.claim is not None and two.claim is None:
        yield Difference("newly rejected", document, *shown, two.codes, two.message)
    elif one.claim is None and two.claim is not None:
        yield Difference("newly accepted", document, *shown, one.codes, one.message)
    else:
        before, after = one.claim or one.stated, two.claim or two.stated
        changed = [
            f"{name}: {before.get(name)!r} -> {after.get(name)!r}"
            for name in dict.fromkeys((*before, *after))
            if before.get(name) != after.get(name)
        ]
        if one.claim is None and one.codes != two.codes:
            changed.append(f"refused by: {' '.join(one.codes)} -> {' '.join(two.codes)}")
        if changed:
            yield Difference("changed", document, *shown, two.codes, "; ".join(changed))


def _alone(what: What, document: str, one: _Judged) -> Difference:
    return Difference(what, document, *one.shown, one.codes, one.message)


def _shown(fields: Mapping[str, Any], named: Mapping[str, str]) -> tuple[str, str]:
    """The quote and the number of a claim, or of a candidate whose fields are `named` so."""
    number = fields.get("number") or fields.get(named.get("value", "value"))
    return str(fields.get(named.get("quote", "quote"), "")), str(number or "")
