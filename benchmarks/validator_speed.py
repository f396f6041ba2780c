"""How fast the gate is: beside four peers, as the text and the claims grow, in memory, on import.

    pip install -e '.[bench]'
    python benchmarks/validator_speed.py INPUTS.json [--rounds 5]

INPUTS.json is a list of {"text", "quotes", "kinds", "should_accept"}. All times are CPU time of
this process. Beside the peers a turn judges all claims on all texts, every text read anew, and the
best turn counts; all gates take their turns in rotation, and one that is very slow takes fewer. How
many claims each accepts is shown beside its speed, since it is easy to be fast and wrong. A peer
that is not installed is left out, and said so.

For growth, memory and many claims the texts are the project's own seeds, repeated, and hostile
lines.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from import_time import cpu_seconds
from validator_growth import answer, growth, hostile, many_claims, memory, seconds
from validator_peers import PEERS, Entry, Judging, Peer, entries, ours

_SEEDS = Path(__file__).parent.parent / "seeds"
_PATIENCE = 20.0  # seconds after which a gate takes no further turn
_IMPORT_MS = 80.0
_IMPORTS = 21
_NOT_WANTED: Final = ("openai", "instructor", "vcr", "tenacity", "rich", "typer")


def main() -> None:
    """Measure everything, print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("inputs", type=Path)
    parser.add_argument("--rounds", type=int, default=5, help="turns beside the peers")
    options = parser.parse_args()
    seeds = "\n\n".join(path.read_text("utf-8") for path in sorted(_SEEDS.glob("*.txt"))) + "\n\n"
    beside_peers(entries(options.inputs), options.rounds)
    importing()
    many_claims(seeds)
    memory(seeds)
    growth(seeds)
    hostile()


def beside_peers(texts: Sequence[Entry], rounds: int) -> None:
    """Print our speed and every installed peer's on the same claims, and who accepts what."""
    gates = {"ours, verify": [ours(entry) for entry in texts]}
    targets: dict[str, float | None] = {}
    for peer in PEERS:
        opened = _opened(peer, texts)
        if opened is not None:
            gates[peer.name] = opened
            targets[peer.name] = peer.target
    accepted = {name: _accepted(judgings, texts) for name, judgings in gates.items()}
    taken = _in_rotation(gates, rounds)
    right = sum(sum(entry.right) for entry in texts)
    claims = sum(len(entry.candidates) for entry in texts)
    print(
        f"{len(texts)} texts, {sum(len(entry.text) for entry in texts):,} characters, "
        f"{claims} claims; claims a second of CPU time, the best turn of at most {rounds}:"
    )
    for name, turns in taken.items():
        good, bad = accepted[name]
        print(
            f"  {name:36} {claims / min(turns):9,.0f}/s  ({len(turns)} turns); accepts "
            f"{good} of {right} right ones, {bad} of {claims - right} wrong ones"
        )
    for name, target in targets.items():
        times = min(taken[name]) / min(taken["ours, verify"])
        asked = "" if target is None else f"; target at least {target:g}: {answer(times >= target)}"
        print(f"  ours is {times:.2f} times {name}{asked}")
    print()


def _opened(peer: Peer, texts: Sequence[Entry]) -> list[Judging] | None:
    """The peer ready to judge; None, with a line that says so, where it cannot be imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the peers' own dependencies
        try:
            opened = peer.opened()
        except ImportError as error:
            print(f"{peer.package}, {peer.called}: not installed ({error})")
            return None
    return [opened(entry) for entry in texts]


def _accepted(judgings: Sequence[Judging], texts: Sequence[Entry]) -> tuple[int, int]:
    """How many right and wrong claims a gate accepts; this first judgement warms it up, too."""
    judged = [judging() for judging in judgings]
    rows = [
        (passed, wanted)
        for verdicts, entry in zip(judged, texts, strict=True)
        for passed, wanted in zip(verdicts, entry.right, strict=True)
    ]
    good = sum(passed and wanted for passed, wanted in rows)
    return good, sum(passed for passed, _ in rows) - good


def _in_rotation(gates: dict[str, list[Judging]], rounds: int) -> dict[str, list[float]]:
    """The seconds of each gate's turns, another gate first in every round."""
    taken: dict[str, list[float]] = {name: [] for name in gates}
    names = list(gates)
    for turn in range(rounds):
        for name in _rotated(names, turn):
            if sum(taken[name]) < _PATIENCE:
                taken[name].append(seconds(partial(_judge_all, gates[name])))
    return taken


def _judge_all(judgings: Sequence[Judging]) -> None:
    for judging in judgings:
        judging()


def _rotated(names: Sequence[str], turn: int) -> Iterator[str]:
    first = turn % len(names)
    yield from names[first:]
    yield from names[:first]


def importing() -> None:
    """Print the CPU time of importing the gate in a fresh interpreter, and what it must not load.

    Bytecode is kept, in a folder of its own, as it is wherever the package is installed.
    """
    gate = "import extractor.validator"
    beyond: list[float] = []
    with TemporaryDirectory() as bytecode:
        for program in ("pass", gate):
            cpu_seconds(program, bytecode)
        for _ in range(_IMPORTS):
            empty, full = (cpu_seconds(program, bytecode) for program in ("pass", gate))
            beyond.append(1000 * (full - empty))
    best = min(beyond)
    print(
        f"{gate}: {best:.1f} ms of CPU at best (median {statistics.median(beyond):.1f}) beyond an "
        f"empty interpreter; target at most {_IMPORT_MS:g}: {answer(best <= _IMPORT_MS)}"
    )
    listing = f"{gate}, json, sys; print(json.dumps(sorted(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", listing], check=True, stdout=subprocess.PIPE)
    loaded = {name.partition(".")[0] for name in json.loads(shown.stdout)}
    found = sorted(loaded.intersection(_NOT_WANTED))
    print(
        f"  of {', '.join(_NOT_WANTED)} it loads {', '.join(found) or 'none'}; "
        f"target none: {answer(not found)}\n"
    )


if __name__ == "__main__":
    main()
