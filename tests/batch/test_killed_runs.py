"""Runs that are killed: the short form of the harness, which finds the faults put into it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from kill_harness import FAILPOINTS, Harness, build_shim


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[Harness]:
    with Harness(tmp_path, documents=24) as made:
        yield made


def test_nothing_is_lost_nor_twice_whenever_a_run_is_killed(harness: Harness) -> None:
    found = harness.at_random(4, seed=1)
    assert found.faults == []
    assert found.most_repaid <= harness.concurrency + 50
    assert found.kills >= 4


def test_nor_at_any_point_of_a_commit(harness: Harness) -> None:
    found = harness.at_failpoints([4])
    assert found.faults == []
    assert found.kills == len(FAILPOINTS)
    # in flight, and one group that was not committed
    assert found.most_repaid <= harness.concurrency + 50


@pytest.mark.parametrize(
    ("bug", "fault"),
    [
        ("acknowledges before the commit", "acknowledged and lost"),
        ("does not truncate the files", "does not equal the ledger"),
        ("has no unique key", "there twice"),
    ],
)
def test_the_harness_notices(harness: Harness, bug: str, fault: str) -> None:
    found = harness.at_failpoints([6], bug)
    assert any(fault in one for one in found.faults)


@pytest.mark.parametrize("lasting", [False, True])
def test_a_disk_that_fails_loses_nothing(tmp_path: Path, lasting: bool) -> None:
    """Here at some of the writes; `kill_harness.py --disk` does all of them."""
    shim = build_shim(tmp_path)
    if shim is None:
        pytest.skip("there is no C compiler to make the disk fail with")
    with Harness(tmp_path, documents=12, shim=shim) as harness:
        calls = harness.count_disk_calls()
        assert calls > 100
        step = calls // 5
        found = harness.with_failing_disk(range(1, calls, step), errno.ENOSPC, lasting=lasting)
    assert found.faults == []
    assert found.kills >= 5
