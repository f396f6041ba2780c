"""The network is closed in every test, loopback apart, and loudly."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from plugin_packages import Site

REPOSITORY = Path(__file__).parent.parent


# how long an example takes is the machine's matter, and no test is to fail for it
settings.register_profile("unhurried", parent=settings.default, deadline=None)
settings.load_profile("unhurried")


class NetworkBlockedError(AssertionError):
    """A test tried to leave this machine."""


def _checked(address: Any) -> None:
    if not isinstance(address, tuple):
        return  # a Unix socket
    host = str(address[0])
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback:
        raise NetworkBlockedError(f"tests are offline, but something connects to {host!r}")


@pytest.fixture(autouse=True)
def _closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(self: socket.socket, address: Any) -> None:
        _checked(address)
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        _checked(address)
        return connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_ex)


@pytest.fixture(scope="session")
def seeds() -> Path:
    return REPOSITORY / "seeds"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A folder from which this process imports, to install plugins in."""
    from plugin_packages import Site

    from extractor import plugins

    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(plugins, "_told", set())
    site = Site(folder)
    site.look_again()
    yield site
    monkeypatch.undo()
    site.forget()


@pytest.fixture
def client_of(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Makes a client of the service; its arguments are those of ServiceSettings."""
    from starlette.testclient import TestClient

    from extractor.serve import ServiceSettings, create_app

    with ExitStack() as stack:

        def make(**settings: Any) -> TestClient:
            given = {"runs": tmp_path / "runs", "model": None} | settings
            app = create_app(ServiceSettings(**given))
            return stack.enter_context(TestClient(app, base_url="http://localhost"))

        yield make
