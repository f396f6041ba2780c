"""The documents of a run, one after the other: named, found and read only as they are wanted."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import Final

from extractor.batch.input_bytes import LARGEST, opened, standard_input, unreadable, whole
from extractor.batch.input_document import InputDocument, InputOptions, refused, source_of
from extractor.batch.input_html import LARGEST_PAGE, NOT_INSTALLED, html_installed, page_of
from extractor.batch.input_kinds import HTML_KINDS, TABLE_KINDS
from extractor.batch.input_loaded import check_loader, count_loaded, is_loaded, loaded_documents
from extractor.batch.input_names import id_of, kind_of, kinds_sentence, told
from extractor.batch.input_parquet_rows import NOT_INSTALLED as NO_PARQUET
from extractor.batch.input_parquet_rows import parquet_installed
from extractor.batch.input_rows import MissingColumnError
from extractor.batch.input_tables import check_columns, count_rows, table_documents
from extractor.batch.input_text import decoded
from extractor.batch.input_walk import (
    Choice,
    Found,
    is_ignored,
    is_pattern,
    split_pattern,
    walk,
)
from extractor.errors import InputError
from extractor.text import Document

STANDARD_INPUT: Final = "-"
_LIST_MARK: Final = "@"
_LONGEST_PATH: Final = 2**16  # bytes of a line in a list of files


def stream_documents(
    named: Sequence[str | Path], options: InputOptions | None = None
) -> Iterator[InputDocument]:
    """The documents of files, folders, patterns ("docs/**/*.txt") and lists ("@list.txt").

    They come in the order named, those of a folder sorted; "-" is one text from standard input.
    Nothing is held but the names of the folders under way and one row of a table. What was come
    upon and cannot be read is a document whose `read` raises InputError, so that everything is
    accounted for once.

    Raises InputError at once, before any document, for a name that is not there or is of no kind
    that is read, a folder or pattern without documents, a table named itself that has not the
    columns asked for, and a reader that is not installed for a file named itself.
    """
    options = options or InputOptions()
    files = stream_files(named, options)
    return (document for found in files for document in documents_of(found, options))


def stream_files(named: Sequence[str | Path], options: InputOptions) -> Iterator[Found]:
    """The files whose documents `stream_documents` gives, in its order; each may hold many.

    Raises InputError at once as it does.
    """
    for name in named:
        _check(str(name), options)
    return (found for name in named for found in _found(str(name), options))


def count_documents(named: Sequence[str | Path], options: InputOptions | None = None) -> int:
    """How many documents `stream_documents` gives, for totals: rows are counted, no text is kept.

    Where a Parquet file is broken inside, it counts what the file promises. Raises InputError as
    `stream_documents` does.
    """
    options = options or InputOptions()
    return sum(_count(found, options) for found in stream_files(named, options))


def stamp_of(path: str | Path) -> str:
    """What changes when a file does: its size in bytes and its time of change in nanoseconds.

    Raises InputError when it is not there or may not be looked at.
    """
    try:
        status = os.stat(path)  # noqa: PTH116 - a Path interns the parts of its name, at each document
    except OSError as error:
        raise unreadable(Path(path), error) from error
    except ValueError as error:
        raise InputError(f"{told(path)}: no file can be called this.") from error
    return f"{status.st_size}:{status.st_mtime_ns}"


def stamp_if_there(path: str | Path) -> str | None:
    """The stamp of a file; None where it is not there or may not be looked at."""
    try:
        return stamp_of(path)
    except InputError:
        return None


def _check(name: str, options: InputOptions) -> None:
    """Raise InputError for what is wrong with a name itself; at most one document is looked for."""
    if name == STANDARD_INPUT:
        return
    if name.startswith(_LIST_MARK):
        if next(_listed(name, options), None) is None:
            raise InputError(f"{told(name[1:])}: no file is named in this list.")
    elif _is_folder(name) or (is_pattern(name) and not os.path.lexists(name)):
        if next(_found(name, options), None) is None:
            where = "in this folder" if _is_folder(name) else "that this pattern fits"
            raise InputError(f"{told(name)}: there is no document {where}; {kinds_sentence()}.")
    elif "://" in name and not os.path.lexists(name):
        raise InputError(f"{told(name)}: what lies in a storage is read with --engine ray.")
    elif not os.path.lexists(name):
        raise InputError(f"{told(name)}: there is no such file or folder.")
    elif not kind_of(name):
        raise InputError(f"{told(name)}: {kinds_sentence()}.")
    else:
        _check_file(Found(Path(name), ""), options)


def _count(found: Found, options: InputOptions) -> int:
    if _is_table(found):
        return count_rows(found, options)
    return count_loaded(found) if is_loaded(found) else 1


def _check_file(found: Found, options: InputOptions) -> None:
    kind = kind_of(found.path.name)
    if kind in HTML_KINDS and not html_installed():
        raise InputError(f"{told(found.path)}: {NOT_INSTALLED}.")
    if kind == ".parquet" and not parquet_installed():
        raise InputError(f"{told(found.path)}: {NO_PARQUET}.")
    if is_loaded(found):
        check_loader(found)
    try:
        check_columns(found, options)
    except MissingColumnError:
        raise
    except InputError:
        return  # a broken file stops no run: it is told when its turn comes


def _found(name: str, options: InputOptions) -> Iterator[Found]:
    if name == STANDARD_INPUT:
        return iter((Found(Path(STANDARD_INPUT), "stdin"),))
    if name.startswith(_LIST_MARK):
        return _listed(name, options)
    if _is_folder(name):
        return _walked(Path(name), Choice(ignore=options.ignore))
    if is_pattern(name) and not os.path.lexists(name):
        root, pattern = split_pattern(name)
        return _walked(root, Choice(pattern, options.ignore))
    return iter((Found(Path(name), id_of((PurePath(name).name,))),))


def _walked(root: Path, choice: Choice) -> Iterator[Found]:
    try:
        yield from walk(root, choice)
    except FileNotFoundError:
        return  # where a pattern begins; it fits nothing
    except OSError as error:
        raise InputError(
            f"{told(root)}: this folder cannot be listed ({error.strerror or error})."
        ) from error


def _listed(name: str, options: InputOptions) -> Iterator[Found]:
    """The files of a list, and those in the folders of it; nothing in it stops the run."""
    path = Path(name[1:])
    with opened(path) as file:
        while raw := file.readline(_LONGEST_PATH):
            entry = os.fsdecode(raw).rstrip("\r\n")
            if not entry.strip():
                continue
            parts = tuple(part for part in PurePath(entry).parts if part not in ("/", ".."))
            if is_ignored(parts, options.ignore):
                continue
            if _is_folder(entry):
                yield from _in_listed_folder(Path(entry), parts, options)
            else:
                why = None if kind_of(entry) else kinds_sentence()
                yield Found(Path(entry), id_of(parts or (entry,)), why)


def _in_listed_folder(
    folder: Path, parts: tuple[str, ...], options: InputOptions
) -> Iterator[Found]:
    empty = True
    try:
        for found in walk(folder, Choice(ignore=options.ignore)):
            empty = False
            yield Found(found.path, told("/".join(parts)) + "/" + found.id, found.why)
    except OSError as error:
        why = f"this folder cannot be listed ({error.strerror or error})"
        yield Found(folder, told("/".join(parts)), why)
    else:
        if empty:
            yield Found(folder, told("/".join(parts)), "there is no document in this folder")


def _is_folder(name: str) -> bool:
    try:
        return bool(name) and Path(name).is_dir()
    except OSError:
        return False  # what may not be looked at is told when it is opened


def _is_table(found: Found) -> bool:
    return found.why is None and kind_of(found.path.name) in TABLE_KINDS


def documents_of(found: Found, options: InputOptions) -> Iterator[InputDocument]:
    """The documents of one file, one after the other; what cannot be read is one that raises."""
    if str(found.path) == STANDARD_INPUT:
        yield _from_standard_input(found.id)
    elif found.why is not None:
        yield refused(found.id, found.path, found.why)
    elif _is_table(found):
        yield from table_documents(found, options)
    elif is_loaded(found):
        yield from loaded_documents(found)
    else:
        read = partial(_read_file, found.path, found.id)
        yield InputDocument(found.id, source_of(found.path), found.path, read)


def _from_standard_input(name: str) -> InputDocument:
    try:
        raw = standard_input()
    except InputError as error:
        why = str(error).removeprefix("standard input: ").removesuffix(".")
        return refused(name, None, why)
    # kept: it can be read only once, and `read` gives the same each time
    return InputDocument(name, source_of(None), None, partial(_text_document, raw, name, None))


def _read_file(path: Path, name: str) -> Document:
    if kind_of(path.name) not in HTML_KINDS:
        return _text_document(whole(path, LARGEST), name, path)
    markup, encoding = _decoded(whole(path, LARGEST_PAGE), path)
    return page_of(markup, name, source_of(path), encoding)


def _text_document(raw: bytes, name: str, path: Path | None) -> Document:
    text, encoding = _decoded(raw, path)
    return Document(text=text, id=name, source=source_of(path), encoding=encoding)


def _decoded(raw: bytes, path: Path | None) -> tuple[str, str]:
    try:
        return decoded(raw)
    except ValueError as error:
        raise InputError(f"{source_of(path)}: {error}.") from error
