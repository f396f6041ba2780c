"""Where a model answers, under which key, and what that endpoint can do."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from extractor.errors import InputError, ModelError

DEFAULT_BASE_URL = "https://api.openai.com/v1"
PREFIX_HEADER = "x-extractor-prefix"
"""How many of a request's first messages never change; only our own front reads it."""
NO_KEY_NEEDED = "not-needed"  # the SDK wants a key that is not empty, also where none is asked for
_HOSTED_TIMEOUT = 120.0
_LOOPBACK_TIMEOUT = 900.0  # a small model on a busy machine is slow, not gone


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible server.

    `narrows_schema`: it holds generation to the schema that is sent, so schemas made for one call
    pay off there. `reads_prefix`: it is told how much of the prompt never changes. `timeout` is in
    seconds, for one HTTP call. The key never shows in `repr`.
    """

    base_url: str
    key: str = field(repr=False)
    narrows_schema: bool = False
    timeout: float = _HOSTED_TIMEOUT
    reads_prefix: bool = False

    @property
    def host(self) -> str:
        """Host and port, for messages."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2]

    @property
    def is_loopback(self) -> bool:
        """Whether the server is on this machine, where no key is asked for and no proxy is used."""
        return _is_loopback(urlsplit(self.base_url).hostname or "")


def resolve_endpoint(
    base_url: str | None, environ: Mapping[str, str], *, narrows_schema: bool = False
) -> Endpoint:
    """The endpoint that the options and the environment name.

    `base_url` wins over `OPENAI_BASE_URL`, which wins over OpenAI's own. Raises InputError when
    the URL is none, ModelError when the key is missing (a server on loopback needs none) or
    cannot be a key.
    """
    url = (base_url or environ.get("OPENAI_BASE_URL") or DEFAULT_BASE_URL).strip().rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(
            f"{url!r} is not a base URL; give one like https://api.example.com/v1 with --base-url."
        )
    loopback = _is_loopback(parts.hostname)
    key = environ.get("OPENAI_API_KEY", "").strip(" ")
    if not key and not loopback:
        raise ModelError(
            f"No API key for {parts.hostname}: set OPENAI_API_KEY, "
            "or leave --model and --base-url out to use the embedded model."
        )
    if any(char.isspace() or not char.isprintable() or not char.isascii() for char in key):
        raise ModelError(
            "OPENAI_API_KEY holds a line break, a space or another character that no key has; "
            "set it again, without anything before or after the key."
        )
    return Endpoint(
        base_url=url,
        key=key or NO_KEY_NEEDED,
        narrows_schema=narrows_schema,
        timeout=_LOOPBACK_TIMEOUT if loopback else _HOSTED_TIMEOUT,
    )


def loopback_endpoint(port: int, *, narrows_schema: bool = True) -> Endpoint:
    """The endpoint of a server of our own; no key goes to it."""
    return Endpoint(
        base_url=f"http://127.0.0.1:{port}/v1",
        key=NO_KEY_NEEDED,
        narrows_schema=narrows_schema,
        timeout=_LOOPBACK_TIMEOUT,
        reads_prefix=True,
    )


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
