"""Recording again just what does not fit any more: what still replays costs no call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from extractor.batch.cassette_replay import (
    CassetteSet,
    Extraction,
    ask_all,
    orphans,
    replayed,
)
from extractor.batch.inputs import DocumentPath, read_document
from extractor.errors import InputError
from extractor.model import Model, Origin, replaying_deck
from extractor.model.cassette_files import load_or_none, save_cassette
from extractor.model.cassettes import updating_deck

What = Literal["record", "trim", "remove"]


@dataclass(frozen=True, slots=True)
class Step:
    """One file that is to change: recorded again, relieved of what is not asked, or removed."""

    what: What
    path: Path
    why: str
    source: DocumentPath | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done to a set of cassettes; `kept` is how many files stay as they are."""

    steps: tuple[Step, ...]
    kept: int

    @property
    def needs_model(self) -> bool:
        """Whether calls must be made."""
        return any(step.what == "record" for step in self.steps)


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was carried out: calls that were sent, and recordings that were kept."""

    step: Step
    sent: int = 0
    reused: int = 0


def plan_update(cassettes: CassetteSet, model: Model, extract: Extraction) -> Plan:
    """Replay every document, and see which files that does not leave as they are.

    Raises InputError for a document that cannot be read, before anything is changed.
    """
    steps = []
    with replaying_deck(cassettes.folder) as deck:
        for source in cassettes.documents or ():
            for problem in replayed(deck, source, model, extract):
                if problem.kind == "document":
                    raise InputError(problem.message)
                what: What = "trim" if problem.kind == "unplayed" else "record"
                steps.append(Step(what, problem.path, problem.message, source))
    left = orphans(cassettes)
    steps += [Step("remove", path, f"ORPHAN {path}: there is no document for it.") for path in left]
    changing = {step.path for step in steps}
    return Plan(tuple(steps), sum(path not in changing for path in cassettes.files))


def record_again(
    plan: Plan, folder: Path, model: Model, origin: Origin, extract: Extraction, today: str
) -> Iterator[Done]:
    """Record the files that need it with `model`, one after the other.

    Of a file that comes from this very `origin`, the recordings that are still asked for are kept,
    and only the other calls are made: what they were answered has not changed, and a diff shows
    just what has. Raises ModelError when the model fails; files that were done stay.
    """
    with updating_deck(folder, origin, today) as deck:
        for step in plan.steps:
            if step.what == "record" and step.source is not None:
                document = read_document(step.source)
                with deck.tape(step.source.id) as tape:
                    extract(model, document)
                yield Done(step, tape.sent, tape.reused)


def trim(plan: Plan, folder: Path, model: Model, extract: Extraction) -> Iterator[Done]:
    """Leave out of files what is not asked for any more; `model` is one for replay.

    No call is made, and the rest of such a file, its date included, stays as it is.
    """
    with replaying_deck(folder) as deck:
        for step in plan.steps:
            content = load_or_none(step.path)
            if step.what == "trim" and step.source is not None and content is not None:
                with deck.tape(step.source.id) as tape:
                    ask_all(extract, model, read_document(step.source))
                heading = content.cassette
                left = tape.content(heading.origin, heading.recorded)
                save_cassette(step.path, left, frozenset())
                yield Done(step, tape.sent, tape.reused)


def remove_orphans(plan: Plan) -> Iterator[Done]:
    """Remove the files for which there is no document."""
    for step in plan.steps:
        if step.what == "remove":
            step.path.unlink()
            yield Done(step)
