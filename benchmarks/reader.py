"""How the number reader does on hand-made readings, gold claims and labelled pairs.

    python benchmarks/reader.py [--tricky TRICKY.json] [--gold GOLD.json --docs DIR]...
        [--mutations MUTATIONS.jsonl [--label-errors FILE.yaml]] [--misses]

Any of the three may be left out; `--gold` and `--docs` may be given again, pair by pair.

- TRICKY.json lists sentences with one marked number each. A value is right when exactly one
  quantity overlaps the mark, is cut there and says the given interval, and, where one marked text
  stands for two numbers in two rows ("1.067"), offers both. The unit is right when it is the
  reader's name for the given one; where the row gives the counted thing ("troops"), no unit may be
  read, since a counted thing is none. A negative is right when it is masked.
  One departure: a row that gives years an interval ("2013-14", "1990s") is right when it is masked
  as a year; a year dates a thing and counts none, so it is never offered.
- GOLD.json has "claims" and "skipped"; DIR holds the documents. A core claim's number is found when
  a quantity in its quote has its value (or its range). Skipped numbers are dates, identifiers and
  the like: none may be offered, unless as an ordinal.
- MUTATIONS.jsonl, rows with `checks: value`: the reader alone is the judge. A pair is accepted when
  the value is the value, a reading or a part of a quantity of the quote. Rows whose label errs are
  declared in FILE.yaml by their line (from 0) and set apart; the counts are printed both ways.

Exits with 1 when a target is missed or when a declaration is stale: the reader now agrees with the
label, or the row is another one. `--misses` lists whatever is wrong, one a line.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from label_errors import read_label_errors

from extractor.batch.gold_scoring import belongs, right_fields
from extractor.quantities import Kind, Masked, Quantity, Reading, read, unit_of
from extractor.text.spans import Span

Record = dict[str, Any]

_SHARE: Final = Decimal("99.5")  # per cent of the pairs that are to be judged as labelled
# names of tricky rows' kinds that the reader has too; "number" and "range" cover several of its own
_KINDS: Final = frozenset({"fraction", "percent", "currency", "vague", "age", "multiple"})


@dataclass(slots=True)
class Report:
    """What one part of the benchmark found; `failed` is why the run is to end with 1."""

    lines: list[str] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def count(self, name: str, right: int, total: int, least: Decimal | int = 100) -> None:
        """Add one line, and a failure when less than `least` per cent are right."""
        line = f"{name:44} {right} of {total}{_share(right, total)}"
        self.lines.append(line)
        if right * 100 < least * total:
            self.failed.append(f"target missed: {line}")


@dataclass(frozen=True, slots=True)
class Pair:
    """One labelled pair; `row` is its line in the file, from 0."""

    row: int
    quote: str
    value: Decimal
    supported: bool

    @property
    def right(self) -> bool:
        """Whether the reader alone judges the pair as it is labelled."""
        return judge(self.quote, self.value) == self.supported


def main() -> None:
    """Measure what was asked for; print, and end with 1 when a target is missed."""
    options = _options()
    reports: list[Report] = []
    if options.tricky is not None:
        reports.append(score_tricky(json.loads(options.tricky.read_text("utf-8"))))
    for gold, docs in zip(options.gold, options.docs, strict=True):
        reports.append(score_gold(gold.name, json.loads(gold.read_text("utf-8")), docs))
    if options.mutations is not None:
        declared = {} if options.label_errors is None else _declared(options.label_errors)
        reports.append(score_pairs(read_pairs(options.mutations), declared))
    for report in reports:
        print("\n".join([*report.lines, *(report.misses if options.misses else ())]))
    failed = [line for report in reports for line in report.failed]
    if failed:
        print("\n".join(failed), file=sys.stderr)
        sys.exit(1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tricky", type=Path)
    parser.add_argument("--gold", type=Path, action="append", default=[])
    parser.add_argument("--docs", type=Path, action="append", default=[])
    parser.add_argument("--mutations", type=Path)
    parser.add_argument("--label-errors", type=Path)
    parser.add_argument("--misses", action="store_true", help="list what is wrong, one a line")
    options = parser.parse_args()
    if len(options.gold) != len(options.docs):
        parser.error("every --gold needs its own --docs")
    if options.label_errors is not None and options.mutations is None:
        parser.error("--label-errors is about --mutations")
    return options


def score_tricky(rows: list[Record]) -> Report:
    """Values, negatives, qualifiers, units and kinds of sentences with one marked number."""
    report = Report()
    right: dict[str, list[bool]] = defaultdict(list)
    other_values = _values_by_mark(rows)
    for index, row in enumerate(rows):
        checks = _check(row, other_values[row["span"]])
        for name, passed in checks.items():
            right[name].append(passed)
        wrong = [name for name, passed in checks.items() if not passed]
        if wrong:
            report.misses.append(f"{index} {', '.join(wrong)}: {row['text']!r} {_found(row)}")
    for name, passes in right.items():
        report.count(f"tricky: {name}", sum(passes), len(passes))
    return report


def _values_by_mark(rows: list[Record]) -> Mapping[str, set[Decimal]]:
    values: dict[str, set[Decimal]] = defaultdict(set)
    for row in rows:
        if row["low"] is not None and row["low"] == row["high"]:
            values[row["span"]].add(Decimal(row["low"]))
    return values


def _check(row: Record, both: set[Decimal]) -> dict[str, bool]:
    """What is right about a row, by the name of the check."""
    quantities, masks = _at(read(row["text"]), Span(row["start"], row["end"]))
    offered = [q for q in quantities if q.kind is not Kind.ORDINAL]
    if row["low"] is None and row["high"] is None:
        return {"negatives": not offered and bool(masks)}
    if row["kind"] == "year":  # the departure that the module's first lines argue
        return {"values": not offered and {m.kind for m in masks} == {"year"}}
    if len(quantities) != 1:
        return dict.fromkeys(("values", "qualifiers", "units"), False)
    (q,) = quantities
    interval = (_decimal(row["low"]), _decimal(row["high"]))
    cut = q.text == row["span"] and q.span.start == row["start"]
    checks = {
        "values": cut and (q.low, q.high) == interval and (len(both) < 2 or both <= {*q.readings}),
        "qualifiers": q.qualifier == row["qualifier"],
        "units": q.unit == unit_of(row["unit"] or ""),
    }
    if row["kind"] in _KINDS:
        checks["kinds, where the reader has the name"] = q.kind == row["kind"]
    return checks


def _decimal(number: str | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def _at(reading: Reading, place: Span) -> tuple[list[Quantity], list[Masked]]:
    """What the reader says of the characters of `place`."""
    quantities = [q for q in reading.quantities if _overlap(q.span, place)]
    return quantities, [m for m in reading.masked if _overlap(m.span, place)]


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _found(row: Record) -> str:
    quantities, masks = _at(read(row["text"]), Span(row["start"], row["end"]))
    read_as = [
        (q.text, str(q.low), str(q.high), q.kind.value, q.qualifier.value, q.unit)
        for q in quantities
    ]
    return f"{read_as} {[(m.text, m.kind) for m in masks]}"


def score_gold(name: str, gold: Record, docs: Path) -> Report:
    """The numbers of gold claims, and what is rightly left out; targets hold for core claims."""
    report = Report()
    for core in (True, False):
        claims = [claim for claim in gold["claims"] if claim["core"] == core]
        label, least = ("core", 100) if core else ("other", 0)
        found = qualified = 0
        for claim in claims:
            records = _records_at(claim, docs)
            right = [right_fields(record, claim) for record in records]
            found += bool(records)
            qualified += any("qualifier" in fields for fields in right)
            if not any("qualifier" in fields for fields in right):
                wrong = "qualifier" if records else "value"
                report.misses.append(f"{wrong} ({label}) {claim['doc']}: {claim['quote']!r}")
        report.count(f"{name}: {label} claims, value found", found, len(claims), least)
        report.count(f"{name}: {label} claims, qualifier", qualified, len(claims), least)
    skipped = gold["skipped"]
    offered = [entry for entry in skipped if _offered(entry, docs)]
    report.count(f"{name}: skipped, not offered", len(skipped) - len(offered), len(skipped))
    report.misses += [f"offered {e['doc']}: {e['text']!r} ({e['reason']})" for e in offered]
    return report


def _records_at(claim: Record, docs: Path) -> list[Record]:
    """The quantities with the claim's number, as the records that gold is scored against."""
    records = (
        {
            "document": claim["doc"],
            "number_span": (q.number.start, q.number.end),
            "value": _text(q.value),
            "low": _text(q.low),
            "high": _text(q.high),
            "qualifier": q.qualifier.value,
            "modality": None,  # not the reader's to say, as are all fields that are left out
        }
        for q in _document(docs / f"{claim['doc']}.txt").quantities
    )
    return [record for record in records if belongs(record, claim)]


def _offered(entry: Record, docs: Path) -> bool:
    place = Span(entry["start"], entry["start"] + len(entry["text"]))
    quantities, _ = _at(_document(docs / f"{entry['doc']}.txt"), place)
    return any(q.kind is not Kind.ORDINAL for q in quantities)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


@lru_cache
def _document(path: Path) -> Reading:
    return read(path.read_bytes().decode())  # as it stands: gold's offsets count every character


def read_pairs(path: Path) -> list[Pair]:
    """The rows of a file of labelled pairs that are about the value."""
    pairs = []
    for index, line in enumerate(path.read_text("utf-8").splitlines()):
        row = json.loads(line, parse_float=Decimal)
        if row["checks"] == "value":
            value = Decimal(str(row["value"]))
            pairs.append(Pair(index, row["quote"], value, row["expected"] == "supported"))
    return pairs


def _declared(path: Path) -> dict[int, Decimal]:
    """The declared rows that the reader judges, with their values."""
    errors = read_label_errors(path).items()
    return {row: error.value for row, error in errors if error.judge == "reader"}


def judge(quote: str, value: Decimal) -> bool:
    """Whether the reader finds `value` in `quote`: as a value, a reading, or a part of a pair.

    >>> [judge("between 3,000 and 4,000 homes", Decimal(n)) for n in (3000, 4000, 3500)]
    [True, True, False]
    """
    return value in _stated(quote)


@lru_cache
def _stated(quote: str) -> frozenset[Decimal]:
    stated: set[Decimal] = set()
    for q in read(quote).quantities:
        stated.update(q.readings, (part.value for part in q.parts))
        if q.value is not None:
            stated.add(q.value)
    return frozenset(stated)


def score_pairs(pairs: Iterable[Pair], declared: Mapping[int, Decimal]) -> Report:
    """Pairs judged as labelled, of both labels, with and without the declared label errors."""
    report = Report()
    pairs = list(pairs)
    kept = [pair for pair in pairs if pair.row not in declared]
    if declared:
        _count_labels(report, "pairs, nothing set apart", pairs, 0)
        report.lines.append(f"pairs set apart as label errors: {len(pairs) - len(kept)}")
    _count_labels(report, "pairs", kept, _SHARE)
    report.failed += _stale(pairs, declared)
    report.misses += [
        f"row {pair.row}: {pair.value} {'refused' if pair.supported else 'accepted'}: "
        f"{' '.join(pair.quote.split())!r}"
        for pair in kept
        if not pair.right
    ]
    return report


def _count_labels(report: Report, name: str, pairs: list[Pair], least: Decimal | int) -> None:
    for supported, verb in ((True, "supported accepted"), (False, "unsupported refused")):
        labelled = [pair for pair in pairs if pair.supported == supported]
        right = sum(pair.right for pair in labelled)
        report.count(f"{name}: {verb}", right, len(labelled), least)


def _stale(pairs: list[Pair], declared: Mapping[int, Decimal]) -> Iterable[str]:
    by_row = {pair.row: pair for pair in pairs}
    for row, value in declared.items():
        pair = by_row.get(row)
        if pair is None or pair.value != value:
            yield f"stale: row {row} is no pair with the value {value}"
        elif pair.right:
            yield f"stale: row {row} ({value}) is judged as it is labelled"


def _share(right: int, total: int) -> str:
    return f" ({100 * right / total:.2f} %)" if total else ""


if __name__ == "__main__":
    main()
