"""Bearer keys: random, told once, and kept as hashes alone.

A key is 256 random bits, so a plain SHA-256 of it cannot be searched, and none is guessed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from extractor.errors import InputError
from extractor.files import write_whole

KEYS_VARIABLE = "EXTRACTOR_SERVE_KEYS"
"""The environment variable that may hold lines of a file of keys, or parts with ";" between."""

_PREFIX = "cek_"
_LINE = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9_.@-]{0,63})\s+sha256:(?P<hash>[0-9a-f]{64})\Z")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}\Z")
_HEAD = "# Keys of extractor serve: a name and the SHA-256 of its key. The keys are not here.\n"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys that a service takes: names by the SHA-256 of each key, in hex digits.

    >>> key, line = new_key("ada")
    >>> KeyRing.parse([line], "keys").name_of(key)
    'ada'
    """

    names: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        return bool(self.names)

    def name_of(self, key: str) -> str | None:
        """Whose key it is, None where it is nobody's; every hash is compared, in constant time."""
        digest = _sha256(key)
        found = None
        for known, name in self.names.items():
            if hmac.compare_digest(known, digest):
                found = name
        return found

    @classmethod
    def parse(cls, lines: Iterable[str], where: str) -> Self:
        """The keys of some lines. Raises InputError at one that is none, without repeating it."""
        names: dict[str, str] = {}
        for number, line in enumerate(lines, 1):
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            match = _LINE.match(text)
            if match is None:
                raise InputError(
                    f"{where}, line {number}: a line is a name and sha256:HASH, as "
                    "`extractor serve key new` prints it; keys themselves do not belong there."
                )
            names[match["hash"]] = match["name"]
        return cls(names)


def load_keys(path: Path | None, environ: Mapping[str, str]) -> KeyRing:
    """The keys of the file, or where none is named of the environment; none at all is an empty one.

    Raises InputError when the file cannot be read or holds no key, or either holds what is none.
    """
    if path is None:
        lines = environ.get(KEYS_VARIABLE, "").replace(";", "\n").splitlines()
        return KeyRing.parse(lines, KEYS_VARIABLE)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise InputError(
            f"{path}: cannot be read ({reason}); `extractor serve key new NAME --keys {path}` "
            "makes it."
        ) from error
    keys = KeyRing.parse(text.splitlines(), str(path))
    if not keys:
        raise InputError(
            f"{path}: it holds no key; `extractor serve key new NAME --keys {path}` adds one."
        )
    return keys


def new_key(name: str) -> tuple[str, str]:
    """A new key, and the line that a service knows it by. Raises InputError for a name of none."""
    if not _NAME.match(name):
        raise InputError(
            f"{name[:80]!r} is no name of a key; wanted are up to 64 letters, digits, and ._@-, "
            "the first a letter or a digit."
        )
    key = _PREFIX + secrets.token_urlsafe(32)
    return key, f"{name} sha256:{_sha256(key)}"


def add_key(path: Path, line: str) -> None:
    """Add a line to the file of keys, which is made where there is none, for its owner alone.

    Raises InputError when the file holds that name already, or cannot be read or written.
    """
    name = line.split(maxsplit=1)[0]
    try:
        before = path.read_text("utf-8") if path.exists() else _HEAD
        if name in KeyRing.parse(before.splitlines(), str(path)).names.values():
            raise InputError(
                f"{path}: there is a key of {name} already; remove its line first, or take another "
                "name."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, f"{before.rstrip()}\n{line}\n")
        path.chmod(0o600)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise InputError(f"{path}: cannot be written ({reason}).") from error


def _sha256(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
