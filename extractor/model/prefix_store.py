"""The computed state of prompt prefixes on disk, so that the next run need not read them again.

A file is named by what its state depends on and by the hash of its own bytes; one that is cut off
or altered is not taken. The engine writes and reads the files itself, so nothing here knows their
inside. Whatever goes wrong is silent: without a stored state the prefix is merely computed.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import platformdirs

_APPLICATION = "claim-extractor"
_MOST_FILES = 4  # of some 20 MB each; the oldest go first
_ABANDONED = 3600.0  # seconds; a draft so old is of a process that was killed
_SUFFIX = ".prefix"


def prefix_folder() -> Path:
    """Where the states are kept: the user's cache, by the custom of the system."""
    return Path(platformdirs.user_cache_dir(_APPLICATION)) / "prefixes"


class PrefixStore:
    """The states in one folder; `identity` is all that they depend on beside the prefix.

    `write` and `read` are given the name of a file in the folder, and say whether it worked.
    """

    def __init__(self, folder: Path, identity: str) -> None:
        self.folder = folder
        self._identity = identity

    def is_usable(self) -> bool:
        """Whether the folder is there, or could be made."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            return os.access(self.folder, os.W_OK)
        return False

    def restore(self, prefix: str, read: Callable[[str], bool]) -> bool:
        """Have the engine read the state of `prefix`; whether there was one, and it did."""
        for path in self._states(prefix):
            with suppress(OSError):
                if path.name == self._name(prefix, path):
                    os.utime(path)
                    return read(path.name)
                path.unlink()
        return False

    def keep(self, prefix: str, write: Callable[[str], bool]) -> None:
        """Have the engine write the state of `prefix`, under another name until it is whole."""
        draft = self.folder / f".{os.getpid()}{_SUFFIX}"
        try:
            if write(draft.name):
                draft.replace(self.folder / self._name(prefix, draft))
                self._thin_out()
        except OSError:
            pass
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _states(self, prefix: str) -> list[Path]:
        with suppress(OSError):
            return sorted(self.folder.glob(f"{self._key(prefix)}-*{_SUFFIX}"))
        return []

    def _key(self, prefix: str) -> str:
        return hashlib.sha256(f"{self._identity}\n{prefix}".encode()).hexdigest()[:32]

    def _name(self, prefix: str, path: Path) -> str:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return f"{self._key(prefix)}-{digest}{_SUFFIX}"

    def _thin_out(self) -> None:
        states = self.folder.glob(f"[0-9a-f]*{_SUFFIX}")
        newest_first = sorted(states, key=lambda path: path.stat().st_mtime, reverse=True)
        drafts = self.folder.glob(f".*{_SUFFIX}")
        left = [path for path in drafts if time.time() - path.stat().st_mtime > _ABANDONED]
        for path in (*newest_first[_MOST_FILES:], *left):
            path.unlink(missing_ok=True)
