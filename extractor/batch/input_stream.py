"""The documents of a run, one after the other: never all of them listed, never all in memory.

What cannot be read is a document all the same, whose `read` says why: so each is accounted for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import partial
from glob import has_magic, iglob
from pathlib import Path

from extractor.batch.input_html import page_of
from extractor.batch.input_rows import Cell, Columns, count_rows, rows_of
from extractor.batch.input_text import decoded, read_bytes, stem_of, suffix_of
from extractor.errors import InputError
from extractor.text import Document

_TEXTS = (".txt", ".md")
_PAGES = (".html", ".htm")
_TABLES = (".jsonl", ".csv", ".parquet")
KINDS = (*_TEXTS, *_PAGES, *_TABLES)
"""The suffixes of what is read; each may be packed (`.gz`), except Parquet."""


@dataclass(frozen=True, slots=True)
class InputOptions:
    """How the inputs are read: the columns of tables, and patterns of files to leave out.

    A pattern is held against a file's name and its path below the folder named (`drafts/*`).
    """

    columns: Columns = field(default_factory=Columns)
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputDocument:
    """A document that is still to be read.

    `source` says where it comes from, for a person (`path`, or `path:row`); `path` is the file that
    holds it. `read` gives its text. It raises InputError when there is none.
    """

    id: str
    source: str
    path: Path
    read: Callable[[], Document]


def stream_documents(named: Sequence[str], options: InputOptions) -> Iterator[InputDocument]:
    """The documents that are named, in the order named; a folder's in the order of their paths.

    A name is a file, a folder, a pattern (`news/**/*.txt`), or `@LIST`, a file of such names.
    Raises InputError for a name that is not there, a folder without documents, a file of another
    kind, or a table without the columns that are named.
    """
    for name in named:
        for path, identity in _files(name, options):
            yield from _of_file(path, identity, options)


def count_documents(named: Sequence[str], options: InputOptions) -> int:
    """About how many documents `stream_documents` will give; rows of tables by their lines."""
    return sum(
        count_rows(path) if suffix_of(path) in _TABLES else 1
        for name in named
        for path, _ in _files(name, options)
    )


def stamp_of(path: Path) -> str:
    """What shows that a file may have changed: its size and its time. Raises OSError."""
    found = path.stat()
    return f"{found.st_size}:{found.st_mtime_ns}"


def _files(name: str, options: InputOptions) -> Iterator[tuple[Path, str]]:
    """The files of a name, each with the id of its document or the beginning of its rows'."""
    path = Path(name)
    if name.startswith("@"):
        for line in _listed(Path(name[1:])):
            yield from _files(line, options)
    elif path.is_dir():
        yield from _of_folder(path, options)
    elif path.exists() or path.is_symlink():
        if suffix_of(path) not in KINDS:
            raise InputError(f"{path}: this is none of {' '.join(KINDS)}.")
        yield path, stem_of(path)
    elif has_magic(name):
        yield from _of_pattern(name, options)
    else:
        raise InputError(f"{path}: there is no such file or folder.")


def _of_folder(folder: Path, options: InputOptions) -> Iterator[tuple[Path, str]]:
    found = False
    for file in _below(folder):
        inner = file.relative_to(folder)
        if suffix_of(file) in KINDS and not _is_ignored(inner, options.ignore):
            found = True
            yield file, (inner.parent / stem_of(file)).as_posix()
    if not found:
        raise InputError(f"{folder}: there is no document ({' '.join(KINDS)}) in this folder.")


def _of_pattern(pattern: str, options: InputOptions) -> Iterator[tuple[Path, str]]:
    found = False
    for name in sorted(iglob(pattern, recursive=True)):  # noqa: PTH207 - pathlib's wants a folder
        file = Path(name)
        if suffix_of(file) in KINDS and file.is_file() and not _is_ignored(file, options.ignore):
            found = True
            yield file, file.with_name(stem_of(file)).as_posix()
    if not found:
        raise InputError(f"{pattern}: no document is of this pattern.")


def _listed(path: Path) -> Iterator[str]:
    text, _ = decoded(read_bytes(path), str(path))
    for line in text.splitlines():
        if line.strip() and not line.startswith("@"):
            yield line.strip()


def _below(folder: Path) -> Iterator[Path]:
    """The files below a folder, one folder after the other, without hidden and linked folders."""
    left = [folder]  # no recursion: folders may be deeper than calls
    while left:
        here = left.pop()
        try:
            with os.scandir(here) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            raise InputError(f"{here}: cannot be read ({error.strerror or error}).") from error
        shown = [entry for entry in entries if not entry.name.startswith(".")]
        folders = [Path(one.path) for one in shown if one.is_dir(follow_symlinks=False)]
        left += reversed(folders)
        yield from (Path(one.path) for one in shown if not one.is_dir())


def _is_ignored(inner: Path, patterns: Sequence[str]) -> bool:
    return any(fnmatch(inner.name, one) or fnmatch(inner.as_posix(), one) for one in patterns)


def _of_file(path: Path, identity: str, options: InputOptions) -> Iterator[InputDocument]:
    if suffix_of(path) not in _TABLES:
        yield InputDocument(identity, str(path), path, partial(_read, path, identity))
        return
    for cell in rows_of(path, options.columns):
        source = f"{path}:{cell.row}"
        yield InputDocument(cell.id, source, path, partial(_of_row, cell, source))


def _read(path: Path, identity: str) -> Document:
    text, encoding = decoded(read_bytes(path), str(path))
    if suffix_of(path) in _PAGES:
        page = page_of(text, str(path))
        return Document(
            page.text, identity, str(path), page.published, title=page.title, encoding=encoding
        )
    return Document(text, identity, str(path), encoding=encoding)


def _of_row(cell: Cell, source: str) -> Document:
    if cell.text is None:
        raise InputError(f"{source}: {cell.why}.")
    return Document(cell.text, cell.id, source, cell.published)
