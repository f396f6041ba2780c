"""A file line by line, no line longer than a bound, and each of them as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final

from extractor.batch.input_bytes import LARGEST
from extractor.batch.input_text import NUL_BYTES, UTF_8, detected, not_utf_8

_BOM: Final = b"\xef\xbb\xbf"
_AHEAD: Final = 2**16  # bytes behind a line that are looked at to tell the encoding
TOO_LONG: Final = f"a row of more than {LARGEST // 2**20} MiB"


def bounded_lines(file: IO[bytes], longest: int = LARGEST) -> Iterator[bytes | None]:
    """The lines of a file with their ends, without a byte order mark; None for one too long."""
    first = True
    while raw := file.readline(longest + 1):
        if len(raw) > longest:
            _skip_line(file, raw)
            yield None
        else:
            yield raw.removeprefix(_BOM) if first else raw
        first = False


def _skip_line(file: IO[bytes], raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = file.readline(_AHEAD)


class LineText:
    """Lines as text: UTF-8 first, and for all others of the file one encoding.

    `encoding` is that of the last line that was decoded.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.encoding = UTF_8
        self._file = file
        self._other: str | None = None

    def of(self, raw: bytes) -> str:
        """The text of a line. Raises ValueError with a reason for a person."""
        if b"\x00" in raw:
            raise ValueError(NUL_BYTES)
        try:
            text = raw.decode(UTF_8)
        except UnicodeDecodeError as error:
            return self._in_other(raw, error.start)
        self.encoding = UTF_8
        return text

    def _in_other(self, raw: bytes, bad: int) -> str:
        if self._other is None:
            # one short line tells little, so what follows is looked at as well
            ahead = self._file.peek(_AHEAD) if hasattr(self._file, "peek") else b""
            sample = raw[-_AHEAD:] + ahead[: ahead.rfind(b"\n") + 1]
            self._other = next(detected(sample), None) or next(detected(raw), None)
        if self._other is None:
            raise ValueError(not_utf_8(raw, bad))
        try:
            text = raw.decode(self._other)
        except UnicodeDecodeError as error:
            raise ValueError(
                f"neither UTF-8 nor {self._other}, which other lines are in (byte {error.start})"
            ) from error
        self.encoding = self._other
        return text
