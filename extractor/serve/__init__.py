"""The service: the gate, the reader, extraction, jobs and the review page over HTTP.

`create_app` makes the ASGI application, `run_server` listens. It needs the extra `serve`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.serve.app import create_app
    from extractor.serve.server import run_server
    from extractor.serve.settings import Limits, ServiceSettings

__all__ = ["Limits", "ServiceSettings", "create_app", "run_server"]

_HOMES = {
    "Limits": "extractor.serve.settings",
    "ServiceSettings": "extractor.serve.settings",
    "create_app": "extractor.serve.app",
    "run_server": "extractor.serve.server",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
