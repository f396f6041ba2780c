"""Whatever the state of a file, replay never goes live; and what is recorded is what came."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, ClassVar

import pytest
from scripted_server import Scripted, Server, completion

from extractor.claims import Attempt
from extractor.errors import CassetteError, ExtractorError
from extractor.model import (
    ChatModel,
    Endpoint,
    Message,
    ModelChoice,
    Origin,
    RetryPolicy,
    open_for_replay,
    recording,
    replaying,
)
from extractor.model.cassette_bodies import body_bytes, canonical_answer, json_text
from extractor.model.secret_scan import environment_keys, found_secret

from .conftest import KEY, Open, Serve, api_error, make_request

ORIGIN = Origin("scripted", "a scripted server")
DATE = "2026-11-22"

Damage = Callable[[Path], object]


def _cut(path: Path) -> None:
    text = path.read_text()
    path.write_text(text[: len(text) // 2].rstrip())


def _merge(path: Path) -> None:
    lines = path.read_text().splitlines(keepends=True)
    lines[6:6] = ["<<<<<<< HEAD\n", *lines[6:7], "=======\n", *lines[6:7], ">>>>>>> other\n"]
    path.write_text("".join(lines))


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _replaced(old: str, new: str) -> Damage:
    return lambda path: path.write_text(path.read_text().replace(old, new, 1))


def _latin(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace("“".encode(), b"\x93", 1))


DAMAGES: dict[str, tuple[Damage, str]] = {
    "missing": (Path.unlink, "NO CASSETTE {path}: this document is not recorded"),
    "empty": (
        lambda path: path.write_text(""),
        "UNREADABLE CASSETTE {path}: line 1: the file is empty",
    ),
    "blank": (
        lambda path: path.write_text("\n\n"),
        "UNREADABLE CASSETTE {path}: line 1: the file is empty",
    ),
    "merge marks": (
        _merge,
        "UNREADABLE CASSETTE {path}: line 7: merge marks (<<<<<<<); a merge was left unfinished; "
        "finish it, or record it again.",
    ),
    "truncated": (_cut, "UNREADABLE CASSETTE {path}: line"),
    "not JSON": (
        _replaced('"interactions": [', '"interactions": [ oops'),
        "UNREADABLE CASSETTE {path}: line 17: not JSON",
    ),
    "deep": (lambda path: path.write_text("[" * 200_000), "UNREADABLE CASSETTE {path}: "),
    "many digits": (
        _replaced('"status": 200', '"status": 2' + "0" * 5_000),
        "UNREADABLE CASSETTE {path}: Exceeds the limit (4300 digits)",
    ),
    "no object": (
        lambda path: path.write_text("null"),
        "UNREADABLE CASSETTE {path}: the file holds no JSON object; record it again.",
    ),
    "no status": (
        _replaced('"status": 200', '"status": 99999'),
        "UNREADABLE CASSETTE {path}: interactions.0.response.status: Input should be less than",
    ),
    "older format": (
        _replaced('"format": 2', '"format": 1'),
        "UNREADABLE CASSETTE {path}: line 3: its format is 1, and this version reads 2",
    ),
    "newer format": (
        _replaced('"format": 2', '"format": "3b"'),
        "UNREADABLE CASSETTE {path}: line 3: its format is '3b', and this version reads 2",
    ),
    "part missing": (
        _replaced('"status": 200', '"state": 200'),
        "UNREADABLE CASSETTE {path}: interactions.0.response.status: Field required",
    ),
    "no fingerprint": (
        _replaced("model=", "model:"),
        "UNREADABLE CASSETTE {path}: interactions.0.request.fingerprint: Value error, not a finger",
    ),
    "not UTF-8": (_latin, "UNREADABLE CASSETTE {path}: line 31: not UTF-8; record it again."),
    "folder": (
        _folder,
        "UNREADABLE CASSETTE {path}: a folder stands in the place of the file; move it.",
    ),
    "no permission": (
        lambda path: path.chmod(0),
        "UNREADABLE CASSETTE {path}: there is no permission to read it; allow it.",
    ),
}


@pytest.fixture
def recorded(tmp_path: Path, serve: Serve, open_chat: Open) -> Path:
    path = tmp_path / "cassettes" / "d.json"
    model = open_chat(serve(completion()).url)
    with recording(path, ORIGIN, DATE):
        model.ask(make_request())
    return path


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may read anything, so it does not stay root."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_never_goes_live(
    recorded: Path, serve: Serve, open_chat: Open, damage: str
) -> None:
    inflict, sentence = DAMAGES[damage]
    inflict(recorded)
    server = serve(completion(), completion())
    model = open_chat(server.url)
    reader = as_nobody() if damage == "no permission" else nullcontext()
    with reader, pytest.raises(CassetteError) as caught, replaying(recorded):
        model.ask(make_request())
    assert str(caught.value).startswith(sentence.format(path=recorded))
    assert caught.value.exit_code == 5
    assert server.calls == []


def test_a_truncated_file_names_its_last_line(recorded: Path) -> None:
    lines = recorded.read_text().splitlines()[:20]
    recorded.write_text("\n".join(lines) + "\n")
    with (
        pytest.raises(CassetteError, match="line 20: the file breaks off here"),
        replaying(recorded),
    ):
        pass


def test_opening_for_replay_tells_of_a_damaged_file_too(recorded: Path) -> None:
    _merge(recorded)
    with pytest.raises(CassetteError, match="merge marks"):
        open_for_replay(ModelChoice(), recorded.parent)


def test_a_miss_is_one_attempt_and_no_call(recorded: Path, serve: Serve) -> None:
    server = serve(completion())
    policy = RetryPolicy(attempts=9, refused_attempts=9, first_wait=0, longest_wait=0)
    changed = make_request(messages=(Message("user", "Other."),))
    with (
        ChatModel("some-model", Endpoint(server.url, KEY), policy=policy) as model,
        replaying(recorded) as tape,
    ):
        with pytest.raises(CassetteError, match="STALE CASSETTE"):
            model.ask(changed)
        assert tape.asked == 1
    assert server.calls == []


class TestFaithful:
    """A failure is played as it came, byte for byte where it is no JSON."""

    BODIES: ClassVar[dict[str, bytes]] = {
        "text": "<html>“é”</html>".encode(),
        "latin-1": "<html>Z\xfcrich</html>".encode("latin-1"),
        "UTF-16": '{"a": 1}'.encode("utf-16"),
        "BOM": b"\xef\xbb\xbf{}",
        "empty": b"",
        "NUL": b"\x00\x01",
        "truncated JSON": b'{"choices": [{"message": {"tool_calls": [{"funct',
        "NaN": b'{"a": NaN}',
        "infinite": b'{"a": 1e999}',
        "a key twice": b'{"a": 1, "a": 2}',
        "one string": b'"a string"',
        "our own form": b'{"base64": "not that"}',
        "deep": b"[" * 100_000,
        "deep and closed": b"[" * 800 + b"]" * 800,
        "many digits": b"[" + b"1" * 5_000 + b"]",
        "surrogate text": b"\xed\xa0\x80",
    }

    @pytest.mark.parametrize("name", BODIES)
    def test_bytes_come_back(self, name: str) -> None:
        body = self.BODIES[name]
        kept = json.loads(json_text(canonical_answer(body)))
        assert body_bytes(kept) == body

    @pytest.mark.parametrize(
        "body",
        [
            {"choices": 5},
            {"choices": [{"message": {"tool_calls": "none"}}]},
            {"choices": [None, 3], "usage": 7},
            [1, "two"],
            None,
            {"lone": "\ud800"},
        ],
    )
    def test_json_of_any_shape_comes_back(self, body: Any) -> None:
        kept = json.loads(json_text(canonical_answer(json.dumps(body).encode())))
        assert json.loads(body_bytes(kept)) == body

    ROWS: ClassVar[dict[str, Scripted]] = {
        "429": api_error(429, headers={"retry-after": "0"}),
        "500": api_error(500),
        "quota": api_error(429, "insufficient_quota"),
        "HTML": Scripted("<html>Sign in</html>"),
        "cut off": Scripted('{"choices": [{"mess', headers={"content-type": "application/json"}),
        "latin-1": Scripted(
            b"<p>Z\xfcrich</p>", headers={"content-type": "text/html; charset=latin-1"}
        ),
        "a header that is no ASCII": Scripted(
            "<p>Z\xfcrich</p>", headers={"content-type": "text/html; title=Z\xfcrich"}
        ),
        "broken gzip": Scripted("no gzip", headers={"content-encoding": "gzip"}),
        "empty choices": Scripted(completion() | {"choices": []}),
    }

    @pytest.mark.parametrize("name", ROWS)
    def test_a_failure_is_told_alike(
        self, name: str, serve: Serve, open_chat: Open, tmp_path: Path
    ) -> None:
        row, path = self.ROWS[name], tmp_path / "d.json"
        server = serve(*[row] * 4)
        with recording(path, ORIGIN, DATE):
            live = self._told(open_chat(server.url))
        first = path.read_bytes()
        with replaying(path) as tape:
            played = self._told(open_chat(server.url))
        assert played == live
        assert tape.unplayed == 0
        assert len(json.loads(first)["interactions"]) == len(live[2])

        again = serve(*[row] * 4)
        with recording(path, ORIGIN, "2031-01-01"):
            self._told(open_chat(again.url))
        assert path.read_bytes() == first

    @staticmethod
    def _told(model: ChatModel) -> tuple[type[Exception], str, list[str]]:
        try:
            model.ask(make_request())
        except ExtractorError as error:
            host = model.endpoint.host
            attempts: tuple[Attempt, ...] = error.attempts  # type: ignore[attr-defined]
            outcomes = [attempt.outcome for attempt in attempts]
            return type(error), str(error).replace(host, "HOST"), outcomes
        raise AssertionError("the call came to an answer")

    def test_what_was_packed_is_kept_unpacked(
        self, open_chat: Open, tmp_path: Path, packing: Server
    ) -> None:
        path = tmp_path / "d.json"
        with recording(path, ORIGIN, DATE):
            live = open_chat(packing.url).ask(make_request())
        with replaying(path):
            assert open_chat(packing.url).ask(make_request()).arguments == live.arguments
        (one,) = json.loads(path.read_text())["interactions"]
        assert one["response"]["headers"] == {"content-type": "application/json"}

    @pytest.fixture
    def packing(self, serve: Serve) -> Server:
        """A server that packs its answer though it is asked not to."""
        body = gzip.compress(json.dumps(completion()).encode())
        packed = {"content-encoding": "gzip", "content-type": "application/json"}
        return serve(Scripted(body, headers=packed))


def test_a_connection_that_fails_is_not_recorded(open_chat: Open, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    model = open_chat("http://127.0.0.1:9/v1")
    with recording(path, ORIGIN, DATE), pytest.raises(ExtractorError):
        model.ask(make_request())
    assert json.loads(path.read_text())["interactions"] == []


class TestSecrets:
    def test_those_of_the_environment(self) -> None:
        environ = {
            "OPENAI_API_KEY": f" {KEY}\n",
            "AZURE_OPENAI_API_KEY": "short",
            "OTHER": "x" * 40,
        }
        assert environment_keys(environ) == {KEY}

    def test_by_value_as_json_writes_it(self) -> None:
        key = 'a"key with\\more of it'
        assert found_secret(json.dumps({"a": f"see {key}!"}), [key]) == "the API key"
        assert found_secret(json.dumps({"a": "see"}), [key]) is None

    @pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
    def test_within_base64(self, encoding: str) -> None:
        body = canonical_answer(b"\xff" + f"Z\xfcrich {KEY}".encode(encoding))
        assert found_secret(json_text({"body": body}), []) == "an API key"
