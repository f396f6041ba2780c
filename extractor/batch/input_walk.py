"""Which files lie below a folder: one folder after the other, never all of them listed first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePath
from typing import Final

from extractor.batch.input_names import id_of, kind_of, told

_ANY_DEPTH: Final = "**"
_MAGIC: Final = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was come upon, with the id of its document (the ids of a table's rows begin so).

    `why` says what is wrong, without a stop, where it is known already that nothing can be read.
    """

    path: Path
    id: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the files below a folder are wanted: those of a pattern, less what is ignored.

    >>> wanted = Choice(pattern=("**", "*.txt"), ignore=("drafts/", "/old/*.txt"))
    >>> [wanted.takes(tuple(path.split("/"))) for path in ("a.txt", "b/c.txt", "old/d.txt", "e.md")]
    [True, True, False, False]
    >>> wanted.enters(("b", "drafts"))
    False
    """

    pattern: tuple[str, ...] = (_ANY_DEPTH, "*")
    ignore: tuple[str, ...] = ()

    def takes(self, names: tuple[str, ...]) -> bool:
        """Whether the file with these folders and this name is wanted."""
        return _fits(names, self.pattern) and not is_ignored(names, self.ignore)

    def enters(self, names: tuple[str, ...]) -> bool:
        """Whether there may be wanted files in this folder."""
        return _leads_on(names, self.pattern) and not is_ignored(names, self.ignore, folder=True)


def is_pattern(path: str) -> bool:
    """Whether a path that is not there is meant as a pattern."""
    return not _MAGIC.isdisjoint(path)


def split_pattern(path: str) -> tuple[Path, tuple[str, ...]]:
    """The folder in which a pattern begins, and the names and patterns below it.

    >>> split_pattern("docs/2021/**/*.txt")
    (PosixPath('docs/2021'), ('**', '*.txt'))
    """
    parts = PurePath(path).parts
    first = next(index for index, part in enumerate(parts) if is_pattern(part))
    return Path(*parts[:first]), parts[first:]


def walk(root: Path, choice: Choice) -> Iterator[Found]:
    """The documents below a folder, sorted within each folder by name; hidden ones are skipped.

    A link to a file is followed, one to a folder is not, so that there are no loops. A folder that
    cannot be listed is found with the reason. Raises OSError when `root` itself cannot be listed.
    """
    # A list and no recursion: folders can be nested deeper than calls.
    under_way: list[tuple[tuple[str, ...], Iterator[tuple[str, bool]]]] = [((), _listed(root))]
    while under_way:
        names, entries = under_way[-1]
        entry = next(entries, None)
        if entry is None:
            under_way.pop()
            continue
        name, is_folder = entry
        below = (*names, name)
        path = root.joinpath(*below)
        if not is_folder:
            if kind_of(name) and choice.takes(below):
                yield Found(path, id_of(below))
        elif choice.enters(below):
            try:
                under_way.append((below, _listed(path)))
            except OSError as error:
                why = f"this folder cannot be listed ({told(error.strerror or error)})"
                yield Found(path, told("/".join(below)), why)


def is_ignored(names: tuple[str, ...], patterns: tuple[str, ...], *, folder: bool = False) -> bool:
    """Whether one of the patterns means the file or folder of these names, or one it is in."""
    return any(_means(pattern, names, folder=folder) for pattern in patterns)


def _means(pattern: str, names: tuple[str, ...], *, folder: bool) -> bool:
    parts = tuple(part for part in pattern.split("/") if part)
    # every folder on the way counts: a list file names files whose folders nobody entered
    last = len(names) if folder or not pattern.endswith("/") else len(names) - 1
    if not parts:
        return False
    if "/" not in pattern.rstrip("/"):
        return any(fnmatchcase(name, parts[0]) for name in names[:last])
    return any(_fits(names[:end], parts) for end in range(1, last + 1))


def _listed(folder: Path) -> Iterator[tuple[str, bool]]:
    """What is in one folder: names, and whether each is a folder."""
    with os.scandir(folder) as entries:
        return iter(
            sorted(
                (entry.name, entry.is_dir(follow_symlinks=False))
                for entry in entries
                if not entry.name.startswith(".")
            )
        )


def _fits(names: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    if not pattern:
        return not names
    if pattern[0] == _ANY_DEPTH:
        return _fits(names, pattern[1:]) or (bool(names) and _fits(names[1:], pattern))
    return bool(names) and fnmatchcase(names[0], pattern[0]) and _fits(names[1:], pattern[1:])


def _leads_on(names: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    """Whether something below the folder of these names may fit."""
    for name, part in zip(names, pattern, strict=False):
        if part == _ANY_DEPTH:
            return True
        if not fnmatchcase(name, part):
            return False
    return len(names) < len(pattern)
