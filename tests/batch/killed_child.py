"""The process that the kill harness kills: it forks a run for each line that it is told.

Everything is imported once, so that a trial costs no start of Python. A run appends each document
that is acknowledged to a file, at the moment when it is; faults can be built into it on purpose.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import instructor  # noqa: F401 - loaded before the forks
import openai  # noqa: F401
from runs_in_process import run_over

import extractor.batch.ledger_schema as schema
from extractor.batch.input_document import InputDocument
from extractor.batch.ledger_writer import DocumentEnded, Entry, LedgerWriter
from extractor.batch.run_memory import RunMemory, Task
from extractor.batch.runner import RunPlan
from extractor.errors import ExtractorError
from extractor.extraction import AskingPolicy, extract_with
from extractor.model import ChatModel, Model, ModelRequest, ScriptedModel
from extractor.model.endpoints import Endpoint
from extractor.text import Document

_acknowledge = LedgerWriter._acknowledge
_commit = LedgerWriter._commit


def run(spec: dict[str, Any]) -> None:
    """One run, begun or gone on with, as `spec` says; ends the process."""
    acknowledged = os.open(spec["acknowledged"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def told(self: LedgerWriter, ends: Sequence[DocumentEnded]) -> None:
        for end in ends:
            os.write(acknowledged, f"{end.row['id']}\n".encode())
        _acknowledge(self, ends)

    LedgerWriter._acknowledge = told  # type: ignore[method-assign]
    if spec["failpoint"] is not None:
        _die_at(spec["failpoint"], spec["after"])
    BUGS[spec["bug"]]()
    plan = RunPlan(policy=AskingPolicy(reasks=0), concurrency=spec["concurrency"])
    if spec["disk"] is not None:
        shim = ctypes.CDLL(None)
        shim.fail_at(f"{spec['run']}/".encode(), *spec["disk"])
    try:
        with _model(spec["url"]) as model:
            outcome = run_over(Path(spec["run"]), Path(spec["documents"]), model, plan)
        if outcome.stopped_by is not None:
            raise outcome.stopped_by
    except ExtractorError as error:
        Path(spec["told"]).write_text(str(error), "utf-8")
        sys.exit(error.exit_code)
    finally:
        if spec["disk"] is not None:
            Path(spec["counted"]).write_text(str(shim.calls_counted()), "ascii")


def _die_at(failpoint: str, after: int) -> None:
    left = after

    def reached(name: str) -> None:
        nonlocal left
        left -= name == failpoint
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    LedgerWriter.reached = staticmethod(reached)


def _acknowledges_before_commit() -> None:
    def commit(self: LedgerWriter, group: Sequence[Entry]) -> None:
        self._acknowledge([entry for entry in group if isinstance(entry, DocumentEnded)])
        told, type(self)._acknowledge = type(self)._acknowledge, lambda *_: None  # type: ignore[method-assign]
        try:
            _commit(self, group)
        finally:
            type(self)._acknowledge = told  # type: ignore[method-assign]

    LedgerWriter._commit = commit  # type: ignore[method-assign]


def _does_not_truncate() -> None:
    LedgerWriter._truncate_files = lambda _: None  # type: ignore[method-assign, assignment]


def _has_no_unique_key() -> None:
    def begins(_: RunMemory, number: int, document: InputDocument) -> Task:
        return Task(number, document.id, document)

    RunMemory.begins = begins  # type: ignore[method-assign, assignment]
    RunMemory.same_text = lambda *_: None  # type: ignore[method-assign]
    (first,) = schema.MIGRATIONS
    first = re.sub(r"--[^\n]*", "", first).replace(" UNIQUE", "")
    first = first.replace("number INTEGER PRIMARY KEY", "number INTEGER")
    first = re.sub(r",\s*PRIMARY KEY \([^)]*\)\s*\) WITHOUT ROWID;", ");", first)
    schema.MIGRATIONS = (first,)


BUGS = {
    None: lambda: None,
    "acknowledges before the commit": _acknowledges_before_commit,
    "does not truncate the files": _does_not_truncate,
    "has no unique key": _has_no_unique_key,
}


def main() -> None:
    """For each line of standard input: fork, tell the number of the process, then how it ended."""
    _read_everything()
    for line in sys.stdin:
        spec = json.loads(line)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                run(spec)
                code = 0
            except SystemExit as stop:
                code = int(stop.code or 0)
            except BaseException:  # noqa: BLE001 - told before the process ends
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        _tell(child)
        _, status = os.waitpid(child, 0)
        _tell(os.waitstatus_to_exitcode(status))


@contextmanager
def _model(url: str | None) -> Iterator[Model]:
    """The model behind the server at `url`, or one in this process that says the same."""
    if url is None:
        yield ScriptedModel(answered, narrows_schema=False)
        return
    with ChatModel("scripted", Endpoint(url, "sk-test")) as model:
        yield model


def answered(request: ModelRequest[Any]) -> dict[str, Any]:
    """The answer about the one number that is asked about."""
    number = request.messages[-1].content.split("Numbers: 1) ")[1].split()[0]
    return {"answers": [{"id": 1, "quote": number, "counted": "sailors", "event": "died"}]}


def _read_everything() -> None:
    """Ask about one number: prompt, lexicons and patterns are read here, and not in each fork."""
    with _model(None) as model:
        extract_with(model, Document("Last night 60 sailors died.", "first"))


def _tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
