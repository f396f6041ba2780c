"""Recordings against the documents that they were made of: what is stale, missing, or left over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from extractor.batch.inputs import DocumentPath, find_documents, read_document
from extractor.errors import CassetteError, InputError, ModelError
from extractor.model import (
    Capabilities,
    ChatModel,
    Deck,
    Model,
    ModelChoice,
    open_for_replay,
    replaying_deck,
)
from extractor.model.cassette_check import Problem, check_file
from extractor.model.cassette_files import load_or_none
from extractor.model.tapes import MissError
from extractor.text import Document

Extraction = Callable[[Model, Document], object]
"""What asks the model everything there is to ask about a document."""

_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class CassetteSet:
    """A folder of cassettes, one a document, and the documents if it is known where they are."""

    folder: Path
    files: tuple[Path, ...]
    documents: tuple[DocumentPath, ...] | None


def find_sets(folders: Sequence[Path], against: Sequence[Path] = ()) -> list[CassetteSet]:
    """The sets in `folders`: each that holds cassettes itself, or else its subfolders that do.

    The documents of a set `cassettes/NAME` are those of the folder `NAME` beside `cassettes`, if
    there is one; `against` names others, for one set alone. Raises InputError for a folder that is
    not there or holds no cassette, and where `against` comes with several.
    """
    if against and len(folders) != 1:
        raise InputError("--against needs one folder of cassettes, to which the documents belong.")
    sets = []
    for folder in folders:
        if not folder.is_dir():
            raise InputError(f"{folder}: there is no such folder of cassettes.")
        holding = [folder]
        if not against and not any(folder.glob(f"*{_SUFFIX}")):
            holding = sorted(one for one in folder.iterdir() if one.is_dir() and files_in(one))
        if not holding or not (against or files_in(folder)):
            raise InputError(f"{folder}: there is no cassette in this folder.")
        sets += [one_set(one, against) for one in holding]
    return sets


def one_set(folder: Path, against: Sequence[Path] = ()) -> CassetteSet:
    """`folder` as one set, with its documents; it need not be there yet. Raises InputError."""
    documents = tuple(find_documents(against)) if against else _documents_beside(folder)
    return CassetteSet(folder, files_in(folder), documents)


def files_in(folder: Path) -> tuple[Path, ...]:
    """The cassettes below `folder`, in the order of their names."""
    found = (path for path in folder.rglob(f"*{_SUFFIX}") if not path.name.startswith("."))
    return tuple(sorted(found))


def check_set(
    cassettes: CassetteSet, extract: Extraction, choice: ModelChoice, keys: frozenset[str]
) -> Iterator[Problem]:
    """The problems of the files by themselves, then those of replaying their documents."""
    for path in cassettes.files:
        yield from check_file(path, keys)
    if cassettes.documents is None:
        return
    with opened_for_replay(cassettes, choice) as model, replaying_deck(cassettes.folder) as deck:
        for source in cassettes.documents:
            for problem in replayed(deck, source, model, extract):
                if problem.kind != "unreadable":  # that is told already
                    yield problem
    for path in orphans(cassettes):
        message = f"ORPHAN {path}: there is no document for it; remove it, or name the document."
        yield Problem("orphan", path, message)


def opened_for_replay(cassettes: CassetteSet, choice: ModelChoice) -> ChatModel:
    """The model that the first readable file was recorded from."""
    readable = next((path for path in cassettes.files if load_or_none(path)), cassettes.folder)
    return open_for_replay(choice, readable)


def recorded_capabilities(cassettes: CassetteSet, model: str) -> Capabilities | None:
    """How the endpoint was asked when the set was recorded; None where it was another model's."""
    readable = (content for path in cassettes.files if (content := load_or_none(path)))
    origin = next((content.cassette.origin for content in readable), None)
    return origin.capabilities if origin and origin.model == model else None


def replayed(
    deck: Deck, source: DocumentPath, model: Model, extract: Extraction
) -> Iterator[Problem]:
    """The problems of replaying one document."""
    path = path_of(deck.folder, source)
    try:
        document = read_document(source)
        with deck.tape(source.id) as tape:
            ask_all(extract, model, document)
    except MissError as error:
        yield Problem(error.kind, path, str(error))
    except CassetteError as error:
        yield Problem("unreadable", path, str(error))
    except InputError as error:
        yield Problem("document", path, str(error))
    else:
        if tape.unplayed:
            yield Problem("unplayed", path, f"UNPLAYED {path}: {_unplayed(tape.unplayed_numbers)}.")


def ask_all(extract: Extraction, model: Model, document: Document) -> None:
    """Ask everything; a failure that was recorded ends it as it did then, and is no problem."""
    with suppress(ModelError):
        extract(model, document)


def orphans(cassettes: CassetteSet) -> list[Path]:
    """The files for which there is no document."""
    wanted = {path_of(cassettes.folder, source) for source in cassettes.documents or ()}
    return [path for path in cassettes.files if path not in wanted]


def path_of(folder: Path, source: DocumentPath) -> Path:
    """Where the cassette of a document lies."""
    return folder / f"{source.id}{_SUFFIX}"


def _unplayed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:10])) + (", …" if len(numbers) > 10 else "")
    if len(numbers) == 1:
        return f"recording {shown} is not asked for any more"
    return f"{len(numbers)} recordings ({shown}) are not asked for any more"


def _documents_beside(folder: Path) -> tuple[DocumentPath, ...] | None:
    place = folder.resolve()
    beside = place.parent.parent / place.name
    if place.parent.name != "cassettes" or not beside.is_dir():
        return None
    try:
        return tuple(find_documents([beside]))
    except InputError:  # a folder of something else
        return None
