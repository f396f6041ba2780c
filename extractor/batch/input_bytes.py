"""The bytes of an input file, gzip or not, never more than a bound of them at once."""

from __future__ import annotations

import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

from extractor.batch.input_names import is_packed, told
from extractor.errors import InputError

LARGEST: Final = 64 * 2**20  # bytes of one document, unpacked, and of one row of a table
_BUFFER: Final = 2**16


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The file at `path` to be read, unpacked where it is a .gz.

    Raises InputError, also while it is read, for what cannot be opened, is no regular file (a pipe
    would block), cannot be read or is not whole.
    """
    try:
        with _regular(path) as file:
            if is_packed(path.name):
                with gzip.GzipFile(fileobj=file) as unpacked:
                    yield cast("IO[bytes]", unpacked)
            else:
                yield file
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"{told(path)}: not a whole gzip file; pack it again.") from error
    except OSError as error:
        raise unreadable(path, error) from error


def whole(path: Path, largest: int = LARGEST) -> bytes:
    """All bytes of a file. Raises InputError as `opened` does, and above `largest` bytes."""
    with opened(path) as file:
        raw = file.read(largest + 1)
    if len(raw) > largest:
        raise InputError(
            f"{told(path)}: larger than {largest // 2**20} MiB, the most that one document may be; "
            "split it."
        )
    return raw


def unreadable(path: Path, error: OSError) -> InputError:
    """The sentence for what the system says of a file."""
    return InputError(f"{told(path)}: cannot be read ({told(error.strerror or error)}).")


def _regular(path: Path) -> IO[bytes]:
    try:
        file = open(path, "rb", buffering=_BUFFER, opener=_at_once)  # noqa: SIM115 - it is returned
    except ValueError as error:  # a name that no file can have
        raise InputError(f"{told(path)}: no file can be called this.") from error
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise InputError(f"{told(path)}: this is a pipe, a device or the like, and no regular file.")


def _at_once(path: str, flags: int) -> int:
    """Open without waiting: a pipe that nobody writes to would block for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def standard_input() -> bytes:
    """All of standard input. Raises InputError above the bound, or when it cannot be read."""
    import sys

    stream: IO[bytes] = io.BytesIO() if sys.stdin is None else sys.stdin.buffer
    try:
        raw = stream.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"standard input: cannot be read ({error.strerror or error}).") from error
    if len(raw) > LARGEST:
        raise InputError(f"standard input: larger than {LARGEST // 2**20} MiB; write it to files.")
    return raw
