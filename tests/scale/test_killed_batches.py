"""Runs by batch files that are killed: the short form of the harness, which finds seeded faults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .kill_batches import FAILPOINTS, Harness


@pytest.fixture
def harness(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Harness]:
    with Harness(tmp_path, documents=3, lines=2) as made:
        capsys.readouterr()  # what the plain run has shown
        yield made


def test_no_batch_is_paid_twice_wherever_a_command_is_killed(harness: Harness) -> None:
    """At each point of a batch's own way; `kill_batches.py` has all points, and many times."""
    found = harness.at_failpoints([1], points=FAILPOINTS[:14])
    assert found.faults == []
    assert found.kills == 14


def test_nor_whenever_it_is_killed(harness: Harness) -> None:
    found = harness.at_random(2, seed=1)
    assert found.faults == []
    assert found.kills >= 2


@pytest.mark.parametrize(
    ("bug", "fault"),
    [
        ("creates without looking", "batches created twice"),
        ("intends after the fact", "batches that the run does not know"),
        ("matches by order", "is not that of a plain run"),
    ],
)
def test_the_harness_notices(harness: Harness, bug: str, fault: str) -> None:
    found = harness.at_failpoints([1], bug=bug, points=["after-create"])
    assert any(fault in one for one in found.faults)
