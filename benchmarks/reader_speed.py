"""How fast the number reader is: beside its peers, as the text grows, on hostile text, on import.

    pip install -e '.[bench]'
    python benchmarks/reader_speed.py [FOLDER] [--rounds 5]

FOLDER holds .txt files, which are joined; without it the project's own seeds are. MB is 10^6 bytes
of UTF-8. All times are CPU time of this process, all readers take turns on the same text, and what
is printed is the median of the ratios of the turns, with the smallest and the largest: a machine
that does other work meanwhile slows both sides of a ratio. A peer that is not installed is left
out, and said so.

Recognizers-Text and quantulum3 read into values; text2num only rewrites spelled numbers. Of the
latter the extra installs the last version in Python; a peer's line says which version ran.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final

from import_time import cpu_seconds

from extractor.quantities import read

KB = 1_000
MB = 1_000_000
_SEEDS = Path(__file__).parent.parent / "seeds"
_DOCUMENT = 10 * KB
_MOST_DOCUMENTS = 20  # the slowest peer takes a second or more for each
_SHORTEST = 0.05  # seconds that one timing lasts at least, the text read as often as that takes
_LINEAR = 2.0  # times the time a character takes in 10 KB: what still counts as linear growth
_IMPORT_MS = 60.0
_IMPORTS = 21

# Each is repeated to 1 MB without a line break.
HOSTILE: Final = MappingProxyType(
    {
        "digits": "1234567890",
        "million million": "million ",
        "digit, comma": "1,",
        "grouped": "123,456,",
        "spelled": "two hundred and forty-one thousand ",
        "opening brackets": "(",
        "digits in brackets": "(5) ",
        "hyphens": "-",
        "digit, hyphen": "5-",
    }
)


@dataclass(frozen=True)
class Peer:
    """Another reader: what of it is called, and how many times its speed ours is meant to have."""

    package: str
    called: str
    target: float | None
    opened: Callable[[], Callable[[str], object]]

    @property
    def name(self) -> str:
        """The package with its installed version, and what of it is called."""
        return f"{self.package} {version(self.package)}, {self.called}"


@dataclass(frozen=True)
class Turns:
    """The ratios of several turns, of which the middle one is believed."""

    ratios: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle ratio."""
        return statistics.median(self.ratios)

    def __str__(self) -> str:
        return f"{self.median:.2f} ({min(self.ratios):.2f} to {max(self.ratios):.2f})"


def _recognizers_text() -> Callable[[str], object]:
    from recognizers_number import Culture, NumberRecognizer

    recognizer = NumberRecognizer(Culture.English)
    models = (
        recognizer.get_number_model(),
        recognizer.get_ordinal_model(),
        recognizer.get_percentage_model(),
    )
    return lambda text: [model.parse(text) for model in models]


def _recognizers_text_number() -> Callable[[str], object]:
    from recognizers_number import Culture, NumberRecognizer

    parse: Callable[[str], object] = NumberRecognizer(Culture.English).get_number_model().parse
    return parse


def _quantulum3() -> Callable[[str], object]:
    from quantulum3 import parser

    parse: Callable[[str], object] = parser.parse
    return parse


def _text2num() -> Callable[[str], object]:
    from text_to_num import alpha2digit

    return lambda text: alpha2digit(text, "en")


# Our one reading gives numbers, ordinals and percentages, so that is what Recognizers-Text is asked
# for; its number model alone is shown beside it.
PEERS: Final = (
    Peer("recognizers-text-number", "its three models", 20, _recognizers_text),
    Peer("recognizers-text-number", "numbers alone", None, _recognizers_text_number),
    Peer("quantulum3", "parse", 150, _quantulum3),
    Peer("text2num", "alpha2digit", 1, _text2num),
)


def main() -> None:
    """Measure everything, print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", nargs="?", type=Path, default=_SEEDS)
    parser.add_argument("--rounds", type=int, default=5, help="turns beside the peers")
    options = parser.parse_args()
    text = joined(options.folder)
    print(f"{options.folder.name}: {len(text):,} characters, {size(text):,} bytes\n")
    beside_peers(text, options.rounds)
    growth(text)
    hostile()
    importing()


def joined(folder: Path) -> str:
    """All .txt files of a folder as one text, repeated until it makes ten documents of 10 KB."""
    text = "\n".join(path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))) + "\n"
    if text == "\n":
        raise SystemExit(f"no .txt file in {folder}")
    return text * (1 + 10 * _DOCUMENT // len(text))


def size(text: str) -> int:
    """Bytes of UTF-8."""
    return len(text.encode("utf-8"))


def pieces(text: str, length: int) -> list[str]:
    r"""The text cut into pieces of at most `length` characters, what is left over left out.

    Each ends at the last line break of its last quarter, or where there is none, after a word.

    >>> pieces("aaaa bb\nc dddd eeee fff", 9)
    ['aaaa bb\n', 'c dddd ']
    """
    cut: list[str] = []
    start = 0
    while (end := start + length) <= len(text):
        at = text.rfind("\n", end - length // 4, end) + 1 or text.rfind(" ", start, end) + 1 or end
        cut.append(text[start:at])
        start = at
    return cut


def seconds(reader: Callable[[str], object], texts: Sequence[str]) -> float:
    """CPU seconds that one reading of all texts takes, the mean of as many as are worth timing."""
    gc.collect()
    times = 0
    start = time.process_time()
    while (spent := time.process_time() - start) < _SHORTEST:
        for text in texts:
            reader(text)
        times += 1
    return spent / times


def beside_peers(text: str, rounds: int) -> None:
    """Print our speed and every installed peer's on the same documents, turn by turn."""
    documents = pieces(text, _DOCUMENT)[:_MOST_DOCUMENTS]
    readers: dict[str, Callable[[str], object]] = {"ours": read}
    targets: dict[str, float | None] = {}
    for peer in PEERS:
        reader = _opened(peer)
        if reader is not None:
            readers[peer.name] = reader
            targets[peer.name] = peer.target
    for reader in readers.values():
        reader(documents[0])  # tables and regular expressions are built at the first reading
    taken: dict[str, list[float]] = {name: [] for name in readers}
    for turn in range(rounds):
        for name in _rotated(list(readers), turn):
            taken[name].append(seconds(readers[name], documents))
    print(f"{len(documents)} documents of 10 KB, {rounds} turns:")
    in_bytes = sum(map(size, documents))
    for name, each in taken.items():
        print(f"  {name:50} {in_bytes / statistics.median(each) / MB:8.3f} MB/s")
    for name, target in targets.items():
        pairs = zip(taken[name], taken["ours"], strict=True)
        ratio = Turns(tuple(theirs / ours for theirs, ours in pairs))
        print(f"  ours is {ratio} times {name}{_target(ratio, target)}")
    print()


def _target(ratio: Turns, target: float | None) -> str:
    """Whether the target is met, in words; nothing where there is none."""
    if target is None:
        return ""
    return f"; target at least {target:g}: {_answer(ratio.median >= target)}"


def _opened(peer: Peer) -> Callable[[str], object] | None:
    """The peer ready to read; None, with a line that says so, where it cannot be imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # escapes in the peers' strings, classifiers not installed
        try:
            return peer.opened()
        except ImportError as error:
            print(f"{peer.package}, {peer.called}: not installed ({error})")
            return None


def _rotated(names: list[str], turn: int) -> Iterator[str]:
    """The names beginning with another one at every turn, so that none is always first."""
    first = turn % len(names)
    yield from names[first:]
    yield from names[:first]


def growth(text: str) -> None:
    """Print our speed at every size, and the time per character against that at 10 KB."""
    sample = text[: 10 * _DOCUMENT]  # the same text at every size, cut or repeated
    texts = {
        "1 KB": pieces(sample, KB),
        "10 KB": pieces(sample, _DOCUMENT),
        "1 MB": [_filled(sample, MB)],
        "10 MB": [_filled(sample, 10 * MB)],
    }
    print("as the text grows; time per character against 10 KB:")
    taken = _turns(texts, rounds=5)
    for label, parts in texts.items():
        print(f"  {label:20} {_compared(taken[label], taken['10 KB'], parts)}")
    print()


def hostile() -> None:
    """Print our speed on 1 MB in one line, and the time per character against 10 KB of it."""
    print("1 MB in one line; time per character against 10 KB of the same:")
    for name, unit in HOSTILE.items():
        short, longer, long = (_filled(unit, n * KB) for n in (10, 100, 1000))
        # where 100 KB already cost so much, 1 MB might not end in minutes
        if seconds(read, [longer]) > 5 * 10 * seconds(read, [short]):
            print(f"  {name:20} 100 KB take too long already; linear: no")
            continue
        taken = _turns({"short": [short], "long": [long]}, rounds=3)
        print(f"  {name:20} {_compared(taken['long'], taken['short'], [long])}")
    print()


def _turns(texts: dict[str, list[str]], rounds: int) -> dict[str, list[float]]:
    """Our seconds a character on each of the texts, read in turns."""
    taken: dict[str, list[float]] = {label: [] for label in texts}
    for turn in range(rounds):
        for label in _rotated(list(texts), turn):
            taken[label].append(seconds(read, texts[label]) / sum(map(len, texts[label])))
    return taken


def _compared(taken: list[float], base: list[float], texts: list[str]) -> str:
    """Speed and growth in words: `taken` and `base` are seconds a character, turn by turn."""
    characters, in_bytes = sum(map(len, texts)), sum(map(size, texts))
    speed = in_bytes / (statistics.median(taken) * characters) / MB
    ratio = Turns(tuple(this / that for this, that in zip(taken, base, strict=True)))
    return f"{speed:8.3f} MB/s, {ratio}; linear: {_answer(ratio.median <= _LINEAR)}"


def _filled(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def importing() -> None:
    """Print the CPU time of importing the reader in a fresh interpreter, beyond an empty one's.

    Bytecode is kept, in a folder of its own, as it is wherever the package is installed: a machine
    that is told not to write any would compile the source at every import.
    """
    programs = ("pass", "import extractor.quantities")
    beyond: list[float] = []
    with TemporaryDirectory() as bytecode:
        for program in programs:
            cpu_seconds(program, bytecode)
        for _ in range(_IMPORTS):
            empty, full = (cpu_seconds(program, bytecode) for program in programs)
            beyond.append(1000 * (full - empty))
    median = statistics.median(beyond)
    print(
        f"import extractor.quantities: {median:.1f} ms of CPU ({min(beyond):.1f} to "
        f"{max(beyond):.1f}) beyond an empty interpreter; target at most {_IMPORT_MS:g}: "
        f"{_answer(median <= _IMPORT_MS)}"
    )


def _answer(met: bool) -> str:  # noqa: FBT001 - one flag, one word
    return "yes" if met else "no"


if __name__ == "__main__":
    main()
