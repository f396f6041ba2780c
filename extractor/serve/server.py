"""The service on a socket: one process, or some beside each other."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import uvicorn
from uvicorn.supervisors import Multiprocess

from extractor.errors import InputError
from extractor.serve.app import create_app
from extractor.serve.job_store import JobStore
from extractor.serve.origins import is_loopback
from extractor.serve.protocol import BoundedProtocol
from extractor.serve.settings import ServiceSettings

_SHARED_METRICS = "PROMETHEUS_MULTIPROC_DIR"
_BACKLOG = 512
_KEEP_ALIVE = 15  # seconds


def refuse_open_bind(settings: ServiceSettings) -> None:
    """Raise InputError where others could reach the service and it wants no key."""
    if settings.keys or is_loopback(settings.host):
        return
    raise InputError(
        f"--host {settings.host}: other machines could reach this address, so keys are needed; "
        "make one with `extractor serve key new NAME --keys FILE` and give the FILE with --keys, "
        "or leave --host out."
    )


def run_server(settings: ServiceSettings) -> None:
    """Listen until a signal comes, then let the requests under way end.

    Raises InputError where the address cannot be had, or would be open to all.
    """
    refuse_open_bind(settings)
    JobStore(settings.runs)  # what is wrong with the folder is told before anybody is let in
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    with _bound(settings) as listening, _shared_metrics(settings.workers):
        config = uvicorn.Config(
            partial(create_app, settings),
            factory=True,
            lifespan="on",
            workers=settings.workers,
            access_log=False,
            log_level="error",  # what is no HTTP at all is no news
            server_header=False,
            proxy_headers=False,
            ws="none",
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=settings.drain_seconds,
            http=BoundedProtocol,
            backlog=_BACKLOG,
        )
        _announce(settings, listening)
        # uvicorn drains at SIGTERM and then sends it once more: by then all is well
        signal.signal(signal.SIGTERM, lambda *_: None)
        if settings.workers > 1:
            Multiprocess(config, sockets=[listening]).run()
        else:
            uvicorn.Server(config).run(sockets=[listening])


def _bound(settings: ServiceSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
        listening.listen(_BACKLOG)  # who comes before we are ready waits
        listening.set_inheritable(True)  # for the workers
    except (OSError, UnicodeError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"{settings.host}:{settings.port}: cannot be listened on ({reason}); take another "
            "--port or --host."
        ) from error
    if not settings.keys and not is_loopback(listening.getsockname()[0]):
        listening.close()
        raise InputError(f"{settings.host} is not this machine alone; give --keys, or 127.0.0.1.")
    return listening


def _announce(settings: ServiceSettings, listening: socket.socket) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    port = listening.getsockname()[1]
    keys = f"{len(settings.keys.names)} keys" if settings.keys else "no key needed"
    model = "none" if settings.model is None else settings.model.name or "embedded"
    text = (
        f"listening on http://{host}:{port} ({keys}, model: {model}); "
        f"review: http://{host}:{port}/review\n"
    )
    sys.stderr.write(text)
    sys.stderr.flush()


@contextmanager
def _shared_metrics(workers: int) -> Iterator[None]:
    """Where some processes keep their counters for each other."""
    if workers == 1:
        yield
        return
    before = os.environ.get(_SHARED_METRICS)
    with tempfile.TemporaryDirectory(prefix="extractor-metrics-") as folder:
        os.environ[_SHARED_METRICS] = folder
        try:
            yield
        finally:
            del os.environ[_SHARED_METRICS]
            if before is not None:
                os.environ[_SHARED_METRICS] = before
