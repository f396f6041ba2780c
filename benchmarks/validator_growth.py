"""How the gate's time and memory grow: with the text, on hostile lines, with the number of claims.

What takes far more CPU time than its share is given up, so that a text on which the work is not
linear shows as that, and not as hours of waiting.
"""

from __future__ import annotations

import gc
import math
import signal
import time
import tracemalloc
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from types import FrameType, MappingProxyType
from typing import Final

from validator_peers import Candidate, claim_of

from extractor.quantities import read
from extractor.text import Document
from extractor.validator import verify

KB = 1_000
MB = 1_000_000
_SHORTEST = 0.05  # seconds that one timing lasts at least, repeated as often as that takes
_CLAIMS = 12  # of each sort on each text
_MANY = 1_000
_LINEAR = 2.0  # times the time a character takes in 10 KB: what still counts as linear growth
_HOPELESS = 4.0  # times: where the waiting ends
_GRACE = 5.0  # seconds that every judgement may take
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
        "numbers": "5 ",
        "number, event": "5 killed ",
        "number, name, verb": "5 killed, Ada Berg said, ",
        "zero-width": "5 \u200b",
    }
)


class _GivenUpError(Exception):
    """The work took more CPU time than it was given."""


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds that the work takes, the mean of as many times as are worth timing."""
    gc.collect()
    times = 0
    start = time.process_time()
    while (spent := time.process_time() - start) < _SHORTEST:
        work()
        times += 1
    return spent / times


def answer(met: bool) -> str:  # noqa: FBT001 - one flag, one word
    """Whether a target is met, in a word."""
    return "yes" if met else "no"


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
        base = _per_character(_filled(seeds, 10 * KB), claims, math.inf)
        for label, length in _SIZES.items():
            taken = _per_character(_filled(seeds, length), claims, base)
            shown = _compared(taken, base)
            # in 1 KB the claims themselves are most of the work: nothing is said of growth there
            print(f"  {label:20} {shown if length > KB else shown.partition(';')[0]}")
            if taken == math.inf:
                break
        print()


def hostile() -> None:
    """Print our time a character on 1 MB in one line against 10 KB of the same line."""
    print("1 MB in one line, the same two sorts of claims; time per character against 10 KB:")
    for name, unit in HOSTILE.items():
        for sort, made in (("quote and value", quoting), ("every field", describing)):
            print(f"  {name:20} {sort:16} {_hostile(unit, made(_filled(unit, KB)))}")
    print()


def _hostile(unit: str, claims: Sequence[Candidate]) -> str:
    base = _per_character(_filled(unit, 10 * KB), claims, 0.0)
    if base == math.inf:
        return f"10 KB given up after {_GRACE:g} s; linear: no"
    for label in ("100 KB", "1 MB"):
        taken = _per_character(_filled(unit, _SIZES[label]), claims, base)
        if taken == math.inf:
            return f"{label}: {_compared(taken, base)}"
    return _compared(taken, base)


def _per_character(text: str, claims: Sequence[Candidate], base: float) -> float:
    """Seconds a character, the better of two where they are short; infinity where it is given up.

    That is when a text takes longer than some seconds and what `base`, the seconds a character of
    a shorter text, lets it hope for.
    """
    limit = _GRACE + _HOPELESS * base * len(text)

    def judging() -> object:
        return verify(Document(text=text), claims)

    try:
        best = _within(limit, judging)
        return (min(best, _within(limit, judging)) if best < 1 else best) / len(text)
    except _GivenUpError:
        return math.inf


def _within(limit: float, work: Callable[[], object]) -> float:
    """CPU seconds that the work takes; raises _GivenUpError when they are more than `limit`."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _GivenUpError

    if limit == math.inf:
        return seconds(work)
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        return seconds(work)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _compared(taken: float, base: float) -> str:
    """Speed and growth in words, of seconds a character here and at 10 KB."""
    if taken == math.inf:
        return f"given up after more than {_HOPELESS:g} times the time; linear: no"
    times = taken / base
    return f"{1e-6 / taken:8.3f} M characters/s, {times:6.2f}; linear: {answer(times <= _LINEAR)}"


def _filled(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


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
    reading = seconds(lambda: read(text))
    one = seconds(lambda: verify(Document(text=text), claims[:1]))
    many = seconds(lambda: verify(Document(text=text), claims))
    again = seconds(lambda: verify(document, claims[:1]))
    further = (many - one) / (len(claims) - 1)
    print(f"one text of {label}, whose numbers are read in {1000 * reading:.2f} ms:")
    print(f"  {'one claim':40} {1000 * one:10.2f} ms")
    print(f"  {'one claim more on the same Document':40} {1000 * again:10.2f} ms")
    print(
        f"  {f'{len(claims):,} claims in one call':40} {1000 * many:10.2f} ms, {many / one:.2f} "
        f"times one; {1e6 * further:.1f} us a further claim"
    )
