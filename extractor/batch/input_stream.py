"""stand-in until the branch inputs lands"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from extractor.batch.inputs import find_documents, read_document
from extractor.text import Document


@dataclass(frozen=True, slots=True)
class InputOptions:
    text_column: str = "text"
    id_column: str | None = None
    date_column: str | None = None
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputDocument:
    id: str
    source: str
    path: Path | None
    read: Callable[[], Document]


def stream_documents(named: Sequence[str | Path], options: InputOptions) -> Iterator[InputDocument]:
    for d in find_documents([Path(p) for p in named]):
        yield InputDocument(d.id, str(d.path), d.path, partial(read_document, d))


def count_documents(named: Sequence[str | Path], options: InputOptions) -> int:
    return len(find_documents([Path(p) for p in named]))


def stamp_of(path: Path) -> str:
    s = path.stat()
    return f"{s.st_size}:{s.st_mtime_ns}"
