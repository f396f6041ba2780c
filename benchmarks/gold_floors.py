"""The floors under the validator: how it does on the seeds' gold, and may never do worse.

`tests/data/gate_floors.yaml` holds what was measured: how many of the core gold claims of the seeds
are refused, and how many of the wrong claims made from them are accepted. With it stands a digest
of the gold and the seeds, since figures of other claims prove nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from validator_sections import figures, gold

GOLD: Final = Path("tests/data/gold_seeds.json")
SEEDS: Final = Path("seeds")
FLOORS: Final = Path("tests/data/gate_floors.yaml")
COMMAND: Final = "python benchmarks/validator.py --write-floors"

_HEAD = f"""\
# What the validator does with the gold claims of the seeds, and with the wrong claims made from
# them: `of` so many, `failed` so many are judged wrongly. tests/test_gate.py holds every figure
# against today's. Written by `{COMMAND}`.
"""


@dataclass(frozen=True, slots=True)
class Count:
    """How many claims of one group there are, and how many of them are judged wrongly."""

    of: int
    failed: int


@dataclass(frozen=True, slots=True)
class Floors:
    """What was measured, on what.

    `right_refused` goes by the fields that were given, `wrong_accepted` by what was changed.
    """

    digest: str
    right_refused: Mapping[str, Count]
    wrong_accepted: Mapping[str, Count]


def measured(repository: Path) -> Floors:
    """Today's figures on the gold of the seeds."""
    found = figures(gold(repository / GOLD, repository / SEEDS, {}))
    refused = {
        name: Count(counts["right"], counts["right_refused"])
        for name, counts in found["gold"].items()
    }
    accepted = {
        name: Count(counts["wrong"], counts["wrong_accepted"])
        for name, counts in found["mutants"].items()
    }
    return Floors(digest(repository), refused, accepted)


def digest(repository: Path) -> str:
    """The sha256 of the gold and of every seed with its name, in the order of the names."""
    found = hashlib.sha256()
    for path in (repository / GOLD, *sorted((repository / SEEDS).glob("*.txt"))):
        found.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def read_floors(path: Path) -> Floors:
    """The floors of a file that `write_floors` wrote."""
    stored = yaml.safe_load(path.read_text("utf-8"))
    refused, accepted = (
        {name: Count(**counts) for name, counts in stored[part].items()}
        for part in ("right_refused", "wrong_accepted")
    )
    return Floors(stored["digest"], refused, accepted)


def write_floors(path: Path, floors: Floors) -> None:
    """Store figures as the floors."""
    lines = [_HEAD, f"digest: {floors.digest}\n"]
    for part in ("right_refused", "wrong_accepted"):
        counts: Mapping[str, Count] = getattr(floors, part)
        rows = (f"  {name}: {{of: {one.of}, failed: {one.failed}}}" for name, one in counts.items())
        lines.append("\n".join([f"{part}:", *rows, ""]))
    path.write_text("".join(lines), "utf-8")


def changes(floors: Floors, today: Floors) -> dict[str, list[str]]:
    """What is "worse", "better" and "other" than the floors, a sentence each.

    "other" is a group whose number of claims is not the one that its floor holds for.
    """
    found: dict[str, list[str]] = {"worse": [], "better": [], "other": []}
    for part, verb in (("right_refused", "refused"), ("wrong_accepted", "accepted")):
        before, after = getattr(floors, part), getattr(today, part)
        for name in dict.fromkeys([*before, *after]):
            old, new = before.get(name), after.get(name)
            label = f"{'right' if verb == 'refused' else 'wrong'} claims ({name})"
            if old is None or new is None or old.of != new.of:
                found["other"].append(f"{label}: {_size(new)} instead of {_size(old)}")
            elif old.failed != new.failed:
                way = "worse" if new.failed > old.failed else "better"
                found[way].append(
                    f"{label}: {new.failed} of {new.of} {verb}, the floor is {old.failed}"
                )
    return found


def _size(count: Count | None) -> str:
    return "none" if count is None else str(count.of)
