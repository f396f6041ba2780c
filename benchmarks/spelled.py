"""How many spelled numbers read back right, for the reader and for text2num where it is installed.

    python benchmarks/spelled.py [--misses]

1,000 numbers from 0 to 10^15, the same ones every time, are spelled by num2words and put into a
sentence of their own. Right means: one figure is found in the sentence, and it is the number. The
first style is num2words's own ("one million, two hundred and thirty-four thousand, five hundred and
sixty-seven"), where the target is 1,000 of 1,000; the others are the same words with other
punctuation, since peers do not promise to read every style.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from importlib.metadata import version
from types import MappingProxyType
from typing import Final

from num2words import num2words

from extractor.quantities import read_quantities

COUNT = 1_000
LARGEST = 10**15
_SEED = 20_220_601  # any seed would do; it is fixed so that two runs can be compared
_SPARSE = 0.7  # of the later groups of three digits, how many are emptied in a round number

STYLES: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "as num2words spells": lambda words: words,
        "without commas": lambda words: words.replace(",", ""),
        "without commas and 'and'": lambda words: words.replace(",", "").replace(" and ", " "),
        "without hyphens": lambda words: words.replace("-", " "),
    }
)

Reader = Callable[[str, int], bool]


def sample() -> list[int]:
    """1,000 different numbers, as many of each length up to sixteen digits as there can be.

    Every other one is round ("two million and three", "forty thousand, one hundred"): in numbers
    drawn at random the groups that are empty, and what is said around them, hardly occur.
    """
    chosen = random.Random(_SEED)  # noqa: S311 - a sample, no secret
    numbers = {0: None, LARGEST: None}  # in order, each once
    length = 0
    while len(numbers) < COUNT:
        length = length % 15 + 1
        number = chosen.randrange(10 ** (length - 1), 10**length)
        if chosen.random() < 0.5:
            number = _rounded(number, chosen)
        numbers.setdefault(number)
    return list(numbers)


def _rounded(number: int, chosen: random.Random) -> int:
    first, *later = f"{number:,}".split(",")
    emptied = ["000" if chosen.random() < _SPARSE else group for group in later]
    return int("".join([first, *emptied]))


def spelled(number: int) -> str:
    """The number in words, as num2words spells English.

    >>> spelled(1_201_067)
    'one million, two hundred and one thousand and sixty-seven'
    """
    return str(num2words(number))


def sentence(words: str) -> str:
    """A sentence in which the spelled number is the only one, and counts something.

    >>> sentence("one"), sentence("ninety-nine")
    ('They counted one bird on the lake.', 'They counted ninety-nine birds on the lake.')
    """
    return f"They counted {words} bird{'' if words == 'one' else 's'} on the lake."


def reads_back(words: str, number: int) -> bool:
    """Whether our reader finds the number, all its words, and nothing else in the sentence."""
    found = read_quantities(sentence(words))
    return [(q.value, q.text) for q in found] == [(Decimal(number), words)]


def text2num_reads_back(words: str, number: int) -> bool:
    """Whether text2num turns the words, and all of them, into the digits of the number."""
    from text_to_num import alpha2digit

    rewritten: str = alpha2digit(sentence(words), "en")
    return rewritten == sentence(words).replace(words, str(number))


def main() -> None:
    """Spell, read back, print how many of 1,000 are right in each style."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--misses", action="store_true", help="list what we read wrong, one a line")
    options = parser.parse_args()

    readers: dict[str, Reader] = {"ours": reads_back}
    try:
        import text_to_num  # noqa: F401 - only to know whether it is there
    except ImportError:
        print("text2num: not installed")
    else:
        readers[f"text2num {version('text2num')}"] = text2num_reads_back
    numbers = sample()
    print(f"{len(numbers):,} numbers, 0 to {LARGEST:,}: read back right")
    for style, restyled in STYLES.items():
        written = [(restyled(spelled(number)), number) for number in numbers]
        for name, reader in readers.items():
            missed = [words for words, number in written if not reader(words, number)]
            print(f"{style:26} {name:14} {len(written) - len(missed):5,} of {len(written):,}")
            if options.misses and name == "ours":
                for words in sorted(missed, key=len):
                    print(f"    {words}")


if __name__ == "__main__":
    main()
