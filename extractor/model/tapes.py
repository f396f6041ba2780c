"""The tape: the calls of one document on their way into its file, or out of it.

A call is expected first and sent then. Expecting it finds its recording, in one look into a
dictionary, and takes it out of the hands of every other call; what is not there is told before
anything is sent.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from extractor.errors import CassetteError
from extractor.model.cassette_files import (
    Answer,
    CassetteFile,
    Interaction,
    Origin,
    heading,
)
from extractor.model.fingerprint import Fingerprint
from extractor.model.secret_scan import is_secret

Kind = Literal["missing", "stale", "not recorded", "exhausted"]

UnderWay = Callable[[], AbstractContextManager[object]]
"""What a call is made inside of, from the moment that it is expected until it is answered."""

_Place = tuple[list[Any], int]
"""Where a call stands in the file: by its place in the document, then by when it was asked."""


class MissError(CassetteError):
    """A call in replay for which no recording is left; `kind` says why, in a word."""

    def __init__(self, message: str, kind: Kind) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass
class _Ticket:
    """A call that was expected and has not come by yet; `index` is that of its recording."""

    tape: Tape
    fingerprint: str
    place: _Place
    index: int | None
    is_used: bool = False


_expected: ContextVar[_Ticket | None] = ContextVar("expected call", default=None)


class Tape:
    """The calls of one document, with the recordings that are there to answer them.

    In replay (`is_replay`) a call without a recording is an error; otherwise it goes out and is
    kept. `asked` counts the HTTP calls that were to be made, `sent` those that went out. What is
    inside `under_way` is answered as the tape says even when it is closed meanwhile. May be used
    from several threads and event loops at once.
    """

    def __init__(
        self,
        path: Path,
        content: CassetteFile | None,
        *,
        is_replay: bool,
        folder: Path | None = None,
        under_way: UnderWay = nullcontext,
    ) -> None:
        self.path = path
        self.under_way = under_way
        self.is_replay = is_replay
        self.is_open = True
        self.exists = content is not None
        self.interactions = list(content.interactions) if content else []
        self.secrets: frozenset[str] = frozenset()
        self.asked = 0
        self.sent = 0
        self._folder = path.parent if folder is None else folder
        self._lock = Lock()
        self._played: set[int] = set()
        self._kept: list[tuple[_Place, Interaction]] = []
        self._free: dict[str, deque[int]] = defaultdict(deque)
        for index, interaction in enumerate(self.interactions):
            self._free[interaction.request.fingerprint].append(index)

    @property
    def unplayed(self) -> int:
        """How many recordings have not been played."""
        return len(self.interactions) - len(self._played)

    @property
    def unplayed_numbers(self) -> list[int]:
        """Which ones, counted from 1 in the order of the file."""
        return [index + 1 for index in range(len(self.interactions)) if index not in self._played]

    @property
    def reused(self) -> int:
        """How many recordings have been played."""
        return len(self._played)

    def refuse(self, key: str) -> None:
        """Never save anything that holds `key`; a short one is a word like any other, no secret."""
        if is_secret(key):
            with self._lock:
                self.secrets |= {key}

    def expect(self, asked: Fingerprint, place: str = "") -> None:
        """The next call of this thread or task is this one; in replay its recording is reserved.

        `place` names what the call is about; a file holds its calls in the order of their places,
        whatever the order in which threads came by. Raises CassetteError in replay: NO CASSETTE,
        STALE CASSETTE, NOT RECORDED or EXHAUSTED.
        """
        if not self.is_open:
            raise CassetteError(
                f"{self.path}: a call came after its document was done; "
                "ask within the block that opened the cassette."
            )
        with self._lock:
            self.asked += 1
            free = self._free.get(asked.header)
            index = free.popleft() if free else None
            order = (_in_order(place), self.asked)
        if index is None and self.is_replay:
            raise self._miss(asked)
        _expected.set(_Ticket(self, asked.header, order, index))

    def play(self, fingerprint: str) -> Answer | None:
        """The recording of the call that comes by; None when it is to be sent.

        Raises as `expect` when the call was not expected, and there is no recording of it.
        """
        ticket = self._ticket(fingerprint)
        if ticket.index is None:
            return None
        ticket.is_used = True
        interaction = self.interactions[ticket.index]
        with self._lock:
            self._played.add(ticket.index)
            self._kept.append((ticket.place, interaction))
        return interaction.response

    def keep(self, interaction: Interaction) -> None:
        """Take in the call that was sent, and its response."""
        ticket = self._ticket(interaction.request.fingerprint)
        ticket.is_used = True
        with self._lock:
            self.sent += 1
            self._kept.append((ticket.place, interaction))

    def content(self, origin: Origin, recorded: str) -> CassetteFile:
        """What came by, as the file of this document says it."""
        with self._lock:
            kept = sorted(self._kept, key=lambda one: one[0])
        return CassetteFile(
            cassette=heading(origin, recorded), interactions=[call for _, call in kept]
        )

    def _ticket(self, fingerprint: str) -> _Ticket:
        ticket = _expected.get()
        if (
            ticket is None
            or ticket.is_used
            or ticket.tape is not self
            or ticket.fingerprint != fingerprint
        ):
            self.expect(Fingerprint.parse(fingerprint))
            ticket = _expected.get()
        assert ticket is not None  # noqa: S101 - it was set just now
        return ticket

    def _miss(self, asked: Fingerprint) -> MissError:
        kind, why = self._why_not(asked)
        return MissError(f"{why}; record again with --record {self._folder}.", kind)

    def _why_not(self, asked: Fingerprint) -> tuple[Kind, str]:
        if not self.exists:
            return "missing", f"NO CASSETTE {self.path}: this document is not recorded"
        recorded = [Fingerprint.parse(one.request.fingerprint) for one in self.interactions]
        times = recorded.count(asked)
        if times:
            why = f"this call is recorded {times} time(s), and each has been played"
            return "exhausted", f"EXHAUSTED {self.path}: {why}"
        alike = [one for one in recorded if one.document == asked.document]
        if alike:
            changed = max(alike, key=asked.likeness).first_difference(asked)
            why = f"same document, but the {changed} changed since recording"
            return "stale", f"STALE CASSETTE {self.path}: {why}"
        why = (
            "no call about this place of this document; "
            "the document or the way it is cut into passages changed since recording"
        )
        return "not recorded", f"NOT RECORDED {self.path}: {why}"


def _in_order(place: str) -> list[Any]:
    """A key that sorts places as a reader would: by the numbers in them."""
    parts = re.split(r"([0-9]+)", place)
    return [int(part) if at % 2 else part for at, part in enumerate(parts)]
