"""A run of the seeds, replayed once; and groups of texts written here, judged by the gate."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from extractor.claims.records import claim_record
from extractor.quantities import read_quantities
from extractor.reconcile import Aliases, FigureGroup
from extractor.reconcile.grouping import grouped
from extractor.reconcile.statements import Reading, Statement
from extractor.text import Document
from extractor.validator import verify

ROOT = Path(__file__).parents[2]

Candidates = Sequence[dict[str, str]]


@pytest.fixture(scope="session")
def seeds_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of the four seeds, from their recordings."""
    out = tmp_path_factory.mktemp("seeds") / "run"
    command = [sys.executable, "-m", "extractor.cli.app", "run", "seeds/"]
    command += ["--replay", "cassettes/seeds", "--out", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return out


def statements_of(
    document: Document, candidates: Candidates, reading: Reading | None = None
) -> list[Statement]:
    """The candidates as statements; the gate accepts each of them, or the test is wrong."""
    verdicts = verify(document, candidates)
    for verdict in verdicts:
        assert verdict.accepted, verdict.explain()
    claims = [claim_record(verdict.claim) for verdict in verdicts if verdict.claim is not None]
    kinds = {(q.span.start, q.span.end): q.kind for q in read_quantities(document.text)}
    return list((reading or Reading(Aliases.load())).statements(0, document, claims, kinds))


@pytest.fixture
def groups_of() -> Callable[..., dict[str, FigureGroup]]:
    """Groups by title, of documents with their candidates; titles must not repeat."""

    def groups(*documents: tuple[Document, Candidates]) -> dict[str, FigureGroup]:
        found = grouped(
            one for document, candidates in documents for one in statements_of(document, candidates)
        )
        assert len({group.title for group in found}) == len(found)
        return {group.title: group for group in found}

    return groups


def lines_of(group: FigureGroup) -> set[str]:
    """Its figures, one a line: party, hedge, figure, standing unless stated, documents."""
    return {
        " | ".join(
            (
                figure.party or "-",
                f"{figure.qualifier} {figure.named:f}",
                *([] if figure.standing == "stated" else [figure.standing]),
                " ".join(dict.fromkeys(place.document[:3] for place in figure.places)),
            )
        )
        for figure in group.figures
    }
