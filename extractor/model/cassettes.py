"""Recording and replaying the calls of one document, around vcrpy.

vcrpy patches the transport, and plays and collects; which call fits which recording, what is kept
of it, and what a miss says is decided here and in `cassette_files`. A miss never goes live and is
never retried: it is found before anything is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.errors import CassetteError
from extractor.model.cassette_files import (
    Answer,
    CassetteFile,
    Interaction,
    Origin,
    Request,
    body_bytes,
    canonical_answer,
    canonical_request,
    heading,
    kept_headers,
    load_cassette,
    save_cassette,
)
from extractor.model.endpoints import NO_KEY_NEEDED
from extractor.model.fingerprint import HEADER, Fingerprint

if TYPE_CHECKING:
    from vcr.request import Request as VcrRequest

__all__ = ["Origin", "Tape", "current", "recorded_origin", "recording", "replaying"]

_NEUTRAL_URL = "http://recorded.invalid"
_SHORTEST_SECRET = 16  # characters
_COMPLETIONS = "/chat/completions"
_current: Tape | None = None


class Tape:
    """The cassette in use. `is_replay` says which way it goes; one at a time in a process."""

    def __init__(self, path: Path, content: CassetteFile | None, *, is_replay: bool) -> None:
        self.path = path
        self.is_replay = is_replay
        self.exists = content is not None
        self.interactions = list(content.interactions) if content else []
        self.secrets: frozenset[str] = frozenset()
        self._cassette: Any = None

    @property
    def unplayed(self) -> int:
        """How many recordings have not been asked for."""
        return len(self.interactions) - self._cassette.play_count if self.is_replay else 0

    def refuse(self, key: str) -> None:
        """Never save anything that holds `key`; a short one is a word like any other, no secret."""
        if key != NO_KEY_NEEDED and len(key) >= _SHORTEST_SECRET:
            self.secrets |= {key}

    def expect(self, asked: Fingerprint) -> None:
        """In replay, make sure that a recording of this call is left.

        Raises CassetteError: NO CASSETTE, STALE CASSETTE, NOT RECORDED or EXHAUSTED.
        """
        if not self.is_replay:
            return
        again = f"record again with --record {self.path.parent}"
        if not self.exists:
            raise CassetteError(f"NO CASSETTE {self.path}: this document is not recorded; {again}.")
        places = [
            index
            for index, interaction in enumerate(self.interactions)
            if interaction.request.fingerprint == asked.header
        ]
        if any(not self._cassette.play_counts[index] for index in places):
            return
        if places:
            raise CassetteError(
                f"EXHAUSTED {self.path}: this call is recorded {len(places)} time(s), "
                f"and each has been played; {again}."
            )
        raise CassetteError(self._why_not(asked) + f"; {again}.")

    def _why_not(self, asked: Fingerprint) -> str:
        recorded = [Fingerprint.parse(i.request.fingerprint) for i in self.interactions]
        alike = [one for one in recorded if one.document == asked.document]
        if not alike:
            return (
                f"NOT RECORDED {self.path}: no call about this place of this document; "
                "the document or the way it is cut into passages changed since recording"
            )
        changed = max(alike, key=asked.likeness).first_difference(asked)
        return (
            f"STALE CASSETTE {self.path}: same document, but the {changed} changed since recording"
        )


def current() -> Tape | None:
    """The cassette in use, if one is."""
    return _current


def recorded_origin(path: Path) -> Origin | None:
    """What answered in the cassette at `path`, or in the first one of that folder.

    None when there is none. Raises CassetteError when it is unreadable.
    """
    files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
    content = load_cassette(files[0]) if files else None
    return content.cassette.origin if content else None


@contextmanager
def recording(path: Path, origin: Origin, recorded: str) -> Iterator[Tape]:
    """Record every call made inside into `path`, anew; `recorded` is the date that it will bear.

    The file is written when the block ends well; an error inside leaves an older file as it was.
    Raises CassetteError when something looks like a secret or the file cannot be written.
    """
    with _tape(Tape(path, None, is_replay=False)) as tape:
        yield tape
        kept = [_interaction(request, answer) for request, answer in tape._cassette.data]  # noqa: SLF001
    content = CassetteFile(cassette=heading(origin, recorded), interactions=kept)
    save_cassette(path, content, tape.secrets)


@contextmanager
def replaying(path: Path) -> Iterator[Tape]:
    """Answer every call made inside from `path`, each recording once; nothing goes out.

    Raises CassetteError when the file is unreadable; a missing one is told at the first call.
    """
    with _tape(Tape(path, load_cassette(path), is_replay=True)) as tape:
        yield tape


@contextmanager
def _tape(tape: Tape) -> Iterator[Tape]:
    global _current  # noqa: PLW0603 - vcrpy patches the process: there can be one cassette in it
    if _current is not None:
        raise CassetteError(
            f"{tape.path}: cannot be opened while {_current.path} is in use; "
            "one cassette at a time in a process."
        )
    import vcr
    from vcr.patch import PATCHER_NAMES

    recorder = vcr.VCR(
        record_mode=vcr.mode.NONE if tape.is_replay else vcr.mode.ALL,
        match_on=("method", "path", "fingerprint"),
        before_record_request=_scrub,
        decode_compressed_response=True,
        skip_patchers=[name for name in PATCHER_NAMES if name != "httpx2"],
    )
    recorder.register_matcher("fingerprint", _same_fingerprint)
    recorder.register_persister(_Memory(tape))
    with recorder.use_cassette(str(tape.path)) as cassette:
        tape._cassette = cassette  # noqa: SLF001
        _current = tape
        try:
            yield tape
        finally:
            _current = None


class _Memory:
    """vcrpy's place of storage: it is given what the file held, and writes nothing itself."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape

    def load_cassette(self, *_: object, **__: object) -> tuple[list[Any], list[dict[str, Any]]]:
        from vcr.persisters.filesystem import CassetteNotFoundError
        from vcr.request import Request as VcrRequest

        if not self._tape.interactions:
            raise CassetteNotFoundError
        requests = [
            VcrRequest(
                one.request.method,
                _NEUTRAL_URL + one.request.path,
                body_bytes(one.request.body),
                {HEADER: one.request.fingerprint},
            )
            for one in self._tape.interactions
        ]
        return requests, [_played(one.response) for one in self._tape.interactions]

    def save_cassette(self, *_: object, **__: object) -> None:
        pass


def _played(answer: Answer) -> dict[str, Any]:
    return {
        "status": {"code": answer.status, "message": ""},
        "headers": {name: [value] for name, value in answer.headers.items()},
        "body": {"string": body_bytes(answer.body)},
    }


def _interaction(request: VcrRequest, answer: dict[str, Any]) -> Interaction:
    return Interaction(
        request=Request(
            fingerprint=request.headers[HEADER],
            method=request.method,
            path=request.path,
            body=canonical_request(request.body or b""),
        ),
        response=Answer(
            status=answer["status"]["code"],
            headers=kept_headers(answer["headers"]),
            body=canonical_answer(answer["body"]["string"]),
        ),
    )


def _scrub(request: VcrRequest) -> VcrRequest:
    """Take away the host, the key and every other header; done before anything is matched."""
    path = _COMPLETIONS if request.path.endswith(_COMPLETIONS) else request.path
    request.uri = _NEUTRAL_URL + path
    request.headers = {HEADER: request.headers.get(HEADER, "")}
    return request


def _same_fingerprint(ours: VcrRequest, theirs: VcrRequest) -> bool:
    return bool(ours.headers.get(HEADER) == theirs.headers.get(HEADER))
