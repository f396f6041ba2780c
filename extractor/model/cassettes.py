"""Recording and replaying: a deck of tapes, one a document, under one patch of the transport.

vcrpy patches the transport for the whole process, so there is one deck in it at a time. Which tape
a call belongs to is a matter of the context that it is made in: each worker opens the tape of its
document, and its calls go there. A miss never goes live and is never retried: it is found before
anything is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Literal

from extractor.errors import CassetteError
from extractor.model.cassette_files import (
    CassetteFile,
    Origin,
    load_cassette,
    load_or_none,
    save_cassette,
)
from extractor.model.tapes import Tape

__all__ = [
    "Deck",
    "Origin",
    "Tape",
    "current",
    "recorded_origin",
    "recording",
    "recording_deck",
    "replaying",
    "replaying_deck",
    "updating_deck",
]

_Way = Literal["replay", "record", "update"]

_in_use: ContextVar[Tape | None] = ContextVar("tape in use", default=None)
_opening = Lock()
_deck: Deck | None = None


class Deck:
    """The cassettes of a folder while it is in use: `tape(id)` opens that of one document.

    May be used from any number of threads and event loops. A call belongs to the tape that its
    context is in: `asyncio.to_thread` and tasks take it along, a pool of threads does not, so a
    worker opens the tape itself.

    A worker that is still busy when the deck is closed makes no further call: its next one is an
    error, its file is not written, and the transport stays patched until it has ended. So it is
    with a call that is under way when its document is given up.
    """

    def __init__(
        self, folder: Path, way: _Way, origin: Origin | None = None, recorded: str = ""
    ) -> None:
        self.folder = folder
        self.named = folder
        self.is_replay = way == "replay"
        self._way = way
        self._origin = origin
        self._recorded = recorded
        self._lock = Lock()
        self._is_closed = False
        self._open: dict[Path, Tape] = {}
        self._under_way = 0
        self._has_ended = False
        self._patch = ExitStack()
        self._sole: Tape | None = None

    @contextmanager
    def tape(self, document_id: str) -> Iterator[Tape]:
        """The calls made inside are those of this document.

        When recording, the file is written when the block ends well; an error inside leaves an
        older file as it was. Raises CassetteError when the file is unreadable, when something
        looks like a secret, when it cannot be written, or is in use already.
        """
        place = PurePosixPath(document_id)
        if place.is_absolute() or ".." in place.parts:
            raise CassetteError(f"{document_id!r} names no cassette below {self.folder}.")
        with self._tape(self.folder / f"{document_id}.json") as tape:
            yield tape

    @contextmanager
    def sole_tape(self, path: Path) -> Iterator[Tape]:
        """The one tape of this deck: it also takes the calls of threads that opened none."""
        with self._tape(path) as tape:
            self._sole = tape
            yield tape

    def tape_here(self) -> Tape:
        """The tape that a call in this context belongs to. Raises CassetteError when none does."""
        tape = _in_use.get() or self._sole
        if tape is not None:
            return tape
        done = "answered from" if self.is_replay else "recorded into"
        raise CassetteError(
            f"A call was made outside of any document's cassette, while calls are {done} "
            f"{self.folder}; open the document's tape around it, in the thread that asks."
        )

    def stops(self) -> bool:
        """Whether a call that has nothing to do with a tape must not go out."""
        return self.is_replay and not self._is_closed

    def here(self) -> Tape | None:
        """As `tape_here`; None when the deck is closed and only the last of its workers is busy."""
        return None if self._is_closed else self.tape_here()

    def open(self) -> None:
        """Patch the transport."""
        from extractor.model.vcr_patch import patched

        self._patch.enter_context(patched(self.tape_here, self.stops))

    def close(self) -> None:
        """End every tape; the patch goes with the last of them."""
        with self._lock:
            self._is_closed = True
            for tape in self._open.values():
                tape.is_open = False
            is_last = self._ends_now()
        if is_last:
            self._leave()

    @contextmanager
    def _calling(self) -> Iterator[None]:
        """A call that may outlive its tape: what was expected must not find the patch gone."""
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1
                is_last = self._ends_now()
            if is_last:
                self._leave()

    def _ends_now(self) -> bool:
        """Whether the last of the workers has just ended: said once, to whoever asks first."""
        if self._has_ended or not self._is_closed or self._open or self._under_way:
            return False
        self._has_ended = True
        return True

    def _leave(self) -> None:
        global _deck  # noqa: PLW0603 - see `_used`
        self._patch.close()
        _deck = None

    @contextmanager
    def _tape(self, path: Path) -> Iterator[Tape]:
        content = self._content(path)
        tape = Tape(
            path,
            content,
            is_replay=self.is_replay,
            folder=self.folder,
            under_way=self._calling,
        )
        with self._lock:
            if self._is_closed:
                raise CassetteError(f"{path}: cannot be opened any more; its deck is closed.")
            if path in self._open:
                raise CassetteError(f"{path}: is in use already; one document, one cassette.")
            self._open[path] = tape
        token = _in_use.set(tape)
        try:
            yield tape
            if not tape.is_open:
                raise CassetteError(f"{path}: its deck was closed before its document was done.")
            if self._origin is not None:
                dated = content.cassette.recorded if content and not tape.sent else self._recorded
                save_cassette(path, tape.content(self._origin, dated), tape.secrets)
        finally:
            tape.is_open = False
            _in_use.reset(token)
            with self._lock:
                del self._open[path]
                is_last = self._ends_now()
            if is_last:
                self._leave()

    def _content(self, path: Path) -> CassetteFile | None:
        """The recordings that may be played."""
        if self._way == "replay":
            return load_cassette(path)
        content = load_or_none(path) if self._way == "update" else None
        # what another server said must not stand under this one's name
        return content if content and content.cassette.origin == self._origin else None


def current() -> Tape | None:
    """The tape that a call made here belongs to; None where nothing is recorded or replayed.

    Raises CassetteError where something is, but not this call: it must not go out unnoticed.
    """
    deck, tape = _deck, _in_use.get()
    if tape is not None and not tape.is_open:  # a worker or a task that outlived its block
        raise CassetteError(f"{tape.path}: a call came after its cassette was closed.")
    return None if deck is None else deck.here()


def recorded_origin(path: Path) -> Origin | None:
    """What answered in the cassette at `path`, or in the first one of that folder.

    None when there is none. Raises CassetteError when it is unreadable.
    """
    files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
    content = load_cassette(files[0]) if files else None
    return content.cassette.origin if content else None


@contextmanager
def replaying_deck(folder: Path) -> Iterator[Deck]:
    """Answer every call made inside from the files in `folder`; nothing goes out.

    Raises CassetteError when another deck is in use.
    """
    with _used(Deck(folder, "replay")) as deck:
        yield deck


@contextmanager
def recording_deck(folder: Path, origin: Origin, recorded: str) -> Iterator[Deck]:
    """Record the calls of each document into its file in `folder`, anew.

    `recorded` is the date that the files will bear. Raises CassetteError when another deck is in
    use.
    """
    with _used(Deck(folder, "record", origin, recorded)) as deck:
        yield deck


@contextmanager
def updating_deck(folder: Path, origin: Origin, recorded: str) -> Iterator[Deck]:
    """As `recording_deck`, but a call that is recorded already, from the same origin, is played.

    What is not asked for any more is left out of the file. It bears the new date only when a call
    was sent.
    """
    with _used(Deck(folder, "update", origin, recorded)) as deck:
        yield deck


@contextmanager
def recording(path: Path, origin: Origin, recorded: str) -> Iterator[Tape]:
    """Record every call made inside, in whatever thread, into `path`, anew.

    `recorded` is the date that it will bear. The file is written when the block ends well; an
    error inside leaves an older file as it was. Raises CassetteError when something looks like a
    secret, the file cannot be written, or another cassette is in use.
    """
    with (
        _used(Deck(path.parent, "record", origin, recorded), path) as deck,
        deck.sole_tape(path) as tape,
    ):
        yield tape


@contextmanager
def replaying(path: Path) -> Iterator[Tape]:
    """Answer every call made inside from `path`, each recording once; nothing goes out.

    Raises CassetteError when the file is unreadable, or another cassette is in use; a missing one
    is told at the first call.
    """
    with _used(Deck(path.parent, "replay"), path) as deck, deck.sole_tape(path) as tape:
        yield tape


@contextmanager
def _used(deck: Deck, named: Path | None = None) -> Iterator[Deck]:
    """`deck` as the one of this process; messages name it by `named`, or else by its folder."""
    global _deck  # noqa: PLW0603 - vcrpy patches the process: there can be one deck in it
    deck.named = named or deck.folder
    with _opening:
        if _deck is not None:
            raise CassetteError(
                f"{deck.named}: cannot be opened while {_deck.named} is in use; "
                "one cassette at a time in a process, or one folder of them."
            )
        _deck = deck
    try:
        deck.open()
        yield deck
    finally:
        deck.close()
