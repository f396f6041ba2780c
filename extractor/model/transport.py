"""The HTTP client under the SDK: no proxy for this machine, and no body without end.

Imported with the first call only: the packages it needs take half a second.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx2
import openai

from extractor.model.endpoints import Endpoint
from extractor.model.protocol import UnusableAnswerError

LARGEST_BODY = 4 * 2**20  # bytes; an answer is some kilobytes
_CONNECT_TIMEOUT = 5.0  # seconds


def open_sdk(endpoint: Endpoint) -> openai.OpenAI:
    """The SDK for an endpoint, its own retries off. Building it costs some 20 ms (TLS)."""
    plain = endpoint.is_loopback and endpoint.base_url.startswith("http:")
    http = openai.DefaultHttpx2Client(
        # a proxy from the environment must not be asked for a server on this machine
        trust_env=not plain,
        verify=not plain,
        event_hooks={"response": [_bound_body]},
    )
    timeout = openai.Timeout(endpoint.timeout, connect=_CONNECT_TIMEOUT)
    if endpoint.api_version is not None:
        return openai.AzureOpenAI(
            base_url=endpoint.base_url,
            api_key=endpoint.key,
            api_version=endpoint.api_version,
            max_retries=0,
            timeout=timeout,
            http_client=http,
        )
    return openai.OpenAI(
        base_url=endpoint.base_url,
        api_key=endpoint.key,
        max_retries=0,
        timeout=timeout,
        http_client=http,
    )


def _bound_body(response: httpx2.Response) -> None:
    """From its headers on, a body has as long as the whole call, and LARGEST_BODY bytes.

    The transport's own time-out starts anew with every byte, so a server that drips would never
    meet it.
    """
    seconds = response.request.extensions.get("timeout", {}).get("read")
    ends = None if seconds is None else time.monotonic() + seconds
    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _BoundedStream(response.stream, ends)


class _BoundedStream(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, ends: float | None) -> None:
        self._stream = stream
        self._ends = ends

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if size > LARGEST_BODY:
                raise UnusableAnswerError(
                    f"The answer is larger than {LARGEST_BODY // 2**20} MB and was not read on.",
                    reason="too_large",
                )
            if self._ends is not None and time.monotonic() > self._ends:
                raise httpx2.ReadTimeout("the body drips")
            yield chunk

    def close(self) -> None:
        self._stream.close()
