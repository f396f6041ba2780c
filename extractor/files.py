"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def write_whole(path: Path, text: str) -> None:
    """Write `text` as UTF-8 to `path`, as `writing_whole` does.

    A lone surrogate in the text is kept rather than costing the file. Raises OSError.
    """
    with writing_whole(path) as file:
        file.write(text.encode("utf-8", "surrogatepass"))


@contextmanager
def writing_whole(path: Path) -> Iterator[BinaryIO]:
    """A file that is written beside `path` first, and takes its place when that went well.

    A reader sees the old file or the new one, and a failure leaves the old one. Raises OSError when
    the disk refuses.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~_umask())  # mkstemp's own mode is not the user's choice
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0o077)  # it can only be read by setting it
    os.umask(mask)
    return mask
