"""What `extractor verify` shows: a few lines for each verdict, and where all of them came out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from extractor.batch.claim_groups import JudgedClaim
from extractor.claims.explanations import reasons, shown
from extractor.claims.records import json_value
from extractor.claims.schema import ClaimSchema
from extractor.cli.marked_text import Piece

_LONGEST_QUOTE = 100  # characters of a quote, of a figure and of a document's name
_LONGEST_FIGURE = 40
_LONGEST_NAME = 80
_FIGURES = ("value", "low", "high")
_NESTED = 2  # levels that are shown of a field that should have none
_INDENT = "  "  # of an excerpt
_STYLES = {"accepted": "bold green", "rejected": "bold red", "flagged": "bold yellow"}


@dataclass(slots=True)
class Tally:
    """How many claims came out how, and by which rules: a claim counts once for each of its rules.

    `flagged` are those of the accepted that a rule flags.
    """

    accepted: int = 0
    rejected: int = 0
    flagged: int = 0
    rejecting: Counter[str] = field(default_factory=Counter)
    flagging: Counter[str] = field(default_factory=Counter)

    @property
    def judged(self) -> int:
        """How many claims there were."""
        return self.accepted + self.rejected

    def add(self, judged: JudgedClaim) -> None:
        """Count one verdict."""
        verdict = judged.verdict
        self.accepted += verdict.accepted
        self.rejected += not verdict.accepted
        self.flagged += verdict.accepted and bool(verdict.findings)
        counter = self.flagging if verdict.accepted else self.rejecting
        counter.update({one.code for one in verdict.findings if one.rejects != verdict.accepted})

    def lines(self, unreadable: int, demands: Mapping[str, str]) -> Iterator[str]:
        """One line of counts, then one for each rule that found something, in the rules' order.

        `demands` says what each rule demands; rules that are not in it come last.
        """
        counts = [f"{self.accepted} accepted", f"{self.rejected} rejected"]
        counts.append(f"{self.flagged} flagged")
        yield ", ".join(counts + ([f"{unreadable} unreadable"] if unreadable else []))
        found = self.rejecting.keys() | self.flagging.keys()
        order = {code: place for place, code in enumerate(demands)}
        width = max(
            (len(str(count)) for count in (self.rejecting + self.flagging).values()), default=0
        )
        for code in sorted(found, key=lambda code: (order.get(code, len(order)), code)):
            for counter, outcome in ((self.rejecting, "rejected"), (self.flagging, "flagged")):
                if counter[code]:
                    line = (
                        f"  {code}  {counter[code]:>{width}} {outcome:8}  {demands.get(code, '')}"
                    )
                    yield line.rstrip()


class VerdictPage:
    """Writes verdicts to a console: styled and fitted on a terminal, bare lines elsewhere.

    `counts` is what the claims' numbers count: "line", or "item" of a list. `schema` is the user's
    own that the claims are of.
    """

    def __init__(self, console: Console, counts: str, schema: ClaimSchema | None = None) -> None:
        self._console = console
        self._counts = counts
        self._schema = schema
        self._width = console.width if console.is_terminal else None

    def show(self, judged: JudgedClaim) -> None:
        """Print where the claim stands, what it claims, the verdict, and an empty line."""
        lines = [self._heading(judged)]
        for outcome, why, excerpt in reasons(judged.verdict):
            lines.append([(outcome, _STYLES[outcome]), (f": {why}", "")])
            lines += self._excerpt(excerpt)
        self._print([*lines, []])

    def close(self, summary: Iterable[str]) -> None:
        """Print the lines of the summary."""
        self._print([[(line, "")] for line in summary])

    def _heading(self, judged: JudgedClaim) -> list[Piece]:
        stated = judged.stated
        place = f"{self._counts} {stated.line}, "
        place += f"extraction {stated.extraction}, " if stated.extraction else ""
        return [
            (f"{place}{shown(judged.document, _LONGEST_NAME)}: ", "dim"),
            (claimed(stated.candidate, self._schema), "bold"),
        ]

    def _excerpt(self, excerpt: str) -> list[list[Piece]]:
        """A sentence and the mark beneath it, as wide as the terminal at most."""
        sentence, _, mark = excerpt.partition("\n")
        if self._width is not None and mark:
            sentence, mark = fitted(sentence, mark, self._width)
        return [[(sentence, "")], [(mark, "red")]] if mark else []

    def _print(self, lines: Sequence[list[Piece]]) -> None:
        if self._width is None:
            for line in lines:
                self._console.file.write("".join(text for text, _ in line) + "\n")
            return
        text = Text(end="")
        for line in lines:
            for part, style in line:
                text.append(part, style)
            text.append("\n")
        self._console.print(text, soft_wrap=True, end="")


def claimed(candidate: Mapping[str, object], schema: ClaimSchema | None = None) -> str:
    r"""What a candidate claims, on one line: its quote, and its value or the ends of its range.

    >>> claimed({"quote": "300\nto 400 jobs", "low": 300, "high": "400"})
    '"300 to 400 jobs", low 300, high 400'
    """
    if schema is not None and not schema.extends:
        quote, number = schema.quote, schema.number.name
        figure = shown(json_value(candidate.get(number), _NESTED), _LONGEST_FIGURE)
        return f'"{shown(candidate.get(quote), _LONGEST_QUOTE)}", {number} {figure}'
    stated = {name: json_value(candidate.get(name), _NESTED) for name in ("quote", *_FIGURES)}
    quote = stated["quote"]
    parts = ["no quote" if quote is None else f'"{shown(quote, _LONGEST_QUOTE)}"']
    names = _FIGURES[1:] if stated["value"] is None else _FIGURES[:1]
    figures = {name: stated[name] for name in names if stated[name] is not None}
    parts += [f"{name} {shown(given, _LONGEST_FIGURE)}" for name, given in figures.items()]
    return ", ".join(parts)


def fitted(sentence: str, mark: str, width: int) -> tuple[str, str]:
    """An excerpt within `width` cells, its mark under the same characters.

    Cut away is what stands far from the mark; a character may be two cells wide.

    >>> sentence = "  The coast guard of Ames said 12 crew were saved."
    >>> for line in fitted(sentence, " " * 31 + "~^", 24):
    ...     print(line)
      … said 12 crew were s…
             ~^
    """
    start = len(mark) - len(mark.lstrip())
    end = max(min(len(mark), len(sentence)), start + 1)
    first, last = _window(sentence, (start, end), max(width - len(_INDENT) - 2, 8))
    before = ("…" if first > len(_INDENT) else "") + sentence[first:start]
    marked = sentence[start : min(end, last)]
    after = sentence[min(end, last) : last] + ("…" if last < len(sentence) else "")
    return (
        _INDENT + before + marked + after,
        _INDENT + " " * cell_len(before) + "~" * (max(cell_len(marked), 1) - 1) + "^",
    )


def _window(sentence: str, marked: tuple[int, int], room: int) -> tuple[int, int]:
    """The stretch of a sentence that is shown: the marked place, some before it, more after it."""
    first = last = marked[0]
    used = 0

    def fits(char: str, limit: int) -> bool:
        nonlocal used
        if used + cell_len(char) > limit:
            return False
        used += cell_len(char)
        return True

    while last < marked[1] and last < len(sentence) and fits(sentence[last], room):
        last += 1
    lead = used + (room - used) // 3
    while first > len(_INDENT) and fits(sentence[first - 1], lead):
        first -= 1
    while last < len(sentence) and fits(sentence[last], room):
        last += 1
    while first > len(_INDENT) and fits(sentence[first - 1], room):
        first -= 1
    return first, last
