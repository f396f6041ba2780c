"""The same client over https: whom it trusts, and that a drip is left there too."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
from fault_server import Drip
from scripted_server import Reply, Scripted, Server, completion

from extractor.model import CallFailedError, ChatModel, Endpoint, RetryPolicy
from extractor.model.retries import Clock

from .conftest import KEY, make_request

pytestmark = pytest.mark.skipif(which("openssl") is None, reason="makes its certificate by openssl")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine and its key, in one file."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    public = path.with_name("cert.pem")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ("-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1")
    files = ("-keyout", str(path), "-out", str(public))
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
    path.write_text(path.read_text() + public.read_text())
    return path


@pytest.fixture
def secure(certificate: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """An https server that gives the test's one reply to every call."""
    reply: Reply = request.param
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Server(lambda _: reply, context)
    yield server
    server.close()


def asked(server: Server, timeout: float) -> ChatModel:
    policy = RetryPolicy(clock=Clock(sleep=lambda _: None))
    return ChatModel("scripted", Endpoint(server.url, KEY, timeout=timeout), policy=policy)


@pytest.mark.parametrize("secure", [Scripted(completion())], indirect=True)
def test_a_certificate_that_is_not_trusted_is_told_at_once(secure: Server) -> None:
    with asked(secure, 10) as model, pytest.raises(CallFailedError) as caught:
        model.ask(make_request())
    assert [attempt.outcome for attempt in caught.value.attempts] == ["untrusted"]
    assert str(caught.value).startswith(f"{secure.host} shows a certificate")
    assert secure.calls == []


@pytest.mark.parametrize("secure", [Scripted(completion())], indirect=True)
def test_one_that_is_named_is_trusted(
    secure: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("cert.pem")))
    with asked(secure, 10) as model:
        assert model.ask(make_request()).arguments.event == "killed"
    assert len(secure.calls) == 1


@pytest.mark.parametrize("secure", [Drip(b"HTTP/1.1 200 OK\r\n", b"x-drop: 1\r\n")], indirect=True)
def test_a_drip_is_left_there_too(
    secure: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("cert.pem")))
    with asked(secure, 0.3) as model, pytest.raises(CallFailedError) as caught:
        model.ask(make_request())
    assert [attempt.outcome for attempt in caught.value.attempts] == ["timeout"] * 4
