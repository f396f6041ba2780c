"""The Batch API of an endpoint: files up, batches created and looked at, files down.

Nothing here decides what is asked or what an answer means. Each call is tried again as the policy
says, but a batch is never created blindly a second time: where it is not known whether the server
took it, the list of its batches is read first.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import quote

from pydantic import ValidationError

from extractor.closing import Closing
from extractor.model.batch_states import KEY, BatchState, Shape, WireBatch, WireFile, read_state
from extractor.model.endpoints import Endpoint
from extractor.model.failures import outcome_of, unwrap
from extractor.model.protocol import CallFailedError, UnusableAnswerError
from extractor.model.retries import Clock, RetryPolicy, call_with_retries
from extractor.model.sentences import explain

if TYPE_CHECKING:
    import openai

    from extractor.spares import Spares

COMPLETIONS_URL = "/v1/chat/completions"
"""What the requests of a batch are for, as the Batch API names it whatever the base URL is."""

WINDOW = "24h"
"""The time that the server takes for a batch at most; it offers no other."""

TOO_LARGE = "file_too_large"
"""The reason of a file that the server does not take for its size."""

_LARGEST_FILE = 2 * 2**30  # bytes of an output file; 50,000 answers are some 100 MB
_FILE_TIMEOUT = 3_600.0  # seconds for a whole file, up or down
_PAGE = 100  # batches a page of the list, the most there is
_MOST_PAGES = 10_000  # a list that goes on for ever
# as sdk.files has them, which loads every resource there is and takes a second for that
_MULTIPART = {"Content-Type": "multipart/form-data"}
_AS_STREAM = {"X-Stainless-Raw-Response": "stream"}

T = TypeVar("T")


class BatchClient(Closing):
    """The files and batches of one endpoint; packages are imported at the first call.

    Every method raises CallFailedError (its kind UnavailableError where a later call may fare
    better) with one sentence that holds no key.
    """

    def __init__(self, endpoint: Endpoint, model: str, policy: RetryPolicy | None = None) -> None:
        self.endpoint = endpoint
        self._model = model
        self._closing = Event()
        clock = Clock(sleep=self._wait)
        self._policy = policy or RetryPolicy(deadline=_FILE_TIMEOUT, clock=clock)
        self._sdks: Spares[openai.OpenAI] | None = None
        self._opening = Lock()

    def upload(self, path: Path) -> str:
        """Upload a file of requests; the server's id of it. A second copy costs nothing."""

        def send(sdk: openai.OpenAI) -> Any:  # noqa: ANN401 - httpx2's response
            with path.open("rb") as file:
                return _sent(
                    sdk.post,
                    "/files",
                    body={"purpose": "batch"},
                    files=[("file", (path.name, file, "application/jsonl"))],
                    options={"headers": _MULTIPART, "timeout": _timeout(_FILE_TIMEOUT)},
                )

        return self._read(WireFile, self._called(send), "the file that was uploaded").id

    def create(self, file: str, key: str, *, may_be_there: bool) -> BatchState:
        """Create the batch of an uploaded file, or find the one that has this key already.

        `may_be_there` says that its creation was asked for before, with no answer that was kept.
        The list of batches is read before each attempt that is not the first.
        """
        asked = may_be_there
        body = {
            "input_file_id": file,
            "endpoint": COMPLETIONS_URL,
            "completion_window": WINDOW,
            "metadata": {KEY: key},
        }

        def send(sdk: openai.OpenAI) -> BatchState:
            nonlocal asked
            if asked:
                found = self._listed(sdk, frozenset({key}))
                if key in found:
                    return found[key]
            asked = True
            return self._state(_sent(sdk.post, "/batches", body=body))

        return self._called(send)

    def find(self, keys: frozenset[str]) -> dict[str, BatchState]:
        """The batches at the server that have one of these keys."""
        return self._called(lambda sdk: self._listed(sdk, keys)) if keys else {}

    def retrieve(self, batch: str) -> BatchState:
        """What the server says of a batch now."""
        return self._called(
            lambda sdk: self._state(_sent(sdk.get, f"/batches/{quote(batch, safe='')}"))
        )

    def cancel(self, batch: str) -> None:
        """Ask the server to end a batch; what it has finished is kept."""
        path = f"/batches/{quote(batch, safe='')}/cancel"
        self._called(lambda sdk: _sent(sdk.post, path))

    def download(self, file: str, to: Path) -> bool:
        """Write a file of answers to `to`; False where the server has it no more."""

        def fetch(sdk: openai.OpenAI) -> None:
            import httpx2
            import openai as package

            options = {"headers": _AS_STREAM, "timeout": _timeout(_FILE_TIMEOUT)}
            path = f"/files/{quote(file, safe='')}/content"
            with (
                to.open("wb") as target,
                closing(_sent(sdk.get, path, options=options)) as response,
            ):
                try:
                    for piece in response.iter_bytes():
                        target.write(piece)
                except httpx2.TransportError as error:  # the SDK sees to the headers only
                    request = response.http_request
                    raise package.APIConnectionError(request=request) from error

        try:
            self._called(fetch)
        except CallFailedError as error:
            if error.reason != "not_found":
                raise
            to.unlink(missing_ok=True)
            return False
        return True

    def finish(self) -> None:
        """End the waits between attempts; who waits meets the last error."""
        self._closing.set()

    def close(self) -> None:
        """Close the connections."""
        self.finish()
        with self._opening:
            sdks, self._sdks = self._sdks, None
        if sdks is not None:
            sdks.close()

    def _wait(self, seconds: float) -> None:
        if self._closing.wait(seconds):
            raise CallFailedError("The run was ended while it waited.", reason="closed")

    def _listed(self, sdk: openai.OpenAI, keys: frozenset[str]) -> dict[str, BatchState]:
        """The batches with these keys; of two with one key, the one that a result is likelier of.

        Nothing is assumed of the list's order, so all of it is read.
        """
        found: dict[str, list[BatchState]] = {}
        for state in self._pages(sdk):
            if state.key in keys:
                found.setdefault(state.key, []).append(state)
        best = {}
        for key, states in found.items():
            first, *others = sorted(states, key=lambda one: (one.promise, one.created))
            best[key] = first
            for other in others:
                if not other.has_ended:
                    with suppress(CallFailedError):
                        self.cancel(other.id)
        return best

    def _pages(self, sdk: openai.OpenAI) -> Iterator[BatchState]:
        after: str | None = None
        for _ in range(_MOST_PAGES):
            cursor = "" if after is None else f"&after={quote(after, safe='')}"
            page = self._json(
                _sent(sdk.get, f"/batches?limit={_PAGE}{cursor}"), "a list of batches"
            )
            data = page.get("data")
            if not isinstance(data, list):
                raise self._odd("a list of batches")
            last = after
            for entry in data:
                with suppress(ValidationError):
                    batch = WireBatch.model_validate(entry)
                    last = batch.id
                    yield read_state(batch, self.endpoint.key)
            if not page.get("has_more") or last == after:
                return
            after = last

    def _state(self, response: Any) -> BatchState:  # noqa: ANN401 - httpx2's response
        return read_state(self._read(WireBatch, response, "a batch"), self.endpoint.key)

    def _read(self, shape: type[Shape], response: Any, what: str) -> Shape:  # noqa: ANN401
        try:
            return shape.model_validate(self._json(response, what))
        except ValidationError:
            raise self._odd(what) from None

    def _json(self, response: Any, what: str) -> dict[str, Any]:  # noqa: ANN401
        try:
            read = json.loads(response.content)
        except (ValueError, RecursionError):
            read = None
        if not isinstance(read, dict):
            raise self._odd(what)
        return cast("dict[str, Any]", read)

    def _odd(self, what: str) -> CallFailedError:
        return CallFailedError(
            f"{self.endpoint.host} answered with something that is not {what}; "
            "check that --base-url names an endpoint with the Batch API.",
            reason="not_a_batch",
        )

    def _called(self, send: Callable[[openai.OpenAI], T]) -> T:
        """What `send` gives, tried again as the policy says."""
        if self._closing.is_set():
            raise CallFailedError("The run was ended before the call.", reason="closed")
        attempts = 0

        def once() -> T:
            nonlocal attempts
            attempts += 1
            try:
                with self._opened().lent() as sdk:
                    return send(sdk)
            except Exception as error:  # noqa: BLE001 - each ends as one of ours
                inner = unwrap(error)
                raise inner from inner.__cause__

        try:
            return call_with_retries(once, self._policy)
        except Exception as error:  # noqa: BLE001 - likewise
            known = self._told(error, attempts)
            # not `from error`: the SDK's messages quote the server, which may quote the key
            raise known from None

    def _told(self, error: BaseException, attempts: int) -> BaseException:
        import openai as package

        from extractor.claims import Attempt

        status = error.status_code if isinstance(error, package.APIStatusError) else None
        if status == 404:
            return CallFailedError(
                f"{self.endpoint.host} does not have it, or has no Batch API (404); check "
                f"--base-url, and that {self.endpoint.key_variable} is a key of the same project.",
                reason="not_found",
            )
        if status == 413:
            return CallFailedError(
                f"{self.endpoint.host} does not take a file that large (413); make smaller ones "
                "with --lines.",
                reason=TOO_LARGE,
            )
        made = tuple(Attempt(outcome_of(error)) for _ in range(attempts))
        known = explain(error, endpoint=self.endpoint, model=self._model, attempts=made)
        if isinstance(known, UnusableAnswerError):  # what there is of it is no matter of a document
            return CallFailedError(str(known), reason=known.reason)
        return known

    def _opened(self) -> Spares[openai.OpenAI]:
        with self._opening:
            if self._sdks is None:
                from extractor.model.transport import sdks_of

                logging.getLogger("openai").addHandler(logging.NullHandler())
                self._sdks = sdks_of(self.endpoint, largest=_LARGEST_FILE)
            return self._sdks


def _sent(method: Callable[..., Any], path: str, **more: Any) -> Any:  # noqa: ANN401
    """One HTTP call whose answer is taken as it is."""
    import httpx2

    return method(path, cast_to=httpx2.Response, **more)


def _timeout(seconds: float) -> openai.Timeout:
    from extractor.model.transport import timeout_of

    return timeout_of(seconds)
