"""Where a request comes from: what a web page in the user's browser must not be able to send.

A page of another site can make a browser send requests to this machine, and by changing the
address that its own name stands for (DNS rebinding) it can read the answers as well. The browser
tells of both: in Host by which name we were called, in Origin and Sec-Fetch-Site which page called.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from extractor.serve.problems import Problem

Headers = Iterable[tuple[bytes, bytes]]

_OURS = (b"same-origin", b"none")  # none: the user typed the address


def hostname_of(host: str) -> str:
    """The name in a Host header, without its port.

    >>> [hostname_of(host) for host in ("localhost:80", "[::1]:8080", "::1", "EXAMPLE.org")]
    ['localhost', '::1', '::1', 'example.org']
    """
    name = host.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    if name.count(":") > 1:  # an IPv6 address without its brackets
        return name
    return name.partition(":")[0]


def is_loopback(name: str) -> bool:
    """Whether a name or an address is this machine by itself: nothing is looked up."""
    if name.rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def foreign(method: str, headers: Headers, *, any_host: bool) -> Problem | None:
    """Why a request may come from another site's page; None where it does not.

    `any_host` says that the service may be called by any name, which is so where keys are wanted.
    """
    found: dict[bytes, bytes] = {}
    hosts = 0
    for name, value in headers:
        hosts += name == b"host"
        found[name] = value
    host = found.get(b"host", b"").decode("latin-1")
    if hosts != 1 or not host:
        return Problem(400, "A request names its host exactly once.", "host")
    if not any_host and not is_loopback(hostname_of(host)):
        return Problem(
            421,
            "Without keys this service answers to localhost, 127.0.0.1 and [::1] alone; it was "
            "called by another name.",
            "host",
        )
    origin = found.get(b"origin")
    if origin is not None and not _is_same(origin.decode("latin-1"), host):
        return Problem(403, "A page of another origin may not use this service.", "origin")
    site = found.get(b"sec-fetch-site", b"none")
    if site not in _OURS and not _is_visit(method, found):
        return Problem(403, "A page of another site may not use this service.", "origin")
    return None


def _is_same(origin: str, host: str) -> bool:
    scheme, _, place = origin.lower().partition("://")
    # what stands before us may speak TLS, so the scheme says nothing
    return scheme in ("http", "https") and place == host.strip().lower()


def _is_visit(method: str, headers: dict[bytes, bytes]) -> bool:
    """Whether somebody followed a link to a page of ours; the other site cannot read it."""
    goes = headers.get(b"sec-fetch-mode") == b"navigate"
    return method == "GET" and goes and headers.get(b"sec-fetch-dest") == b"document"
