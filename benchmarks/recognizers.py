"""How the reader does on the English case files of Recognizers-Text, strictly.

    python benchmarks/recognizers.py DIR [--misses]

DIR holds the suite's files (NumberModel.json and so on). A case is right when every span and every
value that it expects is found and nothing else. Every case counts, those too that the suite marks
as not supported by one of its own implementations. `--misses` prints what was wanted and found.

The suite cuts text by other conventions than the reader does; `recognizers_adapter.py` says how the
one is held against the other.

`recognizers_departures.yaml`, beside this file, declares the cases where the reader is meant to
differ. They are counted apart. A declared departure that is right after all, or whose input has
another hash, ends the run with exit code 1.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml
from recognizers_adapter import Answer, adapt, canonical

DEPARTURES: Final = Path(__file__).with_name("recognizers_departures.yaml")
MEASURED: Final = ("NumberModel", "PercentModel", "NumberRangeModel", "OrdinalModel")
INFORMATIVE: Final = ("AgeModel", "CurrencyModel", "DimensionModel")

_HASH_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Case:
    """One case of the suite: its place in the file, its text and what it expects."""

    index: int
    text: str
    wanted: tuple[Answer, ...]

    @property
    def hash(self) -> str:
        """The first digits of the text's SHA-256, by which a departure names it."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:_HASH_DIGITS]


@dataclass(slots=True)
class Score:
    """How one model's cases went."""

    cases: int = 0
    right: int = 0
    departures: Counter[str] = field(default_factory=Counter)
    misses: list[tuple[Case, list[Answer]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


# case number to (hash, kind)
Declared: TypeAlias = Mapping[int, tuple[str, str]]


def cases(path: Path) -> list[Case]:
    """The cases of one file of the suite, in order; its ends are inclusive, ours are not."""
    found = []
    for index, record in enumerate(json.loads(path.read_text("utf-8-sig"))):
        wanted = [_wanted(result) for result in record["Results"]]
        found.append(Case(index, record["Input"], tuple(sorted(wanted))))
    return found


def _wanted(result: Mapping[str, Any]) -> Answer:
    return Answer(result["Start"], result["End"] + 1, canonical(result["Resolution"]["value"]))


def departures(path: Path) -> dict[str, dict[int, tuple[str, str]]]:
    """The declared departures by model and case number, each with its hash and kind.

    Raises ValueError for a case that is declared twice or without a kind or a reason.
    """
    found: dict[str, dict[int, tuple[str, str]]] = {}
    for group in yaml.safe_load(path.read_text("utf-8")):
        if not (group["kind"].strip() and group["reason"].strip()):
            raise ValueError(f"a departure of {group['model']} has no kind or no reason")
        declared = found.setdefault(group["model"], {})
        for index, digits in group["cases"].items():
            if index in declared:
                raise ValueError(f"{group['model']} {index} is declared twice")
            declared[index] = (str(digits), group["kind"])
    return found


def score(model: str, suite: Iterable[Case], declared: Declared) -> Score:
    """How the reader does on `suite`, and what is wrong with the declared departures."""
    result = Score()
    unseen = set(declared)
    for case in suite:
        unseen.discard(case.index)
        found = adapt(model, case.text)
        right = found == list(case.wanted)
        result.cases += 1
        result.right += right
        if case.index not in declared:
            if not right:
                result.misses.append((case, found))
            continue
        digits, kind = declared[case.index]
        result.departures[kind] += 1
        if digits != case.hash:
            result.faults.append(f"{model} {case.index}: the input's hash is {case.hash}")
        if right:
            result.faults.append(f"{model} {case.index}: declared as {kind}, and right")
    result.faults += [f"{model} {index}: there is no such case" for index in sorted(unseen)]
    return result


def main() -> int:
    """Score every model, print the table; 1 if a declared departure does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path, metavar="DIR")
    parser.add_argument("--misses", action="store_true", help="print every case that is wrong")
    options = parser.parse_args()
    declared = departures(DEPARTURES)
    faults: list[str] = []
    for model in MEASURED + INFORMATIVE:
        result = score(model, cases(options.directory / f"{model}.json"), declared.get(model, {}))
        faults += result.faults
        _print_score(model, result)
        if options.misses:
            _print_misses(result)
    for fault in faults:
        print(f"FAULT {fault}", file=sys.stderr)
    return 1 if faults else 0


def _print_score(model: str, result: Score) -> None:
    apart = sum(result.departures.values())
    rest = result.cases - apart
    line = f"{model:17} {result.right:3} of {result.cases:3}, {result.right / result.cases:6.1%}"
    if apart:
        line += f"; without {apart} departures {result.right:3} of {rest:3}"
        line += f", {result.right / rest:6.1%}" if rest else ""
    print(line + (" (for information)" if model in INFORMATIVE else ""))
    for kind, count in sorted(result.departures.items()):
        print(f"    {count:3} {kind}")


def _print_misses(result: Score) -> None:
    for case, found in result.misses:
        print(f"  {case.index}: {case.text!r}")
        for name, answers in (("wanted", case.wanted), ("found", found)):
            said = [f"{case.text[a.start : a.end]!r} {a.value}" for a in answers]
            print(f"      {name}: {'; '.join(said) or 'nothing'}")


if __name__ == "__main__":
    sys.exit(main())
