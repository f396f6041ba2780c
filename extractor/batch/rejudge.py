"""Today's rules on the candidates that a run stored: no model is asked, and the texts are its own.

What asking alone knew is kept: a candidate that was refused since it speaks of another number than
was asked for (S002), or of a number that has its claim, stays refused whatever the rules say. And
as in a run, a number has one claim: the one that has it in the run keeps it, then the first comes.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from extractor.batch.derived_files import rebuild
from extractor.batch.json_lines import json_line
from extractor.batch.ledger_reader import LedgerReader
from extractor.batch.ledger_rows import FILES, finding_rows
from extractor.batch.ledger_schema import LEDGER
from extractor.batch.ledger_writer import now
from extractor.claims import Finding, Severity, Verdict
from extractor.claims.records import claim_record
from extractor.claims.schema import ClaimSchema
from extractor.errors import InputError
from extractor.text import Span
from extractor.validator import Source, compared, judge, strictly
from extractor.validator.registry import Rule

_BY_ASKING = "S002"
_TAKEN = "another claim already speaks of this number"


@dataclass(frozen=True, slots=True)
class Rejudged:
    """A stored candidate, judged again. `codes` are the rules that had refused it before.

    `n` is its place in the ledger, `stated` its JSON there, and `number` what it is held against.
    """

    document: str
    n: int
    stated: str
    number: Span | None
    was_accepted: bool
    codes: tuple[str, ...]
    verdict: Verdict

    @property
    def flipped(self) -> bool:
        """Whether it is accepted now and was not, or the other way round."""
        return self.was_accepted != self.verdict.accepted


@dataclass(frozen=True, slots=True)
class Bench:
    """What a run is judged by anew: rules, and the schema that it was made with, if any.

    `strict` makes flags reject, as `verify` does.
    """

    rules: Sequence[Rule]
    schema: ClaimSchema | None = None
    strict: bool = False


def rejudge_document(ledger: LedgerReader, document: str, bench: Bench) -> list[Rejudged]:
    """The candidates of a done document, judged anew, in the order of a run's ledger.

    Those that are accepted now come first; both they and the refused stand in text order.

    Raises InputError where the ledger lacks it.
    """
    source = Source(ledger.document(document))
    stored = list(_stored(ledger, document))
    verdicts = [_judged(source, one, bench) for one in stored]
    if bench.strict:
        verdicts = [strictly(verdict) for verdict in verdicts]
    verdicts = _one_a_number(verdicts)
    judged = [
        Rejudged(document, one.n, one.line, _number(one, verdict), was, one.codes, verdict)
        for one, verdict in zip(stored, verdicts, strict=True)
        for was in (one.claim is not None,)
    ]
    judged = _in_order(judged)  # what compares claims sees them as a run shows them
    verdicts = compared(source, [one.verdict for one in judged], bench.rules)
    if bench.strict:
        verdicts = [strictly(verdict) for verdict in verdicts]
    told = zip(judged, verdicts, strict=True)
    return _in_order([replace(one, verdict=verdict) for one, verdict in told])


def _in_order(judged: Sequence[Rejudged]) -> list[Rejudged]:
    return sorted(judged, key=lambda one: (not one.verdict.accepted, one.number or Span(0, 0)))


def _number(stored: _Stored, verdict: Verdict) -> Span | None:
    return verdict.claim.quantity.span if verdict.claim is not None else stored.number


def _one_a_number(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Refuse further claims on a number; the ledger's order has those of the run first."""
    taken: set[Span] = set()
    told = []
    for verdict in verdicts:
        if verdict.claim is not None and verdict.claim.quantity.span in taken:
            span = verdict.claim.quantity.span
            finding = Finding(_BY_ASKING, Severity.ERROR, "position", _TAKEN, span)
            told.append(replace(verdict, claim=None, findings=(finding, *verdict.findings)))
            continue
        if verdict.claim is not None:
            taken.add(verdict.claim.quantity.span)
        told.append(verdict)
    return told


@dataclass(frozen=True, slots=True)
class _Stored:
    n: int
    line: str
    stated: Mapping[str, Any]
    claim: Mapping[str, Any] | None
    number: Span | None
    codes: tuple[str, ...]
    by_asking: tuple[Finding, ...]


def _stored(ledger: LedgerReader, document: str) -> Iterator[_Stored]:
    findings: dict[int, list[Finding]] = {}
    for n, code, severity, name, message, start, end, excerpt in ledger.connection.execute(
        'SELECT n, code, severity, field, message, start, "end", excerpt FROM findings '
        "WHERE document = ? ORDER BY n, k",
        (document,),
    ):
        span = None if start is None else Span(start, end)
        finding = Finding(code, Severity(severity), name, message, span, excerpt)
        findings.setdefault(n, []).append(finding)
    for n, stated, claim, start, end in ledger.connection.execute(
        'SELECT c.n, c.stated, v.claim, v.start, v."end" FROM candidates c JOIN verdicts v '
        "ON v.document = c.document AND v.n = c.n WHERE c.document = ? ORDER BY c.n",
        (document,),
    ):
        told = findings.get(n, [])
        yield _Stored(
            n,
            stated,
            json.loads(stated),
            None if claim is None else json.loads(claim),
            None if start is None else Span(start, end),
            tuple(dict.fromkeys(finding.code for finding in told if finding.rejects)),
            tuple(finding for finding in told if finding.code == _BY_ASKING),
        )


def _judged(source: Source, stored: _Stored, bench: Bench) -> Verdict:
    verdict = judge(source, stored.stated, bench.rules, bench.schema)
    if stored.by_asking:  # also beside what rules refuse: those of tomorrow may not
        findings = (*stored.by_asking, *verdict.findings)
        return Verdict(verdict.candidate, None, verdict.quantity, findings)
    if verdict.claim is None:
        return verdict
    if stored.number is not None and verdict.claim.quantity.span != stored.number:
        message = "it speaks of another number than it was held against in the run"
        finding = Finding(_BY_ASKING, Severity.ERROR, "position", message, stored.number)
        return Verdict(verdict.candidate, None, verdict.quantity, (finding, *verdict.findings))
    if stored.claim is None:
        return verdict
    filled = verdict.claim.filled | frozenset(stored.claim["filled"])
    return replace(verdict, claim=replace(verdict.claim, filled=filled))


def write_rejudged(ledger: LedgerReader, folder: Path, bench: Bench) -> None:
    """A run folder like that of `ledger`, with the verdicts of today, in the empty `folder`.

    Of a run that is under way it holds the documents that have ended when the copy is made.

    Raises InputError when the disk refuses; then there is no ledger in it.
    """
    path = folder / LEDGER
    part = path.with_suffix(".part")
    try:
        connection = sqlite3.connect(part, isolation_level=None)
        try:
            ledger.connection.backup(connection)
            connection.execute("BEGIN IMMEDIATE")
            copy = LedgerReader(connection, ledger.path)  # the run itself may go on meanwhile
            for row in copy.documents("done"):
                _replace(connection, row.id, rejudge_document(copy, row.id, bench))
            connection.execute(
                "INSERT INTO events (at, kind, detail) VALUES (?, 'rejudged', ?)",
                (now(), str(ledger.path)),
            )
            connection.execute("UPDATE outputs SET bytes = 0")
            connection.execute("COMMIT")
            rebuild(connection, folder)
            for name in FILES:
                size = (folder / name).stat().st_size
                connection.execute("UPDATE outputs SET bytes = ? WHERE name = ?", (size, name))
        finally:
            connection.close()
        part.replace(path)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise InputError(f"{folder}: the run cannot be written there ({error}).") from error


def _replace(connection: sqlite3.Connection, document: str, judged: Sequence[Rejudged]) -> None:
    for query in (
        "DELETE FROM candidates WHERE document = ?",
        "DELETE FROM verdicts WHERE document = ?",
        "DELETE FROM findings WHERE document = ?",
    ):
        connection.execute(query, (document,))
    for n, one in enumerate(judged):
        claim = one.verdict.claim
        line = None if claim is None else json_line(claim_record(claim))
        place = (one.number.start, one.number.end) if one.number else (None, None)
        connection.execute("INSERT INTO candidates VALUES (?, ?, ?)", (document, n, one.stated))
        connection.execute(
            "INSERT INTO verdicts VALUES (?, ?, ?, ?, ?, ?)",
            (document, n, int(claim is not None), *place, line),
        )
        findings = claim.warnings if claim is not None else one.verdict.findings
        connection.executemany(
            "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(document, *row) for row in finding_rows(n, findings)],
        )
    counts = _accounted(connection, document)
    by_text = sum(one.verdict.claim is not None and one.verdict.claim.is_by_text for one in judged)
    accepted = sum(one.verdict.accepted for one in judged)
    connection.execute(
        "UPDATE documents SET accepted = ?, rejected = ?, dismissed = ?, unclaimed = ?, "
        "by_text = ? WHERE id = ?",
        (
            accepted,
            len(judged) - accepted,
            counts["dismissed"],
            counts["unclaimed"],
            by_text,
            document,
        ),
    )


def _further(claim: Mapping[str, Any]) -> dict[tuple[int, int], str]:
    """The further numbers of a claim of a user's schema, each with what it is of it."""
    fields: Mapping[str, Any] = claim.get("fields") or {}
    return {
        (one["span"][0], one["span"][1]): f"the {name} of {claim['number']!r}"
        for name, one in fields.items()
        if "kind" in one and one["span"] is not None
    }


def _accounted(connection: sqlite3.Connection, document: str) -> Counter[str]:
    """Bring the accounting of a document in line with its verdicts; how its numbers ended now."""
    ended: dict[tuple[int, int], tuple[str, str | None]] = {}
    further: dict[tuple[int, int], str] = {}
    for accepted, start, end, claim, codes in connection.execute(
        "SELECT accepted, start, \"end\", claim, (SELECT GROUP_CONCAT(code, ' ') FROM (SELECT "
        "DISTINCT code FROM findings f WHERE f.document = v.document AND f.n = v.n ORDER BY k)) "
        "FROM verdicts v WHERE document = ? ORDER BY accepted DESC, n",
        (document,),
    ):
        if start is not None:
            told = ("accepted", None) if accepted else ("rejected", codes)
            ended.setdefault((start, end), told)
        if claim is not None:
            further |= _further(json.loads(claim))
    counts: Counter[str] = Counter()
    rows = connection.execute("SELECT n, row FROM numbers WHERE document = ?", (document,))
    for n, row in rows.fetchall():
        number = json.loads(row)
        place = (number["span"][0], number["span"][1])
        was = (number["outcome"], number["why"])
        if place in further:
            was = ("accepted", further[place])
        elif number["outcome"] == "accepted" and place not in ended:
            was = ("unclaimed", "the claim that took it is refused by now")
        outcome, why = ended.get(place, was)
        counts[outcome] += 1
        if (outcome, why) != (number["outcome"], number["why"]):
            number |= {"outcome": outcome, "why": why}
            connection.execute(
                "UPDATE numbers SET outcome = ?, row = ? WHERE document = ? AND n = ?",
                (outcome, json_line(number), document, n),
            )
    return counts
