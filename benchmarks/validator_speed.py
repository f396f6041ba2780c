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
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final

from validator_peers import PEERS, Candidate, Entry, Judging, Peer, claim_of, entries, ours

from extractor.quantities import read
from extractor.text import Document
from extractor.validator import verify

KB = 1_000
MB = 1_000_000
_SEEDS = Path(__file__).parent.parent / "seeds"
_SHORTEST = 0.05  # seconds that one timing lasts at least, repeated as often as that takes
_PATIENCE = 20.0  # seconds after which a gate takes no further turn
_CLAIMS = 12  # on each text of the growth
_MANY = 1_000
_LINEAR = 2.0  # times the time a character takes in 10 KB: what still counts as linear growth
_HOPELESS = 4.0  # times: what makes a ten times longer text not worth waiting for
_IMPORT_MS = 80.0
_IMPORTS = 21
_NOT_WANTED = ("openai", "instructor", "vcr", "tenacity", "rich", "typer")
_SIZES = MappingProxyType(
    {"1 KB": KB, "10 KB": 10 * KB, "100 KB": 100 * KB, "1 MB": MB, "10 MB": 10 * MB}
)

# Each is repeated to 1 MB without a line break.
HOSTILE: Final = MappingProxyType(
    {
        "digits": "1234567890",
        "quote marks": '"',
        "curly quote marks": "\u201c",
        "killed": "killed ",
        "names": "Ada Berg ",
        "one hyphened word": "killed-",
        "one word": "killed",
        "number, event": "5 killed ",
        "number, name, verb": "5 killed, Ada Berg said, ",
        "zero-width": "5 \u200b",
    }
)


def main() -> None:
    """Measure everything, print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("inputs", type=Path)
    parser.add_argument("--rounds", type=int, default=5, help="turns beside the peers")
    options = parser.parse_args()
    texts = entries(options.inputs)
    seeds = "\n\n".join(path.read_text("utf-8") for path in sorted(_SEEDS.glob("*.txt"))) + "\n\n"
    beside_peers(texts, options.rounds)
    growth(seeds)
    hostile()
    memory(seeds)
    many_claims(seeds)
    importing()


# --- beside the peers


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
        asked = (
            "" if target is None else f"; target at least {target:g}: {_answer(times >= target)}"
        )
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
                taken[name].append(_seconds(lambda each=gates[name]: [judge() for judge in each]))
    return taken


def _rotated(names: Sequence[str], turn: int) -> Iterator[str]:
    first = turn % len(names)
    yield from names[first:]
    yield from names[:first]


def _seconds(work: Callable[[], object]) -> float:
    """CPU seconds that the work takes, the mean of as many times as are worth timing."""
    gc.collect()
    times = 0
    start = time.process_time()
    while (spent := time.process_time() - start) < _SHORTEST:
        work()
        times += 1
    return spent / times


# --- as the text grows


def quoting(text: str) -> list[Candidate]:
    """Claims with a quote and a value: in turn a right one, a wrong value, an absent quote."""
    claims = []
    for place, quote in enumerate(_quotes(text)):
        right = claim_of(quote) or {"quote": quote, "value": "5"}
        wrong = {"quote": quote, "value": "17" + right.get("value", "")}
        absent = right | {"quote": quote + " nowhere"}
        claims.append((right, wrong, absent)[place % 3])
    return claims


def describing(text: str) -> list[Candidate]:
    """Claims with every field, refused wherever the quote stands, so that every place is tried."""
    claims = []
    for quote in _quotes(text):
        first, last = quote.split()[0], quote.split()[-1]
        claims.append(
            (claim_of(quote) or {"quote": quote, "value": "5"})
            | {"qualifier": "exact", "event": "killed", "modality": "asserted"}
            | {"counted": f"99 {first}", "claimant": first, "place": last, "when": "yesteryear"}
        )
    return claims


def _quotes(text: str) -> list[str]:
    """Twelve stretches of the first 1 KB, of whole words where it has any; with numbers first."""
    found = []
    for start in range(0, KB, KB // 25):
        piece = text[start : start + 70]
        whole = piece[piece.find(" ") + 1 : piece.rfind(" ")] if piece.count(" ") > 2 else piece
        found.append(whole.strip())
    return sorted(found, key=lambda quote: claim_of(quote) is None)[:_CLAIMS]


def growth(seeds: str) -> None:
    """Print our time a character at every size against that at 10 KB, for two sorts of claims."""
    for sort, made in (("a quote and a value", quoting), ("every field", describing)):
        claims = made(seeds)
        print(f"{_CLAIMS} claims with {sort}, as the text grows; time per character against 10 KB:")
        base, last = _per_character(_filled(seeds, 10 * KB), claims), 1.0
        for label, length in _SIZES.items():
            if last > _HOPELESS:
                print(f"  {label:20} not measured, the last took too long; linear: no")
                continue
            text = _filled(seeds, length)
            taken = _per_character(text, claims)
            last = taken / base if length > KB else 1.0
            print(f"  {label:20} {_compared(taken, base)}")
        print()


def hostile() -> None:
    """Print our time a character on 1 MB in one line against 10 KB of the same line."""
    print(
        f"1 MB in one line, {2 * _CLAIMS} claims of both sorts; time per character against 10 KB:"
    )
    for name, unit in HOSTILE.items():
        short, longer, long = (_filled(unit, n * KB) for n in (10, 100, 1000))
        claims = quoting(short) + describing(short)
        base, middle = _per_character(short, claims), _per_character(longer, claims)
        if middle > _HOPELESS * base:
            print(f"  {name:20} {_compared(middle, base)} (100 KB; 1 MB is not waited for)")
        else:
            print(f"  {name:20} {_compared(_per_character(long, claims), base)}")
    print()


def _per_character(text: str, claims: Sequence[Candidate]) -> float:
    """Seconds a character, the best of three; what takes long is timed once."""
    best = _seconds(lambda: verify(Document(text=text), claims))
    if best < 1:
        best = min(best, *(_seconds(lambda: verify(Document(text=text), claims)) for _ in "12"))
    return best / len(text)


def _compared(taken: float, base: float) -> str:
    """Speed and growth in words, of seconds a character here and at 10 KB."""
    times = taken / base
    return f"{1e-6 / taken:8.3f} M characters/s, {times:6.2f}; linear: {_answer(times <= _LINEAR)}"


def _filled(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


# --- memory, many claims, import


def memory(seeds: str) -> None:
    """Print the most memory that Python's objects take while the gate judges, by size of text."""
    claims = quoting(seeds)
    print(f"peak memory beyond the text itself, {_CLAIMS} claims with a quote and a value:")
    for label in ("100 KB", "1 MB", "10 MB"):
        text = _filled(seeds, _SIZES[label])
        size = len(text.encode("utf-8"))
        gc.collect()
        tracemalloc.start()
        verify(Document(text=text), claims)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        print(f"  {label:20} {peak / MB:10,.1f} MB, {peak / size:6.1f} times the text in UTF-8")
    print()


def many_claims(seeds: str) -> None:
    """Print what one claim costs and what a thousand do, and whether a text is read only once."""
    claims = list(islice(cycle(quoting(seeds)), _MANY))
    for label in ("10 KB", "1 MB"):
        _one_and_many(label, Document(text=_filled(seeds, _SIZES[label])), claims)
    print()


def _one_and_many(label: str, document: Document, claims: Sequence[Candidate]) -> None:
    text = document.text
    reading = _seconds(lambda: read(text))
    one = _seconds(lambda: verify(Document(text=text), claims[:1]))
    many = _seconds(lambda: verify(Document(text=text), claims))
    again = _seconds(lambda: verify(document, claims[:1]))
    further = (many - one) / (len(claims) - 1)
    print(f"one text of {label}, whose numbers are read in {1000 * reading:.2f} ms:")
    print(f"  {'one claim':40} {1000 * one:10.2f} ms")
    print(f"  {'one claim more on the same Document':40} {1000 * again:10.2f} ms")
    print(
        f"  {f'{len(claims):,} claims in one call':40} {1000 * many:10.2f} ms, {many / one:.2f} "
        f"times one; {1e6 * further:.1f} us a further claim"
    )


def importing() -> None:
    """Print the CPU time of importing the gate in a fresh interpreter, and what it must not load.

    Bytecode is kept, in a folder of its own, as it is wherever the package is installed.
    """
    gate = "import extractor.validator"
    beyond: list[float] = []
    with TemporaryDirectory() as bytecode:
        for program in ("pass", gate):
            _cpu_seconds(program, bytecode)
        for _ in range(_IMPORTS):
            empty, full = (_cpu_seconds(program, bytecode) for program in ("pass", gate))
            beyond.append(1000 * (full - empty))
    best = min(beyond)
    print(
        f"{gate}: {best:.1f} ms of CPU at best (median {statistics.median(beyond):.1f}) beyond an "
        f"empty interpreter; target at most {_IMPORT_MS:g}: {_answer(best <= _IMPORT_MS)}"
    )
    listing = f"{gate}, json, sys; print(json.dumps(sorted(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", listing], check=True, stdout=subprocess.PIPE)
    loaded = {name.partition(".")[0] for name in json.loads(shown.stdout)}
    found = sorted(loaded.intersection(_NOT_WANTED))
    print(
        f"  of {', '.join(_NOT_WANTED)} it loads {', '.join(found) or 'none'}; "
        f"target none: {_answer(not found)}"
    )


def _cpu_seconds(program: str, bytecode: str) -> float:
    """CPU time, user and system, of an interpreter that runs `program` and ends."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _answer(met: bool) -> str:  # noqa: FBT001 - one flag, one word
    return "yes" if met else "no"


if __name__ == "__main__":
    main()
