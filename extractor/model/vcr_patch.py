"""The patch of the HTTP transport: vcrpy's own, put up once, with our tapes in place of its list.

Imported with the first tape only: vcrpy takes a while. Its cassette is one list for the process,
walked from its begin at every call; ours asks which tape the call belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from vcr import mode
from vcr.cassette import Cassette
from vcr.filters import decode_response
from vcr.patch import PATCHER_NAMES, CassettePatcherBuilder
from vcr.request import Request as VcrRequest

from extractor.errors import CassetteError
from extractor.model.cassette_bodies import (
    body_bytes,
    canonical_answer,
    canonical_request,
    kept_headers,
)
from extractor.model.cassette_files import Answer, Interaction, Request
from extractor.model.fingerprint import HEADER
from extractor.model.tapes import Tape

_COMPLETIONS = "/chat/completions"


@contextmanager
def patched(tape: Callable[[], Tape], stops: Callable[[], bool]) -> Iterator[None]:
    """Let every call through httpx2 come by the tape that `tape()` names at that moment.

    While `stops()`, a call that is none of the model's is not let out.
    """
    with ExitStack() as stack:
        for patcher in CassettePatcherBuilder(_Calls(tape, stops)).build():
            stack.enter_context(patcher)
        yield


class _Calls(Cassette):  # type: ignore[misc] # vcrpy has no types
    """What vcrpy's stubs ask, answered by tapes. What is not played, and not stopped, goes out."""

    def __init__(self, tape: Callable[[], Tape], stops: Callable[[], bool]) -> None:
        skipped = [name for name in PATCHER_NAMES if name != "httpx2"]
        super().__init__("", record_mode=mode.ALL, skip_patchers=skipped)
        self._tape = tape
        self._stops = stops

    def can_play_response_for(self, request: VcrRequest) -> bool:
        """Whether the call is answered here; the answer waits on the request."""
        fingerprint = request.headers.get(HEADER)
        if fingerprint is None:
            if self._stops():
                raise CassetteError(
                    f"A call to {request.host} was stopped: nothing goes out in replay, "
                    "and it is none that a recording could answer."
                )
            return False
        request.answer = self._tape().play(fingerprint)
        return request.answer is not None

    def play_response(self, request: VcrRequest) -> dict[str, Any]:
        """The recording that was found."""
        answer: Answer = request.answer
        try:
            body = body_bytes(answer.body)
        except ValueError as error:
            raise CassetteError(f"UNREADABLE CASSETTE {self._tape().path}: {error}.") from None
        return {
            "status": {"code": answer.status, "message": ""},
            # bytes: as text, a value that is no ASCII would fail in httpx2 like a broken connection
            "headers": {name: [value.encode()] for name, value in answer.headers.items()},
            "body": {"string": body},
        }

    def append(self, request: VcrRequest, response: dict[str, Any]) -> None:
        """Keep a call that was sent, without its host, its key and nearly all its headers."""
        fingerprint = request.headers.get(HEADER)
        if fingerprint is None:
            return  # none of the model's
        path = _COMPLETIONS if request.path.endswith(_COMPLETIONS) else request.path
        answer = _decoded(response)
        self._tape().keep(
            Interaction(
                request=Request(
                    fingerprint=fingerprint,
                    method=request.method,
                    path=path,
                    body=canonical_request(request.body or b""),
                ),
                response=Answer(
                    status=answer["status"]["code"],
                    headers=kept_headers(answer["headers"]),
                    body=canonical_answer(answer["body"]["string"]),
                ),
            )
        )


def _decoded(response: dict[str, Any]) -> dict[str, Any]:
    """The response without its compression; as it is where it is not what its header says."""
    found: dict[str, Any] = decode_response(response)
    # where it cannot be unpacked, vcrpy takes the header away and leaves the body
    return response if found["body"]["string"] == response["body"]["string"] else found
