"""Files that plugins read, as documents: what goes wrong in a plugin is told by a document too."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from extractor.batch.input_bytes import LARGEST, whole
from extractor.batch.input_document import InputDocument, refused, source_of
from extractor.batch.input_names import kind_of, told
from extractor.batch.input_text import NUL_BYTES
from extractor.batch.input_walk import Found
from extractor.batch.loader_plugins import LOADER_PLUGINS, Loader, is_loaded_kind
from extractor.errors import InputError
from extractor.plugins import Outcome
from extractor.plugins import told as told_error
from extractor.text import Document

_LONGEST: Final = 512  # characters of a title or a date
_NO_ITEM: Final = object()


def is_loaded(found: Found) -> bool:
    """Whether a plugin reads this file."""
    return found.why is None and is_loaded_kind(kind_of(found.path.name))


def check_loader(found: Found) -> None:
    """Raise InputError where the plugin for this file is broken."""
    outcome = _outcome(found)
    if outcome.thing is None:
        raise InputError(f"{told(found.path)}: {outcome.sentence}")


def loaded_documents(found: Found) -> Iterator[InputDocument]:
    """The documents of a file that a plugin reads: one, or as many as its loader yields."""
    outcome = _outcome(found)
    loader = outcome.thing
    if loader is None:
        yield refused(found.id, found.path, outcome.sentence.removesuffix("."))
    elif loader.gives_many:
        yield from _many(loader, found)
    else:
        read = partial(_read, loader, found)
        yield InputDocument(found.id, source_of(found.path), found.path, read)


def count_loaded(found: Found) -> int:
    """How many documents a file gives; one that yields many is read for it."""
    loader = _outcome(found).thing
    if loader is None or not loader.gives_many:
        return 1
    return sum(1 for _ in loaded_documents(found))


def _outcome(found: Found) -> Outcome[Loader]:
    outcome = LOADER_PLUGINS.find(kind_of(found.path.name)[1:])
    assert outcome is not None  # noqa: S101 - `is_loaded` said so
    return outcome


def _read(loader: Loader, found: Found) -> Document:
    raw = whole(found.path, LARGEST)
    source = source_of(found.path)
    try:
        given = loader.load(raw, found.path)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever happens in the loader of another
        raise InputError(f"{source}: {_broken(loader, error)}.") from error
    return _document(given, found.id, source)


def _many(loader: Loader, found: Found) -> Iterator[InputDocument]:
    number = 0
    try:
        items = iter(loader.load(whole(found.path, LARGEST), found.path))
        while (item := _next(loader, items)) is not _NO_ITEM:
            number += 1
            yield _one(item, f"{found.id}:{number}", found.path, number)
        if not number:
            raise InputError("there is no document in this file.")
    except InputError as error:
        name = f"{found.id}:{number + 1}" if number else found.id
        message = str(error).removeprefix(f"{told(found.path)}: ").removesuffix(".")
        yield refused(name, found.path, message)


def _next(loader: Loader, items: Iterator[object]) -> object:
    try:
        return next(items, _NO_ITEM)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever happens in the loader of another
        raise InputError(f"{_broken(loader, error)}.") from error


def _one(item: object, name: str, path: Path, number: int) -> InputDocument:
    source = source_of(path, number)
    try:
        document = _document(item, name, source)
    except InputError as error:
        why = str(error).removeprefix(f"{source}: ").removesuffix(".")
        return refused(name, path, why, number)
    return InputDocument(name, source, path, lambda: document)


def _broken(loader: Loader, error: BaseException) -> str:
    if isinstance(error, InputError):  # the sentence of one who knows why
        return told(str(error).removesuffix("."))
    return f"the plugin {loader.plugin} cannot read it ({told_error(error)})"


def _document(given: object, name: str, source: str) -> Document:
    """What a loader gives, under our name. Raises InputError where it is no text."""
    if isinstance(given, str):
        given = Document(text=given)
    if not isinstance(given, Document) or not isinstance(given.text, str):
        kind = type(given).__name__
        raise InputError(f"{source}: its loader gives no text and no Document, but {told(kind)}.")
    if not given.text:
        raise InputError(f"{source}: there is no text in it.")
    if "\x00" in given.text:
        raise InputError(f"{source}: {NUL_BYTES}.")
    if len(given.text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise InputError(f"{source}: a text of more than {LARGEST // 2**20} MiB.")
    return Document(
        text=given.text,
        id=name,
        source=source,
        published=_line(given.published),
        title=_line(given.title),
    )


def _line(value: object) -> str | None:
    return None if value is None else told(str(value)[:_LONGEST]) or None
