"""Runs by batch files in this process, command by command, over a server that may misbehave."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from batch_server import BatchServer

from extractor.batch.ledger_reader import open_ledger
from extractor.batch.run_recipe import RunRecipe
from extractor.cli import batch_running
from extractor.cli.batch_running import BatchOptions
from extractor.cli.running import Pace, begin
from extractor.errors import ExtractorError
from extractor.model import RetryPolicy
from extractor.model.retries import Clock
from extractor.scale.batch_tables import BatchRow, batch_rows

AT_ONCE = RetryPolicy(clock=Clock(sleep=lambda _: None))
FILES = ("accepted.jsonl", "rejected.jsonl", "numbers.jsonl", "reasks.jsonl")


@dataclass
class BatchRun:
    """A run by batch files. `options` are those of each command; `said` is its last error.

    `changes` are made to the recipe of a run by default.
    """

    folder: Path
    documents: Path
    server: BatchServer
    options: BatchOptions = field(default_factory=lambda: BatchOptions(retries=AT_ONCE))
    changes: dict[str, Any] = field(default_factory=dict)
    said: str = ""

    def submit(self, **pace: Any) -> int:
        self.folder.mkdir()
        recipe = recipe_of(self.documents, self.server.url, **self.changes)
        return self._code(
            lambda: batch_running.submit(self.folder, recipe, Pace(**pace), self.options)
        )

    def collect(self, *, retry_failed: bool = False, **pace: Any) -> int:
        options = replace(self.options, retry_failed=retry_failed)
        return self._code(
            lambda: batch_running.collect(self.folder, Pace(**pace), options, as_json=False)
        )

    def until_done(self, most: int = 10) -> int:
        """Collect until nothing is waited for; the last exit code."""
        for _ in range(most):
            code = self.collect()
            if code != batch_running.WAITING:
                return code
        raise AssertionError("the run does not come to an end")

    def lines(self, name: str) -> list[str]:
        return sorted((self.folder / name).read_text("utf-8").splitlines())

    def failed(self) -> dict[str, str]:
        """Why documents failed."""
        records = map(json.loads, self.lines("failed.jsonl"))
        return {record["document"]: record["why"] for record in records}

    @property
    def batches(self) -> list[BatchRow]:
        with open_ledger(self.folder) as ledger:
            return batch_rows(ledger.connection)

    @property
    def states(self) -> Counter[str]:
        """How many requests are in which state."""
        with open_ledger(self.folder) as ledger:
            rows = ledger.connection.execute("SELECT state FROM batch_requests").fetchall()
        return Counter(state for (state,) in rows)

    @property
    def summary(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.folder / "summary.json").read_text("utf-8"))
        return read

    def _code(self, command: Callable[[], int]) -> int:
        self.said = ""
        try:
            return command()
        except ExtractorError as error:
            self.said = str(error)
            return error.exit_code


def recipe_of(documents: Path, url: str, **changes: Any) -> RunRecipe:
    """How a run over these documents is made, everything else as it is by default."""
    recipe = RunRecipe(
        cwd=str(documents.parent),
        inputs=(str(documents),),
        text_column="text",
        id_column=None,
        date_column=None,
        ignore=(),
        limit=None,
        sample=None,
        model="m",
        base_url=url,
        prompt=None,
        ask="anchored",
        passage=None,
        reasks=1,
        record=None,
        replay=None,
        prices=None,
    )
    return replace(recipe, **changes)


def plain_lines(folder: Path, documents: Path, url: str, **changes: Any) -> dict[str, list[str]]:
    """What a run that asks the same server live comes to: the lines of each file, sorted."""
    folder.mkdir()
    assert begin(folder, recipe_of(documents, url, **changes), Pace(), as_json=False) == 0
    return {name: sorted((folder / name).read_text("utf-8").splitlines()) for name in FILES}


def write_texts(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder
