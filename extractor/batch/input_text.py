"""Bytes to text: UTF-8 where it is that, else the encoding that is detected, and said."""

from __future__ import annotations

import gzip
import stat
import zlib
from pathlib import Path

from extractor.errors import InputError

LARGEST = 64 * 2**20
"""Bytes of one document at most; a larger one is a table or a dump, and is refused."""

_PACKED = ".gz"


def suffix_of(path: Path) -> str:
    """The suffix that says what a file is, without the .gz of a packed one; in lower case.

    >>> suffix_of(Path("a/news.JSONL.gz"))
    '.jsonl'
    """
    return Path(path.stem).suffix.lower() if is_packed(path) else path.suffix.lower()


def stem_of(path: Path) -> str:
    """The file's name without those suffixes."""
    return Path(path.stem).stem if is_packed(path) else path.stem


def is_packed(path: Path) -> bool:
    """Whether it is packed by gzip."""
    return path.suffix.lower() == _PACKED


def refuse_if_special(path: Path) -> None:
    """Raise InputError for what is no file of a length: reading a pipe may never end."""
    try:
        is_special = not stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return  # told when it is opened
    if is_special:
        raise InputError(f"{path}: this is no regular file; hand in a stream as -.")


def read_bytes(path: Path) -> bytes:
    """A document's bytes, unpacked. Raises InputError when they cannot be had, or are too many."""
    refuse_if_special(path)
    try:
        with gzip.open(path) if is_packed(path) else path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path}: this is no whole gzip file ({error}).") from error
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) else None
        raise InputError(f"{path}: cannot be read ({told or error}).") from error
    if len(raw) > LARGEST:
        raise InputError(f"{path}: larger than {LARGEST // 2**20} MB; split it into documents.")
    return raw


def decoded(raw: bytes, where: str) -> tuple[str, str]:
    """The text, and the name of its encoding. Raises InputError when it is none.

    UTF-8, with or without a mark, is read as it is: no newline is translated. Other encodings are
    detected, which for short texts is a guess.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-16"), "utf-16"
        except UnicodeDecodeError as error:
            raise InputError(f"{where}: this is no text in UTF-16 ({error.reason}).") from error
    if b"\x00" in raw:
        raise InputError(f"{where}: this is not a text file (it holds NUL bytes).")
    try:
        return raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return _detected(raw, where)


def _detected(raw: bytes, where: str) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(raw[: 2**20]).best()
    if best is not None:
        try:
            return raw.decode(best.encoding), best.encoding
        except UnicodeDecodeError:
            best = None
    raise InputError(
        f"{where}: not UTF-8, and no other encoding fits; convert it to UTF-8 first, for example "
        "with iconv."
    )
