"""How the validator judges labelled claims: wrong ones accepted, right ones refused, by group.

    python benchmarks/validator.py [--inputs INPUTS.json] [--probes PROBES.json]
        [--mutations DIR [--label-errors FILE.yaml]]
        [--gold GOLD.json --docs DIR]... [--departures FILE.yaml]
        [--only GROUP] [--disagreements OUT.tsv]
    python benchmarks/validator.py --write-floors

Any of them may be left out; `--gold` and `--docs` may be given again, pair by pair.

- INPUTS.json and PROBES.json list quotes of whole documents by kind: verbatim, altered, cut,
  invented. Each is offered with its own number. Verbatim quotes are offered again with the number
  typed right, and typed wrong in four ways; a figure in another form ("1597") comes with the quote
  as the text has it.
- DIR holds `docs/` and `mutations.jsonl`, labelled pairs of a quote and a value. `checks` of a pair
  says what has to be noticed. A hedge is given as the qualifier, a unit as the unit, and what a
  number is said to count ("role") as the counted thing; "unit as counted" and "role as unit" are
  the same pairs with the word in the other field, for which no target holds. FILE.yaml names the
  rows whose label errs (see label_errors.py): they are set apart, and both figures are printed.
- GOLD.json has hand-made claims, DIR their documents. The core claims are offered as annotated,
  with all fields, and with one at a time beside the quote and the value; then the mutants that
  gold_mutants.py makes of them, each with one thing wrong. A mutant is "sound" when the right claim
  is accepted, so that its refusal is due to what is wrong. --departures names the fields of the
  gold that stand nowhere near their number (see gold_departures.yaml): a claim with such a field
  is set apart, and offered without it instead.

`--only` keeps one section ("mutants") or one group of any section ("hedge"). OUT.tsv gets a row for
each claim that is judged otherwise than labelled; it quotes the documents, so it is for reading
only. Exits with 1 when a target is missed, or when a declared row of the validator's is judged as
it is labelled. `--write-floors` stores today's figures of the seeds for tests/test_gate.py.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from gold_floors import FLOORS, changes, measured, read_floors, write_floors
from label_errors import LabelError, read_label_errors
from validator_sections import (
    SECTIONS,
    TOGETHER,
    Figures,
    Judged,
    figures,
    gold,
    inputs,
    mutations,
    probes,
    read_departures,
)

_REPOSITORY = Path(__file__).parent.parent

# per cent: wrong ones accepted, right ones refused, at most; None is no target
_TARGETS: Final[Mapping[tuple[str, str], tuple[Decimal | None, Decimal | None]]] = {
    ("mutations", "value"): (Decimal(0), Decimal("0.5")),
    ("mutations", "quote"): (Decimal(0), Decimal("0.5")),
    ("mutations", "hedge"): (Decimal(1), Decimal(1)),
    ("mutations", "unit"): (Decimal(2), Decimal(3)),
    ("mutations", "role"): (Decimal(2), Decimal(3)),
    ("gold", TOGETHER): (None, Decimal(3)),
}
_MUTANTS_TARGET = (Decimal(1), None)
_ALL_OR_NONE = (Decimal(0), Decimal(0))
# two of the harmless changes drop a plural, so they are not verbatim; the labels let them pass
_REFUSED_RIGHTLY = {("inputs", "benign"): 2}
_COLUMNS = (
    "section", "group", "kind", "document", "quote", "claimed", "expected", "got", "codes",
    "message", "set apart",
)  # fmt: skip
_LONGEST_QUOTE = 160  # characters of a quote in the list of disagreements


def main() -> None:
    """Judge what was asked for; print, and end with 1 when a target is missed."""
    options = _options()
    if options.write_floors:
        _renew_floors()
        return
    declared = {} if options.label_errors is None else read_label_errors(options.label_errors)
    parts = measure(options, declared)
    for title, judged in parts.items():
        _print(title, judged)
    every = [one for judged in parts.values() for one in judged]
    if len(options.gold) > 1:
        _print("all gold", [one for one in every if one.offer.section in ("gold", "mutants")])
    if options.disagreements is not None:
        _write_disagreements(options.disagreements, every)
    failed = [*_missed(figures(every)), *_stale(every, declared)]
    if failed:
        print("\n".join(failed), file=sys.stderr)
        sys.exit(1)


def measure(
    options: argparse.Namespace, declared: Mapping[int, LabelError]
) -> dict[str, list[Judged]]:
    """Every claim that the options ask for, judged, by the name of its part."""
    found: dict[str, Iterable[Judged]] = {}
    if options.inputs is not None:
        found["inputs"] = inputs(options.inputs)
    if options.probes is not None:
        found["probes"] = probes(options.probes)
    if options.mutations is not None:
        found["mutations"] = mutations(options.mutations, declared)
    departures = read_departures(options.departures) if options.departures is not None else {}
    for path, docs in zip(options.gold, options.docs, strict=True):
        found[path.name] = gold(path, docs, departures)
    wanted = options.only
    return {
        title: [j for j in judged if wanted in (None, j.offer.section, j.offer.group)]
        for title, judged in found.items()
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--inputs", type=Path)
    parser.add_argument("--probes", type=Path)
    parser.add_argument("--mutations", type=Path)
    parser.add_argument("--label-errors", type=Path)
    parser.add_argument("--gold", type=Path, action="append", default=[])
    parser.add_argument("--docs", type=Path, action="append", default=[])
    parser.add_argument("--departures", type=Path, help="fields of the gold that are set apart")
    parser.add_argument("--only", help="one section or one group")
    parser.add_argument("--disagreements", type=Path, help="where to list them, as a TSV file")
    parser.add_argument("--write-floors", action="store_true")
    options = parser.parse_args()
    if len(options.gold) != len(options.docs):
        parser.error("every --gold needs its own --docs")
    if options.label_errors is not None and options.mutations is None:
        parser.error("--label-errors is about --mutations")
    return options


def _print(title: str, judged: Sequence[Judged]) -> None:
    """The tables of one part, with the targets; once more with what was set apart."""
    without, within = figures(judged), figures(judged, with_apart=True)
    for section in (name for name in SECTIONS if name in without):
        print(f"\n{title}" if title == section else f"\n{title}: {section}")
        for group, counts in without[section].items():
            if section in ("inputs", "probes"):
                print(f"  {group:16} {_accepted(section, group, counts)}")
                continue
            wrong, right = _target(section, group)
            cells = (
                _cell("wrong accepted", counts["wrong_accepted"], counts["wrong"], wrong),
                _cell("right refused", counts["right_refused"], counts["right"], right),
                f"{counts['sound']} sound" if section == "mutants" else "",
            )
            print(f"  {group:16} {'   '.join(cell for cell in cells if cell)}")
            if within[section][group] != counts:
                print(f"  {'':16} {_nothing_apart(within[section][group])}")
        if section == "mutants":
            accepted, offered = (
                sum(counts[name] for counts in without[section].values())
                for name in ("wrong_accepted", "wrong")
            )
            print(f"  {'all kinds':16} {_cell('wrong accepted', accepted, offered, None)}")


def _accepted(section: str, group: str, counts: Mapping[str, int]) -> str:
    accepted = counts["wrong_accepted"] + counts["right"] - counts["right_refused"]
    wanted = counts["right"] - _REFUSED_RIGHTLY.get((section, group), 0)
    return f"accepted {accepted:3} of {counts['right'] + counts['wrong']:3}, must be {wanted}"


def _cell(name: str, failed: int, total: int, target: Decimal | None) -> str:
    if not total:
        return ""
    count = f"{name} {failed:3} of {total:4}, {100 * failed / total:5.2f} %"
    return count if target is None else f"{count} (at most {target} %)"


def _nothing_apart(counts: Mapping[str, int]) -> str:
    return (
        f"(nothing set apart: wrong accepted {counts['wrong_accepted']} of {counts['wrong']}, "
        f"right refused {counts['right_refused']} of {counts['right']})"
    )


def _target(section: str, group: str) -> tuple[Decimal | None, Decimal | None]:
    if section == "mutants":
        return _MUTANTS_TARGET
    if section in ("inputs", "probes"):
        return _ALL_OR_NONE
    return _TARGETS.get((section, group), (None, None))


def _missed(found: Figures) -> list[str]:
    """A line for each target that is not met."""
    lines = []
    for section, groups in found.items():
        for group, counts in groups.items():
            wrong, right = _target(section, group)
            excused = _REFUSED_RIGHTLY.get((section, group), 0)
            refused = counts["right_refused"] - excused
            for name, failed, total, target in (
                ("wrong accepted", counts["wrong_accepted"], counts["wrong"], wrong),
                ("right refused", refused, counts["right"], right),
            ):
                if target is not None and failed * 100 > target * total:
                    lines.append(f"target missed: {section}, {group}: {name} {failed} of {total}")
    return lines


def _stale(judged: Iterable[Judged], declared: Mapping[int, LabelError]) -> list[str]:
    """A line for each declaration that is of no use: every claim of its row is judged as labelled.

    Rows that the number reader misjudges are its own to hold (benchmarks/reader.py).
    """
    rows: dict[int, list[Judged]] = {}
    for one in judged:
        if one.offer.section == "mutations":
            rows.setdefault(int(one.offer.kind.split()[0]), []).append(one)
    return [
        f"stale: row {row} is judged as it is labelled"
        for row, error in declared.items()
        if error.judge == "validator" and row in rows and all(one.right for one in rows[row])
    ]


def _write_disagreements(path: Path, judged: Iterable[Judged]) -> None:
    """A row for each claim that is judged otherwise than labelled."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow(_COLUMNS)
        for one in judged:
            if not one.right:
                offer = one.offer
                claimed = {name: text for name, text in offer.candidate.items() if name != "quote"}
                writer.writerow(
                    (
                        offer.section,
                        offer.group,
                        offer.kind,
                        one.document,
                        " ".join(offer.candidate["quote"].split())[:_LONGEST_QUOTE],
                        "; ".join(f"{name} {text}" for name, text in claimed.items()),
                        "supported" if offer.supported else "unsupported",
                        "accepted" if one.accepted else "refused",
                        " ".join(error.code for error in one.errors),
                        " | ".join(error.message for error in one.errors),
                        one.apart or "",
                    )
                )


def _renew_floors() -> None:
    """Store today's figures of the seeds, and say what changed."""
    today, path = measured(_REPOSITORY), _REPOSITORY / FLOORS
    if path.exists():
        for way, sentences in changes(read_floors(path), today).items():
            for sentence in sentences:
                print(f"{way}: {sentence}")
    write_floors(path, today)
    print(f"written: {FLOORS}")


if __name__ == "__main__":
    main()
