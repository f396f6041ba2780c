"""Runs to report on: an ugly one, one many times as large, and figures made by hand."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from runs_in_process import run_over

from extractor.batch.input_document import InputDocument
from extractor.batch.ledger_reader import deflated, open_ledger
from extractor.batch.runner import RunPlan
from extractor.extraction import AskingPolicy
from extractor.model import CallFailedError, ModelRequest, ScriptedModel
from extractor.reconcile.groups import Disagreement, Figure, FigureGroup, Place, Standing
from extractor.text import Document, Span, split_sentences

PLAIN = (
    "Sylvania said 61 of its sailors were killed and more than 340 wounded. The first ship sank "
    "on Monday.\n\nFreedonia's ministry of defence said about 90 sailors had died, and between 300 "
    "and 400 were wounded. It was the second attack in 12 days."
)
PLAIN_CLAIMS = [
    {"quote": "61 of its sailors were killed", "value": "61", "counted": "sailors",
     "event": "killed", "claimant": "Sylvania"},
    {"quote": "more than 340 wounded", "value": "341", "counted": "sailors", "event": "wounded",
     "claimant": "Sylvania"},
    {"quote": "about 90 sailors had died", "value": "90", "counted": "sailors", "event": "died",
     "claimant": "the harbour master"},
    {"quote": "nowhere in the text", "value": "7", "event": "lost"},
]  # fmt: skip
HOSTILE = (
    "</script><script>window.ran = 1</script><!-- <img src=x onerror='window.ran = 2'> said "
    "12 \u202eships\u202c were &lt;sunk&gt;.\u2028\x00\x1b[2J \ud800 lost 40 <b>men</b>; "
    "\u05d0\u05d1\u05d2 \u200f345 \u200f\u05d3\u05d4. \U0001f6a2\U0001f6a2 The navy said 17 boats "
    "were saved ]]> {{ 7*7 }} javascript:alert(1)."
)
HOSTILE_CLAIMS = [
    {"quote": "17 boats were saved", "value": "17", "counted": "boats", "event": "saved",
     "claimant": "The navy"},
    {"quote": "lost 40 <b>men</b>", "value": "41", "event": "</script><script>window.ran = 3",
     "claimant": "<img src=x onerror=window.ran=4>", "place": "\x00\u2028&lt;"},
]  # fmt: skip
HOSTILE_ID = "</script><h1 onclick='window.ran = 5'>&amp;\u202e\x07"


def documents() -> list[InputDocument]:
    """A plain one, a hostile one, one that fails, a duplicate, and one without a number."""
    return [
        _input("sailors", PLAIN, "2026-03-02"),
        _input(HOSTILE_ID, HOSTILE, None),
        _input("unanswered", "Last night 5 men died at sea.", None),
        _input("sailors-again", PLAIN, None),
        _input("quiet", "Nothing was counted here.", None),
    ]


def _input(name: str, text: str, published: str | None) -> InputDocument:
    document = Document(text=text, id=name, source=f"{name[:9]}.txt", published=published)
    return InputDocument(name, document.source or name, None, lambda: document)


def ugly_run(folder: Path) -> Path:
    """A run with claims of every fate, a failed document and a duplicate, much of it hostile."""

    def answer(request: ModelRequest[Any]) -> dict[str, Any]:
        asked = str(request.messages)
        if "5 men" in asked:
            raise CallFailedError("the host <refuses> the request (400).", reason="refused")
        hostile = any(part in asked for part in ("window.ran", "17 boats", "345"))
        return {"claims": HOSTILE_CLAIMS if hostile else PLAIN_CLAIMS}

    run_over(
        folder / "ugly",
        documents(),
        ScriptedModel(answer, narrows_schema=False),
        RunPlan(policy=AskingPolicy("free", reasks=0)),
    )
    return folder / "ugly"


def replayed_seeds(folder: Path) -> Path:
    """The run over the seeds, as it was recorded."""
    command = [sys.executable, "-m", "extractor.cli.app", "run", "seeds/", "--out"]
    command += [str(folder / "run"), "--replay", "cassettes/seeds"]
    subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).parents[2])
    return folder / "run"


def multiplied(run: Path, target: Path, documents: int) -> Path:
    """A run like `run` with as many done documents as wanted: copies under names of their own."""
    target.mkdir()
    shutil.copy(run / "ledger.sqlite", target)
    with open_ledger(run) as ledger:
        names = [row.id for row in ledger.documents("done")]
        texts = {name: ledger.document(name).text for name in names}
    connection = sqlite3.connect(target / "ledger.sqlite")
    connection.execute("PRAGMA synchronous = OFF")
    for copy in range(documents - len(names)):
        name = names[copy % len(names)]
        _copy(connection, name, f"{name}-{copy:05}", copy + 10_000, texts[name])
    connection.commit()
    connection.close()
    return target


def _copy(connection: sqlite3.Connection, name: str, new: str, number: int, text: str) -> None:
    for table in ("candidates", "verdicts", "findings", "numbers", "calls"):
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")][1:]
        wanted = ", ".join(f'"{column}"' for column in columns)
        query = f"INSERT INTO {table} SELECT ?, {wanted} FROM {table} WHERE document = ?"  # noqa: S608 - the ledger's own names
        connection.execute(query, (new, name))
    connection.execute(
        "INSERT INTO documents SELECT ?, ?, source, path, stamp, state, error, reason, same_as, "
        "sha256, title, published, ?, accepted, by_text, rejected, dismissed, unclaimed, seconds, "
        "ended FROM documents WHERE id = ?",
        (number, new, deflated(f"{text}\n\nCopy {new}."), name),
    )


def seeds_groups(run: Path) -> list[FigureGroup]:
    """Every accepted claim of a run by what happened and what was counted, roughly."""
    found: dict[tuple[str, str], list[Figure]] = {}
    with open_ledger(run) as ledger:
        for name, lines in ledger.claims():
            text = ledger.document(name).text
            for line in lines:
                claim = json.loads(line)
                key = str(claim["event"]), str(claim["counted"])
                found.setdefault(key, []).append(_figure_of(claim, text))
    return [group_of(" ".join(key), figures) for key, figures in found.items()]


def _figure_of(claim: dict[str, Any], text: str) -> Figure:
    number = Span(*claim["number_span"])
    sentence = next(one for one in split_sentences(text) if one.contains(number))
    place = Place(
        0, claim["document"], number, sentence, sentence.of(text), claim["quote"],
        claim["number"], claim["claimant"], claim["counted"], claim["event"],
        tuple(f"{one['code']} {one['message']}" for one in claim["warnings"]),
    )  # fmt: skip
    value, low, high = (
        None if claim[name] is None else Decimal(claim[name]) for name in ("value", "low", "high")
    )
    standing: Standing = "stated" if claim["modality"] == "asserted" else "projected"
    party = claim["claimant"]
    return Figure(
        party, party, value, low, high, claim["qualifier"], standing, dt.date(2022, 3, 2),
        "document", (place,), ("The same happened to the same.",),
    )  # fmt: skip


def group_of(title: str, figures: list[Figure]) -> FigureGroup:
    """A group of these figures; who differs is not worked out, only told."""
    stated = [place for place, one in enumerate(figures) if one.standing == "stated" and one.named]
    parties = len({figures[place].party for place in stated})
    order = sorted(stated, key=lambda place: figures[place].named or Decimal(0))
    dissent = (Disagreement("contradiction", 0, 1, "One party tells two figures for one day."),)
    return FigureGroup(
        key=title.replace(" ", "-"),
        title=title,
        event=title.partition(" ")[0],
        counted=title.partition(" ")[2],
        side=None,
        place=None,
        unit=None,
        figures=tuple(figures),
        lowest=order[0] if order else None,
        highest=order[-1] if order else None,
        parties=parties,
        agreement="differ" if parties > 1 else "alone",
        disagreements=dissent if len(figures) > 3 else (),
    )


def sailors_groups() -> list[FigureGroup]:
    """Figures of every form on one axis, and one group whose every text is hostile."""
    figures = [
        _made("Sylvania", "61", ("61", "61", "61"), 2),
        _made("Sylvania’s navy", "more than 340", ("340", "340", None), 3),
        _made("Freedonia’s ministry of defence", "about 90", ("90", "81", "99"), 4),
        _made("Freedonia", "300 to 400", (None, "300", "400"), 5),
        _made(None, "up to 1,200", ("1200", None, "1200"), 6),
        _made("the harbour master", "9,000", ("9000", "9000", "9000"), 7, "projected"),
        _made("the harbour master", "dozens", (None, "24", None), 8, "vague"),
    ]
    hostile = [
        _made(HOSTILE_ID, HOSTILE[:60], ("12", "12", "12"), 3),
        _made("<svg onload=window.ran=6>", "\ud800\x00", ("1E+400", "1E+400", None), 4, "denied"),
    ]
    return [
        group_of("killed sailors", figures),
        group_of("</template><script>window.ran = 7</script>", hostile),
    ]


Figures = tuple[str | None, str | None, str | None]
"""Value, low and high."""


def _made(
    party: str | None, worded: str, told: Figures, day: int, standing: Standing = "stated"
) -> Figure:
    sentence = f"They said {worded} of them were killed."
    start = PLAIN.index("61")
    place = Place(
        run=0,
        document="sailors",
        number_span=Span(start, start + len(worded)),
        sentence_span=Span(start - 10, start - 10 + len(sentence)),
        sentence=sentence,
        quote=worded,
        number=worded,
        claimant=party,
        counted="sailors",
        event="killed",
        flags=("T101 the time is not told",),
    )
    value, low, high = (None if one is None else Decimal(one) for one in told)
    return Figure(
        claimant=party,
        party=party and party.replace("’s navy", ""),
        value=value,
        low=low,
        high=high,
        qualifier="exact",
        standing=standing,
        as_of=dt.date(2026, 3, day),
        as_of_by="claim",
        places=(place,),
        why=("It is told of the same attack.",),
    )
