"""What was found out about endpoints, remembered from one run to the next in the user's cache.

A memory, not a setting: a file that cannot be read is as good as none, and one that cannot be
written costs a few tiny calls the next time.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from extractor.files import write_whole
from extractor.model.capabilities import Capabilities, read_capabilities
from extractor.model.endpoints import Endpoint
from extractor.model.weights import cache_folder

_MOST = 200  # endpoints; the oldest is forgotten


def default_store() -> Path:
    """The file, beside the fetched weights."""
    return cache_folder().parent / "endpoints.json"


def recall(endpoint: Endpoint, model: str, store: Path | None = None) -> Capabilities | None:
    """What `model` at `endpoint` was found able to do; None where nothing is known."""
    known = _read(store or default_store()).get(_name(endpoint, model))
    return read_capabilities(known) if isinstance(known, dict) else None


def remember(endpoint: Endpoint, model: str, able: Capabilities, store: Path | None = None) -> None:
    """Write down what `model` at `endpoint` is able to do; no key and no password goes along."""
    path = store or default_store()
    known = _read(path)
    name = _name(endpoint, model)
    known.pop(name, None)
    known[name] = able.to_json()
    kept = dict(list(known.items())[-_MOST:])
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(kept, indent=1) + "\n")


def _name(endpoint: Endpoint, model: str) -> str:
    url = hashlib.sha256(endpoint.base_url.encode()).hexdigest()[:12]  # it may hold a password
    return f"{endpoint.host} {model} {url}"


def _read(path: Path) -> dict[str, Any]:
    try:
        known = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
