"""The gate: on the gold of the seeds the validator does no worse than its floors, and no better.

A figure that got better makes a test fail too, so that the floors follow it and it cannot slip back
unseen.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from gold_floors import (
    COMMAND,
    FLOORS,
    GOLD,
    SEEDS,
    Count,
    Floors,
    changes,
    digest,
    measured,
    read_floors,
    write_floors,
)

REPOSITORY = Path(__file__).parent.parent
LISTING = (
    f"listed by python benchmarks/validator.py --gold {GOLD} --docs {SEEDS} --disagreements OUT.tsv"
)


@pytest.fixture(scope="module")
def floors() -> Floors:
    return read_floors(REPOSITORY / FLOORS)


@pytest.fixture(scope="module")
def today() -> Floors:
    return measured(REPOSITORY)


def test_the_floors_are_those_of_this_gold(floors: Floors) -> None:
    assert floors.digest == digest(REPOSITORY), (
        "the gold claims or the seeds have changed since the floors were measured; "
        f"look at the new figures and renew them: {COMMAND}"
    )


def test_the_same_claims_are_judged(floors: Floors, today: Floors) -> None:
    other = changes(floors, today)["other"]
    assert not other, _told(other, f"other wrong claims are made from the gold; renew: {COMMAND}")


def test_nothing_got_worse(floors: Floors, today: Floors) -> None:
    worse = changes(floors, today)["worse"]
    assert not worse, _told(worse, LISTING)


def test_what_got_better_is_held(floors: Floors, today: Floors) -> None:
    better = changes(floors, today)["better"]
    assert not better, _told(better, f"well done; hold it with {COMMAND}")


def test_no_wrong_number_passes(today: Floors) -> None:
    assert today.wrong_accepted["value"].failed == 0


def test_there_is_much_to_judge(today: Floors) -> None:
    assert {"value", "hedge", "unit", "side", "counted", "event", "claimant"} < {
        name for name, count in today.wrong_accepted.items() if count.of >= 40
    }
    assert today.right_refused["all fields"].of == 43


def test_floors_are_read_as_they_were_written(today: Floors, tmp_path: Path) -> None:
    write_floors(tmp_path / "floors.yaml", today)
    assert read_floors(tmp_path / "floors.yaml") == today


@pytest.mark.parametrize(
    ("count", "way"),
    [
        (Count(of=40, failed=3), "worse"),
        (Count(of=40, failed=1), "better"),
        (Count(of=41, failed=2), "other"),
        (Count(of=40, failed=2), None),
    ],
)
def test_every_change_is_told(count: Count, way: str | None) -> None:
    floors = Floors("", {"all fields": Count(43, 1)}, {"side": Count(40, 2)})
    found = changes(floors, replace(floors, wrong_accepted={"side": count}))
    assert [name for name, sentences in found.items() if sentences] == ([way] if way else [])


def test_a_kind_of_claims_that_is_gone_is_told() -> None:
    floors = Floors("", {"all fields": Count(43, 1)}, {"side": Count(40, 2)})
    assert changes(floors, replace(floors, wrong_accepted={}))["other"] == [
        "wrong claims (side): none instead of 40"
    ]


@pytest.mark.parametrize("part", [GOLD, SEEDS / "000_fffeef1d6210826a.txt"])
def test_the_digest_sees_every_file(part: Path, tmp_path: Path) -> None:
    for path in (GOLD, *(p.relative_to(REPOSITORY) for p in (REPOSITORY / SEEDS).glob("*.txt"))):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes((REPOSITORY / path).read_bytes())
    before = digest(tmp_path)
    assert before == digest(REPOSITORY)
    (tmp_path / part).write_bytes((tmp_path / part).read_bytes() + b" ")
    assert digest(tmp_path) != before


def _told(sentences: list[str], what: str) -> str:
    return "\n".join([*sentences, what])
