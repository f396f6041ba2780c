"""A file of claims: one JSON object a line, or one list of them, from a file or standard input.

What cannot be read as a claim is told with its line and costs no other line.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from extractor.errors import InputError

_LONGEST_LINE = 64 * 2**20  # bytes; a line may hold a whole document with its claims
_LONGEST_INTEGER = 400  # digits; a longer one stays as it is written
_BOM = b"\xef\xbb\xbf"


class Written(str):
    """A number of a file as it is written there: no float rounds it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One object of the file: its line, or its place in the list, counted from 1.

    `offset` is the byte at which its line begins; None for an item of a list.
    """

    number: int
    record: dict[str, Any]
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Lines that cannot be judged, and why, in one sentence without a stop."""

    lines: tuple[int, ...]
    why: str


class ClaimFile:
    """The claims of a file, or of standard input where the name is "-", to be read line by line.

    Entering it opens the file. Raises InputError when the file cannot be opened or read, or is a
    list that is not JSON; a single bad line is an `Unreadable` instead.
    """

    def __init__(self, path: Path, longest_line: int = _LONGEST_LINE) -> None:
        self.name = "standard input" if str(path) == "-" else str(path)
        self.counts = "line"  # what the numbers count: "line", or "item" of a list
        self._path = path
        self._longest = longest_line
        self._file: IO[bytes] = io.BytesIO()

    def __enter__(self) -> Self:
        try:
            self._file = _opened(self._path)
        except OSError as error:
            raise self._refused(error) from error
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Line | Unreadable]:
        try:
            self._file.seek(0)
            items = self._list()
            if items is None:
                yield from self._lines()
                return
        except OSError as error:
            raise self._refused(error) from error
        self.counts = "item"
        for number, item in enumerate(items, 1):
            yield _line(number, item, None)

    def at(self, offset: int) -> dict[str, Any]:
        """The object of the line at this offset once more, for what is not kept in memory."""
        try:
            self._file.seek(offset)
            record = _parsed(self._file.readline(self._longest))
        except OSError as error:
            raise self._refused(error) from error
        except ValueError as error:
            raise InputError(f"{self.name}: it changed while it was read.") from error
        if not isinstance(record, dict):
            raise InputError(f"{self.name}: it changed while it was read.")
        return record

    def _lines(self) -> Iterator[Line | Unreadable]:
        self._file.seek(0)
        number = offset = 0
        while raw := self._file.readline(self._longest):
            number += 1
            length = len(raw)
            if length == self._longest and not raw.endswith(b"\n"):
                length += self._skip_line()
                yield Unreadable((number,), f"longer than {self._longest:,} bytes")
            elif raw.strip() not in (b"", _BOM):
                yield _read(number, raw, offset)
            offset += length

    def _skip_line(self) -> int:
        """How many bytes are left of the line, which are read and forgotten."""
        skipped = 0
        while more := self._file.readline(self._longest):
            skipped += len(more)
            if more.endswith(b"\n"):
                break
        return skipped

    def _list(self) -> list[Any] | None:
        """The items where the file is one JSON list; None where it has a value a line."""
        lines = iter(lambda: self._file.readline(self._longest), b"")
        first = next((line for line in lines if line.strip() not in (b"", _BOM)), b"")
        if not first.removeprefix(_BOM).lstrip().startswith(b"["):
            return None
        with suppress(ValueError):
            _parsed(first)
            if any(line.strip() for line in lines):
                return None  # a value of its own, and no claim: the other lines may be
        self._file.seek(0)
        whole = self._file.read(self._longest + 1)
        if len(whole) > self._longest:
            raise InputError(
                f"{self.name}: a list of more than {self._longest:,} bytes; write a claim a line."
            )
        try:
            items = _parsed(whole)
        except ValueError as error:
            raise InputError(f"{self.name}: {error}.") from error
        return items if isinstance(items, list) else None

    def _refused(self, error: OSError) -> InputError:
        return InputError(f"{self.name}: cannot be read ({error.strerror or error}).")


def _opened(path: Path) -> IO[bytes]:
    """The file to read; a pipe is copied first, since some lines are read twice."""
    if str(path) == "-":
        return _copied(sys.stdin.buffer) if sys.stdin is not None else io.BytesIO()
    file = path.open("rb")
    if file.seekable():
        return file
    with file:
        return _copied(file)


def _copied(pipe: IO[bytes]) -> IO[bytes]:
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - the claim file closes it
    try:
        for chunk in iter(lambda: pipe.read(io.DEFAULT_BUFFER_SIZE), b""):
            copy.write(chunk)
    except BaseException:
        copy.close()
        raise
    return copy


def _read(number: int, raw: bytes, offset: int) -> Line | Unreadable:
    try:
        return _line(number, _parsed(raw), offset)
    except ValueError as error:
        return Unreadable((number,), str(error))


def _line(number: int, value: object, offset: int | None) -> Line | Unreadable:
    if isinstance(value, dict):
        return Line(number, value, offset)
    return Unreadable((number,), "a claim is a JSON object")


def _parsed(raw: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """The JSON value of some bytes. Raises ValueError with a reason for a person."""
    if b"\x00" in raw:
        raise ValueError("not text (it holds NUL bytes)")
    try:
        text = raw.removeprefix(_BOM).decode().rstrip()
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 (byte {error.start} is 0x{raw[error.start]:02x})") from error
    try:
        return json.loads(text, parse_float=Written, parse_int=_integer)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, " if error.lineno > 1 else ""
        raise ValueError(f"not JSON ({error.msg}, {place}column {error.colno})") from error
    except RecursionError as error:
        raise ValueError("not JSON that can be read (nested too deeply)") from error


def _integer(digits: str) -> int | Written:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else Written(digits)
