"""The groups of the seeds, written down by hand from reading the four texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.reconcile import FigureGroup, reconcile_runs

from .conftest import lines_of

PRAVDA = "pro-Putin tabloid Komsomolskaya Pravda"
COMPETING = {
    "Russian soldiers killed": {
        "Russia | exact 498 | 000 001 003",
        "Russia | exact 497 | 003",
        "Russia | almost 500 | 003",
        "Russia | almost 10000 | 001",
        "Ukraine | exact 4300 | 002",
        "Ukraine | about 4300 | 002",
        "Ukraine | almost 6000 | 003",
        "Ukraine | more_than 7000 | 000",
        f"{PRAVDA} | up_to 9861 | 001",
        "Russian defence ministry official | exact 9861 | 001",
        "pro-Kremlin newspaper | almost 10000 | 001",
    },
    "Russian soldiers wounded": {
        "Russia | exact 1597 | 000 003",
        "Russia | more_than 1500 | 003",
        "Russian defence ministry officials | exact 16153 | 001",
    },
    "Russian soldiers captured": {
        "Ukraine | exact 200 | 002",
        "- | exact 200 | 002",
        "Ukraine | more_than 200 | 002",
        "Ukraine | vague 200 | vague | 000",
    },
    "Ukrainian soldiers killed": {"Russia | more_than 2870 | 000 003"},
    "Ukrainian soldiers wounded": {"Russia | about 3700 | 000 003"},
    "Ukrainian soldiers captured": {"Russia | exact 572 | 003"},
    "civilians killed": {"Ukraine | more_than 2000 | 000 003", "- | exact 2000 | 000"},
    "Ukrainian people displaced": {
        "United Nations | at_least 800000 | 000",
        "United Nations | more_than 870000 | 003",
        "United Nations | exact 1000000 | projected | 003",
    },
    "Ukrainian people killed": {"- | vague 2000 | vague | 001"},
    "military bases attacked": {"- | exact 1067 | 002", "Russia | exact 1067 | 002"},
}
ALONE = {
    "air defence missile systems attacked": {"Russia | exact 38 | 002"},
    "command posts and contact centers attacked (a part)": {"Russia | exact 17 | 002"},
    "radar systems attacked": {"Russia | exact 56 | 002"},
    "people killed": {"Ukraine | exact 21 | 000"},
    "people wounded": {"Ukraine | exact 112 | 000"},
    "refugees displaced (in coming weeks)": {"Germany | up_to 10000000 | projected | 001"},
    "Ukrainian people": {"- | exact 44000000 | 001"},
    "Ukrainian people displaced (fraction)": {"- | exact 0.25 | 001"},
    "conditions met": {"Ukraine | vague 3 | projected | 001"},
    "sides proceed": {"- | exact 2 | projected | 000"},
}


@pytest.fixture(scope="module")
def groups(seeds_run: Path) -> dict[str, FigureGroup]:
    return {group.title: group for group in reconcile_runs([seeds_run])}


def test_the_groups_are_these(groups: dict[str, FigureGroup]) -> None:
    assert {title: lines_of(group) for title, group in groups.items()} == COMPETING | ALONE


def test_the_range_of_the_dead(groups: dict[str, FigureGroup]) -> None:
    dead = groups["Russian soldiers killed"]
    assert dead.lowest is not None
    assert dead.highest is not None
    assert dead.figures[dead.lowest].named == 497
    assert dead.figures[dead.highest].named == 10_000
    assert (dead.parties, dead.agreement) == (4, "differ")


def test_an_update_is_no_contradiction(groups: dict[str, FigureGroup]) -> None:
    """498 is of March 2, and the headline of 497 stands above it; almost 10,000 came later."""
    dead = groups["Russian soldiers killed"]
    told = {
        (one.kind, *(int(dead.figures[at].named or 0) for at in (one.first, one.second)))
        for one in dead.disagreements
    }
    assert ("contradiction", 498, 497) in told
    assert ("update", 498, 10_000) in told
    assert not any(kind == "contradiction" for kind, *_ in told - {("contradiction", 498, 497)})


def test_the_claimants_are_named_as_the_texts_name_them(groups: dict[str, FigureGroup]) -> None:
    named = {figure.claimant for figure in groups["Russian soldiers killed"].figures}
    assert named >= {
        "Russia's ministry of defence",
        "Ukraine's presidential advisor",
        "Ukrainian President Volodymyr Zelenskyy",
    }


def test_each_figure_says_why_it_is_there(groups: dict[str, FigureGroup]) -> None:
    for group in groups.values():
        for figure in group.figures:
            assert all(figure.why)
    (kremlin,) = (
        figure for figure in groups["Russian soldiers killed"].figures if figure.named == 498
    )
    assert any("“Russians” says less than “Russian troops”" in why for why in kremlin.why)


def test_a_run_given_twice_counts_once(seeds_run: Path, groups: dict[str, FigureGroup]) -> None:
    assert reconcile_runs([seeds_run, seeds_run]) == list(groups.values())
