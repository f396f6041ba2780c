"""A run in Ray from its start to its end: documents in, Parquet out, and no document twice."""

from __future__ import annotations

import hashlib
import logging
import os
import socket
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace

import pyarrow as pa
import ray
import ray.data
from ray.data import DataContext, Dataset
from ray.data.checkpoint import CheckpointConfig
from ray.data.checkpoint.checkpoint_filter import CheckpointManager
from ray.exceptions import RayActorError, RayError

from extractor.errors import ExtractorError, ModelError
from extractor.scale.ray import extracted
from extractor.scale.ray_documents import DocumentChoice, DocumentSource, input_stamps, known_places
from extractor.scale.ray_plan import RayPlan
from extractor.scale.ray_storage import KEY, RayStorage
from extractor.scale.row_extractor import Asked

_BESIDE = 3
"""Logical CPUs that reading, cutting into blocks and writing take beside the actors."""

_PATIENCE = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class RayJob:
    """Which documents are asked about how, and where rows go."""

    choice: DocumentChoice
    asked: Asked
    plan: RayPlan
    storage: RayStorage


def inputs_sha256(choice: DocumentChoice) -> str:
    """What changes when an input does. Raises InputError where one is not there."""
    digest = hashlib.sha256()
    for stamp in input_stamps(choice):
        digest.update(f"{stamp}\n".encode())
    return digest.hexdigest()


@contextmanager
def cluster(address: str | None) -> Iterator[int]:
    """Ray, started on this machine or (`address`) joined, until the end; its CPUs for actors.

    Raises ModelError where there is none, or it is too small to go on with a run.
    """
    # nothing is told to Ray's makers, unless somebody wants that
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    warnings.filterwarnings("ignore", module=r"ray\.")
    if address is not None:
        _refuse_unreachable(address)
    cores = os.cpu_count() or 1
    try:
        with _quiet():
            ray.init(
                address=address or "local",
                num_cpus=None if address else cores + _BESIDE,
                include_dashboard=None if address else False,
                log_to_driver=False,
                logging_level=logging.CRITICAL,
            )
    except Exception as error:  # of any kind, a bare one among them
        if address is None:
            raise ModelError(f"Ray cannot be started here ({_first_line(error)}).") from error
        raise ModelError(
            f"{address}: Ray cannot be joined there ({_first_line(error).rstrip('.')}); if its "
            "cluster asks for a token, set RAY_AUTH_MODE=token and give it the token."
        ) from error
    try:
        resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        cpus = int(resources.get("CPU", 0))
        if cpus <= _BESIDE:
            raise ModelError(
                f"{address}: this cluster has {cpus} CPUs; {_BESIDE + 1} at least are wanted, "
                "since reading and writing take some beside the actors."
            )
        # what Ray says of its nodes goes where people look, and not among the records
        with redirect_stdout(sys.stderr):
            yield min(cores, cpus - _BESIDE) if address is None else cpus - _BESIDE
    finally:
        ray.shutdown()


def _documents(job: RayJob) -> Dataset:
    """The documents that have no row yet."""
    known = known_places(job.storage.known())
    source = DocumentSource(job.choice, job.plan.documents_per_block, known)
    # as many blocks as the tasks give: Ray would cut them into single documents
    documents: Dataset = ray.data.read_datasource(source, override_num_blocks=source.tasks)
    return documents


class _NothingToLoad(CheckpointManager):
    """Ray writes checkpoints, and reads none: the source itself leaves out what is done.

    Ray's own filter takes CPUs and a gigabyte, and texts are read before they are left out.
    """

    def load_checkpoint(self, *_: object, **__: object) -> tuple[None, int]:
        """Nothing."""
        return None, 0


def _refuse_unreachable(address: str) -> None:
    """Raise ModelError at once for an address where nobody listens: Ray would try for minutes."""
    host, _, port = address.rpartition(":")
    if address == "auto":
        return
    if "/" in address or not host or not port.isdecimal():
        raise ModelError(
            f"--ray-address {address}: wanted is HOST:PORT of the head node, from one of the "
            "cluster's machines, or auto."
        )
    try:
        socket.create_connection((host, int(port)), _PATIENCE).close()
    except (OSError, OverflowError) as error:
        raise ModelError(f"{address}: Ray cannot be reached there ({error}).") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what Ray's own runtime writes to stderr while it starts; errors are raised."""
    stderr, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)


def run_job(job: RayJob) -> None:
    """Ask about every document that no row is there for yet, within `cluster`.

    Raises InputError where the documents cannot be listed, ModelError for what would meet each of
    them, ExtractorError for what else ended it.
    """
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    context = DataContext.get_current()
    context.enable_progress_bars = False
    context.raise_original_map_exception = True
    job.storage.tidy()
    context.checkpoint_config = CheckpointConfig(
        KEY,
        job.storage.checkpoint,
        override_filesystem=job.storage.filesystem,
        delete_checkpoint_on_success=False,
        checkpoint_manager_cls=_NothingToLoad,
    )
    plan = replace(job.plan, text_column="text", id_column="document", why_column="unreadable")
    try:
        documents = _documents(job)
        rows = extracted(documents, job.asked, plan)
        rows.write_parquet(job.storage.documents, filesystem=job.storage.filesystem)
    except (RayError, pa.ArrowException, ValueError, OSError) as error:
        cause = getattr(error, "cause", None)
        if isinstance(cause, ExtractorError):  # Ray adds to what it says
            raise type(cause)(_first_line(cause)) from error
        if isinstance(error, RayActorError):
            raise ExtractorError(
                "Ray ended the run: a process was lost again and again with the same documents; "
                "one of them may be what ends it, or the memory. What is written is kept."
            ) from error
        raise ExtractorError(
            f"Ray ended the run: {_first_line(cause or error).rstrip('.')}."
        ) from error


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
