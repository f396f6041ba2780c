"""Which documents the claims of a file speak of: by the name that they give, below a source."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from extractor.batch.inputs import DocumentPath
from extractor.errors import InputError
from extractor.text.documents import SUFFIXES


def find_named(source: Path, names: Collection[str]) -> dict[str, DocumentPath | str]:
    """The document of each name in the file or folder `source`; where it is none, why not.

    In a folder a name is the path below it, with its suffix or without. A file is the document of
    claims that name none or all the same; where they name several, it is that of its own name.
    Nothing is read yet. Raises InputError when there is no such source.
    """
    if source.is_dir():
        return {name: _below(source, name) for name in names}
    if not source.exists():
        raise InputError(f"{source}: there is no such file or folder.")
    document = DocumentPath(source, source.stem)
    own = {"", source.stem, source.name, str(source)}
    others = set(names) - own
    if len(others) == 1 and not own.intersection(names) - {""}:
        own |= others
    unknown = f"it is a claim of another document, and the source is {source} alone"
    return {name: document if name in own else unknown for name in names}


def _below(folder: Path, name: str) -> DocumentPath | str:
    if not name:
        return "which document? --source is a folder, so name it in 'document'"
    for suffix in ("", *SUFFIXES):
        path = folder / f"{name}{suffix}"
        if path.suffix.lower() in SUFFIXES and _holds(folder, path):
            return DocumentPath(path, path.relative_to(folder).with_suffix("").as_posix())
    return f"{folder} has no document {name[:80]!r}"


def _holds(folder: Path, path: Path) -> bool:
    """Whether the folder holds this file: a name in a file of claims may try to lead out of it."""
    try:
        return path.is_file() and path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError):  # a name that no file system takes
        return False
