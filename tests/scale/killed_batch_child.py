"""The process that the kill harness of batch files kills: it forks a command for each line.

Everything is imported once, so that a trial costs no start of Python. Faults can be built in on
purpose, to see whether the harness notices them.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import instructor  # noqa: F401 - loaded before the forks
import openai  # noqa: F401
from batch_runs import AT_ONCE, recipe_of

from extractor.batch.ledger_reader import open_ledger
from extractor.batch.ledger_writer import LedgerWriter
from extractor.cli import batch_running
from extractor.cli.batch_running import BatchOptions
from extractor.cli.running import Pace
from extractor.errors import ExtractorError, InputError
from extractor.extraction import extract_with
from extractor.model import Capabilities, Endpoint, ModelRequest, ScriptedModel
from extractor.model.batch_files import BatchClient
from extractor.model.batch_lines import Asked, ResultLine, read_result, request_line
from extractor.model.transport import sdks_of
from extractor.scale import batch_exchange
from extractor.scale.batch_exchange import BatchExchange
from extractor.scale.batch_store import BatchStore
from extractor.scale.request_files import RequestFile, request_path
from extractor.text import Document


def run(spec: dict[str, Any]) -> int:
    """One command: the run is begun, or gone on with; the exit code."""
    if spec["failpoint"] is not None:
        _die_at(spec["failpoint"], spec["after"])
    BUGS[spec["bug"]]()
    folder = Path(spec["run"])
    options = BatchOptions(lines=spec["lines"], retries=AT_ONCE)
    if not _is_begun(folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        recipe = recipe_of(Path(spec["documents"]), spec["url"])
        return batch_running.submit(folder, recipe, Pace(), options)
    return batch_running.collect(folder, Pace(), options, as_json=False)


def _is_begun(folder: Path) -> bool:
    try:
        with open_ledger(folder) as ledger:
            return bool(ledger.plan)
    except InputError:
        return False


def _die_at(failpoint: str, after: int) -> None:
    left = after

    def reached(name: str) -> None:
        nonlocal left
        left -= name == failpoint
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    LedgerWriter.reached = BatchStore.reached = staticmethod(reached)


def _creates_without_looking() -> None:
    create = BatchClient.create

    def blindly(self: BatchClient, file: str, key: str, *, may_be_there: bool) -> Any:  # noqa: ARG001
        return create(self, file, key, may_be_there=False)

    BatchClient.create = blindly  # type: ignore[method-assign]
    BatchExchange.adopt = lambda _: None  # type: ignore[method-assign, assignment]


def _intends_after_the_fact() -> None:
    intend = BatchStore.intend

    def late(self: BatchExchange, files: Iterable[RequestFile]) -> None:
        for file in files:
            path = request_path(self._store.folder, file.key)
            state = self._client.create(self._client.upload(path), file.key, may_be_there=False)
            self._store.pass_by("after-create")
            intend(self._store, file.key, file.sha256, file.size)
            self._store.created(file.key, state.id, state.status)

    BatchExchange.submit = late  # type: ignore[method-assign]


def _matches_by_order() -> None:
    def by_order(path: Path) -> Iterator[ResultLine | None]:
        lines = [read_result(line) for line in path.read_bytes().splitlines()]
        names = sorted(line.id for line in lines if line is not None)
        for name, line in zip(names, filter(None, lines), strict=True):
            yield ResultLine(name, line.status, line.body, line.code)

    batch_exchange.read_results = by_order


BUGS: dict[str | None, Callable[[], None]] = {
    None: lambda: None,
    "creates without looking": _creates_without_looking,
    "intends after the fact": _intends_after_the_fact,
    "matches by order": _matches_by_order,
}


def main() -> None:
    """For each line of standard input: fork, tell the number of the process, then how it ended."""
    _load_everything()
    for line in sys.stdin:
        spec = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(spec)
        _tell(child)
        _, status = os.waitpid(child, 0)
        _tell(os.waitstatus_to_exitcode(status))


def _load_everything() -> None:
    """What a first question and a first call load is loaded here, and not in each fork."""
    endpoint = Endpoint("http://127.0.0.1:9/v1", "sk-test")
    asked = Asked("m", Capabilities(), endpoint)

    def answer(request: ModelRequest[Any]) -> dict[str, Any]:
        request_line(request, asked)
        return {"answers": []}

    with ScriptedModel(answer, narrows_schema=False) as model:
        extract_with(model, Document("Last night 60 sailors died.", "first"))
    sdks_of(endpoint).take()


def _become(spec: dict[str, Any]) -> None:
    """Be the command, quietly, and end."""
    said = os.open(spec["said"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    code = 1
    try:
        code = run(spec)
    except ExtractorError as error:
        print(error)  # noqa: T201
        code = error.exit_code
    except BaseException:  # noqa: BLE001 - told before the process ends
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
