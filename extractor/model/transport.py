"""The HTTP client under the SDK: no redirects, no answer without end in bytes or in time.

Imported with the first call only: the packages it needs take half a second.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Iterator
from functools import partial
from ssl import SSLContext
from typing import Any

import httpcore2
import httpx2
import openai

from extractor.model.endpoints import Endpoint
from extractor.model.protocol import UnusableAnswerError
from extractor.spares import Spares

LARGEST_BODY = 4 * 2**20  # bytes; an answer is some kilobytes
_LARGEST_ERROR = 64 * 2**10  # bytes; what a refusal says beyond them is not needed
_CONNECT_TIMEOUT = 5.0  # seconds
_PACKINGS = ("gzip", "x-gzip", "deflate")
_EITHER_PACKING = 32 + zlib.MAX_WBITS  # zlib finds out by itself which of them it is
_PIECE = 64 * 2**10  # bytes


def sdks_of(endpoint: Endpoint, *, largest: int = LARGEST_BODY) -> Spares[openai.OpenAI]:
    """SDK clients for an endpoint, each with a connection of its own for one call at a time.

    `largest` bounds what is read of an answer, in bytes.

    A client that many threads share asks each of its connections how it is, under one lock, at the
    begin and the end of every call: with 64 of them that took half of the time of a run.
    """
    plain = endpoint.is_loopback and endpoint.base_url.startswith("http:")
    security = None if plain else httpx2.create_ssl_context()  # some 20 ms, so once for all
    return Spares(partial(_open_sdk, endpoint, security, largest), openai.OpenAI.close)


def _open_sdk(endpoint: Endpoint, security: SSLContext | None, largest: int) -> openai.OpenAI:
    """The SDK for an endpoint, its own retries off; no `security` for a server on this machine."""
    http = openai.DefaultHttpx2Client(
        # a proxy from the environment must not be asked for a server on this machine
        trust_env=security is not None,
        verify=security or False,
        # the text, and with some endpoints the key, would go along to wherever it points
        follow_redirects=False,
        # some kilobytes are not worth packing, and recordings hold what was said, not its packing
        headers={"accept-encoding": "identity"},
        event_hooks={"response": [partial(_bound_body, largest)]},
    )
    _time_exchanges(http)
    timeout = timeout_of(endpoint.timeout)
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


def timeout_of(seconds: float) -> openai.Timeout:
    """The time-out of one HTTP call; a server that is there takes the connection much sooner."""
    return openai.Timeout(seconds, connect=min(seconds, _CONNECT_TIMEOUT))


def _bound_body(largest: int, response: httpx2.Response) -> None:
    """A body has `largest` bytes at most, and is in UTF-8 whatever its type says."""
    # the SDK reads an error's text by the charset that is named, which may be none
    response.encoding = "utf-8"
    packing = response.headers.pop("content-encoding", "")  # unpacked here, where it is bounded
    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _BoundedStream(
            response.stream,
            is_packed=packing in _PACKINGS,
            largest=largest if response.is_success else None,
        )


class _BoundedStream(httpx2.SyncByteStream):
    """A body that ends in time; `largest` is None where its begin is enough."""

    def __init__(
        self, stream: httpx2.SyncByteStream, *, is_packed: bool, largest: int | None
    ) -> None:
        self._stream = stream
        self._is_packed = is_packed
        self._largest = largest

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in _unpacked(self._stream) if self._is_packed else self._stream:
            size += len(chunk)
            if self._largest is None:
                if size > _LARGEST_ERROR:
                    return  # its status says enough
            elif size > self._largest:
                raise UnusableAnswerError(
                    f"The answer is larger than {self._largest // 2**20} MB and was not read on.",
                    reason="too_large",
                )
            yield chunk

    def close(self) -> None:
        self._stream.close()


def _unpacked(stream: Iterable[bytes]) -> Iterator[bytes]:
    """What gzip or deflate made smaller, a piece at a time: a kilobyte may hold a megabyte."""
    packed = zlib.decompressobj(wbits=_EITHER_PACKING)
    try:
        for chunk in stream:
            left = chunk
            while left and not packed.eof:
                yield packed.decompress(left, _PIECE)
                left = packed.unconsumed_tail
        yield packed.flush()
    except zlib.error as error:
        raise httpx2.DecodingError(str(error)) from error


def _time_exchanges(http: httpx2.Client) -> None:
    """Put the timed connections under every transport of the client, its proxies' too.

    The pool takes a backend of connections, but the client hands none through to it.
    """
    transports = (http._transport, *http._mounts.values())  # noqa: SLF001
    for transport in transports:
        if isinstance(transport, httpx2.HTTPTransport):
            pool = transport._pool  # noqa: SLF001
            pool._network_backend = _TimedBackend(pool._network_backend)  # noqa: SLF001


class _TimedBackend(httpcore2.NetworkBackend):
    """Connections on which a whole answer, headers and body, has the time of one read.

    The transport's own time-out starts anew with every byte, so a server that drips would never
    meet it.
    """

    def __init__(self, backend: httpcore2.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        return _TimedStream(
            self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        )


class _TimedStream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream
        self._ends: float | None = None

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if timeout is None:
            return self._stream.read(max_bytes, None)
        now = time.monotonic()
        if self._ends is None:
            self._ends = now + timeout
        if now >= self._ends:
            raise httpcore2.ReadTimeout("the answer drips")
        return self._stream.read(max_bytes, self._ends - now)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._ends = None  # the next read begins another answer
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the sockets' own interface
        return self._stream.get_extra_info(info)
