"""The `console` blocks of a documentation page, run as one shell session and read back.

A block is what a terminal shows: lines with `$ ` are typed (`> ` goes on with one), the others are
the answer, in which `...` stands for anything. What a page types runs in the order of the page, in
one folder, so that a command finds what an earlier one wrote.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from doctest import ELLIPSIS, OutputChecker
from pathlib import Path

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_END = "\x1e"  # between the answers; no command prints it
_PREAMBLE = f"""exec 2>&1
_answered() {{ local code=$?; printf '{_END}'; return $code; }}
"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What is typed, and what the page says comes of it. `line` is where it stands, from 1."""

    line: int
    typed: str
    shown: str

    def is_answered_by(self, output: str) -> bool:
        """Whether the page shows this output; white space at the ends of lines does not count."""
        return OutputChecker().check_output(self.shown, tidy(output), ELLIPSIS)


def exchanges(page: str) -> Iterator[Exchange]:
    """Every exchange of a page, in its order. Raises ValueError for a block without a command."""
    for block in _BLOCK.finditer(page):
        first = page[: block.start(1)].count("\n") + 1
        lines = block.group(1).splitlines()
        starts = [n for n, line in enumerate(lines) if line.startswith("$ ")]
        if not starts or starts[0] != 0:
            raise ValueError(f"line {first}: a console block begins with '$ ' and a command.")
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            typed, answer = [lines[start][2:]], lines[start + 1 : end]
            while answer and (answer[0].startswith("> ") or answer[0] == ">"):
                typed.append(answer.pop(0)[2:])
            yield Exchange(first + start, "\n".join(typed), tidy("\n".join(answer)))


def outputs(typed: list[str], folder: Path, environment: Mapping[str, str]) -> list[str]:
    """What each command prints, both streams together, when they are typed one after the other."""
    script = _PREAMBLE + "".join(f"{command}\n_answered\n" for command in typed)
    done = subprocess.run(
        ["/bin/bash", "-c", script],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
    )
    return done.stdout.split(_END)[: len(typed)]


def tidy(text: str) -> str:
    """Without white space at the ends of lines, and of the whole; one line end behind it."""
    lines = "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
    return f"{lines}\n" if lines else ""
