"""What `extractor verify` tells of the file itself: fields it ignored, lines it could not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from extractor.batch.field_names import FieldNames
from extractor.cli.console import printable

_MOST_REASONS = 20  # told each with its lines; of the rest only the lines
_MOST_RANGES = 20


def field_notes(names: FieldNames) -> Iterator[str]:
    """A note for each key that looks like a misspelled field, and each mapped field never seen."""
    for note in names.notes():
        yield f"note: {printable(note)}"


def unreadable_notes(
    file: str, counts: str, unreadable: Mapping[str, Sequence[int]], *, judged: int
) -> Iterator[str]:
    """One sentence for each reason why lines of `file` were not judged, each with its lines.

    `counts` is what their numbers count. Where nothing could be judged, for several reasons, one
    sentence tells the commonest and how many lines there are.
    """
    told = [(why, lines) for why, lines in unreadable.items() if lines]
    if not judged and len(told) > 1:
        why, lines = max(told, key=lambda one: (len(one[1]), -one[1][0]))
        every = len({line for _, lines in told for line in lines})
        yield _sentence(
            f"{file}: none of its {every:,} {counts}s can be judged; {counts} {lines[0]}: {why}"
        )
        return
    for why, lines in told[:_MOST_REASONS]:
        yield _sentence(f"{file}, {place(counts, lines)}: {why}")
    rest = [line for _, lines in told[_MOST_REASONS:] for line in lines]
    if rest:
        yield _sentence(f"{file}, {place(counts, rest)}: not read either, for other reasons")


def place(counts: str, lines: Iterable[int]) -> str:
    """Line numbers for a person, neighbours as a range.

    >>> place("line", [3]), place("line", [7, 1, 2, 3])
    ('line 3', 'lines 1-3, 7')
    """
    ranges: list[list[int]] = []
    for line in sorted(set(lines)):
        if ranges and line == ranges[-1][1] + 1:
            ranges[-1][1] = line
        else:
            ranges.append([line, line])
    shown = [
        str(first) if first == last else f"{first}-{last}" for first, last in ranges[:_MOST_RANGES]
    ]
    more = len(ranges) - _MOST_RANGES
    single = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
    tail = f" and {more:,} more places" if more > 0 else ""
    return f"{counts if single else counts + 's'} {', '.join(shown)}{tail}"


def _sentence(text: str) -> str:
    return f"extractor: {printable(text)}."
