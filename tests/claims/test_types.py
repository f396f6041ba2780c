"""A candidate is not a claim, for a type checker and at run time; shapes are checked, not truth."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from extractor.claims import CandidateClaim

MISTAKE = """
from extractor import CandidateClaim, Claim

def publish(claim: Claim) -> None: ...

publish(CandidateClaim(quote="498 dead", value="498"))
"""


def test_a_candidate_where_a_claim_is_wanted_does_not_type_check(tmp_path: Path) -> None:
    (tmp_path / "mistake.py").write_text(MISTAKE, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "mistake.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert 'has incompatible type "CandidateClaim"; expected "Claim"' in done.stdout
    assert "Found 1 error" in done.stdout


def test_figures_travel_as_text_and_plain_json_numbers_are_taken() -> None:
    assert CandidateClaim(quote="q", value=498).value == "498"
    assert CandidateClaim(quote="q", low=1.5, high="2").low == "1.5"


@pytest.mark.parametrize(
    "record",
    [
        {"value": "498"},
        {"quote": "498 dead"},
        {"quote": "498 dead", "value": True},
        {"quote": "498 dead", "value": ["498"]},
        {"quote": 498, "value": "498"},
        {"quote": "498 dead", "value": "498", "modality": "perhaps"},
    ],
)
def test_other_shapes_are_refused(record: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CandidateClaim.model_validate(record)


def test_blank_fields_are_absent_fields() -> None:
    candidate = CandidateClaim(quote="q", value="1", claimant="  ", event="")
    assert candidate.claimant is None
    assert candidate.event is None
