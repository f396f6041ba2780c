"""The progress bar of a model that is being fetched: on stderr, and only when there is a fetch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from extractor.cli.console import err, printable


class FetchBar:
    """A watcher of `ensure_weights` that draws; it appears with the first byte."""

    def __init__(self) -> None:
        self._console = err()
        self._progress = Progress(
            TextColumn("model from {task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=self._console,
        )
        self._task: TaskID | None = None

    def advanced(self, done: int, total: int, source: str) -> None:
        """Move the bar; another source starts it anew."""
        if self._task is None:
            if not done:
                return  # a source that sends nothing is told of by a note alone
            self._progress.start()
            self._task = self._progress.add_task(source, total=total)
        self._progress.update(self._task, completed=done, description=source)

    def noted(self, text: str) -> None:
        """Print a sentence above the bar."""
        self._console.print(printable(text), markup=False)

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self._task is not None:
            self._progress.stop()


@contextmanager
def fetch_bar() -> Iterator[FetchBar]:
    """A bar for the time of a fetch."""
    bar = FetchBar()
    try:
        yield bar
    finally:
        bar.close()
