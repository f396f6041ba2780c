"""Who may come in: keys, names of the host, pages of other sites."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from extractor.cli.app import app
from extractor.errors import InputError
from extractor.serve import ServiceSettings
from extractor.serve.keys import KEYS_VARIABLE, KeyRing, add_key, load_keys, new_key
from extractor.serve.server import refuse_open_bind

BODY = {"document": {"text": "7 men"}, "candidates": []}


@pytest.fixture
def key_and_ring() -> tuple[str, KeyRing]:
    key, line = new_key("ada")
    return key, KeyRing.parse([line], "here")


def test_without_a_key_nothing_is_told(client_of: Any, key_and_ring: tuple[str, KeyRing]) -> None:
    key, ring = key_and_ring
    client = client_of(keys=ring)
    wrong: tuple[dict[str, str], ...] = (
        {},
        {"authorization": "Bearer "},
        {"authorization": "Bearer cek_wrong"},
        {"authorization": f"Basic {key}"},
        {"authorization": f"Bearer {key}x"},
        {"authorization": key},
    )
    for headers in wrong:
        for path in ("/v1/verify", "/v1/jobs", "/v1/review/runs", "/metrics", "/nowhere"):
            answer = client.post(path, json=BODY, headers=headers)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert answer.headers["content-type"] == "application/problem+json"
    assert (
        client.post(
            "/v1/verify",
            json=BODY,
            headers=[(b"authorization", f"Bearer {key}".encode()), (b"authorization", b"Bearer x")],
        ).status_code
        == 401
    )


def test_with_its_key_it_works(client_of: Any, key_and_ring: tuple[str, KeyRing]) -> None:
    key, ring = key_and_ring
    client = client_of(keys=ring)
    for scheme in ("Bearer", "bearer"):
        headers = {"authorization": f"{scheme} {key}", "host": "claims.example.org"}
        assert client.post("/v1/verify", json=BODY, headers=headers).status_code == 200
    for path in ("/healthz", "/readyz", "/openapi.json", "/review", "/review/page.js"):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "[::2]"],
)
def test_dns_rebinding_meets_a_refusal(client_of: Any, host: str) -> None:
    client = client_of()
    for path in ("/v1/review/runs", "/healthz", "/review"):
        assert client.get(path, headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8080", "127.0.0.1:1", "[::1]:80", "LocalHost"]
)
def test_loopback_by_any_name_is_let_in(client_of: Any, host: str) -> None:
    assert client_of().get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999"},
        {"origin": "file://"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"},
        {
            "sec-fetch-site": "cross-site",
            "sec-fetch-mode": "navigate",
            "sec-fetch-dest": "document",
        },
    ],
)
@pytest.mark.parametrize("with_keys", [False, True])
def test_a_page_of_another_site_cannot_post(
    client_of: Any, key_and_ring: tuple[str, KeyRing], headers: dict[str, str], with_keys: bool
) -> None:
    key, ring = key_and_ring
    client = client_of(keys=ring if with_keys else KeyRing())
    given = headers | {"host": "localhost:8080", "authorization": f"Bearer {key}"}
    assert client.post("/v1/verify", json=BODY, headers=given).status_code == 403


def test_what_a_form_can_send_is_no_json(client_of: Any) -> None:
    client = client_of()
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        answer = client.post("/v1/verify", content=b"{}", headers={"content-type": kind})
        assert answer.status_code == 415


def test_a_link_to_the_page_can_be_followed(client_of: Any) -> None:
    headers = {
        "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"
    }  # fmt: skip
    client = client_of()
    assert client.get("/review", headers=headers).status_code == 200
    framed = headers | {"sec-fetch-dest": "iframe"}
    assert client.get("/review", headers=framed).status_code == 403
    own = {"origin": "http://localhost", "sec-fetch-site": "same-origin"}
    assert client.post("/v1/verify", json=BODY, headers=own).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org", ""])  # noqa: S104 - it is refused
def test_no_open_address_without_keys(host: str, key_and_ring: tuple[str, KeyRing]) -> None:
    with pytest.raises(InputError, match="keys are needed"):
        refuse_open_bind(ServiceSettings(host=host))
    refuse_open_bind(ServiceSettings(host=host, keys=key_and_ring[1]))
    refuse_open_bind(ServiceSettings(host="127.0.0.1"))


def test_the_command_refuses_it_too(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["serve", "--host", "::", "--runs", str(tmp_path)], env={KEYS_VARIABLE: ""}
    )
    assert isinstance(done.exception, InputError)


def test_a_key_is_shown_once_and_its_hash_is_kept(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    done = CliRunner().invoke(app, ["serve", "key", "new", "ada", "--keys", str(keys)])
    key = done.stdout.strip()
    assert key.startswith("cek_")
    assert key not in keys.read_text()
    assert keys.stat().st_mode & 0o077 == 0
    assert load_keys(keys, {}).name_of(key) == "ada"
    again = CliRunner().invoke(app, ["serve", "key", "new", "ada", "--keys", str(keys)])
    assert isinstance(again.exception, InputError)
    add_key(keys, new_key("bob")[1])
    assert sorted(load_keys(keys, {}).names.values()) == ["ada", "bob"]


def test_keys_of_the_environment_and_bad_ones(tmp_path: Path) -> None:
    key, line = new_key("ada")
    assert load_keys(None, {KEYS_VARIABLE: f"# ours\n\n{line}"}).name_of(key) == "ada"
    two = {KEYS_VARIABLE: f"{line};{new_key('bob')[1]}"}
    assert sorted(load_keys(None, two).names.values()) == ["ada", "bob"]
    assert not load_keys(None, {})
    with pytest.raises(InputError, match="line 1") as told:
        KeyRing.parse([f"ada {key}"], "keys")
    assert key not in str(told.value)
    with pytest.raises(InputError, match="no name of a key"):
        new_key("../x")
    with pytest.raises(InputError, match="cannot be read"):
        load_keys(tmp_path / "none", {})
    (tmp_path / "empty").write_text("# nothing\n")
    with pytest.raises(InputError, match="holds no key"):
        load_keys(tmp_path / "empty", {})
    assert "sha256" not in repr(KeyRing.parse([line], "k"))


def test_without_the_extra_one_sentence_says_what_to_install() -> None:
    without = (
        "import sys; sys.modules['fastapi'] = None; sys.argv = ['extractor', 'serve']\n"
        "from extractor.cli.app import main; main()"
    )
    command = [sys.executable, "-c", without]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'claim-extractor[serve]'" in done.stderr
    assert "Traceback" not in done.stderr
