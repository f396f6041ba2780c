"""Which documents a run is over: files as they are named, folders by their text files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import InputError
from extractor.text import Document
from extractor.text.documents import SUFFIXES


@dataclass(frozen=True, slots=True)
class DocumentPath:
    """A file and the id that its document bears: the path below the folder named, no suffix."""

    path: Path
    id: str


def find_documents(named: Sequence[Path]) -> list[DocumentPath]:
    """The documents of a run, in the order named, a folder's sorted by path; nothing is read yet.

    Raises InputError for a path that is not there, a folder without documents, a file of another
    kind, or two documents with one id.
    """
    found: dict[str, DocumentPath] = {}
    for path in named:
        for document in _below(path):
            other = found.setdefault(document.id, document)
            if other.path != document.path:
                raise InputError(
                    f"{document.path} and {other.path} would both be called {document.id!r}; "
                    "rename one of them."
                )
    return list(found.values())


def _below(path: Path) -> Iterator[DocumentPath]:
    kinds = " or ".join(SUFFIXES)
    if path.is_dir():
        files = sorted(
            file
            for file in path.rglob("*")
            if file.suffix.lower() in SUFFIXES
            and file.is_file()
            and not any(part.startswith(".") for part in file.relative_to(path).parts)
        )
        if not files:
            raise InputError(f"{path}: there is no {kinds} file in this folder.")
        for file in files:
            yield DocumentPath(file, file.relative_to(path).with_suffix("").as_posix())
    elif not path.exists():
        raise InputError(f"{path}: there is no such file or folder.")
    elif path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path}: documents are {kinds} files for now.")
    else:
        yield DocumentPath(path, path.stem)


def read_document(source: DocumentPath) -> Document:
    """Read one document. Raises InputError as `Document.from_path` does."""
    document = Document.from_path(source.path)
    return Document(text=document.text, id=source.id, source=document.source)
