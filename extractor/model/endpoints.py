"""Where a model answers, under which key, and what that endpoint can do."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from extractor.errors import InputError, ModelError
from extractor.model.capabilities import Capabilities

DEFAULT_BASE_URL = "https://api.openai.com/v1"
PREFIX_HEADER = "x-extractor-prefix"
"""How many of a request's first messages never change; only our own front reads it."""
NO_KEY_NEEDED = "not-needed"  # the SDK wants a key that is not empty, also where none is asked for
_HOSTED_TIMEOUT = 120.0
_LOOPBACK_TIMEOUT = 900.0  # a small model on a busy machine is slow, not gone
_AZURE_HOSTS = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible server.

    `capabilities` is what is known of it before the first call. `reads_prefix`: it is told how
    much of the prompt never changes. `timeout` is in seconds, for one HTTP call. `api_version` is
    set for Azure's dated API, whose paths name a deployment. The key never shows in `repr`.
    """

    base_url: str
    key: str = field(repr=False)
    capabilities: Capabilities = field(default_factory=Capabilities)
    timeout: float = _HOSTED_TIMEOUT
    reads_prefix: bool = False
    api_version: str | None = None

    @property
    def host(self) -> str:
        """Host and port, for messages."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2]

    @property
    def is_loopback(self) -> bool:
        """Whether the server is on this machine, where no key is asked for and no proxy is used."""
        return _is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def key_variable(self) -> str:
        """The environment variable that its key comes from."""
        return _key_variable(urlsplit(self.base_url).hostname or "")


def resolve_endpoint(base_url: str | None, environ: Mapping[str, str]) -> Endpoint:
    """The endpoint that the options and the environment name.

    `base_url` wins over `OPENAI_BASE_URL`, that over `AZURE_OPENAI_ENDPOINT`, that over OpenAI's
    own. A resource of Azure's is spoken to through its undated API, or through the dated one that
    `OPENAI_API_VERSION` names; its key is `AZURE_OPENAI_API_KEY`, everybody else's is
    `OPENAI_API_KEY`. Raises InputError when the URL is none, ModelError when the key is missing
    (a server on loopback needs none) or cannot be a key.
    """
    named = base_url or environ.get("OPENAI_BASE_URL") or environ.get("AZURE_OPENAI_ENDPOINT")
    url = (named or DEFAULT_BASE_URL).strip().rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(
            f"{url!r} is not a base URL; give one like https://api.example.com/v1 with --base-url."
        )
    version = None
    if _is_azure(parts.hostname):
        version = environ.get("OPENAI_API_VERSION") or None
        if not parts.path:
            url += "/openai" if version else "/openai/v1"
    loopback = _is_loopback(parts.hostname)
    return Endpoint(
        base_url=url,
        key=_key(parts.hostname, environ, is_needed=not loopback),
        timeout=_LOOPBACK_TIMEOUT if loopback else _HOSTED_TIMEOUT,
        api_version=version,
    )


def loopback_endpoint(port: int, capabilities: Capabilities) -> Endpoint:
    """The endpoint of a server of our own; no key goes to it."""
    return Endpoint(
        base_url=f"http://127.0.0.1:{port}/v1",
        key=NO_KEY_NEEDED,
        capabilities=capabilities,
        timeout=_LOOPBACK_TIMEOUT,
        reads_prefix=True,
    )


def _key(host: str, environ: Mapping[str, str], *, is_needed: bool) -> str:
    variable = _key_variable(host)
    key = environ.get(variable, "").strip(" ")
    if not key and is_needed:
        raise ModelError(
            f"No API key for {host}: set {variable}, "
            "or leave --model and --base-url out to use the embedded model."
        )
    if any(char.isspace() or not char.isprintable() or not char.isascii() for char in key):
        raise ModelError(
            f"{variable} holds a line break, a space or another character that no key has; "
            "set it again, without anything before or after the key."
        )
    return key or NO_KEY_NEEDED


def _key_variable(host: str) -> str:
    return "AZURE_OPENAI_API_KEY" if _is_azure(host) else "OPENAI_API_KEY"


def _is_azure(host: str) -> bool:
    return host.lower().endswith(_AZURE_HOSTS)


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
